// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/verdict.h"

namespace coldpitch {

/// Place in a YAML file, counted from 1.
struct SourceLocation {
  std::string file;
  std::size_t line = 0, column = 0;
};

/// One condition of a rule: patterns over texts and/or signals. A tree.
struct Condition {
  enum class Kind : std::uint8_t {
    pattern,  ///< an expression that hits in one of `where`
    near,     ///< all of `children` (patterns) hit in one text, within `words` words of each other
    list,     ///< an entry of the list called `text` stands in one of `where`
    signal,   ///< a built-in fact
    any,
    all,
    none,
    at_least,  ///< `count` of the children
  };
  Kind kind = Kind::any;
  std::string text;                ///< pattern: the expression; signal, list: its name
  std::vector<std::string> where;  ///< pattern, near, list: field names; "header X-Name" for header fields
  std::size_t words = 0;           ///< near
  std::size_t count = 0;           ///< at_least
  std::vector<Condition> children;
  SourceLocation location;
};

/// Words or domains that rules name together.
struct WordList {
  enum class Kind : std::uint8_t { words, domains };
  std::string id;
  Kind kind = Kind::words;
  std::vector<std::string> entries;
  SourceLocation location;
};

/// One rule. See docs/policies.md.
struct Rule {
  std::string id, clause, group, reason;
  std::map<std::string, std::string, std::less<>> reason_in;  ///< by language, where several are given
  std::string offer;                   ///< what is offered where it holds; "" when it tells of no offer
  double weight = 0;                   ///< negative: counter-evidence
  std::vector<std::string> languages;  ///< empty: any
  std::vector<std::string> channels;   ///< empty: the policy's
  bool shadow = false;
  bool graded = false;  ///< the weight is multiplied by the Signal::strength of what holds
  Condition condition;
  std::vector<std::string> examples_hit, examples_miss;
  std::vector<SourceLocation> hit_places, miss_places;  ///< of the examples; may be absent
  SourceLocation location;
};

/// One clause, with the text it rests on.
struct Clause {
  std::string id, title, text, source, captured, reason;
  std::map<std::string, std::string, std::less<>> reason_in;  ///< as of a rule
  std::optional<double> cap;                                  ///< most this clause can add to the score
  SourceLocation location;
};

/// One policy file.
struct Policy {
  std::string id, title;
  std::vector<Channel> channels;               ///< what it judges: direct, linkedin, list
  std::map<Level, double> thresholds;          ///< suspect, pitch, repeat_pitch
  std::size_t minimum_groups = 3;              ///< independent groups a pitch needs ...
  std::size_t minimum_groups_with_strong = 2;  ///< ... or so many with a rule marked `strong`
  std::vector<std::string> strong_groups;      ///< groups that count as structural
  std::vector<std::string> needed_groups;      ///< a pitch needs one of these; empty: none
  std::vector<WordList> lists;
  std::vector<Clause> clauses;
  std::vector<Rule> rules;
  SourceLocation location;
};

}  // namespace coldpitch
