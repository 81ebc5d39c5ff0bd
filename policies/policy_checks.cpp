// SPDX-License-Identifier: MIT
#include "policies/policy_checks.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace coldpitch {
namespace {

using Kind = Condition::Kind;
using Severity = Diagnostic::Severity;

constexpr std::string_view kOffer = "offer.";

void visit(const Condition& condition, const std::function<void(const Condition&)>& each) {
  each(condition);
  for (const Condition& child : condition.children) visit(child, each);
}

class Checker {
 public:
  Checker(const Policy& policy, const YamlDocument& document, std::vector<Diagnostic>& diagnostics)
      : policy_(policy), document_(document), diagnostics_(diagnostics) {}

  void check() {
    for (const Rule& rule : policy_.rules) {
      if (!rule.offer.empty() && !rule.shadow) offers_.insert(rule.offer);
    }
    for (const Rule& rule : policy_.rules) {
      visit(rule.condition, [&](const Condition& part) {
        if (part.kind == Kind::signal) check_offer(rule, part);
        if (part.kind == Kind::list) lists_named_.insert(part.text);
      });
    }
    for (const WordList& list : policy_.lists) {
      if (lists_named_.contains(list.id) || list.id.empty()) continue;
      tell(Severity::warning, list.location, "no rule names list '" + list.id + "'");
    }
  }

 private:
  void check_offer(const Rule& rule, const Condition& signal) {
    const std::string_view name = signal.text;
    if (!rule.offer.empty() && (name.starts_with(kOffer) || name.starts_with("offer-"))) {
      return tell(Severity::error, signal.location,
                  "rule '" + rule.id + "' makes an offer and cannot ask for one");
    }
    if (!name.starts_with(kOffer) || offers_.contains(name.substr(kOffer.size()))) return;
    tell(Severity::error, signal.location,
         "no rule of this policy offers " + quote(name.substr(kOffer.size())) +
             suggestion(name.substr(kOffer.size()), {offers_.begin(), offers_.end()}));
  }

  void tell(Severity severity, const SourceLocation& location, std::string message) {
    diagnostics_.push_back(document_.diagnostic_at(severity, location, std::move(message)));
  }

  const Policy& policy_;
  const YamlDocument& document_;
  std::vector<Diagnostic>& diagnostics_;
  std::set<std::string, std::less<>> offers_, lists_named_;
};

}  // namespace

void check_policy(const Policy& policy, const YamlDocument& document, std::vector<Diagnostic>& diagnostics) {
  Checker(policy, document, diagnostics).check();
}

}  // namespace coldpitch
