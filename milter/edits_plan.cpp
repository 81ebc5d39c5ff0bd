// SPDX-License-Identifier: MIT
#include "milter/edits_plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "milter/subject_tag.h"
#include "parsers/ascii_text.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxReply = 380;
constexpr std::size_t kMaxLine = 998;
constexpr std::size_t kMaxQuarantineReason = 90;  // Postfix logs about a hundred octets of it

/// Words of the policy only, never of the message. UTF-8 is for clients that asked for it (RFC 6531 §3.7.4).
std::string reply_text(const RecipientVerdict& recipient, bool smtputf8) {
  const std::string text =
      smtputf8 ? to_valid_utf8(recipient.refusal) : to_ascii(recipient.refusal, recipient.language);
  std::string line;
  for (const char octet : text) line += octet >= '\0' && octet < ' ' ? ' ' : octet;
  return std::string(utf8_prefix(line, kMaxReply));
}

std::string quarantine_reason(const Verdict& verdict) {
  std::string text =
      "coldpitch: " + std::string(to_string(verdict.level)) + " score=" + format_score(verdict.score);
  std::string_view separator = " ";
  for (const ClauseScore& clause : verdict.clauses) {
    if (text.size() + 1 + clause.id.size() > kMaxQuarantineReason) break;
    text += separator;
    text += clause.id;
    separator = ",";
  }
  return text;
}

const Profile& profile_of(const RecipientVerdict& recipient, const Config& config) {
  return config.profile_for(to_ascii_lower(recipient.address));
}

void plan_tag(EditsPlan& plan, const Judgement& judgement, const Config& config,
              const ReceivedMessage& received, const MtaOffer& offer) {
  const std::string& tag = profile_of(judgement.recipients[judgement.mildest], config).tag;
  if (!received.raw_subject) {
    plan.subject = tag_alone(tag);
    plan.subject_absent = true;
  } else if (offer.change_fields) {
    plan.subject = tagged_subject(tag, *received.raw_subject, judgement.message.subject).value_or("");
  }
}

/// Every recipient wants at least this: the message goes to the mailboxes of those who want just this, and to nobody else.
void plan_mailbox(EditsPlan& plan, const Judgement& judgement, const Config& config,
                  const ReceivedMessage& received) {
  std::set<std::string> mailboxes;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    if (recipient.action != Mode::quarantine_mailbox) continue;
    mailboxes.insert(to_ascii_lower(profile_of(recipient, config).quarantine_mailbox));
  }
  std::set<std::string> deleted;
  for (std::size_t i = 0; i < judgement.recipients.size() && i < received.recipient_paths.size(); ++i) {
    const std::string address = to_ascii_lower(judgement.recipients[i].address);
    if (!mailboxes.contains(address) && deleted.insert(received.recipient_paths[i]).second) {
      plan.deleted_recipients.push_back(received.recipient_paths[i]);
    }
  }
  for (const std::string& mailbox : mailboxes) plan.added_recipients.push_back("<" + mailbox + ">");
  plan.additions.push_back(original_recipients_field(judgement));
}

void keep_missing(std::vector<std::string_view>& missing, std::string_view what) {
  if (std::find(missing.begin(), missing.end(), what) == missing.end()) missing.push_back(what);
}

/// What `mode` needs and `offer` has not.
std::string_view missing_for(Mode mode, const MtaOffer& offer) {
  switch (mode) {
    case Mode::tag:
      return offer.change_fields ? "" : "change-fields";
    case Mode::quarantine_mailbox:
      if (!offer.add_fields) return "add-fields";  // the originals could not be kept
      if (!offer.add_recipients) return "add-recipients";
      return offer.delete_recipients ? "" : "delete-recipients";
    case Mode::quarantine_hold:
      return offer.quarantine ? "" : "quarantine";
    case Mode::off:
    case Mode::annotate:
    case Mode::fold:
    case Mode::reject:
    case Mode::discard:
      return "";
  }
  return "";
}

