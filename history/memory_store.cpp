// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <tuple>
#include <utility>

#include "history/milestones.h"
#include "history/store.h"

namespace coldpitch {
namespace {

/// One second of the past between `user` and `other`: a person, an organisation or a message id.
struct Moment {
  std::string user;
  std::string other;
  EventKind kind = EventKind::inbound;
  TimePoint time{};

  bool operator<(const Moment& that) const {
    return std::tie(user, other, kind, time) < std::tie(that.user, that.other, that.kind, that.time);
  }
  [[nodiscard]] bool same_but_for_time(const Moment& that) const {
    return kind == that.kind && other == that.other && user == that.user;
  }
};

struct Tally {
  std::size_t events = 0;
  std::size_t pitches = 0;
};

/// In the order of user, other, kind, time: the last event of a kind is one search away.
using Moments = std::map<Moment, Tally>;

std::optional<TimePoint> last_before(const Moments& moments, const Moment& moment) {
  auto found = moments.lower_bound(moment);
  if (found == moments.begin() || !(--found)->first.same_but_for_time(moment)) return std::nullopt;
  return found->first.time;
}

class MemoryStore final : public Store {
 public:
  Result<ContactFacts> ask(const ContactQuestion& question) override {
    if (question.user.empty()) return ContactFacts{};
    const std::shared_lock lock(mutex_);
    const Milestones milestones = find_milestones(question);
    ContactFacts facts = facts_from(milestones);
    count_inbound(question, answered_until(milestones), facts);
    facts.in_our_thread = is_our_thread(question);
    return facts;
  }

  Result<void> record(Event event) override {
    const bool is_pitch =
        event.kind == EventKind::inbound &&
        std::find(kPitchVerdicts.begin(), kPitchVerdicts.end(), event.verdict) != kPitchVerdicts.end();
    const std::unique_lock lock(mutex_);
    const auto note = [&](Moments& moments, const std::string& other) {
      Tally& tally = moments[{event.user, other, event.kind, event.time}];
      ++tally.events;
      if (is_pitch) ++tally.pitches;
    };
    note(persons_, event.person);
    if (!event.organisation.empty() && event.kind != EventKind::inbound)
      note(organisations_, event.organisation);
    if (!event.message_id.empty() && event.kind == EventKind::outbound) note(sent_, event.message_id);
    return {};
  }

  Result<void> flush() override { return {}; }

  Result<std::size_t> expire(TimePoint before) override {
    const std::unique_lock lock(mutex_);
    std::size_t forgotten = 0;
    std::erase_if(persons_, [&](const auto& entry) {
      const bool is_old = entry.first.time < before;
      if (is_old) forgotten += entry.second.events;
      return is_old;
    });
    for (Moments* moments : {&organisations_, &sent_}) {
      std::erase_if(*moments, [&](const auto& entry) { return entry.first.time < before; });
    }
    return forgotten;
  }

 private:
  [[nodiscard]] Milestones find_milestones(const ContactQuestion& question) const {
    const auto last = [&](const Moments& moments, const std::string& other, EventKind kind) {
      return other.empty() ? std::nullopt
                           : last_before(moments, {question.user, other, kind, question.as_of});
    };
    Milestones milestones;
    milestones.outbound_to_person = last(persons_, question.person, EventKind::outbound);
    milestones.stop_to_person = last(persons_, question.person, EventKind::stop);
    milestones.cleared_person = last(persons_, question.person, EventKind::cleared);
    milestones.accepted = last(persons_, question.person, EventKind::accepted);
    milestones.outbound_to_organisation = last(organisations_, question.organisation, EventKind::outbound);
    milestones.stop_to_organisation = last(organisations_, question.organisation, EventKind::stop);
    milestones.cleared_organisation = last(organisations_, question.organisation, EventKind::cleared);
    return milestones;
  }

  void count_inbound(const ContactQuestion& question, TimePoint answered, ContactFacts& facts) const {
    if (question.person.empty()) return;
    const Moment first{question.user, question.person, EventKind::inbound, TimePoint::min()};
    Moment end = first;
    end.time = question.as_of;
    const auto stop = persons_.lower_bound(end);
    for (auto entry = persons_.lower_bound(first); entry != stop; ++entry) {
      facts.inbound += entry->second.events;
      if (entry->first.time <= answered) continue;
      facts.unanswered += entry->second.events;
      facts.unanswered_pitches += entry->second.pitches;
      if (!facts.first_inbound) facts.first_inbound = entry->first.time;
      facts.last_inbound = entry->first.time;
    }
  }

  [[nodiscard]] bool is_our_thread(const ContactQuestion& question) const {
    return std::any_of(question.references.begin(), question.references.end(), [&](const std::string& id) {
      return last_before(sent_, {question.user, id, EventKind::outbound, question.as_of}).has_value();
    });
  }

  mutable std::shared_mutex mutex_;
  Moments persons_;        ///< every event
  Moments organisations_;  ///< what our users did, by organisation
  Moments sent_;           ///< outbound, by message id
};

}  // namespace

std::unique_ptr<Store> open_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace coldpitch
