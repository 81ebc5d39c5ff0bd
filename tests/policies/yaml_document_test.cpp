// SPDX-License-Identifier: MIT
#include "policies/yaml_document.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using test::told;

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t count = 0; count < times; ++count) text += piece;
  return text;
}

/// What parse() says of `text`; "" when it is accepted.
std::string refusal_of(std::string text) {
  std::vector<Diagnostic> diagnostics;
  const bool accepted = YamlDocument::parse(std::move(text), "f", diagnostics).has_value();
  CHECK(accepted == diagnostics.empty());
  return told(diagnostics);
}

/// A node on one line: scalars plain, "quoted", ~ for null, each with its place; & behind a scalar of several lines.
std::string shown(const YamlNode& node) {
  std::string text;
  switch (node.kind) {
    case YamlNode::Kind::null:
      text = "~";
      break;
    case YamlNode::Kind::scalar:
      text = node.quoted ? "\"" + node.scalar + "\"" : node.scalar;
      break;
    case YamlNode::Kind::sequence:
      for (const YamlNode& item : node.items) text += (text.empty() ? "" : " ") + shown(item);
      text = "[" + text + "]";
      break;
    case YamlNode::Kind::map:
      for (const auto& [key, value] : node.entries)
        text += (text.empty() ? "" : " ") + shown(key) + "=" + shown(value);
      text = "{" + text + "}";
      break;
  }
  if (node.multi_line) text += "&";
  return text + "@" + std::to_string(node.line) + "." + std::to_string(node.column);
}

std::string tree_of(std::string text) {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse(std::move(text), "f", diagnostics);
  return document ? shown(document->root()) : told(diagnostics);
}

TEST_CASE("yaml: values and their places") {
  struct Row {
    const char* name;
    std::string text, expected;
  };
  const Row rows[] = {
      {"empty file", "", "{}@1.1"},
      {"only a comment", "# nothing\n", "{}@1.1"},
      {"only a document start", "---\n", "{}@1.1"},
      {"null as root", "~\n", "{}@1.1"},
      {"map", "a: b\nc:   d\n", "{a@1.1=b@1.4 c@2.1=d@2.6}@1.1"},
      {"no line end", "a: b", "{a@1.1=b@1.4}@1.1"},
      {"flow", "a: [b, {c: d}]\n", "{a@1.1=[b@1.5 {c@1.9=d@1.12}@1.8]@1.4}@1.1"},
      {"block list", "a:\n  - b\n  - c: d\n", "{a@1.1=[b@2.5 {c@3.5=d@3.8}@3.5]@2.3}@1.1"},
      {"quotes make text", "a: 'no'\nb: \"1\"\nc: no\n",
       "{a@1.1=\"no\"@1.4 b@2.1=\"1\"@2.4 c@3.1=no@3.4}@1.1"},
      {"an absent value stands at its key", "a:\nb: ~\nc: null\n",
       "{a@1.1=~@1.1 b@2.1=~@2.1 c@3.1=~@3.1}@1.1"},
      {"quoted null is text", "a: 'null'\nb: \"\"\n", "{a@1.1=\"null\"@1.4 b@2.1=\"\"@2.4}@1.1"},
      {"escapes of both quotes", "a: 'it''s'\nb: \"\\\"x\\\\\"\n",
       "{a@1.1=\"it's\"@1.4 b@2.1=\"\"x\\\"@2.4}@1.1"},
      {"blocks are not of several lines", "a: >-\n  b\n  c\nd: |\n  e\n",
       "{a@1.1=\"b c\"@1.4 d@4.1=\"e\n\"@4.4}@1.1"},
      {"quoted and plain may be", "a: 'b\n  c'\nd: e\n  f\n", "{a@1.1=\"b c\"&@1.4 d@3.1=e f&@3.4}@1.1"},
      {"columns are octets", "\xC3\xBC: \xC3\xA9\n", "{\xC3\xBC@1.1=\xC3\xA9@1.5}@1.1"},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a: b\n",
       "{a@1.1=b@1.4}@1.1"},
      {"CRLF", "a: b\r\nc: |\r\n  d\r\n  e\r\n", "{a@1.1=b@1.4 c@2.1=\"d\ne\n\"@2.4}@1.1"},
      {"document marks", "%YAML 1.2\n---\na: b\n...\n", "{a@3.1=b@3.4}@3.1"},
      {"a root that is no map", "- a\n", "[a@1.3]@1.1"},
      {"quoted merge key is a key", "'<<': a\n", "{\"<<\"@1.1=a@1.7}@1.1"},
      {"same key in different maps", "a: {b: 1}\nc: {b: 1}\n",
       "{a@1.1={b@1.5=1@1.8}@1.4 c@2.1={b@2.5=1@2.8}@2.4}@1.1"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(tree_of(row.text) == row.expected);
  }
}

