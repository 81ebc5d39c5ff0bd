// SPDX-License-Identifier: MIT
#include "cli/explanation.h"

#include <algorithm>
#include <array>
#include <set>

#include "cli/contact_sentences.h"
#include "cli/other_verdicts.h"
#include "milter/result_fields.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// What a limit cut, and the key of `limits` that raises it.
struct LimitReached {
  std::string_view problem, what, key;
};

constexpr std::array<LimitReached, 13> kLimits{{
    {"message-octets", "the end of the message", "message"},
    {"mime-depth", "parts nested deeper", "mime_depth"},
    {"mime-parts", "further parts", "mime_parts"},
    {"header-octets", "the end of the header, or of a part's", "header or limits.part_header"},
    {"header-fields", "further header fields", "header_fields"},
    {"field-octets", "the end of a header field", "field"},
    {"text-octets", "the end of the text", "text"},
    {"html-octets", "the end of the HTML", "html"},
    {"recipients", "further recipients", "recipients"},
    {"mailboxes", "further addresses of a field", "mailboxes"},
    {"boundary-octets", "the parts of a multipart apart, for its long boundary", "boundary"},
    {"urls", "further links", "urls"},
    {"evaluation-time", "the words, for lack of time", "evaluation"},
}};

template <class T>
const T* find_by_id(const std::vector<T>& list, std::string_view id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

/// `counted`: the same rule counted for other words.
ExplainedRule explain_rule(const Evidence& evidence, bool counted, const Engine& engine) {
  ExplainedRule explained;
  explained.evidence = evidence;
  explained.written_weight = evidence.weight;
  const Policy* policy = find_by_id(engine.policies(), evidence.policy);
  const Rule* rule = policy == nullptr ? nullptr : find_by_id(policy->rules, evidence.rule);
  if (rule != nullptr) {
    explained.written_weight = rule->weight;
    explained.reason = rule->reason;
  }
  const Clause* clause = policy == nullptr ? nullptr : find_by_id(policy->clauses, evidence.clause);
  // What a clause says of mail that breaks it is not what counter-evidence says.
  const bool is_counter = explained.written_weight < 0;
  if (explained.reason.empty() && clause != nullptr && !is_counter) explained.reason = clause->reason;
  if (evidence.shadow) {
    explained.note = "a shadow rule: tried out, does not count";
  } else if (evidence.weight == 0 && counted) {
    explained.note = "more words of a rule that counted already";
  } else if (evidence.weight == 0 && explained.written_weight != 0) {
    explained.note = "another rule of the group " + evidence.group + " had counted already";
  }
  return explained;
}

std::vector<ExplainedClause> explain_clauses(const Verdict& verdict, const Engine& engine) {
  std::vector<ExplainedClause> clauses;
  for (const ClauseScore& score : verdict.clauses) {
    ExplainedClause explained{score.id, score.policy, {}, {}, {}, {}, score.score, false};
    const Policy* policy = find_by_id(engine.policies(), score.policy);
    if (const Clause* clause = policy == nullptr ? nullptr : find_by_id(policy->clauses, score.id)) {
      explained.title = clause->title;
      explained.text = clause->text;
      explained.source = clause->source;
      explained.captured = clause->captured;
    }
    double sum = 0;
    for (const Evidence& evidence : verdict.evidence) {
      if (evidence.clause == score.id && evidence.policy == score.policy) sum += evidence.weight;
    }
    explained.capped = sum > score.score + 1e-6;
    clauses.push_back(std::move(explained));
  }
  return clauses;
}

MarkedText marked(std::string_view where, std::string_view text, const Verdict& verdict) {
  MarkedText marked_text{std::string(where), std::string(text), {}, {}};
  for (std::size_t i = 0; i < verdict.evidence.size(); ++i) {
    const Evidence& evidence = verdict.evidence[i];
    if (evidence.where != where || evidence.length == 0) continue;
    marked_text.marks.push_back({{evidence.offset, evidence.offset + evidence.length}, i + 1});
  }
  return marked_text;
}

std::vector<MarkedText> texts_of(const Judgement& judgement) {
  const Verdict& verdict = judgement.verdict();
  const Message& message = judgement.message;
  const bool linkedin = judgement.channel == Channel::linkedin;
  std::vector<MarkedText> texts{
      marked("subject", message.subject, verdict),
      marked("sender", linkedin ? judgement.linkedin.sender_name : message.author().display_name, verdict),
      marked("headline", judgement.linkedin.sender_headline, verdict)};
  std::erase_if(texts, [](const MarkedText& text) { return text.marks.empty(); });
  texts.push_back(marked("body", message.text, verdict));
  texts.back().segments = message.quoted.segments;
  return texts;
}

std::string mailboxes(const std::vector<Mailbox>& list) {
  std::string text;
  for (const Mailbox& mailbox : list) {
    if (!text.empty()) text += ", ";
    text += mailbox.display_name.empty() ? mailbox.address()
                                         : mailbox.display_name + " <" + mailbox.address() + '>';
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> fields_of(const Message& message) {
  std::vector<std::pair<std::string, std::string>> fields;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) fields.emplace_back(name, std::move(value));
  };
  add("From", mailboxes(message.header_from));
  add("Reply-To", mailboxes(message.reply_to));
  add("To", mailboxes(message.to));
  add("Cc", mailboxes(message.cc));
  add("Date", message.date ? format_rfc3339(*message.date) : "");
  add("Subject", message.subject);
  return fields;
}

std::string channel_note(const Judgement& judgement) {
  const LinkedInMail& mail = judgement.linkedin;
  if (mail.authenticity == LinkedInAuthenticity::unrelated) return {};
  if (mail.authenticity != LinkedInAuthenticity::authentic) return mail.authenticity_reason;
  std::string note(to_string(mail.kind));
  if (!mail.sender_name.empty()) note += " from " + mail.sender_name;
  if (!mail.sender_headline.empty()) note += ", " + mail.sender_headline;
  return note;
}

/// Queries are left out: they may hold tokens that sign their owner in.
std::vector<std::string> links_of(const Message& message) {
  std::vector<std::string> links;
  std::set<std::string> seen;
  for (const Link& link : message.links) {
    std::string shown = link.url.host + link.url.path;
    if (!shown.empty() && seen.insert(shown).second) links.push_back(std::move(shown));
  }
  return links;
}

void tell_problems(const Problems& problems, Explanation& explanation) {
  for (const std::string& name : problems.names()) {
    const auto limit = std::find_if(kLimits.begin(), kLimits.end(),
                                    [&](const LimitReached& one) { return one.problem == name; });
    if (limit == kLimits.end()) {
      explanation.oddities.push_back(name);
      continue;
    }
    const std::string sentence = "Not looked at: " + std::string(limit->what) + " (" + name;
    explanation.cut.push_back(sentence + "; raise limits." + std::string(limit->key) + " to see it).");
  }
}

}  // namespace

