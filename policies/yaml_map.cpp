// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

#include "parsers/text.h"
#include "policies/yaml_document.h"

namespace coldpitch {
namespace {

/// So many unknown keys are reported for one map.
constexpr std::size_t kMaxUnknownKeys = 20;

struct Unit {
  std::string_view name;
  std::size_t factor;
};
constexpr std::array<Unit, 5> kOctetUnits{
    {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", std::size_t{1} << 20U}, {"GiB", std::size_t{1} << 30U}}};
constexpr std::array<Unit, 5> kTimeUnits{
    {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

std::string_view kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "a single value";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "nothing";
}

/// What stands at `node`, for "not ...".
std::string described(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return quote(node.scalar) + (node.quoted ? " in quotes" : "");
  return std::string(kind_name(node));
}

/// Digits without sign and without a leading zero that other readers of YAML would take for octal.
std::optional<std::size_t> parse_integer(std::string_view text) {
  if (text.empty() || text.size() > 18 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::size_t value = 0;
  for (const char digit : text) {
    if (!is_ascii_digit(digit)) return std::nullopt;
    value = value * 10 + static_cast<std::size_t>(digit - '0');
  }
  return value;
}

/// "-1.5", "3", "+2.25": at most 15 digits, so that the quotient of two exact numbers is the nearest double.
/// (The C++ library's own readers depend on the locale or are missing on FreeBSD.)
std::optional<double> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || (point < text.size() && fraction.empty())) return std::nullopt;
  if (whole.size() + fraction.size() > 15) return std::nullopt;
  double digits = 0;
  double divisor = 1;
  for (const char digit : whole) {
    if (!is_ascii_digit(digit)) return std::nullopt;
    digits = digits * 10 + (digit - '0');
  }
  for (const char digit : fraction) {
    if (!is_ascii_digit(digit)) return std::nullopt;
    digits = digits * 10 + (digit - '0');
    divisor *= 10;
  }
  return (negative ? -digits : digits) / divisor;
}

template <std::size_t N>
std::optional<std::size_t> parse_quantity(std::string_view text, const std::array<Unit, N>& units) {
  std::size_t digits = 0;
  while (digits < text.size() && is_ascii_digit(text[digits])) ++digits;
  const std::optional<std::size_t> count = parse_integer(text.substr(0, digits));
  const std::string_view unit = trim(text.substr(digits));
  for (const Unit& known : units) {
    if (!count || known.name != unit) continue;
    if (*count > std::numeric_limits<std::size_t>::max() / known.factor) return std::nullopt;
    return *count * known.factor;
  }
  return std::nullopt;
}

/// `value` in the largest unit that divides it.
template <std::size_t N>
std::string in_units(std::size_t value, const std::array<Unit, N>& units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0 && !unit.name.empty()) best = &unit;
  }
  if (best->factor == 1 && units.front().name.empty()) best = &units.front();
  const std::string count = std::to_string(value / best->factor);
  return best->name.empty() ? count : count + " " + std::string(best->name);
}

/// " (did you mean '10 MiB'?)" for a number whose unit is another one's name, or is left out; else "".
std::string unit_hint(std::string_view text, std::string_view without_unit,
                      const std::map<std::string_view, std::string_view>& other_names) {
  std::size_t digits = 0;
  while (digits < text.size() && is_ascii_digit(text[digits])) ++digits;
  const std::string count(text.substr(0, digits));
  if (!parse_integer(count)) return "";
  const std::string unit = to_ascii_lower(trim(text.substr(digits)));
  if (unit.empty()) return std::string(without_unit);
  const auto known = other_names.find(unit);
  return known == other_names.end() ? ""
                                    : " (did you mean '" + count + " " + std::string(known->second) + "'?)";
}

const std::map<std::string_view, std::string_view> kOtherSizes{
    {"b", "B"},     {"k", "KiB"}, {"kb", "KiB"}, {"kib", "KiB"}, {"m", "MiB"},    {"mb", "MiB"},
    {"mib", "MiB"}, {"g", "GiB"}, {"gb", "GiB"}, {"gib", "GiB"}, {"octets", "B"}, {"bytes", "B"}};
const std::map<std::string_view, std::string_view> kOtherTimes{
    {"msec", "ms"}, {"sec", "s"},    {"secs", "s"},     {"second", "s"},    {"seconds", "s"},
    {"m", "min"},   {"mins", "min"}, {"minute", "min"}, {"minutes", "min"}, {"hr", "h"},
    {"hour", "h"},  {"hours", "h"},  {"day", "d"},      {"days", "d"}};

/// 2.5, 10, -10: as people write it.
std::string decimal_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// " (did you mean '1.5'?)" for a number with a comma.
std::string point_hint(const YamlNode& node) {
  std::string text = node.scalar.substr(0, 20);
  std::replace(text.begin(), text.end(), ',', '.');
  return text != node.scalar && parse_decimal(text) ? " (did you mean '" + text + "'?)" : "";
}

std::string named(std::string_view key) { return "'" + std::string(key) + "'"; }

/// What keeps `node` from being the text of `key`, or "".
std::string text_fault(std::string_view subject, const YamlNode& node, bool several_lines) {
  const std::string name(subject);
  if (node.kind == YamlNode::Kind::null) return name + " has no value";
  if (node.kind != YamlNode::Kind::scalar) return name + " must be text, not " + described(node);
  const auto is_line_end = [](char octet) { return octet == '\n'; };
  if (!several_lines &&
      (node.multi_line || std::any_of(node.scalar.begin(), node.scalar.end(), is_line_end))) {
    return name + " must stand on one line (is a quote left open?)";
  }
  const auto is_control = [](char octet) {
    return (octet >= '\0' && octet < ' ' && octet != '\n' && octet != '\t') || octet == '\x7F';
  };
  const auto control = std::find_if(node.scalar.begin(), node.scalar.end(), is_control);
  if (control == node.scalar.end()) return "";
  return name + " holds a control character (in double quotes a backslash is an escape: use single quotes)";
}

}  // namespace

YamlMap::YamlMap(const YamlDocument& document, const YamlNode& node, std::string what,
                 std::vector<Diagnostic>& diagnostics)
    : document_(document), node_(node), what_(std::move(what)), diagnostics_(diagnostics) {
  if (node.kind == YamlNode::Kind::map || node.kind == YamlNode::Kind::null) return;
  const bool is_glued =
      node.kind == YamlNode::Kind::scalar && !node.quoted && node.scalar.find(':') != std::string::npos;
  error(node, what_ + " must be a map of keys and values, not " + described(node) +
                  (is_glued ? " (a blank belongs behind the colon)" : ""));
}

const YamlNode* YamlMap::node(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return node_.find(key);
}

bool YamlMap::has(std::string_view key) const { return node_.find(key) != nullptr; }

bool YamlMap::any_key(const std::function<bool(std::string_view)>& is_it) const {
  return std::any_of(node_.entries.begin(), node_.entries.end(),
                     [&](const YamlEntry& entry) { return is_it(entry.key.scalar); });
}

void YamlMap::require(std::string_view key) {
  const bool readable = node_.kind == YamlNode::Kind::map || node_.kind == YamlNode::Kind::null;
  if (node(key) == nullptr && readable) error(node_, what_ + " lacks " + named(key));
}

bool YamlMap::string(std::string_view key, std::string& out) {
  return read_text(key, out, /*several_lines=*/false);
}

bool YamlMap::text(std::string_view key, std::string& out) {
  return read_text(key, out, /*several_lines=*/true);
}

bool YamlMap::read_text(std::string_view key, std::string& out, bool several_lines) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  std::string fault = text_fault(named(key), *value, several_lines);
  if (!fault.empty()) {
    Diagnostic diagnostic = document_.diagnostic(Diagnostic::Severity::error, *value, std::move(fault));
    const bool is_comment =
        value->kind == YamlNode::Kind::null && diagnostic.line.find(" #") != std::string::npos;
    if (is_comment) diagnostic.message += " ('#' begins a comment: put the text in quotes)";
    diagnostics_.push_back(std::move(diagnostic));
    return false;
  }
  out = value->scalar;
  return true;
}

