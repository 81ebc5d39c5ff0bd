// SPDX-License-Identifier: MIT
#include "policies/judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/text.h"
#include "policies/scan.h"

namespace coldpitch {
namespace {

constexpr double kDefaultSuspect = 3.0;
constexpr double kDefaultPitch = 5.0;
constexpr std::size_t kReasons = 3;

/// Groups with a meaning of their own (Engine::judge()).
constexpr std::string_view kStopGroup = "stop";
constexpr std::string_view kRepetitionGroup = "repetition";
constexpr std::string_view kChoiceGroup = "choice";
constexpr std::string_view kReportGroup = "report";
constexpr std::string_view kSiblingGroup = "sibling";
constexpr std::string_view kTextModelGroup = "text-model";

/// A rule whose condition holds.
struct Held {
  const Rule* rule;
  Finding finding;
  double weight;  ///< as counted
};

template <class T, class Item>
bool contains(const std::vector<T>& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// A rule without a group stands for itself.
const std::string& group_of(const Rule& rule) { return rule.group.empty() ? rule.id : rule.group; }

/// Steps of a hundredth: no weight has a long tail of digits.
double weight_of(const Rule& rule, const Finding& finding) {
  if (rule.shadow) return 0;
  if (!rule.graded || finding.signal == nullptr) return rule.weight;
  return std::round(rule.weight * finding.signal->strength * 100) / 100;
}

std::vector<Held> rules_that_hold(const CompiledPolicy& policy, const SubjectMatter& matter,
                                  const PatternHits& hits, const RuleIds& without) {
  std::vector<Held> held;
  for (const CompiledRule& compiled : policy.rules) {
    if (!applies(*compiled.rule, matter) || without.contains(compiled.rule->id)) continue;
    const Finding finding = evaluate(compiled.condition, matter, hits);
    if (!finding.holds) continue;
    held.push_back({compiled.rule, finding, weight_of(*compiled.rule, finding)});
  }
  return held;
}

/// Only the heaviest rule of a group keeps its weight, for and against apart.
void count_groups_once(std::vector<Held>& held) {
  std::map<std::pair<std::string_view, bool>, Held*> heaviest;
  for (Held& rule : held) {
    if (rule.weight == 0) continue;
    Held*& best = heaviest[{group_of(*rule.rule), rule.weight > 0}];
    if (best == nullptr) {
      best = &rule;
      continue;
    }
    Held& lighter = std::abs(rule.weight) > std::abs(best->weight) ? *best : rule;
    if (&lighter == best) best = &rule;
    lighter.weight = 0;
  }
}

/// The user's own word about the sender beats every score: nothing counts against it.
void let_user_speak(std::vector<Held>& held) {
  const bool has_spoken = std::any_of(held.begin(), held.end(), [](const Held& rule) {
    return rule.weight > 0 && (group_of(*rule.rule) == kStopGroup || group_of(*rule.rule) == kReportGroup);
  });
  if (!has_spoken) return;
  for (Held& rule : held) rule.weight = std::max(rule.weight, 0.0);
}

double rounded(double sum) { return std::round(sum * 1e6) / 1e6; }

double cap_of(const Policy& policy, const std::string& clause, double score) {
  for (const Clause& candidate : policy.clauses) {
    if (candidate.id == clause && candidate.cap) return std::min(*candidate.cap, score);
  }
  return score;
}

/// Every clause with a rule that holds, highest first.
std::vector<ClauseScore> score_clauses(const Policy& policy, const std::vector<Held>& held) {
  std::map<std::string, std::pair<double, double>> sums;  // for, against
  for (const Held& rule : held) {
    auto& [positive, negative] = sums[rule.rule->clause];
    (rule.weight > 0 ? positive : negative) += rule.weight;
  }
  std::vector<ClauseScore> scores;
  scores.reserve(sums.size());
  for (const auto& [clause, sum] : sums) {
    scores.push_back({clause, policy.id, rounded(cap_of(policy, clause, sum.first) + sum.second)});
  }
  std::stable_sort(scores.begin(), scores.end(), [](const ClauseScore& left, const ClauseScore& right) {
    return left.score > right.score;
  });
  return scores;
}

double sum_of(const std::vector<ClauseScore>& clauses) {
  double sum = 0;
  for (const ClauseScore& clause : clauses) sum += clause.score;
  return std::max(rounded(sum), 0.0);
}

struct EffectiveThresholds {
  double suspect, pitch, repeat_pitch;
};

double threshold_of(const Policy& policy, const Thresholds& replaced, Level level, double otherwise) {
  if (const auto found = replaced.find(level); found != replaced.end()) return found->second;
  const auto found = policy.thresholds.find(level);
  return found == policy.thresholds.end() ? otherwise : found->second;
}

EffectiveThresholds effective_thresholds(const Policy& policy, const Thresholds& replaced) {
  const double pitch = threshold_of(policy, replaced, Level::pitch, kDefaultPitch);
  return {threshold_of(policy, replaced, Level::suspect, kDefaultSuspect), pitch,
          threshold_of(policy, replaced, Level::repeat_pitch, pitch)};
}

/// The independent kinds of evidence that speak for a pitch.
std::set<std::string_view> counted_groups(const std::vector<Held>& held) {
  std::set<std::string_view> groups;
  for (const Held& rule : held) {
    if (rule.weight > 0) groups.insert(group_of(*rule.rule));
  }
  return groups;
}

bool contains_any(const std::set<std::string_view>& groups, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& group) { return groups.contains(group); });
}

bool has_enough_groups(const Policy& policy, const std::set<std::string_view>& groups) {
  if (groups.contains(kChoiceGroup) || groups.contains(kSiblingGroup)) return true;
  if (groups.size() == 1 && groups.contains(kTextModelGroup)) return false;
  if (!policy.needed_groups.empty() && !contains_any(groups, policy.needed_groups)) return false;
  if (groups.size() >= policy.minimum_groups) return true;
  return groups.size() >= policy.minimum_groups_with_strong && contains_any(groups, policy.strong_groups);
}

Level level_of(const Policy& policy, const std::vector<Held>& held, double score,
               const EffectiveThresholds& thresholds) {
  const std::set<std::string_view> groups = counted_groups(held);
  if (groups.contains(kStopGroup)) return Level::repeat_pitch;
  const bool is_reported = groups.contains(kReportGroup);
  if (is_reported || (score >= thresholds.pitch && has_enough_groups(policy, groups))) {
    const bool repeated = groups.contains(kSiblingGroup) || groups.contains(kRepetitionGroup);
    return repeated && score >= thresholds.repeat_pitch ? Level::repeat_pitch : Level::pitch;
  }
  return score >= std::min(thresholds.suspect, thresholds.pitch) ? Level::suspect : Level::none;
}

bool has_offsets(std::string_view where) {
  return where == "subject" || where == "body" || where == "sender" || where == "headline";
}

std::string_view seen_text(const SubjectMatter& matter, std::string_view field) {
  const auto text = matter.fields.find(field);
  return text == matter.fields.end() ? std::string_view{} : text->second.seen;
}

void show(Span span, std::string_view seen, Evidence& evidence) {
  const Span shown = shown_span(seen, span);
  evidence.text = seen.substr(shown.begin, shown.size());
  if (!has_offsets(evidence.where)) return;
  evidence.offset = shown.begin;
  evidence.length = shown.size();
}

void show_words(const Finding& finding, const SubjectMatter& matter, Evidence& evidence) {
  evidence.where = finding.first->where;
  const std::string_view seen = seen_text(matter, *finding.field);
  if (seen.empty()) {
    evidence.text = finding.first->text;
  } else {
    show({finding.first->span.begin, finding.last->span.end}, seen, evidence);
  }
}

void show_fact(const Signal& signal, const SubjectMatter& matter, Evidence& evidence) {
  evidence.where = signal.where;
  const std::string_view seen =
      has_offsets(signal.where) ? seen_text(matter, signal.where) : std::string_view{};
  if (signal.span.size() > 0 && !seen.empty()) {
    show(signal.span, seen, evidence);
  } else {
    evidence.text = utf8_prefix(signal.detail, kEvidenceOctets);
  }
}

Evidence make_evidence(const Held& held, const Policy& policy, const SubjectMatter& matter) {
  const Rule& rule = *held.rule;
  Evidence evidence;
  evidence.rule = rule.id;
  evidence.clause = rule.clause;
  evidence.policy = policy.id;
  evidence.group = rule.group;
  evidence.weight = held.weight;
  evidence.shadow = rule.shadow;
  evidence.where = "body";
  if (held.finding.first != nullptr) {
    show_words(held.finding, matter, evidence);
  } else if (held.finding.signal != nullptr) {
    show_fact(*held.finding.signal, matter, evidence);
  }
  return evidence;
}

/// The words of a signal beside its first ones: the same evidence, so without a weight of their own.
void add_more_words(const Held& held, const SubjectMatter& matter, std::vector<Evidence>& evidence) {
  if (held.finding.first != nullptr || held.finding.signal == nullptr) return;
  const Evidence first = evidence.back();
  for (const Signal::Place& place : held.finding.signal->more) {
    Evidence also = first;
    also.weight = 0;
    also.where = place.where;
    show(place.span, seen_text(matter, place.where), also);
    evidence.push_back(std::move(also));
  }
}

/// What counts for a pitch first, then what counts against it, then shadows; each by weight.
void sort_by_importance(std::vector<Held>& held) {
  const auto rank = [](const Held& rule) { return rule.rule->shadow ? 2 : rule.rule->weight < 0 ? 1 : 0; };
  std::stable_sort(held.begin(), held.end(), [&](const Held& left, const Held& right) {
    const int left_rank = rank(left);
    const int right_rank = rank(right);
    return left_rank != right_rank ? left_rank < right_rank : left.weight > right.weight;
  });
}

Reason reason_of(const Rule& rule, const Policy& policy) {
  if (!rule.reason.empty()) return {rule.reason, rule.reason_in, {}};
  for (const Clause& clause : policy.clauses) {
    if (clause.id == rule.clause) return {clause.reason, clause.reason_in, {}};
  }
  return {};
}

/// What history knows of the rule's signal, in fixed words: nothing a sender wrote gets into a reason.
std::string detail_of(const Finding& finding) {
  const bool is_fact = finding.signal != nullptr && finding.signal->where == "history";
  return is_fact ? finding.signal->detail : std::string();
}

/// `held` is sorted.
std::vector<Reason> collect_reasons(const std::vector<Held>& held, const Policy& policy) {
  std::vector<Reason> reasons;
  for (const Held& rule : held) {
    if (rule.weight <= 0 || reasons.size() == kReasons) break;
    Reason reason = reason_of(*rule.rule, policy);
    reason.detail = detail_of(rule.finding);
    // With a detail that no text shows, two reasons would differ by nothing one can see.
    if (reason.text.find(kDetailPlace) == std::string::npos) reason.detail.clear();
    if (!reason.text.empty() && !contains(reasons, reason)) reasons.push_back(std::move(reason));
  }
  return reasons;
}

std::string joined(const std::vector<Reason>& reasons) {
  std::string line;
  for (const Reason& reason : reasons) line += (line.empty() ? "" : "; ") + with_detail(reason.text, reason);
  return line;
}

}  // namespace

