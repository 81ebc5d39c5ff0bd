// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/marked_text.h"
#include "milter/pipeline.h"

namespace coldpitch {

/// A rule that held, with what a person asks about it.
struct ExplainedRule {
  Evidence evidence;
  std::string reason;         ///< of the rule, else of its clause
  double written_weight = 0;  ///< in the policy; evidence.weight is what counted
  std::string note;           ///< why the two differ: its group had counted, shadow; ""
};

/// A clause that was broken, with the text it rests on.
struct ExplainedClause {
  std::string id, policy, title, text, source, captured;
  double score = 0;
  bool capped = false;  ///< its rules came to more than it may add
};

/// What another state of things would have led to.
struct OtherVerdict {
  std::string
      condition;    ///< "Without the rule ask-en"; a clause of a sentence, may hold words of the message
  Verdict verdict;  ///< what the pipeline says then
};

/// Why a message was judged as it was, for people. A value; all text is as it stands in the message, so whoever shows it must make it safe.
struct Explanation {
  std::string path;
  std::vector<std::pair<std::string, std::string>>
      fields;  ///< From, To, Date, Subject, as a mail program shows them
  Verdict verdict;
  Channel channel = Channel::direct;
  std::string channel_note;  ///< "InMail of Jane Doe, Account Executive at ..."; ""
  std::string language;
  std::vector<MarkedText> texts;  ///< subject, sender, headline, body: those with marks, and the body always
  std::vector<ExplainedRule> rules;  ///< of the verdict, in its order
  std::vector<ExplainedClause> clauses;
  std::vector<std::string> links;     ///< host and path, each once
  std::string hidden_text;            ///< what the message says but does not show
  std::vector<std::string> history;   ///< sentences: what was known of the sender
  std::vector<std::string> cut;       ///< sentences: limits reached, with the setting to raise
  std::vector<std::string> oddities;  ///< names of other problems
  std::vector<OtherVerdict>
      others;        ///< nearest changes first; empty when nothing that is known would change it
  std::string hint;  ///< a sentence: what a pitch would still have taken, or why it was not judged; ""
  std::vector<std::pair<std::string, std::string>> recipients;  ///< address; verdict and action
};

/// Explains `message`, which has been judged. What-ifs are asked of the same pipeline, so they are what would have come out.
/// Cost: one evaluation of the policies for each rule that counted, about ten in all.
[[nodiscard]] Explanation explain_message(PreparedMessage& message, const Snapshot& snapshot,
                                          const std::string& path);

/// "would be a pitch (score 4.5)", "would not be judged (known-contact)".
[[nodiscard]] std::string verdict_phrase(const Verdict& verdict);

}  // namespace coldpitch
