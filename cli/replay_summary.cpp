// SPDX-License-Identifier: MIT
#include "cli/replay_summary.h"

#include <algorithm>
#include <set>

#include "cli/contact_sentences.h"
#include "parsers/authentication.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kSubjectOctets = 200;

SideResult result_for(const RecipientVerdict& recipient) {
  SideResult result;
  const Verdict& verdict = recipient.verdict;
  result.level = verdict.level;
  result.score = verdict.score;
  result.action = recipient.action;
  result.exempt = verdict.exempt_because;
  result.reason = verdict.reason;
  for (const Evidence& evidence : verdict.evidence) {
    if (evidence.weight != 0) result.rules.emplace_back(evidence.rule, evidence.weight);
  }
  for (const ClauseScore& clause : verdict.clauses) result.clauses.push_back(clause.id);
  return result;
}

bool differ(const RecipientVerdict& left, const RecipientVerdict& right) {
  return left.verdict.level != right.verdict.level;
}

/// The recipient for whom two judgements differ, the acting one first.
std::size_t differing_recipient(const Judgement& left, const Judgement& right) {
  const std::size_t count = std::min(left.recipients.size(), right.recipients.size());
  if (right.mildest < count && differ(left.recipients[right.mildest], right.recipients[right.mildest])) {
    return right.mildest;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (differ(left.recipients[i], right.recipients[i])) return i;
  }
  return count;
}

/// Would the second configuration differ from the first if both knew the same of the sender?
ChangeCause cause_of(PreparedMessage& after, const RecipientVerdict& before,
                     const RecipientVerdict& changed) {
  if (before.contact == changed.contact) return ChangeCause::policy;
  const Verdict same_history = after.what_if(changed.address, before.contact);
  return same_history.level == before.verdict.level ? ChangeCause::history : ChangeCause::policy;
}

std::string sender_of(const Judgement& judgement) {
  if (judgement.channel == Channel::linkedin && !judgement.linkedin.sender_name.empty()) {
    std::string name = judgement.linkedin.sender_name;
    if (!judgement.linkedin.sender_headline.empty()) name += ", " + judgement.linkedin.sender_headline;
    return name + " (LinkedIn)";
  }
  const std::string address = judgement.message.author().address();
  return address.empty() ? "(no sender)" : to_ascii_lower(address);
}

/// Rules that count on one side only, or differently.
std::set<std::string> differing_rules(const ReplayRow& row) {
  std::set<std::string> names;
  const auto collect = [&](const SideResult& one, const SideResult& other) {
    for (const auto& rule : one.rules) {
      if (std::find(other.rules.begin(), other.rules.end(), rule) == other.rules.end())
        names.insert(rule.first);
    }
  };
  collect(row.sides[0], row.sides[1]);
  collect(row.sides[1], row.sides[0]);
  return names;
}

}  // namespace

std::string_view to_string(ChangeCause cause) {
  switch (cause) {
    case ChangeCause::none:
      return "none";
    case ChangeCause::policy:
      return "policy";
    case ChangeCause::history:
      return "history";
  }
  return "none";
}

std::string advice_on_trust(const ReplaySummary& summary) {
  const std::size_t count = summary.unproved.total();
  if (count == 0) return {};
  std::string advice = counted(count, "message says it is LinkedIn's, but no trusted server says so: it was",
                               "messages say they are LinkedIn's, but no trusted server says so: they were") +
                       " judged as other mail.";
  for (const auto& [host, times] : summary.unproved.top(2)) {
    if (host.empty() || !std::all_of(host.begin(), host.end(), [](char c) {
          return is_ascii_alnum(c) || c == '.' || c == '-' || c == '_';
        })) {
      continue;
    }
    return advice + " " + std::to_string(times) + " carry a result of " + host +
           ". If that is the server the mail came in through, run again with --authserv-id " + host +
           ", and write authentication: { trusted_authserv_ids: [" + host + "] } into the configuration.";
  }
  return advice +
         " They carry no Authentication-Results field: the server they came in through did not check DKIM.";
}

ReplayRow row_of(const ReplayedMessage& message, const MailIndex& index) {
  ReplayRow row;
  row.number = message.number;
  row.path = index.path(message.number);
  row.folder = index.folder(message.number);
  row.date = index.date(message.number);
  if (message.sides.empty()) return row;
  const Judgement& first = message.sides.front()->judgement();
  const Judgement& last = message.sides.back()->judgement();
  row.sender = sender_of(last);
  row.subject = utf8_prefix(last.message.subject, kSubjectOctets);
  row.channel = last.channel;
  if (last.linkedin.authenticity == LinkedInAuthenticity::unknown) {
    const std::string_view results = last.message.header().get("Authentication-Results");
    row.unproved = parse_authentication_results(results).authserv_id;
  }
  std::size_t recipient = first.recipients.size();
  if (message.sides.size() == 2) recipient = differing_recipient(first, last);
  if (recipient < std::min(first.recipients.size(), last.recipients.size())) {
    row.cause = cause_of(*message.sides.back(), first.recipients[recipient], last.recipients[recipient]);
    row.sides = {result_for(first.recipients[recipient]), result_for(last.recipients[recipient])};
    return row;
  }
  for (const auto& side : message.sides) {
    row.sides.push_back(result_for(side->judgement().recipients[side->judgement().mildest]));
  }
  return row;
}

void ReplaySummary::add(const ReplayRow& row) {
  ++messages;
  judged.add(row.date);
  if (row.sides.empty()) {
    ++unreadable;
    return;
  }
  channels.add(to_string(row.channel));
  if (row.unproved) unproved.add(*row.unproved);
  for (std::size_t i = 0; i < row.sides.size(); ++i) {
    const SideResult& side = row.sides[i];
    ++levels[i][static_cast<std::size_t>(side.level)];
    if (!side.exempt.empty()) exempt[i].add(side.exempt);
    if (!side.is_pitch()) continue;
    pitches[i].add(row.date);
    actions[i].add(to_string(side.action));
  }
  const SideResult& last = row.sides.back();
  if (sides == 2 && last.action != row.sides.front().action) ++acted_otherwise;
  if (sides == 2 ? !row.is_changed() : !last.is_pitch()) return;
  if (sides == 2) {
    ++changed;
    if (row.cause == ChangeCause::history) ++by_history;
    if (row.is_new_pitch()) ++new_pitches;
    if (row.sides[0].is_pitch() && !row.sides[1].is_pitch()) ++lost_pitches;
    const std::set<std::string> names = differing_rules(row);
    for (const std::string& name : names) rules.add(name);
    if (names.empty()) rules.add("(none: a threshold)");
  } else {
    for (const auto& [rule, weight] : last.rules) {
      if (weight > 0) rules.add(rule);
    }
  }
  for (const std::string& clause : last.clauses) clauses.add(clause);
  folders.add(row.folder);
  senders.add(row.sender);
  rows.push_back(row);
}

}  // namespace coldpitch
