// SPDX-License-Identifier: MIT
#include "milter/edits_plan.h"

#include <algorithm>
#include <map>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxReply = 380;

/// Fixed words of the policy only; a per cent sign would be a format for the MTA.
std::string reply_text(const Verdict& verdict) {
  std::string text = "Unsolicited sales message";
  if (!verdict.clauses.empty()) {
    const ClauseScore& clause = verdict.clauses.front();
    text += ", refused under clause '" + clause.id + "' of policy '" + clause.policy + "'";
  }
  if (!verdict.reason.empty()) text += ": " + verdict.reason;
  for (char& octet : text) {
    if (octet < ' ' || octet > '~' || octet == '%') octet = ' ';
  }
  return text.substr(0, kMaxReply);
}

void plan_tag(EditsPlan& plan, const Judgement& judgement, const Config& config,
              const std::string* raw_subject) {
  const std::string& address = judgement.recipients[judgement.mildest].address;
  const std::string& tag = config.profile_for(to_ascii_lower(address)).tag;
  if (raw_subject == nullptr) {
    plan.subject = std::string(trim(tag));
    plan.subject_absent = true;
    return;
  }
  const std::string_view subject = trim(*raw_subject);
  if (subject.starts_with(trim(tag))) return;
  plan.subject = tag + std::string(subject);
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

EditsPlan plan_edits(const Judgement& judgement, const Config& config,
                     const std::vector<std::string>& incoming, const std::string* raw_subject) {
  EditsPlan plan;
  plan.removals = plan_removals(incoming);
  if (judgement.channel == Channel::outbound) return plan;
  plan.additions = result_fields(judgement);
  switch (judgement.action()) {
    case Mode::off:
    case Mode::annotate:
    case Mode::fold:
      break;
    case Mode::tag:
      plan_tag(plan, judgement, config, raw_subject);
      break;
    case Mode::quarantine:
      plan.quarantine = "coldpitch: " + std::string(to_string(judgement.verdict().level)) +
                        " score=" + format_score(judgement.verdict().score);
      break;
    case Mode::reject:
      plan.disposition = Disposition::reject;
      plan.reply = reply_text(judgement.verdict());
      break;
  }
  return plan;
}

}  // namespace coldpitch