TEST_CASE("yaml: what is refused, with its place") {
  struct Row {
    const char* name;
    std::string text, expected;
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {"lone comma", ",", "f:1:1: error: unexpected ','"},
      {"lone bracket", "]", "f:1:1: error: not valid YAML: illegal flow end"},
      {"open quote", "a: 'b\nc: d\n", "f:1:4: error: this quote is never closed"},
      {"open double quote", "a: \"b\\\"\nc: d", "f:1:4: error: this quote is never closed"},
      {"open quote in a list", "a: ['b', 'c]\nd: e\n", "f:1:10: error: this quote is never closed"},
      {"only a quote", "'", "f:1:1: error: this quote is never closed"},
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "f:3:1: error: duplicate key 'a' (first in line 1)"},
      {"each duplicate key", "x:\n  a: 1\n  a: 1\n  'a': 1\nx: 2\n",
       "f:3:3: error: duplicate key 'a' (first in line 2)\n"
       "f:4:3: error: duplicate key 'a' (first in line 2)\n"
       "f:5:1: error: duplicate key 'x' (first in line 1)"},
      {"duplicate key and a later mistake", "a: 1\nb: {c: 1, c: 2}\nd: *e\n",
       "f:2:11: error: duplicate key 'c' (first in line 2)\n"
       "f:3:4: error: not valid YAML: the referenced anchor is not defined (a value that begins with '*' "
       "must stand in quotes)"},
      {"anchor", "a: &b c\n", "f:1:4: error: anchors ('&name') are not allowed"},
      {"anchor of a map", "a: &b\n  c: d\n", "f:1:4: error: anchors ('&name') are not allowed"},
      {"anchor of nothing", "a: &b\n", "f:1:4: error: anchors ('&name') are not allowed"},
      {"tag", "a: !!str b\n", "f:1:4: error: tags ('!name') are not allowed"},
      {"tag of a list", "a: !x [b]\n", "f:1:4: error: tags ('!name') are not allowed"},
      {"tag that looks like a quote", "a: ! b\n", "f:1:4: error: tags ('!name') are not allowed"},
      {"tag that looks like none", "a: !<?> b\n", "f:1:4: error: tags ('!name') are not allowed"},
      {"merge key", "a: 1\n<<: {b: 2}\n", "f:2:1: error: merge keys ('<<') are not allowed"},
      {"second document", "a: b\n---\nc: d\n", "f:2:1: error: a second document; a file holds one"},
      {"empty second document", "a: b\n---\n", "f:2:1: error: a second document; a file holds one"},
      {"text behind the end", "a: b\n...\nc\n",
       "f:3:1: error: unexpected 'c': the value of line 1 ended above"},
      {"list as a key", "[a]: b\n", "f:1:1: error: a key must be text (is a bracket left open?)"},
      {"map as a key", "? {a: b}\n: c\n", "f:1:3: error: a key must be text (is a bracket left open?)"},
      {"null as a key", "~: b\n", "f:1:1: error: a key must be text"},
      {"empty key", "'': b\n", "f:1:1: error: a key must be text"},
      {"key of two lines", "? 'a\n  b'\n: c\n", "f:1:3: error: a key must stand on one line"},
      {"value behind a value", "a: b: c\n",
       "f:1:5: error: not valid YAML: illegal map value (a value with ': ' in it must "
       "stand in quotes)"},
      {"unknown escape", "a: \"\\d\"\n",
       "f:1:7: error: not valid YAML: unknown escape character: d (in double quotes a "
       "backslash is an escape: use single quotes)"},
      {"reserved mark", "a: @b\n",
       "f:1:4: error: not valid YAML: unknown token (a value that begins with '@' must stand in "
       "quotes)"},
      {"NUL", "ab: c\0\n"s, "f:1:6: error: control character U+0000"},
      {"control", "a: b\nc: \x07\n", "f:2:4: error: control character U+0007"},
      {"DEL", "a: \x7F\n", "f:1:4: error: control character U+007F"},
      {"C1 control", "a: \xC2\x85\n", "f:1:4: error: control character U+0085"},
      {"bare CR", "a: b\rc: d\n", "f:1:5: error: a carriage return without a line feed"},
      {"CR at the end", "a: b\r", "f:1:5: error: a carriage return without a line feed"},
      {"Latin-1",
       "a: b\nc: Gr\xFC\xDF"
       "e\n",
       "f:2:6: error: not valid UTF-8 (octet 0xFC)"},
      {"cut sequence", "a: b\xE2\x82\n", "f:1:5: error: not valid UTF-8 (octet 0xE2)"},
      {"surrogate", "a: \xED\xA0\x80\n", "f:1:4: error: not valid UTF-8 (octet 0xED)"},
      {"a control before ill-formed UTF-8", "a: \x01\xFF\n", "f:1:4: error: control character U+0001"},
      {"ill-formed UTF-8 before a control", "a: \xFF\x01\n", "f:1:4: error: not valid UTF-8 (octet 0xFF)"},
      {"byte order mark inside",
       "a: \xEF\xBB\xBF"
       "b\n",
       "f:1:4: error: a byte order mark inside the text"},
      {"two byte order marks",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "a: b\n",
       "f:1:1: error: a byte order mark inside the text"},
      {"UTF-16 LE",
       "\xFF\xFE"
       "a\0:\0"s,
       "f:1:1: error: the file is UTF-16; save it as UTF-8"},
      {"UTF-16 BE", "\xFE\xFF\0a\0:"s, "f:1:1: error: the file is UTF-16; save it as UTF-8"},
      {"UTF-16 without a mark", "a\0:\0 \0b\0"s, "f:1:1: error: the file is UTF-16; save it as UTF-8"},
      {"alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
       "f:1:4: error: anchors ('&name') are not allowed"},
      {"alias to itself", "&a [*a]\n", "f:1:1: error: anchors ('&name') are not allowed"},
      {"unknown alias", "a: *b\n",
       "f:1:4: error: not valid YAML: the referenced anchor is not defined (a value that begins with '*' "
       "must stand in quotes)"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(refusal_of(row.text) == row.expected);
  }
}

