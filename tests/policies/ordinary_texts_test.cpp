// SPDX-License-Identifier: MIT
#include "policies/ordinary_texts.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

OrdinaryTexts hit_by(const char* expression) {
  Automata automata;
  const Automata::Expression& compiled = automata.add(expression);
  REQUIRE(compiled.refusal().empty());
  return ordinary_texts_hit_by(compiled);
}

TEST_CASE("ordinary texts: expressions that hit all of them") {
  for (const char* expression : {"e", " ", "a", R"(\w+)", R"(\w{5})", "[.?]"}) {
    CAPTURE(expression);
    CHECK(hit_by(expression).all);
  }
}

TEST_CASE("ordinary texts: expressions that hit all of one language") {
  struct Row {
    const char* expression;
    std::string_view language;
  };
  for (const Row& row : {Row{R"(\ba\b)", "en"}, Row{R"(\bthe\b)", "en"}, Row{R"(\b(?:der|die|das)\b)", "de"},
                         Row{R"(\b(?:le|la|les)\b)", "fr"}, Row{R"(\bel\b)", "es"}, Row{R"(\bde\b)", "nl"},
                         Row{R"(\ben?\b|\bhet\b|\been\b)", "nl"}, Row{"ł|ą|ę", "pl"}}) {
    CAPTURE(row.expression);
    const OrdinaryTexts hit = hit_by(row.expression);
    CHECK_FALSE(hit.all);
    CHECK(hit.language == row.language);
  }
}

TEST_CASE("ordinary texts: expressions that tell something") {
  for (const char* expression :
       {"quick call", R"(\byou\b)", R"(\bwir\b)", R"(\d+ ?%)", "offer", R"(\bcan you\b)"}) {
    CAPTURE(expression);
    const OrdinaryTexts hit = hit_by(expression);
    CHECK_FALSE(hit.all);
    CHECK(hit.language.empty());
  }
}

}  // namespace
}  // namespace coldpitch
