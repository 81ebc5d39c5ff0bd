// SPDX-License-Identifier: MIT
#include "policies/policy_loader.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/policies/policy_texts.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

TEST_CASE("policy: every value arrives") {
  std::vector<Diagnostic> diagnostics;
  const auto policy = load(std::string(kSound), diagnostics);
  CHECK(told(diagnostics).empty());
  REQUIRE(policy);
  CHECK(policy->id == "sample");
  CHECK(policy->title == "A sample policy");
  CHECK(policy->channels == std::vector<Channel>{Channel::direct, Channel::list});
  CHECK(policy->thresholds ==
        std::map<Level, double>{{Level::suspect, 3.0}, {Level::pitch, 5.0}, {Level::repeat_pitch, 6.0}});
  CHECK(policy->minimum_groups == 4);
  CHECK(policy->minimum_groups_with_strong == 2);
  CHECK(policy->strong_groups == std::vector<std::string>{"ask"});
  CHECK(policy->location.file == "p");
  CHECK(policy->location.line == 1);
  REQUIRE(policy->clauses.size() == 1);
  const Clause& clause = policy->clauses.front();
  CHECK(clause.id == "commercial");
  CHECK(clause.title == "Promotion");
  CHECK(clause.text == "Do not advertise.");
  CHECK(clause.source == "House rules, page 2");
  CHECK(clause.captured == "2026-05-27");
  CHECK(clause.reason == "sells something");
  CHECK(clause.cap == 7.5);
  CHECK(clause.location.line == 7);
  CHECK(clause.location.column == 5);
}

TEST_CASE("policy: every value of a rule arrives") {
  std::vector<Diagnostic> diagnostics;
  const auto policy = load(std::string(kSound), diagnostics);
  REQUIRE(policy);
  REQUIRE(policy->rules.size() == 1);
  const Rule& rule = policy->rules.front();
  CHECK(rule.id == "meeting-ask");
  CHECK(rule.clause == "commercial");
  CHECK(rule.group == "ask");
  CHECK(rule.weight == 1.5);
  CHECK(rule.reason == "asks for a meeting");
  CHECK(rule.languages == std::vector<std::string>{"en", "de"});
  CHECK(rule.channels == std::vector<std::string>{"direct"});
  CHECK_FALSE(rule.shadow);
  CHECK(rule.examples_hit == std::vector<std::string>{"a quick call"});
  CHECK(rule.examples_miss == std::vector<std::string>{"a call"});
  CHECK(rule.location.line == 15);
  CHECK(rule.location.column == 5);
  CHECK(shown(rule.condition) == "all($fake-reply any(/quick call/@subject))");
  REQUIRE(rule.condition.children.size() == 2);
  REQUIRE(rule.condition.children[1].children.size() == 1);
  const SourceLocation& place = rule.condition.children[1].children[0].location;
  CHECK((place.file == "p" && place.line == 22 && place.column == 11));
}

TEST_CASE("policy: a reason may be given in several languages") {
  std::vector<Diagnostic> diagnostics;
  const auto policy = load(
      changed("reason: asks for a meeting", "reason: {de: bittet um ein Treffen, en: asks}"), diagnostics);
  CHECK(told(diagnostics).empty());
  REQUIRE(policy);
  CHECK(policy->rules.front().reason == "asks");
  CHECK(policy->rules.front().reason_in.find("de")->second == "bittet um ein Treffen");
  const auto german = load(changed("reason: sells something", "reason: {de: verkauft etwas}"), diagnostics);
  REQUIRE(german);
  CHECK(german->clauses.front().reason == "verkauft etwas");
  CHECK(german->clauses.front().reason_in.size() == 1);
  CHECK_THAT(told_of(changed("reason: asks for a meeting", "reason: {xx: asks}")),
             ContainsSubstring("24:14"));
  CHECK_THAT(told_of(changed("reason: asks for a meeting", "reason: {de: ''}")),
             ContainsSubstring("'de' is empty"));
  CHECK_THAT(told_of(changed("reason: asks for a meeting", "reason: {}")),
             ContainsSubstring("'reason' is empty"));
  CHECK_THAT(told_of(changed("reason: asks for a meeting", "reason: [asks]")), ContainsSubstring("24:"));
}

