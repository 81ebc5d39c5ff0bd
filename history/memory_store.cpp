// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>
#include <utility>

#include "history/milestones.h"
#include "history/store.h"

namespace coldpitch {
namespace {

/// One event between `user` and `other`: a person, an organisation, a trace, a route or a message id.
struct Moment {
  std::string user;
  std::string other;
  EventKind kind = EventKind::inbound;
  TimePoint time{};
  std::uint64_t number = 0;  ///< of the event

  bool operator<(const Moment& that) const {
    return std::tie(user, other, kind, time, number) <
           std::tie(that.user, that.other, that.kind, that.time, that.number);
  }
  [[nodiscard]] bool same_but_for_time(const Moment& that) const {
    return kind == that.kind && other == that.other && user == that.user;
  }
};

/// In the order of user, other, kind, time: the last event of a kind is one search away.
using Index = std::map<Moment, const Event*>;

/// The last event of the kind before `moment.time`. Of several in one second that of the user's own word, then of proved mail.
const Event* last_before(const Index& index, const Moment& moment) {
  if (moment.user.empty() || moment.other.empty()) return nullptr;
  const Event* best = nullptr;
  for (auto entry = index.lower_bound(moment); entry != index.begin();) {
    --entry;
    if (!entry->first.same_but_for_time(moment)) break;
    const Event* event = entry->second;
    if (best != nullptr && event->time != best->time) break;
    if (best == nullptr ||
        std::tie(event->source, event->authenticated) > std::tie(best->source, best->authenticated)) {
      best = event;
    }
  }
  return best;
}

std::optional<Milestone> milestone(const Event* event) {
  if (event == nullptr) return std::nullopt;
  return Milestone{event->time, event->source, event->authenticated};
}

/// When something was first and last seen.
struct Times {
  TimePoint first = TimePoint::max();
  TimePoint last = TimePoint::min();