bool applies(const Rule& rule, const SubjectMatter& matter) {
  const bool speaks =
      rule.languages.empty() || matter.language.empty() || contains(rule.languages, matter.language);
  return speaks && (rule.channels.empty() || contains(rule.channels, to_string(matter.channel)));
}

Verdict judge_by(const CompiledPolicy& compiled, const SubjectMatter& matter, const PatternHits& hits,
                 const Thresholds& thresholds, const RuleIds& without) {
  const Policy& policy = *compiled.policy;
  std::vector<Held> held = rules_that_hold(compiled, matter, hits, without);
  count_groups_once(held);
  let_user_speak(held);
  sort_by_importance(held);
  const EffectiveThresholds effective = effective_thresholds(policy, thresholds);

  Verdict verdict;
  verdict.channel = matter.channel;
  verdict.threshold = effective.pitch;
  verdict.clauses = score_clauses(policy, held);
  verdict.score = sum_of(verdict.clauses);
  std::erase_if(verdict.clauses, [](const ClauseScore& clause) { return clause.score <= 0; });
  verdict.level = level_of(policy, held, verdict.score, effective);
  if (verdict.level != Level::none) verdict.reasons = collect_reasons(held, policy);
  verdict.reason = joined(verdict.reasons);
  verdict.evidence.reserve(held.size());
  for (const Held& rule : held) {
    verdict.evidence.push_back(make_evidence(rule, policy, matter));
    add_more_words(rule, matter, verdict.evidence);
  }
  return verdict;
}

}  // namespace coldpitch
