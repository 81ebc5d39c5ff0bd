// SPDX-License-Identifier: MIT
#include <optional>

#include "policies/yaml_document.h"
#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using test::told;

/// Reads one map, and keeps what was said.
struct MapOf {
  explicit MapOf(std::string text) : document(YamlDocument::parse(std::move(text), "f", diagnostics)) {
    REQUIRE(document);
    map.emplace(*document, document->root(), "profile", diagnostics);
  }
  [[nodiscard]] std::string told_of() const { return told(diagnostics); }

  std::vector<Diagnostic> diagnostics;
  std::optional<YamlDocument> document;
  std::optional<YamlMap> map;
};

TEST_CASE("yaml map: text") {
  struct Row {
    std::string text, expected, told_of;
  };
  const Row rows[] = {
      {"k: word", "word", ""},
      {"k: 12", "12", ""},
      {"k: no", "no", ""},
      {"k: ''", "", ""},
      {"k: >-\n  two\n  lines\n", "two lines", ""},
      {"k: \"a\\tb\"", "a\tb", ""},
      {"k: 'a'' b'", "a' b", ""},
      {"j: x", "-", ""},
      {"k:", "-", "f:1:1: error: 'k' has no value"},
      {"k: [a]", "-", "f:1:4: error: 'k' must be text, not a list"},
      {"k: {a: b}", "-", "f:1:4: error: 'k' must be text, not a map"},
      {"k: 'a\n  b'", "-", "f:1:4: error: 'k' must stand on one line (is a quote left open?)"},
      {"k: a\n  b", "-", "f:1:4: error: 'k' must stand on one line (is a quote left open?)"},
      {"k: |\n  a\n", "-", "f:1:4: error: 'k' must stand on one line (is a quote left open?)"},
      {"k: \"a\\nb\"", "-", "f:1:4: error: 'k' must stand on one line (is a quote left open?)"},
      {"k: \"a\\bc\"", "-",
       "f:1:4: error: 'k' holds a control character (in double quotes a backslash is an escape: use single "
       "quotes)"},
      {"k: \"a\\rc\"", "-",
       "f:1:4: error: 'k' holds a control character (in double quotes a backslash is an escape: use single "
       "quotes)"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    MapOf of(row.text);
    std::string out = "-";
    CHECK(of.map->string("k", out) == (row.expected != "-"));
    CHECK(out == row.expected);
    CHECK(of.told_of() == row.told_of);
  }
}

TEST_CASE("yaml map: text of several lines") {
  MapOf of("a: 'b\n\n  c'\nd: |\n  e\n  f\ng: \"\\0\"\n");
  std::string out;
  CHECK(of.map->text("a", out));
  CHECK(out == "b\nc");
  CHECK(of.map->text("d", out));
  CHECK(out == "e\nf\n");
  CHECK_FALSE(of.map->text("g", out));
  CHECK(out == "e\nf\n");
  CHECK(of.told_of() ==
        "f:7:4: error: 'g' holds a control character (in double quotes a backslash is an escape: use single "
        "quotes)");
}

TEST_CASE("yaml map: booleans") {
  for (const char* word : {"true", "yes", "on", "True", "YES", "On"}) {
    bool out = false;
    MapOf of(std::string("k: ") + word);
    CHECK(of.map->boolean("k", out));
    CHECK(out);
  }
  for (const char* word : {"false", "no", "off", "False", "NO", "Off"}) {
    bool out = true;
    MapOf of(std::string("k: ") + word);
    CHECK(of.map->boolean("k", out));
    CHECK_FALSE(out);
  }
  const std::pair<const char*, const char*> wrong[] = {
      {"k: 1", "f:1:4: error: 'k' must be true or false, not '1'"},
      {"k: 'yes'", "f:1:4: error: 'k' must be true or false, not 'yes' in quotes"},
      {"k: truely", "f:1:4: error: 'k' must be true or false, not 'truely'"},
      {"k: y", "f:1:4: error: 'k' must be true or false, not 'y'"},
      {"k:", "f:1:1: error: 'k' must be true or false, not nothing"},
  };
  for (const auto& [text, expected] : wrong) {
    bool out = true;
    MapOf of(text);
    CHECK_FALSE(of.map->boolean("k", out));
    CHECK(out);
    CHECK(of.told_of() == expected);
  }
}

TEST_CASE("yaml map: numbers") {
  const std::pair<const char*, double> right[] = {
      {"0", 0},     {"1.5", 1.5}, {"-10", -10},  {"10.0", 10},   {"+2.25", 2.25},
      {"0.1", 0.1}, {"007", 7},   {"3.30", 3.3}, {"-0.3", -0.3}, {"1.23456789012345", 1.23456789012345},
  };
  for (const auto& [text, expected] : right) {
    INFO(text);
    double out = 99;
    MapOf of(std::string("k: ") + text);
    CHECK(of.map->number("k", out, -10, 10));
    CHECK(out == expected);
    CHECK(of.told_of().empty());
  }
  const std::pair<const char*, const char*> wrong[] = {
      {"10.001", "'10.001'"},   {"-10.5", "'-10.5'"}, {"1e1", "'1e1'"},
      {".5", "'.5'"},           {"5.", "'5.'"},       {"nan", "'nan'"},
      {".inf", "'.inf'"},       {"0x1", "'0x1'"},     {"1,5", "'1,5' (did you mean '1.5'?)"},
      {"'1'", "'1' in quotes"}, {"--1", "'--1'"},     {"1.2.3", "'1.2.3'"},
      {"[1]", "a list"},        {"", "nothing"},      {"1.234567890123456", "'1.234567890123456'"},
  };
  for (const auto& [text, shown_as] : wrong) {
    INFO(text);
    double out = 99;
    MapOf of(std::string("k: ") + text);
    CHECK_FALSE(of.map->number("k", out, -10, 10));
    CHECK(out == 99);
    const std::string place = *text == '\0' ? "f:1:1" : "f:1:4";
    CHECK(of.told_of() == place + ": error: 'k' must be a number from -10 to 10, not " + shown_as);
  }
  MapOf of("k: 0");
  double out = 99;
  CHECK_FALSE(of.map->number("k", out, 0.1, 2.5));
  CHECK(of.told_of() == "f:1:4: error: 'k' must be a number from 0.1 to 2.5, not '0'");
}

TEST_CASE("yaml map: whole numbers") {
  const std::pair<const char*, std::size_t> right[] = {{"2", 2}, {"50", 50}};
  for (const auto& [text, expected] : right) {
    std::size_t out = 99;
    MapOf of(std::string("k: ") + text);
    CHECK(of.map->integer("k", out, 2, 50));
    CHECK(out == expected);
  }
  for (const char* text : {"1", "51", "012", "-3", "+3", "3.0", "0x3", "18446744073709551618", "1_0"}) {
    INFO(text);
    std::size_t out = 99;
    MapOf of(std::string("k: ") + text);
    CHECK_FALSE(of.map->integer("k", out, 2, 50));
    CHECK(out == 99);
    CHECK(of.told_of() ==
          "f:1:4: error: 'k' must be a whole number from 2 to 50, not '" + std::string(text) + "'");
  }
}

TEST_CASE("yaml map: sizes and times") {
  struct Row {
    const char* text;
    std::size_t octets, milliseconds;  ///< 0: refused
  };
  constexpr Row kRows[] = {
      {"1000", 1000, 0},
      {"256 KiB", 262144, 0},
      {"10MiB", 10485760, 0},
      {"'1 GiB'", 1073741824, 0},
      {"500 B", 500, 0},
      {"10 MB", 0, 0},
      {"10 kib", 0, 0},
      {"1.5 MiB", 0, 0},
      {"200 ms", 0, 200},
      {"2 s", 0, 2000},
      {"1min", 0, 60000},
      {"2 h", 0, 0},
      {"-1 s", 0, 0},
      {"KiB", 0, 0},
      {"[1]", 0, 0},
      {"010 s", 0, 0},
      {"99999999999 GiB", 0, 0},
      {"2 GiB", 0, 0},
      {"61 s", 0, 0},
      {"60 s", 0, 60000},
      {"999999999999999999 GiB", 0, 0},
  };
  for (const Row& row : kRows) {
    INFO(row.text);
    std::size_t out = 0;
    CHECK(MapOf(std::string("k: ") + row.text).map->octets("k", out, 1, 1U << 30U) == (row.octets != 0));
    CHECK(out == row.octets);
    out = 0;
    CHECK(MapOf(std::string("k: ") + row.text).map->milliseconds("k", out, 1, 60000) ==
          (row.milliseconds != 0));
    CHECK(out == row.milliseconds);
  }
  MapOf size("k: 10 MB");
  std::size_t out = 0;
  CHECK_FALSE(size.map->octets("k", out, 998, 1U << 30U));
  CHECK(size.told_of() ==
        "f:1:4: error: 'k' must be a size (such as 256 KiB or 10 MiB) from 998 to 1 GiB, not '10 MB' (did "
        "you mean '10 MiB'?)");
  MapOf time("k: 2 weeks");
  CHECK_FALSE(time.map->milliseconds("k", out, 1, 90000));
  CHECK(time.told_of() ==
        "f:1:4: error: 'k' must be a time (such as 200 ms, 2 s, 1 min, 24 h or 30 d) from 1 ms to 90 s, not "
        "'2 weeks'");
}

TEST_CASE("yaml map: lists of text") {
  struct Row {
    std::string text;
    std::vector<std::string> expected;
    std::string told_of;
  };
  const Row rows[] = {
      {"k: [a, 'b c', 3]", {"a", "b c", "3"}, ""},
      {"k: a", {"a"}, ""},
      {"k: []", {}, ""},
      {"k: {a: b}", {"-"}, "f:1:4: error: 'k' must be a list, not a map"},
      {"k:", {"-"}, "f:1:1: error: 'k' has no value"},
      {"k: [a, , 'b\n c', [d]]",
       {"-"},
       "f:1:8: error: an entry of 'k' has no value\n"
       "f:1:10: error: an entry of 'k' must stand on one line (is a quote left open?)\n"
       "f:2:6: error: an entry of 'k' must be text, not a list"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    MapOf of(row.text);
    std::vector<std::string> out{"-"};
    CHECK(of.map->strings("k", out) == (row.expected != std::vector<std::string>{"-"}));
    CHECK(out == row.expected);
    CHECK(of.told_of() == row.told_of);
  }
  MapOf of("k: ['a\n  b', c]");
  std::vector<std::string> out;
  CHECK(of.map->texts("k", out));
  CHECK(out == std::vector<std::string>{"a b", "c"});
}

TEST_CASE("yaml map: keys nobody asked for, and keys that are missing") {
  MapOf of("mode: tag\nmatsh: x\nzebra: 1\n");
  std::string out;
  CHECK(of.map->string("mode", out));
  of.map->require("match");
  of.map->require("mode");
  CHECK(of.map->has("zebra"));
  CHECK_FALSE(of.map->has("match"));
  of.map->finish();
  CHECK(of.told_of() ==
        "f:1:1: error: profile lacks 'match'\n"
        "f:2:1: error: unknown key 'matsh' in profile (did you mean 'match'?)\n"
        "f:3:1: error: unknown key 'zebra' in profile");
}

TEST_CASE("yaml map: what is no map is said once, nothing is an empty map") {
  MapOf list("- a\n");
  std::string out;
  list.map->require("mode");
  CHECK_FALSE(list.map->string("mode", out));
  list.map->finish();
  CHECK(list.told_of() == "f:1:1: error: profile must be a map of keys and values, not a list");

  MapOf scalar("word");
  CHECK(scalar.told_of() == "f:1:1: error: profile must be a map of keys and values, not 'word'");

  MapOf empty("");
  empty.map->finish();
  CHECK(empty.told_of().empty());

  MapOf absent("limits:\n");
  YamlMap inner(*absent.document, *absent.map->node("limits"), "limits", absent.diagnostics);
  inner.finish();
  absent.map->finish();
  CHECK(absent.told_of().empty());
}

TEST_CASE("yaml map: a flood of unknown keys is cut") {
  std::string text;
  for (int key = 0; key < 30; ++key) text += "k" + std::to_string(key) + ": 1\n";
  MapOf of(text);
  of.map->finish();
  REQUIRE(of.diagnostics.size() == 21);
  CHECK(of.diagnostics.back().message == "profile has more unknown keys");
}

}  // namespace
}  // namespace coldpitch
