// SPDX-License-Identifier: MIT
#include <array>
#include <charconv>
#include <set>

#include "cli/manual.h"
#include "cli/roff.h"
#include "milter/config_schema.h"
#include "milter/version.h"
#include "policies/policy_schema.h"

namespace coldpitch {
namespace {

using Type = ValueSchema::Type;

std::string number_text(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

std::string with_unit(double number, const std::vector<std::pair<double, const char*>>& units) {
  for (const auto& [size, name] : units) {
    if (number >= size && number / size == static_cast<double>(static_cast<long long>(number / size))) {
      return number_text(number / size) + ' ' + name;
    }
  }
  return number_text(number);
}

std::string octets_text(double octets) {
  return with_unit(octets, {{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}, {1, "octets"}});
}

std::string time_text(double milliseconds) {
  return with_unit(milliseconds,
                   {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "min"}, {1000, "s"}, {1, "ms"}});
}

std::string range(const ValueSchema& value, std::string (*show)(double)) {
  return show(value.min) + " to " + show(value.max);
}

std::string words_text(const ValueSchema& value) {
  constexpr std::size_t kMost = 100;  // beyond, it is a standard's list, as that of languages
  if (value.words.size() > kMost) return "a " + std::string(value.called);
  std::string list;
  for (const std::string& word : value.words) list += (list.empty() ? "" : ", ") + ('`' + word + '`');
  return list.empty() ? "a word" : "one of " + list;
}

std::string choices_text(const ValueSchema& value) {
  std::string list;
  for (const ValueSchema& one : value.of) list += (list.empty() ? "" : ", or ") + value_in_words(one);
  return list;
}

/// The maps that a value holds, whatever is around them.
void collect_maps(const ValueSchema& value, std::vector<const MapSchema*>& maps) {
  if (value.map != nullptr) maps.push_back(&value.map());
  for (const ValueSchema& inner : value.of) collect_maps(inner, maps);
}

class FormatPage {
 public:
  /// Keys of the map itself, then those of the maps in it, each under the path that leads there.
  std::string write(const MapSchema& map) {
    write_map(map, "");
    return std::move(out_);
  }

 private:
  void write_map(const MapSchema& map, const std::string& path) {
    if (!seen_.insert(&map).second) return;
    out_ += path.empty() ? ".SH KEYS\n" : ".SH KEYS OF " + roff_text(path) + '\n';
    if (map.is_uniform()) {
      write_key(map.keys.front(),
                roff_bold(map.keys.front().name) + " to " + roff_bold(map.keys.back().name));
    } else {
      for (const KeySchema& key : map.keys) write_key(key, roff_bold(key.name));
    }
    for (const KeySchema& key : map.keys) {
      std::vector<const MapSchema*> maps;
      collect_maps(key.value, maps);
      const std::string below = (path.empty() ? "" : path + '.') + std::string(key.name);
      for (const MapSchema* inner : maps)
        write_map(*inner, below + (key.value.type == Type::list ? "[]" : ""));
    }
  }

  void write_key(const KeySchema& key, const std::string& name) {
    out_ += ".TP\n" + name + '\n' + roff_text(key.meaning) + ".\n.br\n" +
            roff_text("Value: " + value_in_words(key.value) + '.');
    if (key.required) {
      out_ += " Required.";
    } else if (!key.fallback.empty()) {
      out_ += roff_text(" Default: " + std::string(key.fallback) + '.');
    }
    if (key.restart) out_ += " A change takes a restart.";
    out_ += '\n';
  }

  std::set<const MapSchema*> seen_;
  std::string out_;
};

std::string page(const std::string& name, const std::string& title, const std::string& what,
                 const std::string& description, const MapSchema& schema, const std::string& see_also) {
  return ".\\\" Written by coldpitch-manual from the program itself: do not edit.\n.TH " + title +
         " 5 \"\" \"coldpitch " + kVersion + "\" \"coldpitch\"\n.SH NAME\n" + roff_text(name) + " \\- " +
         what + "\n.SH DESCRIPTION\n" + description + FormatPage().write(schema) + see_also;
}

constexpr const char* kConfigDescription =
    "YAML, read by\n.BR coldpitch\\-milter (8)\nand\n.BR coldpitch (1)\nfrom\n.I "
    "/etc/coldpitch/coldpitch.yaml\n"
    "unless they are told otherwise; then the files of\n.I conf.d/\nbeside it, in the order of their names, "
    "key by key. Without any file the "
    "defaults hold. A relative path is relative to the file. Unknown keys, wrong types and values out of "
    "range are refused, all at once, with "
    "file, line and column: run\n.BR \"coldpitch config check\" .\n"
    "The milter reads it again at SIGHUP; a file with an error keeps the old configuration in force.\n";

constexpr const char* kPolicyDescription =
    "YAML that says what counts as a pitch: clauses with the text they rest on, and rules that find what "
    "breaks them. A policy named in\n"
    ".BR coldpitch.yaml (5)\nis\n.I policies/NAME.yaml\nbeside the configuration, else among the shipped "
    "ones. Expressions see folded text: lower "
    "case, plain quotes and dashes, single blanks. Each rule's examples are tried whenever the policy is "
    "loaded, and by\n"
    ".BR \"coldpitch policy test\" .\nThe language is described at length in\n.IR docs/policies.md .\n";

}  // namespace

std::string value_in_words(const ValueSchema& value) {
  switch (value.type) {
    case Type::text:
      return "a line of text";
    case Type::lines:
      return "text";
    case Type::identifier:
      return "a name";
    case Type::date:
      return "a date such as 2026-10-05";
    case Type::boolean:
      return "`true` or `false`";
    case Type::number:
      return "a number, " + range(value, number_text);
    case Type::integer:
      return "a whole number, " + range(value, number_text);
    case Type::octets:
      return "a size, " + range(value, octets_text);
    case Type::time:
      return "a time, " + range(value, time_text);
    case Type::word:
      return words_text(value);
    case Type::list:
      return (value.single ? "one or a list of: " : "a list of: ") + value_in_words(value.of.front());
    case Type::map:
      return "keys, see below";
    case Type::either:
      return choices_text(value);
  }
  return "a value";
}

std::vector<ManualFile> format_pages() {
  return {{"coldpitch.yaml.5",
           page("coldpitch.yaml", "COLDPITCH.YAML", "configuration of coldpitch and coldpitch\\-milter",
                kConfigDescription, config_schema(),
                ".SH SEE ALSO\n.BR coldpitch (1),\n.BR coldpitch\\-config (1),\n.BR coldpitch\\-milter "
                "(8),\n.BR coldpitch\\-policy (5)\n")},
          {"coldpitch-policy.5", page("coldpitch-policy", "COLDPITCH\\-POLICY", "policy files of coldpitch",
                                      kPolicyDescription, policy_schema(),
                                      ".SH SEE ALSO\n.BR coldpitch\\-policy (1),\n.BR coldpitch\\-config "
                                      "(1),\n.BR coldpitch.yaml (5)\n")}};
}

}  // namespace coldpitch