TEST_CASE("yaml: limits, at and above") {
  constexpr std::size_t kDepth = YamlDocument::kMaxDepth;
  const auto nested = [](std::size_t levels) { return repeated("[", levels) + repeated("]", levels); };
  CHECK(refusal_of(nested(kDepth)).empty());
  CHECK(refusal_of(nested(kDepth + 1)) == "f:1:17: error: nested deeper than 16 levels");
  CHECK(refusal_of(repeated("{a: ", kDepth) + "b" + repeated("}", kDepth)).empty());
  CHECK(refusal_of(repeated("- ", kDepth) + "a").empty());
  CHECK(refusal_of(repeated("- ", kDepth + 1) + "a") == "f:1:33: error: nested deeper than 16 levels");

  // The list itself is a value, too.
  const auto list_of = [](std::size_t values) { return "[" + repeated(",", values) + "]"; };
  CHECK(refusal_of(list_of(YamlDocument::kMaxNodes - 1)).empty());
  CHECK(refusal_of(list_of(YamlDocument::kMaxNodes)) == "f:1:200001: error: more than 200000 values");
}

TEST_CASE("yaml: limits of the file, at and above") {
  const std::string comment = "a: b #";
  const auto of_size = [&](std::size_t octets) {
    return comment + std::string(octets - comment.size(), 'x');
  };
  CHECK(refusal_of(of_size(YamlDocument::kMaxOctets)).empty());
  CHECK(refusal_of(of_size(YamlDocument::kMaxOctets + 1)) == "f: error: larger than 4194304 octets");

  CHECK(refusal_of("a: b #" + repeated("[{,,", YamlDocument::kMaxBrackets / 4)).empty());
  CHECK(refusal_of("a: b #" + repeated("[{,,", YamlDocument::kMaxBrackets / 4) + "[") ==
        "f:1:400007: error: more than 400000 brackets and commas");
}

