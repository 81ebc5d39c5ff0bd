// SPDX-License-Identifier: MIT
#include "policies/messages.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "policies/policy_loader.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

namespace fs = std::filesystem;

constexpr std::array kLanguages{"de", "en", "es", "fr", "it", "nl", "pl", "pt"};

fs::path source() {
  const char* folder = std::getenv("COLDPITCH_SOURCE");
  return folder == nullptr ? "." : folder;
}

Catalogue shipped(const std::string& language) {
  std::vector<Diagnostic> diagnostics;
  auto catalogue =
      load_catalogue((source() / "policies" / "messages" / (language + ".yaml")).string(), diagnostics);
  INFO(format(diagnostics));
  REQUIRE(catalogue);
  return *catalogue;
}

std::set<std::string> keys_of(const Catalogue& catalogue) {
  std::set<std::string> keys;
  for (const auto& entry : catalogue.reasons) keys.insert(entry.first);
  return keys;
}

/// Everything the shipped policies say to people in no other language than English.
std::set<std::string> reasons_of_shipped_policies() {
  std::set<std::string> reasons;
  const fs::path folder = source() / "policies" / "rules";
  for (const char* name : {"direct-outreach.yaml", "linkedin-professional-community.yaml"}) {
    std::vector<Diagnostic> diagnostics;
    const auto policy = load_policy_file((folder / name).string(), diagnostics, {folder.string()});
    INFO(format(diagnostics));
    REQUIRE(policy);
    for (const Clause& clause : policy->clauses) {
      if (clause.reason_in.empty() && !clause.reason.empty()) reasons.insert(clause.reason);
    }
    for (const Rule& rule : policy->rules) {
      if (rule.reason_in.empty() && rule.weight > 0) reasons.insert(rule.reason);
    }
  }
  return reasons;
}

std::string refused(const std::string& text) {
  const fs::path file = fs::temp_directory_path() / ("catalogue-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(file) << text;
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(load_catalogue(file.string(), diagnostics));
  fs::remove(file);
  return format(diagnostics);
}

Verdict broken_clause() {
  Verdict verdict;
  verdict.clauses = {{"commercial", "direct-outreach", 4}};
  verdict.reason = "asks for a meeting";
  return verdict;
}

}  // namespace

TEST_CASE("the catalogues say the same things in every language") {
  const std::set<std::string> expected = keys_of(shipped("de"));
  for (const std::string language : kLanguages) {
    CAPTURE(language);
    const Catalogue catalogue = shipped(language);
    CHECK(catalogue.language == language);
    if (language != "en") CHECK(keys_of(catalogue) == expected);
  }
}

TEST_CASE("the catalogues know every reason of the shipped policies") {
  const std::set<std::string> known = keys_of(shipped("de"));
  for (const std::string& reason : reasons_of_shipped_policies()) {
    if (known.contains(reason)) continue;
    FAIL_CHECK("policies/messages/*.yaml lack \"" << reason
                                                  << "\" (or give it as reason: {en: ..., de: ...})");
  }
}

TEST_CASE("a reason is said as the policy has it, then by the catalogue, then in the policy's own words") {
  Catalogue german;
  german.language = "de";
  german.refusal = "Abgelehnt ({clause}, {policy})";
  german.reasons = {{"asks for a meeting", "bittet um ein Treffen"}, {"sells", "verkauft"}};
  const Messages messages({german});
  const std::vector<Reason> reasons = {
      {"asks for a meeting", {}, ""}, {"sells", {{"de", "handelt"}, {"fr", "vend"}}, ""}, {"is new", {}, ""}};
  CHECK(messages.reason_line(reasons, "de") == "bittet um ein Treffen; handelt; is new");
  CHECK(messages.reason_line(reasons, "fr") == "asks for a meeting; vend; is new");
  CHECK(messages.reason_line(reasons, "en") == "asks for a meeting; sells; is new");
  CHECK(messages.reason_line({}, "de").empty());
}

TEST_CASE("a refusal names the clause in the recipient's language") {
  Catalogue german;
  german.language = "de";
  german.refusal = "Abgelehnt ({clause}, {policy}, {clause})";
  const Messages messages({german});
  CHECK(messages.refusal(broken_clause(), "de") ==
        "Abgelehnt (commercial, direct-outreach, commercial): asks for a meeting");
  CHECK(messages.refusal(broken_clause(), "fr") ==
        "Unsolicited sales message, refused under clause 'commercial' of policy 'direct-outreach': asks for "
        "a meeting");
}

TEST_CASE("what is wrong with a catalogue is said with its place") {
  const std::string whole = "language: de\nrefusal: '{clause} {policy}'\nreasons: {}\n";
  CHECK_THAT(refused("language: de\nreasons: {}\n"), ContainsSubstring("refusal"));
  CHECK_THAT(refused("language: xx\nrefusal: '{clause} {policy}'\nreasons: {}\n"),
             ContainsSubstring(":1:11: error:"));
  CHECK_THAT(refused("language: de\nrefusal: '{clause}'\nreasons: {}\n"),
             ContainsSubstring("must hold {clause} and {policy}"));
  CHECK_THAT(refused("language: de\nrefusal: '{clause} {policy}'\nreasons: [a]\n"),
             ContainsSubstring("'reasons' must be a map"));
  CHECK_THAT(refused("language: de\nrefusal: '{clause} {policy}'\nreasons: {a: ''}\n"),
             ContainsSubstring("a reason is one line"));
  CHECK_THAT(refused("language: de\nrefusal: '{clause} {policy}'\nreasons: {a: [b]}\n"),
             ContainsSubstring("a reason is one line"));
  CHECK_THAT(refused(whole + "reason: {}\n"), ContainsSubstring("reasons"));
}
