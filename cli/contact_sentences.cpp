// SPDX-License-Identifier: MIT
#include "cli/contact_sentences.h"

#include <chrono>
#include <string_view>
#include <utility>

namespace coldpitch {
namespace {

/// Who was told to stop, as the recipient's own word.
std::string_view told_whom(StopScope scope) {
  switch (scope) {
    case StopScope::person:
      return "The recipient told them to stop";
    case StopScope::organisation:
      return "The recipient told somebody else of their organisation to stop";
    case StopScope::sibling:
      return "The recipient told a sender of the same brand under another domain to stop";
  }
  return "";
}

std::string_view told_how(EventSource source) {
  return source == EventSource::mail ? "in an answer by mail" : "by moving a message or with coldpitch learn";
}

class Sentences {
 public:
  Sentences(const ContactFacts& facts, TimePoint time) : facts_(facts), time_(time) {}

  std::vector<std::string> run() && {
    tell_inbound();
    tell_words_of_recipient();
    tell("A LinkedIn invitation of theirs was accepted", facts_.accepted);
    if (facts_.in_our_thread) sentences_.emplace_back("The message answers one of the recipient's own.");
    tell_others();
    if (facts_.first_contact()) {
      sentences_.insert(sentences_.begin(), sentences_.empty()
                                                ? "Nothing: this is the first contact with the sender."
                                                : "The recipient had no contact with the sender before.");
    }
    return std::move(sentences_);
  }

 private:
  void tell(const std::string& what, const std::optional<TimePoint>& time, const std::string& how = {}) {
    if (time) sentences_.push_back(what + " on " + day_of(*time) + how + '.');
  }

  void tell_inbound() {
    if (facts_.inbound == 0) return;
    std::string sentence = counted(facts_.inbound, "earlier message", "earlier messages") +
                           " from this sender, " + std::to_string(facts_.unanswered) + " of them unanswered";
    if (facts_.first_inbound && facts_.first_inbound != facts_.last_inbound) {
      sentence += " since " + day_of(*facts_.first_inbound);
    }
    if (facts_.last_inbound) sentence += ", the last on " + day_of(*facts_.last_inbound);
    if (facts_.unanswered_pitches > 0) {
      sentence += "; " + counted(facts_.unanswered_pitches, "unanswered one was a pitch",
                                 "unanswered ones were pitches");
    } else if (facts_.pitches > 0) {
      sentence += "; " + counted(facts_.pitches, "answered one was a pitch", "answered ones were pitches");
    }
    sentences_.push_back(sentence + '.');
  }

  void tell_words_of_recipient() {
    tell("The recipient last wrote to them", facts_.last_outbound);
    if (facts_.told_to_stop) {
      std::string how = ", " + std::string(told_how(facts_.stop_source));
      const auto days = std::chrono::floor<std::chrono::days>(time_ - *facts_.told_to_stop).count();
      if (days > 0) {
        how += "; this message came " + counted(static_cast<std::size_t>(days), "day later", "days later");
      }
      tell(std::string(told_whom(facts_.stop_scope)), facts_.told_to_stop, how);
    }
    tell("The recipient reported them as pitching", facts_.reported);
    tell("The recipient said they are wanted", facts_.cleared,
         facts_.cleared_proved ? "" : ", when nothing proved who sent the mail");
  }

  void tell_others() {
    if (facts_.same_text_to > 1) {
      sentences_.push_back("The same text came to " + std::to_string(facts_.same_text_to) + " people here.");
    }
    if (facts_.wrote_here && facts_.inbound == 0) {
      sentences_.emplace_back("The sender wrote to others here before.");
    }
    if (facts_.wrote_here && !facts_.answered_here) {
      sentences_.emplace_back("Nobody here ever wrote to the sender.");
    } else if (facts_.answered_here && !facts_.last_outbound) {
      sentences_.emplace_back("Somebody else here wrote to the sender or their organisation.");
    }
  }

  const ContactFacts& facts_;
  TimePoint time_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return count == 1 ? "1 " + one : std::to_string(count) + ' ' + many;
}

std::string day_of(TimePoint time) { return format_rfc3339(time).substr(0, 10); }

std::vector<std::string> contact_sentences(const std::optional<ContactFacts>& facts, TimePoint time) {
  if (!facts) return {"Nothing: no history was asked. --history FILE asks the one the milter keeps."};
  return Sentences(*facts, time).run();
}

}  // namespace coldpitch
