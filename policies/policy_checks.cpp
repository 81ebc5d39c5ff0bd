// SPDX-License-Identifier: MIT
#include "policies/policy_checks.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "policies/condition_reader.h"
#include "policies/ordinary_texts.h"

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
  Checker(const Policy& policy, const YamlDocument& document, const std::set<std::string>& faulty,
          ExpressionPool& expressions, std::vector<Diagnostic>& diagnostics)
      : policy_(policy),
        document_(document),
        faulty_(faulty),
        expressions_(expressions),
        diagnostics_(diagnostics) {}

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
    for (const Rule& rule : policy_.rules) {
      if (faulty_.contains(rule.id)) continue;
      check_reach(rule);
      check_breadth(rule.condition, /*is_enough=*/true);
      if (holds_for_nothing(rule.condition)) {
        tell(Severity::warning, rule.location,
             "rule '" + rule.id +
                 "' holds for any mail in which nothing of what it names is found: 'none' belongs "
                 "beside something that must be there");
      }
      check_contradiction(rule);
      check_repetition(rule.condition);
    }
    check_overlaps();
    for (const WordList& list : policy_.lists) {
      if (lists_named_.contains(list.id) || list.id.empty()) continue;
      tell(Severity::warning, list.location, "no rule names list '" + list.id + "'");
    }
  }

 private:
  /// Whether `condition` may hold for mail of `channel`, as far as its signals and texts exist there.
  [[nodiscard]] static bool may_hold(const Condition& condition, Channel channel) {
    const auto holds = [&](const Condition& child) { return may_hold(child, channel); };
    switch (condition.kind) {
      case Kind::signal:
        return signal_exists(condition.text, channel);
      case Kind::pattern:
      case Kind::list:
      case Kind::near:
        return std::any_of(condition.where.begin(), condition.where.end(),
                           [&](const std::string& field) { return field_exists(field, channel); });
      case Kind::any:
        return std::any_of(condition.children.begin(), condition.children.end(), holds);
      case Kind::all:
        return std::all_of(condition.children.begin(), condition.children.end(), holds);
      case Kind::at_least:
        return std::count_if(condition.children.begin(), condition.children.end(), holds) >=
               static_cast<std::ptrdiff_t>(condition.count);
      case Kind::none:
        return true;
    }
    return true;
  }

  /// Of a LinkedIn notification only what is not LinkedIn's is looked at, and the other way round.
  static bool signal_exists(std::string_view name, Channel channel) {
    if (!name.starts_with("linkedin.")) return true;
    const bool of_unproved = name == "linkedin.forged" || name == "linkedin.unproved";
    return of_unproved != (channel == Channel::linkedin);
  }
  static bool field_exists(std::string_view name, Channel channel) {
    if (name == "headline") return channel == Channel::linkedin;
    return channel != Channel::linkedin || (name != "from" && name != "reply-to");
  }

  void check_reach(const Rule& rule) {
    const auto is_for = [&](Channel channel) {
      return rule.channels.empty() ||
             std::find(rule.channels.begin(), rule.channels.end(), to_string(channel)) != rule.channels.end();
    };
    std::string channels;
    for (const Channel channel : policy_.channels) {
      if (!is_for(channel)) continue;
      if (may_hold(rule.condition, channel)) return;
      channels += (channels.empty() ? "" : ", ") + std::string(to_string(channel));
    }
    if (channels.empty()) return;  // they are wrong, which is said
    tell(Severity::warning, rule.location,
         "rule '" + rule.id + "' can never hold: what it asks for does not occur in the channel it judges (" +
             channels + ")");
  }

  /// Expressions that are enough for the rule to hold, or (under `none`) for it not to.
  void check_breadth(const Condition& condition, bool is_enough) {
    const bool is_alone = condition.kind == Kind::any || condition.kind == Kind::none ||
                          (condition.kind == Kind::at_least && condition.count == 1);
    for (const Condition& child : condition.children) {
      const bool of_all = condition.kind == Kind::all && child.kind == Kind::none;
      check_breadth(child, (is_enough && is_alone) || of_all);
    }
    const bool in_long_texts =
        std::any_of(condition.where.begin(), condition.where.end(),
                    [](const std::string& field) { return field == "body" || field == "human"; });
    if (condition.kind != Kind::pattern || !is_enough || !in_long_texts) return;
    const OrdinaryTexts hit = ordinary_texts_hit_by(*expressions_.add(condition.text).compiled);
    if (hit.all) {
      tell(Severity::error, condition.location,
           "expression " + quote(condition.text) + " hits almost any text");
    } else if (!hit.language.empty()) {
      tell(Severity::warning, condition.location,
           "expression " + quote(condition.text) + " hits almost any text in language '" +
               std::string(hit.language) + "': it tells something only with others ('all', 'near')");
    }
  }

  /// Whether `condition` holds where no expression hits and no signal is given.
  [[nodiscard]] static bool holds_for_nothing(const Condition& condition) {
    const auto holds = [](const Condition& child) { return holds_for_nothing(child); };
    switch (condition.kind) {
      case Kind::any:
        return std::any_of(condition.children.begin(), condition.children.end(), holds);
      case Kind::all:
        return std::all_of(condition.children.begin(), condition.children.end(), holds);
      case Kind::at_least:
        return std::count_if(condition.children.begin(), condition.children.end(), holds) >=
               static_cast<std::ptrdiff_t>(condition.count);
      case Kind::none:
        return std::none_of(condition.children.begin(), condition.children.end(), holds);
      case Kind::pattern:
      case Kind::near:
      case Kind::list:
      case Kind::signal:
        break;
    }
    return false;
  }

  /// Parts that must hold, or must not, whatever else does.
  static void collect(const Condition& condition, bool wanted, std::map<std::string, const Condition*>& held,
                      std::map<std::string, const Condition*>& refused) {
    if (condition.kind == Kind::all && wanted) {
      for (const Condition& child : condition.children) collect(child, wanted, held, refused);
    } else if (condition.kind == Kind::none && wanted) {
      for (const Condition& child : condition.children) collect(child, false, held, refused);
    } else {
      (wanted ? held : refused).emplace(canonical_text(condition), &condition);
    }
  }

  void check_contradiction(const Rule& rule) {
    std::map<std::string, const Condition*> held, refused;
    collect(rule.condition, true, held, refused);
    for (const auto& [text, part] : refused) {
      if (!held.contains(text)) continue;
      tell(Severity::error, part->location,
           "rule '" + rule.id + "' can never hold: it asks for this, and for its absence");
    }
  }

  /// The same part twice in one list.
  void check_repetition(const Condition& condition) {
    std::set<std::string> seen;
    for (const Condition& child : condition.children) {
      if (!seen.insert(canonical_text(child)).second) {
        tell(Severity::warning, child.location, "this stands in the list already");
      }
      check_repetition(child);
    }
  }

  /// An alternative of two rules of one group: it counts once, so it says nothing in the second.
  void check_overlaps() {
    std::map<std::string, const Rule*> seen;
    for (const Rule& rule : policy_.rules) {
      if (rule.condition.kind != Kind::any || rule.shadow || faulty_.contains(rule.id)) continue;
      for (const Condition& part : rule.condition.children) {
        std::string key = rule.group + (rule.weight > 0 ? "/+/" : "/-/");
        for (const std::string& language : rule.languages) key += language + ",";
        for (const std::string& channel : rule.channels) key += "/" + channel;
        key += "/" + canonical_text(part);
        const auto [first, is_new] = seen.emplace(std::move(key), &rule);
        if (is_new || first->second == &rule) continue;
        tell(Severity::warning, part.location,
             "rule '" + first->second->id + "' of the same group holds for this already");
      }
    }
  }

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
  const std::set<std::string>& faulty_;
  ExpressionPool& expressions_;
  std::vector<Diagnostic>& diagnostics_;
  std::set<std::string, std::less<>> offers_, lists_named_;
};

}  // namespace

void check_policy(const Policy& policy, const YamlDocument& document, const std::set<std::string>& faulty,
                  ExpressionPool& expressions, std::vector<Diagnostic>& diagnostics) {
  Checker(policy, document, faulty, expressions, diagnostics).check();
}

}  // namespace coldpitch
