// SPDX-License-Identifier: MIT
#include "policies/schema_map.h"

#include <stdexcept>

#include "policies/policy_schema.h"
#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

const MapSchema kTable{"thing",
                       {
                           {.name = "id", .value = schema::identifier(), .required = true},
                           {.name = "day", .value = schema::date()},
                           {.name = "mode", .value = schema::word({"off", "annotate", "tag"})},
                           {.name = "size", .value = schema::octets(1024, 1024 * 1024)},
                           {.name = "few", .value = schema::one_or_list(schema::text(), 1, 2)},
                           {.name = "maps", .value = schema::list(schema::map(near_schema), 1, 2)},
                       }};

std::string told_of(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse(text, "f", diagnostics);
  REQUIRE(document);
  SchemaMap map(*document, document->root(), kTable, diagnostics);
  std::string word;
  std::size_t size = 0;
  std::vector<std::string> few;
  for (const char* key : {"id", "day", "mode"}) map.text(key, word);
  map.octets("size", size);
  map.texts("few", few);
  map.list("maps");
  map.finish();
  return test::told(diagnostics);
}

TEST_CASE("schema map: values are checked by the table") {
  const struct {
    const char *text, *told;
  } kRows[] = {
      {"{id: a, day: 2026-01-31, mode: tag, size: 2 KiB, few: one, maps: [{}]}", ""},
      {"{}", "f:1:1: error: thing lacks 'id'"},
      {"id: A", "f:1:5: error: 'id' must be lower-case letters, digits and hyphens, not 'A'"},
      {"id: a\nday: 2026-02-30", "f:2:6: error: 'day' must be a date such as 2026-05-27, not '2026-02-30'"},
      {"id: a\nmode: anotate",
       "f:2:7: error: 'mode' must be off, annotate or tag, not 'anotate' (did you mean 'annotate'?)"},
      {"id: a\nmode: 12345678", "f:2:7: error: 'mode' must be off, annotate or tag, not '12345678'"},
      {"id: a\nsize: 1",
       "f:2:7: error: 'size' must be a size (such as 256 KiB or 10 MiB) from 1 KiB to 1 MiB, not '1'"},
      {"id: a\nfew: []", "f:2:6: error: 'few' must be a list that is not empty"},
      {"id: a\nfew: [1, 2, 3]", "f:2:6: error: 'few' has more than 2 entries"},
      {"id: a\nmaps: {}", "f:2:7: error: 'maps' must be a list that is not empty ('- ' begins each entry)"},
      {"id: a\nmaps: [1, 2, 3]", "f:2:14: error: 'maps' has more than 2 entries"},
      {"ids: a", "f:1:1: error: unknown key 'ids' in thing (did you mean 'id'?)"},
      {"id: a\nmoed: tag", "f:2:1: error: unknown key 'moed' in thing (did you mean 'mode'?)"},
  };
  for (const auto& row : kRows) {
    INFO(row.text);
    CHECK(told_of(row.text) == row.told);
  }
}

TEST_CASE("schema map: a loader and a table that differ are a fault of the program") {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse("id: a", "f", diagnostics);
  REQUIRE(document);
  SchemaMap map(*document, document->root(), kTable, diagnostics);
  std::string word;
  bool flag = false;
  CHECK_THROWS_AS(map.text("unknown", word), std::logic_error);
  CHECK_THROWS_AS(map.node("unknown"), std::logic_error);
  CHECK_THROWS_AS(map.boolean("id", flag), std::logic_error);
  CHECK_THROWS_AS(map.text("size", word), std::logic_error);
}

}  // namespace
}  // namespace coldpitch
