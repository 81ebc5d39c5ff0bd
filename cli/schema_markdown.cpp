// SPDX-License-Identifier: MIT
#include "cli/schema_markdown.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "milter/config_schema.h"
#include "policies/policy_schema.h"

namespace coldpitch {
namespace {

using Type = ValueSchema::Type;
using MapFunction = const MapSchema& (*)();

constexpr std::size_t kMostWords = 10;

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string number_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// In the largest of `units` that divides it.
std::string in_units(double value, const std::vector<std::pair<std::string_view, std::uint64_t>>& units) {
  const auto whole = static_cast<std::uint64_t>(value);
  auto best = units.front();
  for (const auto& unit : units) {
    if (whole != 0 && whole % unit.second == 0) best = unit;
  }
  return std::to_string(whole / best.second) + " " + std::string(best.first);
}

std::string size_text(double value) {
  return in_units(value, {{"B", 1}, {"KiB", 1U << 10U}, {"MiB", 1U << 20U}, {"GiB", 1U << 30U}});
}
std::string time_text(double value) {
  return in_units(value, {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}});
}

std::string word_text(const ValueSchema& value) {
  if (value.words.size() > kMostWords) return "a " + std::string(value.called);
  std::string text;
  for (std::size_t at = 0; at < value.words.size(); ++at) {
    if (at > 0) text += at + 1 == value.words.size() ? " or " : ", ";
    text += code(value.words[at]);
  }
  return text;
}

std::string type_text(const ValueSchema& value) {
  switch (value.type) {
    case Type::text:
      return value.max > 0 ? "expression" : "text";
    case Type::lines:
      return "text, any number of lines";
    case Type::identifier:
      return "name (`a-z`, `0-9`, `-`)";
    case Type::date:
      return "date";
    case Type::boolean:
      return "`true` or `false`";
    case Type::number:
    case Type::integer:
      return number_text(value.min) + " to " + number_text(value.max);
    case Type::octets:
      return "size, " + size_text(value.min) + " to " + size_text(value.max);
    case Type::time:
      return "time, " + time_text(value.min) + " to " + time_text(value.max);
    case Type::word:
      return word_text(value);
    case Type::list: {
      const std::string of = type_text(value.of.front());
      return value.single ? of + ", or a list" : "list: " + of;
    }
    case Type::map:
      return "map " + code(value.map().what);
    case Type::either: {
      std::string text;
      for (const ValueSchema& choice : value.of) text += (text.empty() ? "" : ", or ") + type_text(choice);
      return text;
    }
  }
  return "";
}

std::string default_text(const KeySchema& key) {
  if (key.fallback.empty()) return key.required ? "required" : "";
  if (key.fallback.front() == '(') return std::string(key.fallback.substr(1, key.fallback.size() - 2));
  return code(key.fallback);
}

class Writer {
 public:
  /// With `nested` the keys of a map stand in the table of the map around it, at every level; else at the top level only.
  /// Of maps that `elsewhere` has too, nothing is said.
  std::string write(MapFunction root, bool nested, MapFunction elsewhere = nullptr) {
    if (elsewhere != nullptr) {
      write(elsewhere, nested);
      text_.clear();
    }
    const std::size_t begin = queued_.size();
    queued_.push_back(root);
    for (std::size_t at = begin; at < queued_.size(); ++at) {
      if (at > begin) text_ += "\n" + code(queued_[at]().what) + "\n\n";
      text_ += "| key | value | default | meaning |\n|---|---|---|---|\n";
      add_rows(queued_[at](), "", nested || at == begin);
    }
    return text_;
  }

 private:
  void add_rows(const MapSchema& map, const std::string& prefix, bool flatten) {
    if (map.is_uniform()) {
      const KeySchema& first = map.keys.front();
      text_ += "| " + code(first.name) + " to " + code(map.keys.back().name) + " | " +
               type_text(first.value) + " | " + default_text(first) + " | " + std::string(first.meaning) +
               " |\n";
      return;
    }
    for (const KeySchema& key : map.keys) {
      const std::string name = prefix + std::string(key.name);
      if (flatten && key.value.type == Type::map) {
        add_rows(key.value.map(), name + ".", flatten);
        continue;
      }
      text_ += "| " + code(name) + " | " + type_text(key.value) + " | " + default_text(key) + " | " +
               std::string(key.meaning) + (key.restart ? "; changes only at a restart" : "") + " |\n";
      queue_maps(key.value);
    }
  }

  void queue_maps(const ValueSchema& value) {
    const auto is_same = [&](MapFunction known) { return known().what == value.map().what; };
    if (value.type == Type::map && std::none_of(queued_.begin(), queued_.end(), is_same)) {
      queued_.push_back(value.map);
    }
    for (const ValueSchema& part : value.of) queue_maps(part);
  }

  std::vector<MapFunction> queued_;
  std::string text_;
};

}  // namespace

std::string markdown_reference(FileKind kind) {
  switch (kind) {
    case FileKind::configuration:
      return Writer().write(config_schema, true);
    case FileKind::policy:
      return Writer().write(policy_schema, false);
    case FileKind::rules:
      return Writer().write(included_schema, false, policy_schema);
  }
  return "";
}

}  // namespace coldpitch
