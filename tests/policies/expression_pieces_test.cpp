// SPDX-License-Identifier: MIT
#include "policies/expression_pieces.h"

#include <string>
#include <string_view>
#include <vector>

#include "parsers/fold.h"
#include "policies/expression_pool.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// Each as it is written in an expression.
std::vector<std::string> pieces(std::string_view expression) {
  std::vector<std::string> written;
  for (const AtomFinder::Atom& atom : expression_pieces(expression)) {
    const std::string before = atom.border_before ? "\\b" : "";
    written.push_back(before + atom.text + (atom.border_behind ? "\\b" : ""));
  }
  return written;
}

using Pieces = std::vector<std::string>;

TEST_CASE("every hit holds one of the pieces of its expression", "[pieces]") {
  CHECK(pieces("quick call") == Pieces{"quick call"});
  CHECK(pieces(R"(\b(?:seo|search engines?|back ?links?)\b)") ==
        Pieces{R"(\bback link\b)", R"(\bback links\b)", R"(\bbacklink\b)", R"(\bbacklinks\b)",
               R"(\bsearch engine\b)", R"(\bsearch engines\b)", R"(\bseo\b)"});
  CHECK(pieces("(?:quick|short) (?:call|chat)") ==
        Pieces{"quick call", "quick chat", "short call", "short chat"});
  CHECK(pieces("optimi[sz]ation") == Pieces{"optimisation", "optimization"});
  CHECK(pieces("[]a]lumber") == Pieces{"]lumber", "alumber"});
  CHECK(pieces("(?:software|platform)+") == Pieces{"platform", "software"});
  CHECK(pieces("(?:software){2,3}") == Pieces{"software"});
  CHECK(pieces("büros?") == Pieces{"büro"});
  CHECK(pieces(R"(price\.)") == Pieces{"price."});
}

TEST_CASE("the rarest part of an expression is taken, and of the rest nothing", "[pieces]") {
  CHECK(pieces(R"(\byour (?:\w+ )?invoice\b)") == Pieces{R"( invoice\b)"});
  CHECK(pieces(R"(\byour (?:\w+-)?invoice\b)") == Pieces{R"(invoice\b)"});
  CHECK(pieces(R"((?:\w+ )+invoice)") == Pieces{" invoice"});
  CHECK(pieces(R"((?:\w+ |\d-)invoice)") == Pieces{"invoice"});
  CHECK(pieces(R"((?:a\b)*invoice)") == Pieces{"invoice"});
  CHECK(pieces(R"((?:\w+\b){1,2}invoice)") == Pieces{R"(\binvoice)"});
  CHECK(pieces("(?:quick|short)? .{3}appointment|[a-z]+schedule") == Pieces{"appointment", "schedule"});
  CHECK(pieces(R"(\d+ ?% of (?:all )?customers)") ==
        Pieces{" % of all customers", " % of customers", "% of all customers", "% of customers"});
  CHECK(pieces("(?:quick|short)*call") == Pieces{"call"});
  CHECK(pieces("(?:quick){0,2}appointments") == Pieces{"appointments"});
}

TEST_CASE("words of every mail are pieces too, where there is nothing rarer", "[pieces]") {
  CHECK(pieces(R"(\b(?:we|our)\b)") == Pieces{R"(\bour\b)", R"(\bwe\b)"});
  CHECK(pieces(R"(\b(?:we|our)\b.*\bsoftware\b)") == Pieces{R"(\bsoftware\b)"});
}

TEST_CASE("where a hit may do without pieces, or with one octet, there are none", "[pieces]") {
  for (const char* expression :
       {"", "x", "a*", "(?:quick call)?", "(?:quick call)*", "quick call|.", R"(\b(?:we|i)\b)",
        R"(\d{4,}|quick)", "[^a]", "[^]quick]", R"(\w+)", "(?:call|)", "(?:quick){0}"}) {
    CAPTURE(expression);
    CHECK(pieces(expression).empty());
  }
}

TEST_CASE("of what is not read nothing is said", "[pieces]") {
  for (const char* expression :
       {"(?i)üß", R"(\Qquick\E+ call)", R"(\161uick call)", "quick{ call", R"(quick\C call)"}) {
    CAPTURE(expression);
    REQUIRE(ExpressionPool().add(expression).compiled != nullptr);
    CHECK(pieces(expression).empty());
  }
  std::string deep(300, '(');
  deep += "quick call" + std::string(300, ')');
  CHECK(pieces(deep).empty());
}

TEST_CASE("flags, quotations and characters by their number are read", "[pieces]") {
  CHECK(pieces("(?i)Quick Call") == Pieces{"quick call"});
  CHECK(pieces("(?i)rates?|(?-i:quick call)") == Pieces{"quick call", "rate"});
  CHECK(pieces("(?i:Quick) call") == Pieces{"quick call"});
  CHECK(pieces("(?:(?i)QUICK) CALL") == Pieces{"quick CALL"});
  CHECK(pieces("(?i)(?:quick|BRIEF)(?s: )[CK]all") ==
        Pieces{"brief call", "brief kall", "quick call", "quick kall"});
  CHECK(pieces("(?i)GRÜSSE aus berlin") == Pieces{"sse aus berlin"});
  CHECK(pieces(R"(\Qquick (call)\E now)") == Pieces{"quick (call) now"});
  CHECK(pieces(R"(\Qquick|call)") == Pieces{"quick|call"});
  CHECK(pieces(R"(\x71uick c\x{61}ll)") == Pieces{"quick call"});
  CHECK(pieces(R"(b\x{fc}ro)") == Pieces{"büro"});
  // What RE2 takes for "k" and "s" as well a folded text does not hold.
  CHECK(fold_text("\xE2\x84\xAA\xC5\xBF").text == "ks");
}

TEST_CASE("many alternatives one behind the other are not multiplied out", "[pieces]") {
  std::string expression;
  for (int part = 0; part < 200; ++part) expression += "(?:aa|bb|cc|dd|ee|ff|gg|hh)";
  CHECK(pieces(expression).size() <= kMostPieces);
  CHECK_FALSE(pieces(expression).empty());
}

}  // namespace
}  // namespace coldpitch