TEST_CASE("policy: what may be left out") {
  std::vector<Diagnostic> diagnostics;
  const auto policy = load(
      "policy: p\ntitle: t\nchannels: linkedin\nthresholds: {suspect: 3, pitch: 5}\n"
      "clauses: [{id: c, title: t, text: t, source: s, captured: 2024-02-29}]\n"
      "rules: [{id: r, clause: c, group: g, weight: -2, shadow: yes, signals: authenticated}]\n",
      diagnostics);
  CHECK(told(diagnostics).empty());
  REQUIRE(policy);
  CHECK(policy->channels == std::vector<Channel>{Channel::linkedin});
  CHECK(policy->minimum_groups == 3);
  CHECK(policy->minimum_groups_with_strong == 2);
  CHECK_FALSE(policy->thresholds.contains(Level::repeat_pitch));
  CHECK_FALSE(policy->clauses.at(0).cap);
  CHECK(policy->rules.at(0).weight == -2);
  CHECK(policy->rules.at(0).shadow);
  CHECK(policy->rules.at(0).channels.empty());
  CHECK(shown(policy->rules.at(0).condition) == "$authenticated");
}

TEST_CASE("policy: a low number of groups lowers the number with a strong one") {
  std::vector<Diagnostic> diagnostics;
  const auto policy =
      load(changed("minimum-groups: 4, minimum-groups-with-strong: 2", "minimum-groups: 1"), diagnostics);
  REQUIRE(policy);
  CHECK(policy->minimum_groups == 1);
  CHECK(policy->minimum_groups_with_strong == 1);
}

TEST_CASE("policy: mistakes at the top") {
  check_mistakes({
      {"policy: sample\n", "", "p:1:1: error: policy lacks 'policy'"},
      {"policy: sample", "policy: Sample one",
       "p:1:9: error: 'policy' must be lower-case letters, digits and hyphens, not 'Sample one'"},
      {"title: A sample policy\n", "titel: x\n",
       "p:2:1: error: unknown key 'titel' in policy (did you mean 'title'?)"},
      {"title: A sample policy", "title: ''", "p:2:8: error: 'title' is empty"},
      {"title: A sample policy", "title: 'A sample",
       "p:22:12: error: not valid YAML: end of map not found (is the quote of line 2 left open?)"},
      {"[direct, list]", "[direct, lisst]", "p:3:20: error: unknown channel 'lisst' (did you mean 'list'?)"},
      {"[direct, list]", "[direct, outbound]",
       "p:3:20: error: unknown channel 'outbound' (direct, linkedin or list)"},
      {"[direct, list]", "[direct, direct]", "p:3:20: error: 'direct' is named twice"},
      {"[direct, list]", "drect",
       "p:3:11: error: unknown channel 'drect' (did you mean 'direct'?)\n"
       "p:21:16: error: channel 'direct' is none of this policy's"},
      {"[direct, list]", "[]",
       "p:3:11: error: 'channels' must be a list that is not empty\n"
       "p:21:16: error: channel 'direct' is none of this policy's"},
      {"{suspect: 3.0, pitch: 5.0, repeat-pitch: 6.0}", "{suspect: 3}",
       "p:4:13: error: thresholds lacks 'pitch'"},
      {"repeat-pitch: 6.0", "repeat_pitch: 6.0",
       "p:4:40: error: unknown key 'repeat_pitch' in thresholds (did you mean 'repeat-pitch'?)"},
      {"suspect: 3.0", "suspect: much",
       "p:4:23: error: 'suspect' must be a number from 0.1 to 1000, not 'much'"},
      {"suspect: 3.0", "suspect: 5.5",
       "p:4:35: error: 'pitch' (5.0) is less than 'suspect' (5.5), a milder verdict"},
      {"repeat-pitch: 6.0", "repeat-pitch: 4.9",
       "p:4:54: error: 'repeat-pitch' (4.9) is less than 'pitch' (5.0), a milder verdict"},
      {"minimum-groups: 4", "minimum-groups: 0",
       "p:5:27: error: 'minimum-groups' must be a whole number from 1 to 20, not '0'"},
      {"minimum-groups: 4", "minimum-groups: 1",
       "p:5:58: error: 'minimum-groups-with-strong' is more than 'minimum-groups'"},
      {"[ask]", "[task]", "p:5:76: warning: no rule is of group 'task' (did you mean 'ask'?)"},
      {"verdict: {", "verdict: {groups: 2, ", "p:5:11: error: unknown key 'groups' in verdict"},
      {"rules:", "rules: []\nrule:",
       "p:14:8: error: 'rules' must be a list that is not empty\n"
       "p:15:1: error: unknown key 'rule' in policy (did you mean 'rules'?)"},
  });
}

