// SPDX-License-Identifier: MIT
#include "policies/schema_map.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "policies/policy_words.h"

namespace coldpitch {
namespace {

using Type = ValueSchema::Type;

std::string named(std::string_view key) { return "'" + std::string(key) + "'"; }

/// "off, annotate or tag"
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at > 0) text += at + 1 == words.size() ? " or " : ", ";
    text += words[at];
  }
  return text;
}

/// "{within: ..., of: ...}": what a map looks like, for who wrote something else.
std::string form_of(const MapSchema& schema) {
  constexpr std::size_t kMostKeys = 3;
  std::string form;
  std::size_t keys = 0;
  for (const KeySchema& key : schema.keys) {
    if (key.required && ++keys <= kMostKeys)
      form += (form.empty() ? "{" : ", ") + std::string(key.name) + ": ...";
  }
  if (keys > kMostKeys) form += ", ...";
  if (form.empty()) form = "{" + std::string(schema.keys.front().name) + ": ...";
  return form + "}";
}

/// For a text with commas where a list may stand: it was meant to be one.
std::string list_hint(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::scalar || node.quoted || node.scalar.find(',') == std::string::npos)
    return "";
  return " (several are written as a list: " + quote("[" + node.scalar + "]") + ")";
}

/// What other programs' word `text` is called here, where that is among `words`; else `text`.
std::string_view other_name(std::string_view text, const std::vector<std::string>& words) {
  static const std::map<std::string_view, std::string_view> kNames{
      {"hold", "quarantine"}, {"junk", "fold"}, {"block", "reject"}, {"drop", "discard"}, {"none", "off"}};
  const auto name = kNames.find(text);
  const bool is_here =
      name != kNames.end() && std::find(words.begin(), words.end(), name->second) != words.end();
  return is_here ? name->second : text;
}

std::size_t whole(double bound) { return static_cast<std::size_t>(bound); }

}  // namespace

SchemaMap::SchemaMap(const YamlDocument& document, const YamlNode& node, const MapSchema& schema,
                     std::vector<Diagnostic>& diagnostics)
    : schema_(schema), map_(document, node, std::string(schema.what), diagnostics) {
  const bool is_one_value = node.kind == YamlNode::Kind::scalar && node.scalar.find(':') == std::string::npos;
  if (is_one_value || node.kind == YamlNode::Kind::sequence)
    diagnostics.back().message += " (such as " + form_of(schema) + ")";
  for (const KeySchema& key : schema.keys) {
    if (key.required && !is_misspelt(key.name)) map_.require(key.name);
  }
}

bool SchemaMap::is_misspelt(std::string_view key) const {
  if (map_.has(key)) return false;
  std::vector<std::string_view> known;
  known.reserve(schema_.keys.size());
  for (const KeySchema& one : schema_.keys) known.push_back(one.name);
  return map_.any_key([&](std::string_view there) {
    return schema_.find(there) == nullptr && did_you_mean(there, known) == key;
  });
}

const KeySchema& SchemaMap::ask(std::string_view key) const {
  const KeySchema* known = schema_.find(key);
  if (known == nullptr) {
    throw std::logic_error("the table of " + named(schema_.what) + " has no key " + named(key));
  }
  return *known;
}

const ValueSchema& SchemaMap::ask(std::string_view key, Type type) const {
  const ValueSchema& value = ask(key).value;
  if (value.type != type) {
    throw std::logic_error("the table of " + named(schema_.what) + " has another type for " + named(key));
  }
  return value;
}

bool SchemaMap::text(std::string_view key, std::string& out) {
  const ValueSchema& value = ask(key).value;
  switch (value.type) {
    case Type::text:
      return map_.string(key, out);
    case Type::lines:
      return map_.text(key, out);
    case Type::identifier:
    case Type::date:
    case Type::word:
      return read_word(key, value, out);
    case Type::boolean:
    case Type::number:
    case Type::integer:
    case Type::octets:
    case Type::time:
    case Type::list:
    case Type::map:
      break;
    case Type::either:
      for (const ValueSchema& choice : value.of) {
        if (choice.type == Type::text) return map_.string(key, out);
      }
      break;
  }
  throw std::logic_error("the table of " + named(schema_.what) + " has no text for " + named(key));
}

