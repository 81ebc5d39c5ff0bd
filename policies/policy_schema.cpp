// SPDX-License-Identifier: MIT
#include "policies/policy_schema.h"

#include <utility>

#include "policies/expression_checks.h"
#include "policies/list_file.h"
#include "policies/policy_words.h"
#include "policies/subject_matter.h"

namespace coldpitch {
namespace {

using namespace schema;

constexpr double kMaxThreshold = 1000;
constexpr double kMaxWeight = 10;
constexpr std::size_t kMaxGroups = 20;
constexpr std::size_t kMaxClauses = 200;
constexpr std::size_t kMaxRules = 10'000;
constexpr std::size_t kMaxIncludes = 100;
constexpr std::size_t kMaxLists = 100;
constexpr std::size_t kMaxWordsApart = 50;
constexpr std::size_t kMaxCount = 1000;

ValueSchema expression() {
  ValueSchema value = text();
  value.min = 1;
  value.max = kMaxExpressionOctets;
  return value;
}

ValueSchema where() { return one_or_list(word(field_names(), "text", {"^header [!-9;-~]+$"}), 1); }

ValueSchema signal() {
  std::vector<std::string> names;
  std::vector<std::string> patterns;
  for (const std::string& name : known_signals()) {
    if (name.ends_with('.')) {
      patterns.push_back("^" + name.substr(0, name.size() - 1) + "\\..+$");
    } else {
      names.push_back(name);
    }
  }
  return word(std::move(names), "signal", std::move(patterns));
}

ValueSchema languages() { return one_or_list(word(language_codes(), "language"), 1); }

/// What stands in a list of conditions.
ValueSchema reason() { return either({text(), map(reason_schema)}); }
ValueSchema entry() { return either({expression(), map(condition_schema)}); }
ValueSchema signal_entry() { return either({signal(), map(signals_schema)}); }

const std::vector<std::string_view> kConditions{"any",     "all",  "none",   "at-least", "near",
                                                "pattern", "list", "signal", "signals"};

/// The keys by which a rule and an entry of a list say when they hold.
std::vector<KeySchema> condition_keys() {
  return {
      {"any", one_or_list(entry(), 1), "one of these holds", ""},
      {"all", one_or_list(entry(), 1), "each of these holds", ""},
      {"none", one_or_list(entry(), 1), "none of these holds", ""},
      {"at-least", map(at_least_schema), "so many of a list hold", ""},
      {"near", map(near_schema), "expressions that stand near each other in one text", ""},
      {"pattern", expression(), "one expression", ""},
      {"list", identifier(), "one of `lists`: an entry of it stands in the text", ""},
      {"signal", signal(), "one signal", ""},
      {"signals", either({one_or_list(signal(), 1), map(signals_schema)}),
       "signals that all hold, or a map of `any`, `all`, `none` and `at-least` over signals", ""},
      {"where", where(), "texts the expressions are looked for in; also `header NAME`", "[human, subject]"},
  };
}

}  // namespace

const MapSchema& policy_schema() {
  static const MapSchema table{
      "policy",
      {
          {"policy", identifier(), "id of the policy, as header fields and logs name it", "", true},
          {"extends", identifier(),
           "another policy this one is laid over: only what differs stands here, clauses and rules by their "
           "`id`",
           ""},
          {"title", text(), "its name for people", "", true},
          {"channels", one_or_list(word(judged_channel_names()), 1),
           "what it judges: `linkedin` (authentic notifications), `direct` (all other mail), `list` (mailing "
           "lists)",
           "", true},
          {"thresholds", map(thresholds_schema), "scores at which verdicts begin", "", true},
          {"verdict", map(verdict_schema), "what a pitch needs besides its score", ""},
          {"lists", list(map(list_schema), 0, kMaxLists), "words and domains that rules name together", "[]"},
          {"clauses", list(map(clause_schema), 1, kMaxClauses), "what may be broken", "", true},
          {"include", one_or_list(text_like({"^(?!/)(?!.*(^|/)\\.\\.(/|$)).+\\.yaml$"}), 1, kMaxIncludes),
           "files of rules, such as `sales/de.yaml`, that come before its own: looked for beside it, then "
           "among the "
           "shipped ones",
           ""},
          {"rules", list(map(rule_schema), 1, kMaxRules), "what shows that it was", "", true},
      }};
  return table;
}

const MapSchema& included_schema() {
  static const MapSchema table{
      "included file",
      {
          {"rules", list(map(rule_schema), 1, kMaxRules), "rules that come before the policy's own", "",
           true},
          {"language", languages(), "what its rules speak that name no language", "(any)"},
      }};
  return table;
}

const MapSchema& thresholds_schema() {
  static const MapSchema table{
      "thresholds",
      {
          {"suspect", number(0.1, kMaxThreshold), "score from which mail is suspect", "", true},
          {"pitch", number(0.1, kMaxThreshold), "score from which it is a pitch", "", true},
          {"repeat-pitch", number(0.1, kMaxThreshold), "score from which a repeated one is a repeat-pitch",
           "(that of `pitch`)"},
      }};
  return table;
}

const MapSchema& verdict_schema() {
  static const MapSchema table{
      "verdict",
      {
          {"minimum-groups", integer(1, kMaxGroups), "independent groups of evidence a pitch needs", "3"},
          {"minimum-groups-with-strong", integer(1, kMaxGroups),
           "so many are enough where one of `strong-groups` is among them", "2"},
          {"strong-groups", one_or_list(text(), 0, kMaxGroups), "groups that weigh more than words", "[]"},
          {"needs-one-of", one_or_list(text(), 0, kMaxGroups),
           "groups one of which a pitch needs: no offer, no pitch", "[]"},
      }};
  return table;
}

const MapSchema& list_schema() {
  static const MapSchema table{
      "list",
      {
          {"id", identifier(), "its name in rules", "", true},
          {"kind", word({"words", "domains"}),
           "`words` are found as whole words, one after the other, whatever parts them; a domain where a "
           "host name or an "
           "address is that domain or below it",
           "", true},
          {"file", text(),
           "one entry a line, `#` begins a comment; relative to this file, read again at every reload", ""},
          {"entries", list(text(), 0, kMaxListEntries), "the entries themselves, instead of a file", "[]"},
      },
      {"file", "entries"}};
  return table;
}

const MapSchema& reason_schema() {
  static const std::vector<std::string> codes = language_codes();
  static const MapSchema table = [] {
    MapSchema reason{"reason", {}};
    for (const std::string& code : codes)
      reason.keys.push_back({code, text(), "the words in the language of this code (ISO 639-1)", ""});
    return reason;
  }();
  return table;
}

const MapSchema& clause_schema() {
  static const MapSchema table{
      "clause",
      {
          {"id", identifier(), "its name in header fields, logs and rules", "", true},
          {"title", text(), "its name for people", "", true},
          {"text", lines(), "its text, exactly as captured", "", true},
          {"source", text(), "where the text stands", "", true},
          {"captured", date(), "when it stood there, as YYYY-MM-DD", "", true},
          {"cap", number(0.1, kMaxThreshold), "most its positive rules add to the score", "(no bound)"},
          {"reason", reason(), "words for people where a rule has none of its own; as of a rule", ""},
      }};
  return table;
}

const MapSchema& rule_schema() {
  static const MapSchema table = [] {
    MapSchema rule{
        "rule",
        {
            {"id", identifier(), "its name in header fields and logs", "", true},
            {"clause", text(), "the clause it speaks for", "", true},
            {"group", identifier(), "the kind of evidence it is: of one group only the heaviest rule counts",
             "", true},
            {"weight", number(-kMaxWeight, kMaxWeight),
             "what it adds to the score, not 0; negative weights are counter-evidence", "", true},
            {"language", languages(),
             "ISO 639-1 codes: it counts only for them, and where the language is unknown", "(any)"},
            {"channels", one_or_list(word(judged_channel_names()), 1),
             "only for these of the policy's channels", "(the policy's)"},
            {"reason", reason(),
             "a few words for people, in header fields and reject texts; needed where `weight` is positive. "
             "Also by language: `{en: ..., de: ...}`",
             ""},
            {"offer", identifier(),
             "what is offered where it holds: gives the signal `offer.NAME`, and tells `site` whether that "
             "is of use",
             ""},
            {"shadow", boolean(), "counted and shown, not scored", "false"},
            {"graded", boolean(),
             "`true`: the weight is multiplied by the strength of the signal that holds, which is below 1 "
             "only "
             "for `text-model` signals",
             "false"},
            {"enabled", boolean(), "`false`: as if it were not there", "true"},
            {"examples", map(examples_schema), "texts to try it on, whenever the policy is loaded", ""},
        }};
    for (KeySchema& key : condition_keys()) rule.keys.push_back(std::move(key));
    rule.needs_one_of = kConditions;
    return rule;
  }();
  return table;
}

const MapSchema& examples_schema() {
  static const MapSchema table{"examples",
                               {
                                   {"hit", one_or_list(lines()), "texts on which the rule must hold", "[]"},
                                   {"miss", one_or_list(lines()), "texts on which it must not", "[]"},
                               }};
  return table;
}

const MapSchema& condition_schema() {
  static const MapSchema table{"condition", condition_keys(), kConditions};
  return table;
}

const MapSchema& near_schema() {
  static const MapSchema table{
      "near",
      {
          {"within", integer(1, kMaxWordsApart), "most words between where they begin", "", true},
          {"of", list(either({expression(), map(near_list_schema)}), 2),
           "expressions and lists, in any order", "", true},
          {"where", where(), "as in a rule", "(that of the rule)"},
      }};
  return table;
}

const MapSchema& near_list_schema() {
  static const MapSchema table{"entry of 'near'", {{"list", identifier(), "one of `lists`", "", true}}};
  return table;
}

const MapSchema& at_least_schema() {
  static const MapSchema table{"at-least",
                               {
                                   {"count", integer(1, kMaxCount), "how many must hold", "", true},
                                   {"of", one_or_list(entry(), 1), "the conditions", "", true},
                               }};
  return table;
}

const MapSchema& signals_schema() {
  static const MapSchema table{"signals",
                               {
                                   {"any", one_or_list(signal_entry(), 1), "one of these holds", ""},
                                   {"all", one_or_list(signal_entry(), 1), "each of these holds", ""},
                                   {"none", one_or_list(signal_entry(), 1), "none of these holds", ""},
                                   {"at-least", map(at_least_signals_schema), "so many of a list hold", ""},
                               },
                               {"any", "all", "none", "at-least"}};
  return table;
}

const MapSchema& at_least_signals_schema() {
  static const MapSchema table{"at-least",
                               {
                                   {"count", integer(1, kMaxCount), "how many must hold", "", true},
                                   {"of", one_or_list(signal_entry(), 1), "the signals", "", true},
                               }};
  return table;
}

}  // namespace coldpitch