TEST_CASE("policy: mistakes in clauses") {
  check_mistakes({
      {"  - id: commercial\n    title: Promotion\n", "  - id: commercial\n",
       "p:7:5: error: clause lacks 'title'"},
      {"    text: Do not advertise.\n", "", "p:7:5: error: clause lacks 'text'"},
      {"text: Do not advertise.", "text: ''", "p:9:11: error: 'text' is empty"},
      {"    source: House rules, page 2\n", "", "p:7:5: error: clause lacks 'source'"},
      {"captured: 2026-05-27", "captured: 2026-02-29",
       "p:11:15: error: 'captured' must be a date such as 2026-05-27, not '2026-02-29'"},
      {"captured: 2026-05-27", "captured: 27 May 2026",
       "p:11:15: error: 'captured' must be a date such as 2026-05-27, not '27 May 2026'"},
      {"captured: 2026-05-27", "captured: 2026-13-01",
       "p:11:15: error: 'captured' must be a date such as 2026-05-27, not '2026-13-01'"},
      {"captured: 2026-05-27", "captured: 2026-5-027",
       "p:11:15: error: 'captured' must be a date such as 2026-05-27, not '2026-5-027'"},
      {"cap: 7.5", "cap: -1", "p:12:10: error: 'cap' must be a number from 0.1 to 1000, not '-1'"},
      {"cap: 7.5", "cup: 7.5", "p:12:5: error: unknown key 'cup' in clause (did you mean 'cap'?)"},
      {"clauses:\n", "clauses:\n  - commercial\n",
       "p:7:5: error: clause must be a map of keys and values, not 'commercial' (such as {id: ..., title: "
       "..., text: ..., ...})"},
      {"rules:\n", "  - {id: commercial, title: t, text: t, source: s, captured: 2026-05-27}\nrules:\n",
       "p:14:10: error: clause 'commercial' is there twice (first in line 7)"},
      {"rules:\n", "  - {id: other, title: t, text: t, source: s, captured: 2026-05-27}\nrules:\n",
       "p:14:5: warning: clause 'other' has no rules"},
  });
}