std::string verdict_phrase(const Verdict& verdict) {
  if (!verdict.exempt_because.empty()) return "not judged (" + verdict.exempt_because + ")";
  return std::string(to_string(verdict.level)) + " (score " + format_score(verdict.score) + ")";
}

Explanation explain_message(PreparedMessage& message, const Snapshot& snapshot, const std::string& path) {
  const Judgement& judgement = message.judgement();
  const RecipientVerdict& recipient = judgement.recipients[judgement.mildest];
  Explanation explanation;
  explanation.path = path;
  explanation.fields = fields_of(judgement.message);
  explanation.verdict = recipient.verdict;
  explanation.channel = judgement.channel;
  explanation.channel_note = channel_note(judgement);
  explanation.language = judgement.message.language;
  explanation.texts = texts_of(judgement);
  std::set<std::string> counted;
  for (const Evidence& evidence : recipient.verdict.evidence) {
    const std::string rule = evidence.policy + '/' + evidence.rule;
    explanation.rules.push_back(explain_rule(evidence, counted.contains(rule), *snapshot.engine));
    if (evidence.weight != 0) counted.insert(rule);
  }
  explanation.clauses = explain_clauses(recipient.verdict, *snapshot.engine);
  explanation.links = links_of(judgement.message);
  explanation.hidden_text = judgement.message.hidden_text;
  explanation.history = contact_sentences(recipient.contact, message.envelope().time);
  tell_problems(judgement.message.problems, explanation);
  explanation.others = find_other_verdicts(message, snapshot);
  explanation.hint = hint_for(recipient.verdict, snapshot);
  for (const RecipientVerdict& one : judgement.recipients) {
    if (one.address.empty()) continue;
    explanation.recipients.emplace_back(
        one.address, verdict_phrase(one.verdict) + ", " + std::string(to_string(one.action)));
  }
  return explanation;
}

}  // namespace coldpitch