bool SchemaMap::read_word(std::string_view key, const ValueSchema& value, std::string& out) {
  std::string text;
  if (!map_.string(key, text)) return false;
  std::string fault;
  if (value.type == Type::identifier) {
    if (!is_identifier(text)) fault = " must be lower-case letters, digits and hyphens, not " + quote(text);
  } else if (value.type == Type::date) {
    if (!is_date(text)) fault = " must be a date such as 2026-05-27, not " + quote(text);
  } else if (std::find(value.words.begin(), value.words.end(), text) == value.words.end()) {
    fault = " must be " + listed(value.words) + ", not " + quote(text) +
            suggestion(other_name(text, value.words), {value.words.begin(), value.words.end()});
  }
  if (!fault.empty()) {
    map_.error(*map_.node(key), named(key) + fault);
    return false;
  }
  out = std::move(text);
  return true;
}

bool SchemaMap::boolean(std::string_view key, bool& out) {
  ask(key, Type::boolean);
  return map_.boolean(key, out);
}

bool SchemaMap::number(std::string_view key, double& out) {
  const ValueSchema& value = ask(key, Type::number);
  return map_.number(key, out, value.min, value.max);
}

bool SchemaMap::integer(std::string_view key, std::size_t& out) {
  const ValueSchema& value = ask(key, Type::integer);
  return map_.integer(key, out, whole(value.min), whole(value.max));
}

bool SchemaMap::octets(std::string_view key, std::size_t& out) {
  const ValueSchema& value = ask(key, Type::octets);
  return map_.octets(key, out, whole(value.min), whole(value.max));
}

bool SchemaMap::milliseconds(std::string_view key, std::size_t& out) {
  const ValueSchema& value = ask(key, Type::time);
  return map_.milliseconds(key, out, whole(value.min), whole(value.max));
}

bool SchemaMap::texts(std::string_view key, std::vector<std::string>& out) {
  const ValueSchema& value = ask(key, Type::list);
  const bool read = value.of.front().type == Type::lines ? map_.texts(key, out) : map_.strings(key, out);
  if (!read) return false;
  const YamlNode& node = *map_.node(key);
  if (out.size() < whole(value.min)) {
    map_.error(node, named(key) + " must be a list that is not empty");
    return false;
  }
  if (out.size() > whole(value.max)) {
    map_.error(node, named(key) + " has more than " + std::to_string(whole(value.max)) + " entries");
    return false;
  }
  return true;
}

bool SchemaMap::words(std::string_view key, std::vector<std::string>& out,
                      const std::function<std::string(std::string_view)>& fault_of) {
  if (!texts(key, out)) return false;
  const YamlNode& node = *map_.node(key);
  std::set<std::string_view> seen;
  for (std::size_t at = 0; at < out.size(); ++at) {
    std::string fault = fault_of(out[at]);
    if (!seen.insert(out[at]).second && fault.empty()) fault = quote(out[at]) + " is named twice";
    const bool is_list = node.kind == YamlNode::Kind::sequence;
    if (!fault.empty()) map_.error(is_list ? node.items[at] : node, fault + list_hint(node));
  }
  return true;
}

const std::vector<YamlNode>* SchemaMap::list(std::string_view key) {
  const ValueSchema& value = ask(key, Type::list);
  const YamlNode* node = map_.node(key);
  if (node == nullptr) return nullptr;
  const bool is_list = node->kind == YamlNode::Kind::sequence;
  if (!is_list || node->items.size() < whole(value.min)) {
    const bool is_map = node->kind == YamlNode::Kind::map;
    map_.error(*node, named(key) + " must be a list" + (value.min > 0 ? " that is not empty" : "") +
                          (is_map ? " ('- ' begins each entry)" : ""));
    return nullptr;
  }
  if (node->items.size() > whole(value.max)) {
    map_.error(node->items[whole(value.max)],
               named(key) + " has more than " + std::to_string(whole(value.max)) + " entries");
    return nullptr;
  }
  return &node->items;
}

const YamlNode* SchemaMap::node(std::string_view key) {
  ask(key);
  return map_.node(key);
}

void SchemaMap::require(std::string_view key) {
  ask(key);
  if (!is_misspelt(key)) map_.require(key);
}

bool SchemaMap::has_one_of() const {
  return std::any_of(schema_.needs_one_of.begin(), schema_.needs_one_of.end(),
                     [this](std::string_view key) { return map_.has(key) || is_misspelt(key); });
}

void SchemaMap::finish() {
  for (const KeySchema& key : schema_.keys) map_.node(key.name);  // known, whether read or not
  map_.finish();
}

}  // namespace coldpitch