TEST_CASE("policy: mistakes in rules") {
  check_mistakes({
      {"id: meeting-ask", "id: Meeting",
       "p:15:9: error: 'id' must be lower-case letters, digits and hyphens, not 'Meeting'"},
      {"id: meeting-ask\n    clause", "clause", "p:15:5: error: rule lacks 'id'"},
      {"clause: commercial\n", "clause: comercial\n",
       "p:16:13: error: unknown clause 'comercial' (did you mean 'commercial'?)\n"
       "p:7:5: warning: clause 'commercial' has no rules"},
      {"    group: ask\n", "",
       "p:15:5: error: rule lacks 'group'\np:5:76: warning: no rule is of group 'ask'"},
      {"    weight: 1.5\n", "", "p:15:5: error: rule lacks 'weight'"},
      {"weight: 1.5", "wieght: 1.5",
       "p:18:5: error: unknown key 'wieght' in rule (did you mean "
       "'weight'?)"},
      {"weight: 1.5", "weight: 10.5", "p:18:13: error: 'weight' must be a number from -10 to 10, not '10.5'"},
      {"weight: 1.5", "weight: -11", "p:18:13: error: 'weight' must be a number from -10 to 10, not '-11'"},
      {"weight: 1.5", "weight: '1.5'",
       "p:18:13: error: 'weight' must be a number from -10 to 10, not '1.5' in quotes"},
      {"weight: 1.5", "weight: 0",
       "p:18:13: error: 'weight' must not be 0 ('shadow: true' counts without scoring)"},
      {"weight: 1.5", "weight: -10", ""},
      {"weight: 1.5", "weight: 10", ""},
      {"    reason: asks for a meeting\n", "", "p:15:5: error: rule lacks 'reason'"},
      {"[en, de]", "[en, english]",
       "p:20:20: error: unknown language 'english' (a code of ISO 639-1, such as en or de)"},
      {"[en, de]", "[en, EN]", "p:20:20: error: unknown language 'EN' (did you mean 'en'?)"},
      {"[en, de]", "[en, 'n ']",
       "p:20:20: error: unknown language 'n ' (a code of ISO 639-1, such as en or de)"},
      {"[en, de]", "[zh, no, aa, zu]", ""},
      {"channels: [direct]\n", "channels: [linkedin]\n",
       "p:21:16: error: channel 'linkedin' is none of this policy's"},
      {"channels: [direct]\n", "shadow: maybe\n",
       "p:21:13: error: 'shadow' must be true or false, not 'maybe'"},
      {"rules:\n", "rules:\n  - 12\n",
       "p:15:5: error: rule must be a map of keys and values, not '12' (such as {id: ..., clause: ..., "
       "group: ..., ...})"},
      {"    examples: {hit: [a quick call], miss: [a call]}\n", "",
       "p:15:9: warning: rule 'meeting-ask' has no examples"},
      {"examples: {hit", "examples: {hits",
       "p:25:16: error: unknown key 'hits' in examples (did you mean 'hit'?)"},
      {"    examples:", "    example:",
       "p:25:5: error: unknown key 'example' in rule (did you mean 'examples'?)"},
  });
}

TEST_CASE("policy: all mistakes are told, not the first") {
  const std::string text = changed("weight: 1.5", "weight: heavy\n    colour: red");
  CHECK(told_of(text + "tail: 1\n") ==
        "p:18:13: error: 'weight' must be a number from -10 to 10, not 'heavy'\n"
        "p:19:5: error: unknown key 'colour' in rule\n"
        "p:27:1: error: unknown key 'tail' in policy");
}

TEST_CASE("policy: documents that are none") {
  CHECK(told_of("") == "p:1:1: error: the file holds nothing: a policy is wanted");
  CHECK(told_of("- a") ==
        "p:1:1: error: policy must be a map of keys and values, not a list (such as {policy: ..., title: "
        "..., channels: ..., ...})");
  CHECK(told_of(",") == "p:1:1: error: unexpected ','");
}

TEST_CASE("policy: a part of a policy that does not say of which") {
  CHECK(told_of("rules:\n  - {id: a, weight: 1}\n") ==
        "p:1:1: error: this is a part of a policy, and does not say of which: write 'extends: NAME' to lay "
        "it over that one");
  CHECK(told_of("extens: b\nrules:\n  - {id: a, weight: 1}\n") ==
        "p:1:1: error: unknown key 'extens' in policy (did you mean 'extends'?)");
  CHECK(told_of("# nothing\n") == "p:1:1: error: the file holds nothing: a policy is wanted");
}

