// SPDX-License-Identifier: MIT
#include "cli/schema_json.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "milter/config_schema.h"
#include "policies/policy_schema.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;
using Type = ValueSchema::Type;

/// What may be left out in a policy that extends another: all but the id by which a part of it is found.
enum class Required { as_in_table, only_ids };

Json any_of(std::vector<Json> choices) {
  if (choices.size() == 1) return std::move(choices.front());
  return {{"anyOf", std::move(choices)}};
}

/// A scalar is text for the loader whatever it looks like, but a JSON number for an editor.
Json plain_text() { return {{"type", {"string", "number", "boolean"}}}; }

Json number_json(const char* type, const ValueSchema& value) {
  if (std::string_view(type) == "integer") {
    return {{"type", type},
            {"minimum", static_cast<std::uint64_t>(value.min)},
            {"maximum", static_cast<std::uint64_t>(value.max)}};
  }
  return {{"type", type}, {"minimum", value.min}, {"maximum", value.max}};
}

Json text_json(const ValueSchema& value) {
  if (value.max > 0) {
    return {{"type", "string"},
            {"minLength", static_cast<std::uint64_t>(value.min)},
            {"maxLength", static_cast<std::uint64_t>(value.max)}};
  }
  if (value.patterns.empty()) return plain_text();
  return {{"type", "string"}, {"pattern", value.patterns.front()}};
}

Json word_json(const ValueSchema& value) {
  std::vector<Json> choices;
  if (!value.words.empty()) choices.push_back({{"enum", value.words}});
  for (const std::string& pattern : value.patterns) {
    choices.push_back({{"type", "string"}, {"pattern", pattern}});
  }
  return any_of(std::move(choices));
}

class Generator {
 public:
  Json value_json(const ValueSchema& value, Required required) {
    switch (value.type) {
      case Type::text:
        return text_json(value);
      case Type::lines:
        return plain_text();
      case Type::identifier:
        return {{"type", "string"}, {"pattern", "^[a-z][a-z0-9-]{0,63}$"}};
      case Type::date:
        return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
      case Type::boolean:
        return {{"enum", {true, false, "yes", "no", "on", "off"}}};
      case Type::number:
        return number_json("number", value);
      case Type::integer:
        return number_json("integer", value);
      case Type::octets:
        return any_of(
            {number_json("integer", value), {{"type", "string"}, {"pattern", "^[0-9]+ *(B|KiB|MiB|GiB)?$"}}});
      case Type::time:
        return {{"type", "string"}, {"pattern", "^[0-9]+ *(ms|s|min|h|d)$"}};
      case Type::word:
        return value.called.empty() ? word_json(value) : named_words(value);
      case Type::list:
        return list_json(value, required);
      case Type::map:
        return reference(value.map, required);
      case Type::either:
        return either_json(value, required);
    }
    return Json::object();
  }

  Json reference(const MapSchema& (*map)(), Required required) {
    const auto [name, is_new] = names_.try_emplace({map, required}, "");
    if (is_new) {
      name->second = new_name(map().what, required);
      const std::string definition = name->second;
      definitions_[definition] = nullptr;  // keeps its place while what it refers to is made
      Json made = map_json(map(), required);
      definitions_[definition] = std::move(made);
      return {{"$ref", "#/definitions/" + definition}};
    }
    return {{"$ref", "#/definitions/" + name->second}};
  }

  /// Long lists of words stand in the schema once.
  Json named_words(const ValueSchema& value) {
    const std::string name(value.called);
    if (!definitions_.contains(name)) definitions_[name] = word_json(value);
    return {{"$ref", "#/definitions/" + name}};
  }

  [[nodiscard]] const Json& definitions() const { return definitions_; }

 private:
  std::string new_name(std::string_view what, Required required) {
    std::string base(what);
    if (required == Required::only_ids) base += " laid over another";
    std::string name = base;
    for (int number = 2; definitions_.contains(name); ++number) name = base + " " + std::to_string(number);
    return name;
  }

  Json list_json(const ValueSchema& value, Required required) {
    Json item = value_json(value.of.front(), required);
    Json array{{"type", "array"},
               {"items", item},
               {"minItems", static_cast<std::uint64_t>(value.min)},
               {"maxItems", static_cast<std::uint64_t>(value.max)}};
    if (!value.single) return array;
    return any_of({std::move(item), std::move(array)});
  }

  Json either_json(const ValueSchema& value, Required required) {
    std::vector<Json> choices;
    choices.reserve(value.of.size());
    for (const ValueSchema& choice : value.of) choices.push_back(value_json(choice, required));
    return any_of(std::move(choices));
  }

  Json map_json(const MapSchema& map, Required required) {
    Json json{{"type", {"object", "null"}}, {"additionalProperties", false}};
    Json needed = Json::array();
    for (const KeySchema& key : map.keys) {
      Json property{{"description", key.meaning}};
      if (!key.fallback.empty()) property["default"] = key.fallback;
      property["allOf"] = Json::array({value_json(key.value, required)});
      json["properties"][std::string(key.name)] = std::move(property);
      if (key.required && (required == Required::as_in_table || key.name == "id")) needed.push_back(key.name);
    }
    if (!needed.empty()) json["required"] = std::move(needed);
    if (map.needs_one_of.empty() || required == Required::only_ids) return json;
    for (const std::string_view key : map.needs_one_of) {
      json["anyOf"].push_back({{"required", Json::array({key})}});
    }
    return json;
  }

  std::map<std::pair<const MapSchema& (*)(), Required>, std::string> names_;
  Json definitions_ = Json::object();
};

Json root_of(FileKind kind, Generator& generator) {
  switch (kind) {
    case FileKind::configuration:
      return generator.reference(config_schema, Required::as_in_table);
    case FileKind::rules:
      return generator.reference(included_schema, Required::as_in_table);
    case FileKind::policy:
      break;
  }
  // "rules" may be left to the files it includes.
  Json whole = generator.reference(policy_schema, Required::as_in_table);
  Json change = generator.reference(policy_schema, Required::only_ids);
  return {{"if", {{"required", Json::array({"extends"})}}},
          {"then", std::move(change)},
          {"else", std::move(whole)}};
}

std::string title_of(FileKind kind) {
  switch (kind) {
    case FileKind::configuration:
      return "coldpitch.yaml and conf.d/*.yaml of coldpitch";
    case FileKind::policy:
      return "A policy of coldpitch";
    case FileKind::rules:
      return "A file of rules that policies of coldpitch include";
  }
  return "";
}

}  // namespace

std::string json_schema(FileKind kind) {
  Generator generator;
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title_of(kind)}};
  schema["allOf"] = Json::array({root_of(kind, generator)});
  schema["definitions"] = generator.definitions();
  return schema.dump(2) + "\n";
}

}  // namespace coldpitch
