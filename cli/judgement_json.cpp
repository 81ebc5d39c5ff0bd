// SPDX-License-Identifier: MIT
#include "cli/judgement_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "parsers/outreach.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

/// Sums of decimal weights, without the dust of binary fractions.
double rounded(double score) { return std::round(score * 1000) / 1000; }

Json clauses_json(const Verdict& verdict) {
  Json list = Json::array();
  for (const ClauseScore& clause : verdict.clauses) {
    list.push_back({{"id", clause.id}, {"policy", clause.policy}, {"score", rounded(clause.score)}});
  }
  return list;
}

Json evidence_json(const Verdict& verdict) {
  Json list = Json::array();
  for (const Evidence& evidence : verdict.evidence) {
    Json item{{"rule", evidence.rule},     {"clause", evidence.clause},          {"policy", evidence.policy},
              {"group", evidence.group},   {"weight", rounded(evidence.weight)}, {"where", evidence.where},
              {"offset", evidence.offset}, {"length", evidence.length},          {"text", evidence.text}};
    if (evidence.shadow) item["shadow"] = true;
    list.push_back(std::move(item));
  }
  return list;
}

Json linkedin_json(const Judgement& judgement) {
  const LinkedInMail& mail = judgement.linkedin;
  Json json{{"authentic", mail.authenticity == LinkedInAuthenticity::authentic},
            {"authenticity", to_string(mail.authenticity)},
            {"reason", mail.authenticity_reason}};
  if (mail.authenticity != LinkedInAuthenticity::authentic) return json;
  json["kind"] = to_string(mail.kind);
  json["used"] = mail.used;
  json["template"] = mail.template_name;
  json["template_known"] = mail.template_known;
  json["class"] = mail.mail_class;
  json["sender_name"] = mail.sender_name;
  json["sender_headline"] = mail.sender_headline;
  json["sender_location"] = mail.sender_location;
  json["sender_profile"] = mail.sender_profile;
  json["thread"] = mail.thread;
  json["human_text"] = mail.human_text.has_value();
  if (!mail.human_text) {
    json["no_words"] = to_string(mail.no_words);
    return json;
  }
  const Span span = *mail.human_text;
  json["human_span"] = {{"offset", span.begin}, {"length", span.size()}};
  json["words"] = mail.words;
  return json;
}

Json direct_json(const Judgement& judgement) {
  Json tools = Json::array();
  Json residue = Json::array();
  Json names = Json::array();
  for (const Trait& trait : judgement.traits) {
    names.push_back(trait.name);
    if (trait.name == "sales-tool-link" || trait.name == "bulk-mailer" || trait.name == "bulk-network") {
      tools.push_back(trait.detail);
    }
    if (trait.name == "template-residue") residue.push_back(trait.detail);
  }
  return {{"tools", std::move(tools)},
          {"fake_reply", find_trait(judgement.traits, "fake-reply") != nullptr},
          {"template_residue", std::move(residue)},
          {"tracking", find_trait(judgement.traits, "tracking-pixel") != nullptr},
          {"traits", std::move(names)}};
}

Json time_json(const std::optional<TimePoint>& time) {
  return time ? Json(format_rfc3339(*time)) : Json(nullptr);
}

Json contact_json(const Judgement& judgement) {
  Json json{{"key", judgement.keys.person}};
  const std::optional<ContactFacts>& facts = judgement.recipients[judgement.mildest].contact;
  if (!facts) return json;
  json["first_contact"] = facts->first_contact();
  json["unanswered"] = facts->unanswered;
  json["unanswered_pitches"] = facts->unanswered_pitches;
  json["unanswered_since"] = time_json(facts->first_inbound);
  json["told_to_stop"] = time_json(facts->told_to_stop);
  if (facts->told_to_stop) {
    json["stop_scope"] = to_string(facts->stop_scope);
    json["stop_source"] = to_string(facts->stop_source);
  }
  json["reported"] = time_json(facts->reported);
  json["wanted"] = time_json(facts->cleared);
  json["accepted"] = time_json(facts->accepted);
  json["last_outbound"] = time_json(facts->last_outbound);
  json["in_our_thread"] = facts->in_our_thread;
  json["same_text_to"] = facts->same_text_to;
  json["never_answered_here"] = facts->wrote_here && !facts->answered_here;
  return json;
}

Json recipients_json(const Judgement& judgement) {
  Json list = Json::array();
  for (const RecipientVerdict& recipient : judgement.recipients) {
    if (recipient.address.empty()) continue;
    list.push_back({{"address", recipient.address},
                    {"verdict", to_string(recipient.verdict.level)},
                    {"score", rounded(recipient.verdict.score)},
                    {"action", to_string(recipient.action)}});
  }
  return list;
}

std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Json judgement_object(const Judgement& judgement, const std::string& path) {
  const Verdict& verdict = judgement.verdict();
  Json json{
      {"path", path},
      {"message_id", judgement.message.message_id.empty() ? "" : "<" + judgement.message.message_id + ">"},
      {"subject", judgement.message.subject},
      {"channel", to_string(judgement.channel)},
      {"verdict", to_string(verdict.level)},
      {"score", rounded(verdict.score)},
      {"threshold", verdict.threshold},
      {"reason", verdict.reason},
      {"exempt", verdict.exempt_because},
      {"clauses", clauses_json(verdict)},
      {"evidence", evidence_json(verdict)}};
  if (judgement.linkedin.authenticity != LinkedInAuthenticity::unrelated)
    json["linkedin"] = linkedin_json(judgement);
  json["direct"] = direct_json(judgement);
  json["contact"] = contact_json(judgement);
  json["recipients"] = recipients_json(judgement);
  json["language"] = judgement.message.language;
  json["problems"] = judgement.message.problems.names();
  if (!judgement.faults.empty()) json["faults"] = judgement.faults;
  return json;
}

std::string to_json(const Judgement& judgement, const std::string& path) {
  return line_of(judgement_object(judgement, path));
}

std::string unreadable_to_json(const std::string& path, const std::string& reason) {
  return line_of(Json{{"path", path}, {"verdict", nullptr}, {"error", reason}});
}

}  // namespace coldpitch