TEST_CASE("policy: how many clauses and rules there may be") {
  const auto with_clauses = [](int clauses) {
    std::string text = "policy: p\nclauses: [";
    for (int clause = 0; clause < clauses; ++clause) text += "1,";
    return text + "]";
  };
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(load(with_clauses(200), diagnostics));
  CHECK(std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
          return diagnostic.message ==
                 "clause must be a map of keys and values, not '1' (such as {id: ..., title: ..., text: ..., "
                 "...})";
        }) == 200);
  diagnostics.clear();
  CHECK_FALSE(load(with_clauses(201), diagnostics));
  REQUIRE(diagnostics.size() == 5);
  CHECK(diagnostics.back().message == "'clauses' has more than 200 entries");
  CHECK(diagnostics.back().location.column == 411);
}

TEST_CASE("policy: how many strong groups there may be") {
  const auto with_groups = [](int groups) {
    std::string list = "ask";
    for (int group = 1; group < groups; ++group) list += ", ask";
    return told_of(changed("strong-groups: [ask]", "strong-groups: [" + list + "]"));
  };
  CHECK(with_groups(20).empty());
  CHECK(with_groups(21) == "p:5:76: error: 'strong-groups' has more than 20 entries");
}

TEST_CASE("policy: the groups one of which a pitch needs") {
  std::vector<Diagnostic> diagnostics;
  const auto policy =
      load(changed("strong-groups: [ask]", "strong-groups: [ask], needs-one-of: [ask]"), diagnostics);
  REQUIRE(policy);
  CHECK(policy->needed_groups == std::vector<std::string>{"ask"});
  CHECK(told_of(changed("strong-groups: [ask]", "needs-one-of: [aks]")) ==
        "p:5:75: warning: no rule is of group 'aks' (did you mean 'ask'?)");
}

TEST_CASE("policy: warnings of another file do not count as errors, nor its errors as this one's") {
  std::vector<Diagnostic> diagnostics{{Diagnostic::Severity::error, {"other", 1, 1}, "wrong", ""}};
  CHECK(load(std::string(kSound), diagnostics));
  CHECK(diagnostics.size() == 1);
}

TEST_CASE("policy: files") {
  const std::string file =
      (std::filesystem::temp_directory_path() / ("coldpitch-policy-" + std::to_string(getpid()) + ".yaml"))
          .string();
  std::vector<Diagnostic> diagnostics;
  std::ofstream(file, std::ios::binary) << "\xEF\xBB\xBF" << kSound;
  CHECK(load_policy_file(file, diagnostics));
  CHECK(diagnostics.empty());
  std::filesystem::remove(file);
  CHECK_FALSE(load_policy_file(file, diagnostics));
  CHECK(told(diagnostics) == file + ": error: cannot be read: No such file or directory");
}