TEST_CASE("yaml: hostile sizes are refused soon") {
  CHECK(refusal_of(std::string(5U << 20U, 'a')) == "f: error: larger than 4194304 octets");
  CHECK(refusal_of(repeated("[", 200000) + repeated("]", 200000)) ==
        "f:1:17: error: nested deeper than 16 levels");
  CHECK(refusal_of(repeated("[", 200000)) == "f:1:1: error: a key must be text (is a bracket left open?)");
  CHECK(refusal_of(repeated("- ", 200000)) == "f:1:33: error: nested deeper than 16 levels");
  CHECK(refusal_of(repeated("? ", 200000)) == "f:1:3: error: a key must be text (is a bracket left open?)");
  CHECK(refusal_of(std::string(4U << 20U, ',')) == "f:1:400001: error: more than 400000 brackets and commas");
  CHECK(refusal_of("a: ''" + std::string(1U << 18U, '\'')).empty());
  CHECK(refusal_of("a: '" + std::string(1U << 18U, '\'')) == "f:1:4: error: this quote is never closed");
}

TEST_CASE("yaml: a scalar of megabytes keeps its text") {
  std::vector<Diagnostic> diagnostics;
  const std::string text(1U << 20U, 'x');
  const auto document = YamlDocument::parse("a: " + text, "f", diagnostics);
  REQUIRE(document);
  REQUIRE(document->root().find("a") != nullptr);
  CHECK(document->root().find("a")->scalar == text);
}

TEST_CASE("yaml: duplicate keys need not keep the rest from being looked at") {
  std::vector<Diagnostic> diagnostics;
  const auto document =
      YamlDocument::parse("a: 1\na: 2\nb: 3\n", "f", diagnostics, /*despite_duplicates=*/true);
  REQUIRE(document);
  CHECK(document->root().find("b")->scalar == "3");
  CHECK(has_errors(diagnostics));
  CHECK_FALSE(YamlDocument::parse("a: 1\na: 2\nb: *c\n", "f", diagnostics, /*despite_duplicates=*/true));
}

TEST_CASE("yaml: no more duplicate keys are told than can be read") {
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(YamlDocument::parse(repeated("a: 1\n", 1000), "f", diagnostics));
  CHECK(diagnostics.size() == 50);
}

TEST_CASE("yaml: lines are found again") {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse("a: b\r\n\r\nc: d", "f", diagnostics);
  REQUIRE(document);
  CHECK(document->line(0).empty());
  CHECK(document->line(1) == "a: b");
  CHECK(document->line(2).empty());
  CHECK(document->line(3) == "c: d");
  CHECK(document->line(4).empty());
  CHECK(document->line(99).empty());
  CHECK(document->file() == "f");
}

TEST_CASE("yaml: a diagnostic shows its line, unless it is very long") {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse(
      "a: " + std::string(997, 'x') + "\nb: " + std::string(998, 'x') + "\n", "f", diagnostics);
  REQUIRE(document);
  const auto line_at = [&](const char* key) {
    return document->diagnostic(Diagnostic::Severity::error, *document->root().find(key), "odd").line;
  };
  CHECK(line_at("a") == "a: " + std::string(997, 'x'));
  CHECK(line_at("b").empty());
}

TEST_CASE("yaml: files") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("coldpitch-yaml-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string file = (folder / "a.yaml").string();
  const auto read = [](const std::string& path) {
    std::vector<Diagnostic> diagnostics;
    const auto document = YamlDocument::read(path, diagnostics);
    return document ? shown(document->root()) : told(diagnostics);
  };
  std::ofstream(file, std::ios::binary) << "a: b\r\n";
  CHECK(read(file) == "{a@1.1=b@1.4}@1.1");
  std::ofstream(file, std::ios::binary) << "a: b\na: c\n";
  CHECK(read(file) == file + ":2:1: error: duplicate key 'a' (first in line 1)");
  std::ofstream(file, std::ios::binary) << std::string(YamlDocument::kMaxOctets + 1, '#');
  CHECK(read(file) == file + ": error: larger than 4194304 octets");
  CHECK(read(folder.string()) == folder.string() + ": error: cannot be read: it is a directory");
  std::filesystem::remove_all(folder);
  CHECK(read(file) == file + ": error: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace coldpitch