bool YamlMap::boolean(std::string_view key, bool& out) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  const std::string word = to_ascii_lower(value->scalar.substr(0, 6));
  const bool is_true = word == "true" || word == "yes" || word == "on";
  const bool is_false = word == "false" || word == "no" || word == "off";
  if (value->quoted || !(is_true || is_false)) {
    error(*value, named(key) + " must be true or false, not " + described(*value));
    return false;
  }
  out = is_true;
  return true;
}

bool YamlMap::number(std::string_view key, double& out, double min, double max) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  const std::optional<double> parsed = value->quoted ? std::nullopt : parse_decimal(value->scalar);
  if (!parsed || !(*parsed >= min && *parsed <= max)) {
    error(*value, named(key) + " must be a number from " + decimal_text(min) + " to " + decimal_text(max) +
                      ", not " + described(*value) + point_hint(*value));
    return false;
  }
  out = *parsed;
  return true;
}

bool YamlMap::integer(std::string_view key, std::size_t& out, std::size_t min, std::size_t max) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  const std::optional<std::size_t> parsed = value->quoted ? std::nullopt : parse_integer(value->scalar);
  if (!parsed || *parsed < min || *parsed > max) {
    error(*value, named(key) + " must be a whole number from " + std::to_string(min) + " to " +
                      std::to_string(max) + ", not " + described(*value));
    return false;
  }
  out = *parsed;
  return true;
}