/// A folder with files of rules, removed at the end.
class RulesFolder {
 public:
  RulesFolder()
      : path_(std::filesystem::temp_directory_path() / ("coldpitch-rules-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_ / "sales");
  }
  RulesFolder(const RulesFolder&) = delete;
  RulesFolder& operator=(const RulesFolder&) = delete;
  ~RulesFolder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A rule of an included file.
std::string rule_text(const std::string& id, const std::string& pattern, const std::string& more = "") {
  return "  - {id: " + id + ", clause: commercial, group: offer, weight: 1, any: ['" + pattern +
         "'], reason: sells, examples: {hit: [" + pattern + "], miss: [x]}" + more + "}\n";
}

TEST_CASE("policy: rules of included files stand before its own") {
  const RulesFolder folder;
  folder.write("sales/de.yaml", "language: [de]\nrules:\n" + rule_text("a", "rabatt") +
                                    rule_text("b", "solde", ", language: [fr]"));
  folder.write("p.yaml", changed("rules:\n", "include: [sales/de.yaml]\nrules:\n"));
  std::vector<Diagnostic> diagnostics;
  const auto policy = load_policy_file(folder.file("p.yaml"), diagnostics);
  CHECK(told(diagnostics).empty());
  REQUIRE(policy);
  REQUIRE(policy->rules.size() == 3);
  CHECK(policy->rules[0].id == "a");
  CHECK(policy->rules[0].languages == std::vector<std::string>{"de"});
  CHECK(policy->rules[0].location.file == folder.file("sales/de.yaml"));
  CHECK(policy->rules[1].languages == std::vector<std::string>{"fr"});
  CHECK(policy->rules[2].id == "meeting-ask");
}

TEST_CASE("policy: what it includes may stand in another folder, and its own folder comes first") {
  const RulesFolder folder;
  folder.write("sales/de.yaml", "rules:\n" + rule_text("shipped", "rabatt"));
  std::filesystem::create_directories(folder.path() / "site" / "sales");
  folder.write("site/p.yaml", changed("rules:\n", "include: [sales/de.yaml]\nrules:\n"));
  std::vector<Diagnostic> diagnostics;
  auto policy = load_policy_file(folder.file("site/p.yaml"), diagnostics, {folder.path().string()});
  REQUIRE(policy);
  CHECK(policy->rules.front().id == "shipped");
  folder.write("site/sales/de.yaml", "rules:\n" + rule_text("own", "rabatt"));
  policy = load_policy_file(folder.file("site/p.yaml"), diagnostics, {folder.path().string()});
  REQUIRE(policy);
  CHECK(policy->rules.front().id == "own");
}

TEST_CASE("policy: faults of includes are told with their place") {
  const RulesFolder folder;
  folder.write("sales/de.yaml", "rules:\n" + rule_text("meeting-ask", "rabatt"));
  folder.write("odd.yaml", "title: none\nrules:\n" + rule_text("a", "x.*y"));
  const auto told_with = [&](const std::string& include) {
    folder.write("p.yaml", changed("rules:\n", "include: " + include + "\nrules:\n"));
    std::vector<Diagnostic> diagnostics;
    CHECK_FALSE(load_policy_file(folder.file("p.yaml"), diagnostics));
    return told(diagnostics);
  };
  const std::string policy = folder.file("p.yaml");
  CHECK(told_with("[]") == policy + ":14:10: error: 'include' must be a list that is not empty");
  CHECK(told_with("[none.yaml]") ==
        policy + ":14:11: error: there is no file 'none.yaml' in " + folder.path().string());
  for (const std::string name : {"/etc/passwd", "../de.yaml", "sales/../../de.yaml", "sales"}) {
    CHECK(told_with("[" + name + "]") ==
          policy + ":14:11: error: 'include' must name files below the policy's folder, such as " +
              "sales/de.yaml, not '" + name + "'");
  }
  CHECK(told_with("[sales/de.yaml]") == policy +
                                            ":16:9: error: rule 'meeting-ask' is there twice (first in " +
                                            folder.file("sales/de.yaml") + ":2)");
  CHECK_THAT(told_with("[odd.yaml]"), ContainsSubstring(folder.file("odd.yaml") + ":1:1: "));
  CHECK_THAT(told_with("[odd.yaml]"), ContainsSubstring("holds a gap wider"));
  folder.write("sales/de.yaml", "rules:\n" + rule_text("a", "rabatt"));
  CHECK(told_with("[sales/de.yaml, sales/de.yaml]") ==
        policy + ":14:26: error: 'sales/de.yaml' is included twice");
}

TEST_CASE("policy: a document without a folder includes nothing") {
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(load(changed("rules:\n", "include: [a.yaml]\nrules:\n"), diagnostics));
  CHECK(told(diagnostics) == "p:14:11: error: there is no file 'a.yaml' to include");
}

}  // namespace
}  // namespace coldpitch