  void add(TimePoint time) {
    first = std::min(first, time);
    last = std::max(last, time);
  }
};

bool contains(const std::vector<std::string>& list, const std::string& key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

bool matches(const EventFilter& filter, const Event& event) {
  if (filter.persons.empty() && filter.user.empty()) return false;
  if (!filter.user.empty() && event.user != filter.user) return false;
  if (filter.persons.empty()) return true;
  const auto is_meant = [&](const std::string& key) { return contains(filter.persons, key); };
  return is_meant(event.person) || std::any_of(event.traces.begin(), event.traces.end(), is_meant) ||
         std::any_of(event.routes.begin(), event.routes.end(), is_meant);
}

class MemoryStore final : public Store {
 public:
  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override {
    const std::shared_lock lock(mutex_);
    ContactFacts of_all;
    of_all.wrote_here = is_seen_here(question.person, EventKind::inbound, question.as_of);
    of_all.answered_here = is_seen_here(question.person, EventKind::outbound, question.as_of) ||
                           is_seen_here(question.organisation, EventKind::outbound, question.as_of);
    of_all.same_text_to = count_same_text(question);
    std::vector<ContactFacts> answers;
    answers.reserve(question.users.size());
    for (const std::string& user : question.users) answers.push_back(facts_of(user, question, of_all));
    return answers;
  }

  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override {
    const std::shared_lock lock(mutex_);
    std::vector<Correspondent> found;
    const auto look_up = [&](const Index& index, const std::vector<std::string>& keys) {
      for (const std::string& key : keys) {
        const Event* event = last_before(index, {question.user, key, EventKind::inbound, question.as_of});
        if (event != nullptr) found.push_back({key, event->person, event->organisation, event->traces});
      }
    };
    look_up(message_ids_, question.message_ids);
    look_up(routes_, question.routes);
    return found;
  }

  Result<void> record(Event event) override {
    const std::unique_lock lock(mutex_);
    event.traces.resize(std::min(event.traces.size(), kMaxTraces));
    event.routes.resize(std::min(event.routes.size(), kMaxRoutes));
    const std::uint64_t number = ++last_number_;
    const Event& kept = events_.emplace(number, std::move(event)).first->second;
    for_each_entry(kept, number,
                   [&](Index& index, Moment moment) { index.emplace(std::move(moment), &kept); });
    for_each_band(kept, number, [&](const TextKey& key) { texts_.emplace(key, &kept); });
    for_each_seen(kept, [&](const SeenKey& key) { seen_[key].add(kept.time); });
    return {};
  }

  Result<void> flush() override { return {}; }

  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    const std::unique_lock lock(mutex_);
    const std::size_t forgotten = forget([&](const Event& event) { return event.time < before; });
    std::erase_if(texts_, [&](const auto& entry) { return std::get<1>(entry.first) < texts_before; });
    std::erase_if(seen_, [&](const auto& entry) { return entry.second.last < before; });
    for (auto& [key, times] : seen_) times.first = std::max(times.first, before);
    return forgotten;
  }

  Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) override {
    const std::shared_lock lock(mutex_);
    std::vector<Event> found;
    for (const auto& [number, event] : events_) {
      if (matches(filter, event)) found.push_back(event);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Event& left, const Event& right) { return left.time < right.time; });
    if (found.size() > limit) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(limit));
    for (Event& event : found) {
      event.routes.clear();
      event.sketch.reset();
    }
    return found;
  }

  Result<void> scan(TimePoint since, const std::function<void(const Event&)>& visit) override {
    const std::shared_lock lock(mutex_);
    for (const auto& [number, event] : events_) {
      if (event.time < since) continue;
      Event shown = event;
      shown.routes.clear();
      shown.sketch.reset();
      visit(shown);
    }
    return {};
  }

  Result<std::size_t> erase(const EventFilter& filter) override {
    const std::unique_lock lock(mutex_);
    if (filter.user.empty()) {
      std::erase_if(seen_, [&](const auto& entry) { return contains(filter.persons, entry.first.first); });
    }
    return forget([&](const Event& event) { return matches(filter, event); });
  }

  Result<StoreStats> stats() override {
    const std::shared_lock lock(mutex_);
    StoreStats stats;
    std::set<std::string> users;
    std::set<std::string> persons;
    for (const auto& [number, event] : events_) {
      ++stats.events[static_cast<std::size_t>(event.kind)];
      users.insert(event.user);
      persons.insert(event.person);
      if (!stats.oldest || event.time < *stats.oldest) stats.oldest = event.time;
      if (!stats.newest || event.time > *stats.newest) stats.newest = event.time;
    }
    stats.users = users.size();
    stats.persons = persons.size();
    return stats;
  }

 private:
  using TextKey = std::tuple<std::uint64_t, TimePoint, std::uint64_t>;  ///< band, time, number
  using SeenKey = std::pair<std::string, EventKind>;                    ///< person or organisation

  template <class Visit>
  void for_each_entry(const Event& event, std::uint64_t number, Visit&& visit) {
    const auto enter = [&](Index& index, const std::string& other) {
      if (!other.empty()) visit(index, Moment{event.user, other, event.kind, event.time, number});
    };
    enter(persons_, event.person);
    enter(message_ids_, event.message_id);
    if (event.kind == EventKind::inbound) {
      for (const std::string& route : event.routes) enter(routes_, route);
      return;
    }
    enter(organisations_, event.organisation);
    enter(traces_, event.person);
    for (const std::string& trace : event.traces) enter(traces_, trace);
  }

  template <class Visit>
  static void for_each_band(const Event& event, std::uint64_t number, Visit&& visit) {
    if (!event.sketch || event.user.empty()) return;
    for (const std::uint64_t band : event.sketch->bands) visit(TextKey{band, event.time, number});
  }

  template <class Visit>
  static void for_each_seen(const Event& event, Visit&& visit) {
    const bool written = event.kind == EventKind::outbound;
    if (event.user.empty() || (!written && event.kind != EventKind::inbound)) return;
    if (!event.person.empty()) visit(SeenKey{event.person, event.kind});
    if (written && !event.organisation.empty()) visit(SeenKey{event.organisation, event.kind});
  }

  template <class Predicate>
  std::size_t forget(Predicate&& is_doomed) {
    std::size_t forgotten = 0;
    for (auto entry = events_.begin(); entry != events_.end();) {
      const auto& [number, event] = *entry;
      if (!is_doomed(event)) {
        ++entry;
        continue;
      }
      for_each_entry(event, number, [](Index& index, const Moment& moment) { index.erase(moment); });
      for_each_band(event, number, [&](const TextKey& key) { texts_.erase(key); });
      entry = events_.erase(entry);
      ++forgotten;
    }
    return forgotten;
  }

  [[nodiscard]] ContactFacts facts_of(const std::string& user, const ContactQuestion& question,
                                      const ContactFacts& of_all) const {
    if (user.empty()) return {};
    const Milestones milestones = find_milestones(user, question);
    ContactFacts facts = facts_from(milestones);
    count_inbound(user, question, answered_until(milestones, question), facts);
    facts.in_our_thread =
        std::any_of(question.references.begin(), question.references.end(), [&](const std::string& id) {
          return last_before(message_ids_, {user, id, EventKind::outbound, question.as_of}) != nullptr;
        });
    facts.wrote_here = of_all.wrote_here;
    facts.answered_here = of_all.answered_here;
    facts.same_text_to = of_all.same_text_to;
    return facts;
  }

  [[nodiscard]] Milestones find_milestones(const std::string& user, const ContactQuestion& question) const {
    const auto last = [&](const Index& index, const std::string& other, EventKind kind) {
      return milestone(last_before(index, {user, other, kind, question.as_of}));
    };
    const auto deeds = [&](const Index& index, const std::string& other) {
      return Deeds{last(index, other, EventKind::outbound), last(index, other, EventKind::stop),
                   last(index, other, EventKind::cleared), last(index, other, EventKind::reported)};
    };
    Milestones milestones;
    milestones.person = deeds(persons_, question.person);
    milestones.organisation = deeds(organisations_, question.organisation);
    for (const std::string& alias : question.aliases) milestones.aliases.push_back(deeds(traces_, alias));
    for (const std::string& brand : question.siblings) milestones.siblings.push_back(deeds(traces_, brand));
    milestones.accepted = last(persons_, question.person, EventKind::accepted);
    return milestones;
  }

  void count_inbound(const std::string& user, const ContactQuestion& question, TimePoint answered,
                     ContactFacts& facts) const {
    if (question.person.empty()) return;
    const Moment first{user, question.person, EventKind::inbound, TimePoint::min()};
    Moment end = first;
    end.time = question.as_of;
    for (auto entry = persons_.lower_bound(end); entry != persons_.begin() && facts.inbound < kMaxCounted;) {
      --entry;
      if (!entry->first.same_but_for_time(first)) break;
      const bool is_pitch = is_pitch_verdict(entry->second->verdict);
      ++facts.inbound;
      facts.pitches += is_pitch ? 1 : 0;
      if (entry->first.time <= answered) continue;
      ++facts.unanswered;
      facts.unanswered_pitches += is_pitch ? 1 : 0;
      facts.first_inbound = entry->first.time;
      if (!facts.last_inbound) facts.last_inbound = entry->first.time;
    }
  }

  [[nodiscard]] bool is_seen_here(const std::string& key, EventKind kind, TimePoint as_of) const {
    const auto entry = seen_.find({key, kind});
    return entry != seen_.end() && entry->second.first < as_of;
  }

  [[nodiscard]] std::size_t count_same_text(const ContactQuestion& question) const {
    if (!question.sketch) return 0;
    const TimePoint since = std::min(question.same_text_since, question.as_of);
    std::set<std::string> users(question.users.begin(), question.users.end());
    users.erase("");
    const std::size_t enough = users.size() + kMaxSameText;
    for (const std::uint64_t band : question.sketch->bands) {
      const auto end = texts_.lower_bound(TextKey{band, question.as_of, 0});
      for (auto entry = texts_.lower_bound(TextKey{band, since, 0}); entry != end; ++entry) {
        if (users.size() >= enough) return users.size();
        const Event& event = *entry->second;
        if (is_same_text(*question.sketch, event.sketch->bits)) users.insert(event.user);
      }
    }
    return users.size();
  }

  mutable std::shared_mutex mutex_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Event> events_;  ///< owns what the indices point to
  Index persons_;                          ///< every event
  Index organisations_;                    ///< what our users did, by organisation
  Index traces_;                           ///< what our users did, by person and trace
  Index routes_;                           ///< inbound, by route
  Index message_ids_;
  std::map<TextKey, const Event*> texts_;
  std::map<SeenKey, Times> seen_;
};

}  // namespace

std::unique_ptr<Store> open_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace coldpitch