bool YamlMap::octets(std::string_view key, std::size_t& out, std::size_t min, std::size_t max) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  const std::optional<std::size_t> parsed = parse_quantity(value->scalar, kOctetUnits);
  if (!parsed || *parsed < min || *parsed > max) {
    error(*value, named(key) + " must be a size (such as 256 KiB or 10 MiB) from " +
                      in_units(min, kOctetUnits) + " to " + in_units(max, kOctetUnits) + ", not " +
                      described(*value) + unit_hint(value->scalar, "", kOtherSizes));
    return false;
  }
  out = *parsed;
  return true;
}

bool YamlMap::milliseconds(std::string_view key, std::size_t& out, std::size_t min, std::size_t max) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  const std::optional<std::size_t> parsed = parse_quantity(value->scalar, kTimeUnits);
  if (!parsed || *parsed < min || *parsed > max) {
    error(*value, named(key) + " must be a time (such as 200 ms, 2 s, 1 min, 24 h or 30 d) from " +
                      in_units(min, kTimeUnits) + " to " + in_units(max, kTimeUnits) + ", not " +
                      described(*value) + unit_hint(value->scalar, ", which has no unit", kOtherTimes));
    return false;
  }
  out = *parsed;
  return true;
}

bool YamlMap::strings(std::string_view key, std::vector<std::string>& out) {
  return read_texts(key, out, /*several_lines=*/false);
}

bool YamlMap::texts(std::string_view key, std::vector<std::string>& out) {
  return read_texts(key, out, /*several_lines=*/true);
}

bool YamlMap::read_texts(std::string_view key, std::vector<std::string>& out, bool several_lines) {
  const YamlNode* value = node(key);
  if (value == nullptr) return false;
  if (value->kind == YamlNode::Kind::map) {
    error(*value, named(key) + " must be a list, not a map");
    return false;
  }
  if (value->kind != YamlNode::Kind::sequence) {
    std::string one;
    if (!read_text(key, one, several_lines)) return false;
    out.clear();
    out.push_back(std::move(one));
    return true;
  }
  const std::string subject = "an entry of " + named(key);
  std::vector<std::string> read;
  read.reserve(value->items.size());
  for (const YamlNode& item : value->items) {
    std::string fault = text_fault(subject, item, several_lines);
    if (fault.empty()) {
      read.push_back(item.scalar);
    } else {
      error(item, std::move(fault));
    }
  }
  if (read.size() != value->items.size()) return false;
  out = std::move(read);
  return true;
}

void YamlMap::error(const YamlNode& at, std::string message) {
  diagnostics_.push_back(document_.diagnostic(Diagnostic::Severity::error, at, std::move(message)));
}

void YamlMap::warning(const YamlNode& at, std::string message) {
  diagnostics_.push_back(document_.diagnostic(Diagnostic::Severity::warning, at, std::move(message)));
}

void YamlMap::finish() {
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  std::size_t unknown = 0;
  std::size_t line_before = 0;
  for (const YamlEntry& entry : node_.entries) {
    const YamlNode& key = entry.key;
    const bool may_be_entry = entry.value.kind == YamlNode::Kind::null && key.line == line_before;
    line_before = key.line;
    if (std::find(known.begin(), known.end(), key.scalar) != known.end()) continue;
    if (++unknown > kMaxUnknownKeys) {
      error(key, what_ + " has more unknown keys");
      return;
    }
    std::string hint = suggestion(key.scalar, known);
    if (may_be_entry && parse_integer(key.scalar))
      hint = " (a fraction stands behind a point: 1.5)";
    else if (may_be_entry)
      hint += " (the values of a list stand in brackets: [a, b])";
    error(key, "unknown key " + quote(key.scalar) + " in " + what_ + hint);
  }
}

}  // namespace coldpitch