/// Lines of a field body: no CR or NUL, every LF a fold, none too long.
bool is_sound_field(const std::string& name, const std::string& body) {
  if (name.empty() || body.find_first_of(std::string_view("\r\0", 2)) != std::string::npos) return false;
  const std::vector<std::string_view> lines = split(body, '\n');
  return std::all_of(lines.begin(), lines.end(), [&](const std::string_view& line) {
    const bool is_first = &line == lines.data();
    return line.size() <= kMaxLine - (is_first ? name.size() + 2 : 0) &&
           (is_first || (!trim(line).empty() && (line.front() == ' ' || line.front() == '\t')));
  });
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

std::vector<FieldRemoval> plan_removals(const std::vector<std::string>& incoming) {
  std::map<std::string, std::size_t> counts;
  std::vector<FieldRemoval> removals;
  for (const std::string& name : incoming) {
    if (is_result_field(name)) removals.push_back({name, ++counts[to_ascii_lower(name)]});
  }
  std::reverse(removals.begin(), removals.end());
  return removals;
}

std::vector<std::string_view> degrade(Judgement& judgement, const MtaOffer& offer) {
  std::vector<std::string_view> missing;
  if (judgement.channel == Channel::outbound) return missing;
  if (!offer.add_fields) keep_missing(missing, "add-fields");
  if (!offer.change_fields) keep_missing(missing, "change-fields");
  for (RecipientVerdict& recipient : judgement.recipients) {
    const std::string_view lacking = missing_for(recipient.action, offer);
    if (lacking.empty()) continue;
    keep_missing(missing, lacking);
    recipient.action = Mode::annotate;
  }
  choose_mildest(judgement);
  return missing;
}

EditsPlan plan_edits(const Judgement& judgement, const Config& config, const ReceivedMessage& received,
                     const MtaOffer& offer) {
  EditsPlan plan;
  if (judgement.channel == Channel::outbound) return plan;
  const Mode action = judgement.action();
  if (action == Mode::reject) {
    plan.disposition = Disposition::reject;
    plan.reply = reply_text(judgement.recipients[judgement.mildest], received.smtputf8);
    return plan;
  }
  if (action == Mode::discard) {
    plan.disposition = Disposition::discard;
    return plan;
  }
  if (offer.change_fields) plan.removals = plan_removals(received.field_names);
  plan.additions = result_fields(judgement);
  if (action == Mode::tag) plan_tag(plan, judgement, config, received, offer);
  if (action == Mode::quarantine_mailbox) plan_mailbox(plan, judgement, config, received);
  if (action == Mode::quarantine_hold) plan.quarantine = quarantine_reason(judgement.verdict());
  if (!offer.add_fields) {
    plan.additions.clear();
    if (plan.subject_absent) plan.subject.clear();
  }
  return plan;
}

std::string conflict_in(const EditsPlan& plan) {
  const bool edits = !plan.removals.empty() || !plan.additions.empty() || !plan.subject.empty() ||
                     !plan.added_recipients.empty() || !plan.deleted_recipients.empty() ||
                     !plan.quarantine.empty();
  if (plan.disposition != Disposition::accept && edits) return "edits of a message that is not delivered";
  if (!plan.deleted_recipients.empty() && plan.added_recipients.empty()) {
    return "recipients taken away and none put in their place";
  }
  if (!plan.quarantine.empty() && !plan.added_recipients.empty()) return "two kinds of quarantine";
  for (const std::string& recipient : plan.added_recipients) {
    const auto& deleted = plan.deleted_recipients;
    if (std::find(deleted.begin(), deleted.end(), recipient) != deleted.end()) {
      return "a recipient both added and taken away";
    }
    if (!is_one_line(recipient)) return "a recipient of more than one line";
  }
  std::map<std::string, std::size_t> last;
  for (const FieldRemoval& removal : plan.removals) {
    const auto [entry, is_new] = last.emplace(to_ascii_lower(removal.name), removal.index);
    if (!is_new && removal.index >= entry->second) return "removals not from the highest index down";
    entry->second = removal.index;
  }
  for (const ResultField& field : plan.additions) {
    if (!is_sound_field(field.name, field.body)) return "the text of field " + field.name;
  }
  if (!plan.subject.empty() && !is_sound_field("Subject", plan.subject)) return "the text of field Subject";
  if (!is_one_line(plan.quarantine) || !is_one_line(plan.reply)) return "a reason of more than one line";
  return "";
}

}  // namespace coldpitch
