// SPDX-License-Identifier: MIT
#include "policies/offers.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldpitch {
namespace {

constexpr std::string_view kOffer = "offer.";

/// What a finding shows, as a fact of its own.
Signal shown_by(const Finding& finding, const std::string& name) {
  if (finding.first != nullptr) {
    return {finding.first->where, {finding.first->span.begin, finding.last->span.end}, finding.first->text};
  }
  return finding.signal != nullptr ? *finding.signal : Signal{"body", {}, name};
}

/// The first of the offers that is one of `names`, or nullptr.
const Signal* offer_among(const std::vector<std::string>& names, const SubjectMatter& matter) {
  for (const std::string& name : names) {
    const auto signal = matter.signals.find(std::string(kOffer) + name);
    if (signal != matter.signals.end()) return &signal->second;
  }
  return nullptr;
}

const Signal* any_offer(const SubjectMatter& matter) {
  const auto first = matter.signals.lower_bound(kOffer);
  return first != matter.signals.end() && first->first.starts_with(kOffer) ? &first->second : nullptr;
}

void add(const char* name, const Signal* signal, SubjectMatter& matter) {
  if (signal == nullptr) return;
  Signal copy = *signal;
  matter.signals.try_emplace(name, std::move(copy));
}

}  // namespace

void add_offers(const CompiledPolicy& policy, const PatternHits& hits, SubjectMatter& matter) {
  for (const CompiledRule& compiled : policy.rules) {
    const Rule& rule = *compiled.rule;
    if (rule.offer.empty() || rule.shadow || !applies(rule, matter)) continue;
    const Finding finding = evaluate(compiled.condition, matter, hits);
    if (!finding.holds) continue;
    Signal signal = shown_by(finding, rule.offer);
    matter.signals.try_emplace(std::string(kOffer) + rule.offer, std::move(signal));
  }
}

void add_site_signals(const Site& site, SubjectMatter& matter) {
  const Signal* bought = offer_among(site.we_buy, matter);
  add("offer-not-for-us", offer_among(site.not_for_us, matter), matter);
  add("offer-is-ours", offer_among(site.we_are, matter), matter);
  add("offer-bought", bought, matter);
  if (!site.we_buy.empty() && bought == nullptr) add("offer-not-bought", any_offer(matter), matter);
}

}  // namespace coldpitch
