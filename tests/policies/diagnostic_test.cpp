// SPDX-License-Identifier: MIT
#include "policies/diagnostic.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

Diagnostic error_at(std::size_t line, std::size_t column, std::string message, std::string source = "") {
  return {Diagnostic::Severity::error, {"p.yaml", line, column}, std::move(message), std::move(source)};
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t count = 0; count < times; ++count) text += piece;
  return text;
}

TEST_CASE("diagnostic: one is shown with its place, its line and a caret") {
  struct Row {
    const char* name;
    Diagnostic diagnostic;
    std::string expected;
  };
  const Row rows[] = {
      {"place and caret", error_at(3, 5, "unknown key 'b'", "  - b: 1"),
       "p.yaml:3:5: error: unknown key 'b'\n      - b: 1\n        ^"},
      {"warning",
       {Diagnostic::Severity::warning, {"p.yaml", 1, 1}, "odd", "a"},
       "p.yaml:1:1: warning: odd\n    a\n    ^"},
      {"no source line", error_at(3, 5, "odd"), "p.yaml:3:5: error: odd"},
      {"no column", error_at(3, 0, "odd"), "p.yaml:3: error: odd"},
      {"no place", error_at(0, 0, "cannot be read"), "p.yaml: error: cannot be read"},
      {"a tab is one blank", error_at(1, 3, "odd", "\ta\tb"), "p.yaml:1:3: error: odd\n     a b\n      ^"},
      {"a letter of several octets is one column", error_at(1, 6, "odd", "\xC3\xBC\xE2\x82\xACx"),
       "p.yaml:1:6: error: odd\n    \xC3\xBC\xE2\x82\xACx\n      ^"},
      {"escape sequences cannot reach a terminal",
       error_at(1, 2, "\x1B[2J", "\x1B[31m\x7F\xC2\x9B\xE2\x80\xAE"),
       "p.yaml:1:2: error: ?[2J\n    ?[31m???\n     ^"},
      {"ill-formed octets", error_at(1, 3, "odd", "a\xFF z"), "p.yaml:1:3: error: odd\n    a? z\n      ^"},
      {"a backslash stays", error_at(1, 1, "'\\b'", "'\\b'"), "p.yaml:1:1: error: '\\b'\n    '\\b'\n    ^"},
      {"behind the end of the line", error_at(1, 99, "odd", "ab"),
       "p.yaml:1:99: error: odd\n    ab\n      ^"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(format(row.diagnostic) == row.expected);
  }
}

TEST_CASE("diagnostic: a long line is cut to 160 columns around the caret") {
  const auto excerpt = [&](std::size_t column, const std::string& line) {
    const std::string text = format(error_at(1, column, "odd", line));
    return text.substr(text.find('\n') + 1);
  };
  CHECK(excerpt(160, repeated("x", 160)) ==
        "    " + repeated("x", 160) + "\n    " + repeated(" ", 159) + "^");
  CHECK(excerpt(1, repeated("x", 161)) == "    " + repeated("x", 157) + "...\n    ^");
  CHECK(excerpt(1001, repeated("x", 1000) + "Y" + repeated("x", 1000)) ==
        "    ..." + repeated("x", 77) + "Y" + repeated("x", 76) + "...\n    " + repeated(" ", 80) + "^");
  CHECK(excerpt(2001, repeated("x", 2000)) ==
        "    ..." + repeated("x", 157) + "\n    " + repeated(" ", 160) + "^");
}

TEST_CASE("diagnostic: several are ordered by file and place, and keep their order at one place") {
  std::vector<Diagnostic> diagnostics;
  diagnostics.push_back(error_at(10, 1, "d"));
  diagnostics.push_back(error_at(2, 10, "b"));
  diagnostics.push_back(error_at(2, 10, "c"));
  diagnostics.push_back(error_at(2, 9, "a"));
  diagnostics.push_back({Diagnostic::Severity::warning, {"a.yaml", 99, 1}, "first file", ""});
  CHECK(format(diagnostics) ==
        "a.yaml:99:1: warning: first file\n"
        "p.yaml:2:9: error: a\n"
        "p.yaml:2:10: error: b\n"
        "p.yaml:2:10: error: c\n"
        "p.yaml:10:1: error: d\n");
  CHECK(format(std::vector<Diagnostic>{}).empty());
}

TEST_CASE("diagnostic: warnings are no errors") {
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(has_errors(diagnostics));
  diagnostics.push_back({Diagnostic::Severity::warning, {"p.yaml", 1, 1}, "odd", ""});
  CHECK_FALSE(has_errors(diagnostics));
  diagnostics.push_back(error_at(1, 1, "wrong"));
  CHECK(has_errors(diagnostics));
}

TEST_CASE("diagnostic: the nearest known word") {
  const std::vector<std::string_view> known{"clause", "group", "weight", "reason", "examples", "id", ""};
  struct Row {
    std::string word;
    std::string_view expected;
  };
  const Row rows[] = {
      {"clause", "clause"}, {"clauses", "clause"},
      {"Group", "group"},   {"WEIGHT", "weight"},
      {"wieght", "weight"},                           // two neighbours swapped count once
      {"wight", "weight"},  {"exampel", "examples"},  // two edits in seven letters
      {"exmapel", ""},                                // three
      {"ids", "id"},        {"ip", "id"},
      {"xy", ""},           {"", ""},
      {"signals", ""},      {repeated("w", 1000000), ""},
  };
  for (const Row& row : rows) {
    INFO(row.word.substr(0, 40));
    CHECK(did_you_mean(row.word, known) == row.expected);
  }
  CHECK(did_you_mean("bat", {"cat", "hat"}) == "cat");
  CHECK(did_you_mean("bat", {}).empty());
  CHECK(suggestion("wight", known) == " (did you mean 'weight'?)");
  CHECK(suggestion("xy", known).empty());
}

TEST_CASE("diagnostic: text of a file is quoted so that it is harmless and short") {
  CHECK(quote("a'b\\d") == "'a'b\\d'");
  CHECK(quote("a\nb\x1B") == "'a?b?'");
  CHECK(quote("abcdef", 6) == "'abcdef'");
  CHECK(quote("abcdefg", 6) == "'abc...'");
  CHECK(quote("\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC", 4) == "'\xC3\xBC...'");
  CHECK(quote(repeated("x", 5000000), 10) == "'xxxxxxx...'");
  CHECK(quote("") == "''");
}

}  // namespace
}  // namespace coldpitch
