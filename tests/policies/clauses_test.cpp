// SPDX-License-Identifier: MIT
// The texts that the shipped policies cite, word for word: a verdict names them.
#include <cstdlib>
#include <map>

#include "policies/policy_loader.h"
#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// Professional Community Policies, "Be professional": in this form from 2025-12-16, seen on 2026-05-27.
constexpr std::string_view kSpam =
    "Do not spam members or the platform. We don't allow untargeted, irrelevant, obviously unwanted, "
    "unauthorized, "
    "inappropriate commercial or promotional, or gratuitously repetitive messages or similar content.";
/// The same page, unchanged from 2022-05-25 to 2026-05-27.
constexpr std::string_view kInvitation =
    "Do not use our invitation feature to send promotional messages to people you don't know or to otherwise "
    "spam "
    "people.";
constexpr std::string_view kPage = "https://www.linkedin.com/legal/professional-community-policies";

Policy shipped(const std::string& name) {
  const char* source = std::getenv("COLDPITCH_SOURCE");
  std::vector<Diagnostic> diagnostics;
  const std::string folder = std::string(source == nullptr ? "." : source) + "/policies/rules";
  auto policy = load_policy_file(folder + "/" + name + ".yaml", diagnostics, {folder});
  CHECK(test::told(diagnostics).empty());
  REQUIRE(policy);
  return std::move(*policy);
}

void check_clauses(const Policy& policy, const std::map<std::string, std::string_view>& expected) {
  CHECK(policy.clauses.size() == expected.size());
  for (const Clause& clause : policy.clauses) {
    CAPTURE(clause.id);
    REQUIRE(expected.contains(clause.id));
    CHECK(clause.text == expected.at(clause.id));
    CHECK(clause.source == kPage);
    CHECK(clause.captured == "2026-05-27");
  }
}

TEST_CASE("shipped clauses: exact texts in force, with their source and date") {
  std::map<std::string, std::string_view> clauses;
  for (const char* id :
       {"untargeted", "irrelevant", "unwanted", "unauthorized", "commercial", "repetitive"}) {
    clauses[id] = kSpam;
  }
  check_clauses(shipped("direct-outreach"), clauses);
  clauses["invitation"] = kInvitation;
  check_clauses(shipped("linkedin-professional-community"), clauses);
}

TEST_CASE("shipped clauses: words of agreements before 2018 are not cited as if in force") {
  for (const char* name : {"direct-outreach", "linkedin-professional-community"}) {
    for (const Clause& clause : shipped(name).clauses) {
      for (const char* historic : {"unwelcomed communications", "junk mail", "people who don’t know you",
                                   "Invite people you do not know", "any form of solicitation"}) {
        CHECK(clause.text.find(historic) == std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace coldpitch
