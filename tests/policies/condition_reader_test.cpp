// SPDX-License-Identifier: MIT
#include "policies/condition_reader.h"

#include "tests/policies/policy_texts.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

TEST_CASE("policy: conditions") {
  const std::pair<const char*, const char*> rows[] = {
      {"any: [ax, 'bx']", "any(/ax/@human,subject /bx/@human,subject)"},
      {"any: ax", "any(/ax/@human,subject)"},
      {"all: [ax]\n    none: [bx]", "all(all(/ax/@human,subject) none(/bx/@human,subject))"},
      {"where: body\n    any: [ax]", "any(/ax/@body)"},
      {"where: [header X-Mailer, links]\n    any: [ax]", "any(/ax/@header X-Mailer,links)"},
      {"where: body\n    any: [ax, {pattern: bx, where: [sender]}]", "any(/ax/@body /bx/@sender)"},
      {"where: body\n    any: [ax, {all: [bx, cx], where: sender}]",
       "any(/ax/@body all(/bx/@sender /cx/@sender))"},
      {"pattern: ax", "/ax/@human,subject"},
      {"signal: problem.mime-depth", "$problem.mime-depth"},
      {"signals: [fake-reply, authenticated]", "all($fake-reply $authenticated)"},
      {"signals: {any: [fake-reply, bulk-mailer], none: authenticated}",
       "all(any($fake-reply $bulk-mailer) none($authenticated))"},
      {"signals: {at-least: {count: 2, of: [fake-reply, {none: [authenticated]}]}}",
       "least2($fake-reply none($authenticated))"},
      {"at-least: {count: 2, of: [ax, bx, {signal: fake-reply}]}",
       "least2(/ax/@human,subject /bx/@human,subject $fake-reply)"},
      {"near: {within: 6, of: [ax, bx]}", "near6@human@subject(/ax/ /bx/)"},
      {"where: body\n    any: [cx, {near: {within: 1, of: [ax, bx], where: [sender]}}]",
       "any(/cx/@body near1@sender(/ax/ /bx/))"},
      {"all: [cx, {any: [{none: [{signal: fake-reply}]}]}]",
       "all(/cx/@human,subject any(none($fake-reply)))"},
      {"any: [2024, yes]", "any(/2024/@human,subject /yes/@human,subject)"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    std::vector<Diagnostic> diagnostics;
    const auto policy = load(changed("where: [subject]\n    language: [en, de]\n    channels: [direct]\n"
                                     "    any: ['quick call']\n    signals: [fake-reply]",
                                     text),
                             diagnostics);
    CHECK(told(diagnostics).empty());
    REQUIRE(policy);
    CHECK(shown(policy->rules.at(0).condition) == expected);
  }
}

TEST_CASE("policy: mistakes in conditions") {
  check_mistakes({
      {"    any: ['quick call']\n    signals: [fake-reply]\n", "",
       "p:15:5: error: a condition is missing (any, all, none, at-least, near, pattern, list, signal or "
       "signals)"},
      {"[subject]", "[subject, humon]", "p:19:22: error: unknown field 'humon' (did you mean 'human'?)"},
      {"[subject]", "[subject, subject]", "p:19:22: error: field 'subject' is named twice"},
      {"[subject]", "[header X-A, header x-a]", "p:19:25: error: field 'header x-a' is named twice"},
      {"[subject]", "['header X Mailer']",
       "p:19:13: error: 'header X Mailer' names no header field (write 'header X-Name')"},
      {"[subject]", "['header ']", "p:19:13: error: 'header ' names no header field (write 'header X-Name')"},
      {"[subject]", "[]", "p:19:12: error: 'where' must be a list that is not empty"},
      {"['quick call']", "[]", "p:22:10: error: 'any' must be a list that is not empty"},
      {"['quick call']", "{pattern: x}", "p:22:10: error: 'any' must be a list that is not empty"},
      {"any: ['quick call']", "any:", "p:22:5: error: 'any' must be a list that is not empty"},
      {"['quick call']", "[[a]]",
       "p:22:11: error: an expression must be text, not a list ('any' takes a list)"},
      {"['quick call']", "['quick\n      call']",
       "p:22:11: error: an expression must stand on one line (is a quote left open?)"},
      {"['quick call']", "['a(']", "p:22:11: error: expression 'a(' is refused by RE2: missing ): a("},
      {"['quick call']", "[b, 'a.*b']",
       "p:22:14: error: expression 'a.*b' holds a gap wider than 8 characters: '.*' (say it with 'near')"},
      {"['quick call']", "['a*']", "p:22:11: error: expression 'a*' matches the empty text"},
      {"['quick call']", "['']", "p:22:11: error: expression '' is empty"},
      {"['quick call']", "[Hello]",
       "p:22:11: error: expression 'Hello' holds 'H', which folded text never holds (write 'h')"},
      {"['quick call']", "[\"\\bcall\"]",
       "p:22:11: error: expression '?call' holds control octet \\x08 (in double quotes a backslash is an "
       "escape: "
       "write expressions in single quotes)"},
      {"['quick call']", "[{patern: a}]",
       "p:22:12: error: unknown key 'patern' in condition (did you mean 'pattern'?)"},
      {"['quick call']", "[{signal: fakereply}]",
       "p:22:20: error: unknown signal 'fakereply' (did you mean 'fake-reply'?)"},
      {"['quick call']", "[{signal: [a]}]",
       "p:22:20: error: a signal must be named by a word ('signals' takes several)"},
      {"[fake-reply]", "[told-to-stopp]",
       "p:23:15: error: unknown signal 'told-to-stopp' (did you mean 'told-to-stop'?)"},
      {"[fake-reply]", "[problem.]", "p:23:15: error: signal 'problem.' needs a name behind its dot"},
      {"[fake-reply]", "{any: [fake-reply], near: {}}", "p:23:34: error: unknown key 'near' in signals"},
      {"[fake-reply]", "{}", "p:23:14: error: a condition is missing (any, all, none or at-least)"},
      {"signals: [fake-reply]", "at-least: {count: 3, of: [a, b]}",
       "p:23:23: error: 'count' is more than the 2 entries of 'of'"},
      {"signals: [fake-reply]", "at-least: {count: 0, of: [a, b]}",
       "p:23:23: error: 'count' must be a whole number from 1 to 1000, not '0'"},
      {"signals: [fake-reply]", "at-least: {of: [a, b]}", "p:23:15: error: at-least lacks 'count'"},
      {"signals: [fake-reply]", "at-least: [a]",
       "p:23:15: error: at-least must be a map of keys and values, not a list (such as {count: ..., of: "
       "...})"},
      {"signals: [fake-reply]", "near: {within: 6, of: [a]}",
       "p:23:27: error: 'of' must list two expressions or more"},
      {"signals: [fake-reply]", "near: {within: 51, of: [a, b]}",
       "p:23:20: error: 'within' must be a whole number from 1 to 50, not '51'"},
      {"signals: [fake-reply]", "near: {wihin: 6, of: [a, b]}",
       "p:23:12: error: unknown key 'wihin' in near (did you mean "
       "'within'?)"},
      {"signals: [fake-reply]", "near: {within: 6, of: [a, {pattern: b}]}",
       "p:23:31: error: entry of 'near' lacks 'list'\n"
       "p:23:32: error: unknown key 'pattern' in entry of 'near'"},
  });
}

TEST_CASE("policy: rules that are there twice") {
  const auto with_rule = [](const char* rule) { return std::string(kSound) + "  - " + rule + "\n"; };
  CHECK(told_of(
            with_rule("{id: meeting-ask, clause: commercial, group: ask, weight: -1, signal: fake-reply}")) ==
        "p:26:10: error: rule 'meeting-ask' is there twice (first in line 15)");
  const auto told_of_second = [&](const std::string& condition) {
    return told_of(with_rule(
        ("{id: b, clause: commercial, group: ask, weight: -1, examples: {miss: a}, " + condition + "}")
            .c_str()));
  };
  const std::string same = "p:26:10: error: rule 'b' has the same condition as rule 'meeting-ask'";
  CHECK(told_of_second(
            "language: [de, en], channels: direct, where: subject, any: 'quick call', signal: fake-reply") ==
        same);
  CHECK(told_of_second(
            "language: [de], channels: direct, where: subject, any: 'quick call', signal: fake-reply")
            .empty());
  CHECK(told_of_second("language: [de, en], where: subject, any: 'quick call', signal: fake-reply").empty());
  CHECK(
      told_of_second("language: [de, en], channels: direct, any: 'quick call', signal: fake-reply").empty());
  CHECK(told_of_second(
            "language: [de, en], channels: direct, where: subject, all: 'quick call', signal: fake-reply")
            .empty());
}

TEST_CASE("policy: the order of entries does not make another condition") {
  const auto text_of = [](const std::string& condition) {
    std::vector<Diagnostic> diagnostics;
    const auto policy = load(changed("where: [subject]\n    language: [en, de]\n    channels: [direct]\n"
                                     "    any: ['quick call']\n    signals: [fake-reply]",
                                     condition),
                             diagnostics);
    REQUIRE(policy);
    return canonical_text(policy->rules.at(0).condition);
  };
  CHECK(text_of("any: [ax, bx]") == text_of("any: [bx, ax]"));
  CHECK(text_of("where: [header X-A, body]\n    any: [ax]") ==
        text_of("where: [body, header x-a]\n    any: [ax]"));
  CHECK(text_of("any: [ax, bx]") != text_of("any: [axbx]"));
  CHECK(text_of("any: [ax, bx]") != text_of("any: [ax, cx]"));
  CHECK(text_of("near: {within: 2, of: [ax, bx]}") != text_of("near: {within: 3, of: [ax, bx]}"));
  CHECK(text_of("at-least: {count: 1, of: [ax, bx]}") != text_of("at-least: {count: 2, of: [ax, bx]}"));
  CHECK(text_of("signal: fake-reply") != text_of("pattern: fake-reply"));
}

}  // namespace
}  // namespace coldpitch
