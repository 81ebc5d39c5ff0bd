// SPDX-License-Identifier: MIT
#include "policies/policy_checks.h"

#include "tests/policies/policy_texts.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

TEST_CASE("policy checks: rules that cannot hold in their channels") {
  check_mistakes({
      {"signals: [fake-reply]", "signals: [linkedin.inmail]",
       "p:15:5: warning: rule 'meeting-ask' can never hold: what it asks for does not occur in the channel "
       "it judges "
       "(direct)"},
      {"where: [subject]", "where: [headline]",
       "p:15:5: warning: rule 'meeting-ask' can never hold: what it asks for does not occur in the channel "
       "it judges "
       "(direct)"},
      {"where: [subject]", "where: [headline, subject]", ""},
      {"signals: [fake-reply]", "signals: {any: [linkedin.inmail, fake-reply]}", ""},
      {"signals: [fake-reply]", "signals: {none: [linkedin.inmail]}", ""},
      {"signals: [fake-reply]", "signals: [linkedin.forged]", ""},
      {"signals: [fake-reply]", "signals: {at-least: {count: 2, of: [linkedin.inmail, fake-reply]}}",
       "p:15:5: warning: rule 'meeting-ask' can never hold: what it asks for does not occur in the channel "
       "it judges "
       "(direct)"},
  });
}

TEST_CASE("policy checks: rules that contradict themselves") {
  check_mistakes({
      {"signals: [fake-reply]", "signals: {all: [fake-reply], none: [fake-reply]}",
       "p:23:41: error: rule 'meeting-ask' can never hold: it asks for this, and for its absence"},
      {"signals: [fake-reply]", "all: [call]\n    none: [call, {signal: bounce}]",
       "p:24:12: error: rule 'meeting-ask' can never hold: it asks for this, and for its absence"},
      {"signals: [fake-reply]", "signals: {any: [fake-reply, bounce], none: [fake-reply]}", ""},
  });
}

TEST_CASE("policy checks: expressions that are enough and tell nothing") {
  const std::string everything = "error: expression 'e' hits almost any text";
  const std::string english =
      "warning: expression '\\ba\\b' hits almost any text in language 'en': it tells something only with "
      "others "
      "('all', 'near')";
  const auto with = [](const std::string& condition) {
    std::string text = changed("    any: ['quick call']\n    signals: [fake-reply]\n", condition);
    return told_of(text.erase(text.find("    where: [subject]\n"), 21));
  };
  CHECK(with("    any: ['quick call', 'e']\n") == "p:21:25: " + everything);
  CHECK(with("    any: ['quick call', {pattern: 'e', where: [body]}]\n") == "p:21:35: " + everything);
  CHECK(with("    any: ['quick call', {any: ['e']}]\n") == "p:21:32: " + everything);
  CHECK(with("    any: ['quick call']\n    none: ['e']\n") == "p:22:12: " + everything);
  CHECK(with("    any: ['quick call', '\\ba\\b']\n") == "p:21:25: " + english);
  // With others it may tell something, and of a short text more than of a long one.
  CHECK(with("    all: ['quick call', 'e']\n").empty());
  CHECK(with("    any: ['quick call', {near: {within: 3, of: ['quick', 'e']}}]\n").empty());
  CHECK(with("    any: ['quick call']\n    at-least: {count: 2, of: ['e', 'quick']}\n").empty());
  CHECK(with("    any: ['quick call', {pattern: 'e', where: [subject]}]\n").empty());
}

TEST_CASE("policy checks: rules that hold for whatever lacks something") {
  const std::string warning =
      "p:15:5: warning: rule 'meeting-ask' holds for any mail in which nothing of what it names is found: "
      "'none' belongs "
      "beside something that must be there";
  const std::string condition = "    any: ['quick call']\n    signals: [fake-reply]\n";
  CHECK(told_of(changed(condition, "    none: ['quick ride']\n")).starts_with(warning));
  CHECK(told_of(changed(condition, "    signals: {none: [fake-reply]}\n    none: ['quick ride']\n"))
            .starts_with(warning));
  CHECK(told_of(changed("    any: ['quick call']\n", "    none: ['quick ride']\n")).empty());
}

TEST_CASE("policy checks: parts that say nothing") {
  check_mistakes({
      {"any: ['quick call']", "any: ['quick call', 'quick call']",
       "p:22:25: warning: this stands in the list already"},
      {"any: ['quick call']", "any: ['quick call', {pattern: 'quick call', where: [subject]}]",
       "p:22:35: warning: this stands in the list already"},
  });
  const std::string rules =
      "  - {id: a, clause: commercial, group: offer, weight: 1, any: [rebate, sale], reason: r, examples: "
      "{hit: "
      "[rebate]}}\n"
      "  - {id: b, clause: commercial, group: offer, weight: 1, any: [price, sale], reason: r, examples: "
      "{hit: "
      "[price]}}\n";
  CHECK(told_of(std::string(kSound) + rules) ==
        "p:27:71: warning: rule 'a' of the same group holds for this already");
  const auto but = [&](const std::string& from, const std::string& to) {
    std::string text = rules;
    text.replace(text.rfind(from), from.size(), to);
    return told_of(std::string(kSound) + text);
  };
  CHECK(but("group: offer", "group: price").empty());
  CHECK(but("weight: 1", "weight: 1, language: [de]").empty());
  CHECK(but("weight: 1", "weight: 1, shadow: true").empty());
  CHECK(but("weight: 1", "weight: -1").empty());
}

}  // namespace
}  // namespace coldpitch
