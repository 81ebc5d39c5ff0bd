// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "history/store.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

namespace coldpitch::test {

/// The kinds of store this program tests: local_backends.cpp or postgres_backend.cpp.
[[nodiscard]] std::vector<std::string> backend_names();
/// An empty store of the kind, nullptr when it cannot be had. `folder` is its own.
[[nodiscard]] std::unique_ptr<Store> open_backend(const std::string& name, const TemporaryFolder& folder);

inline constexpr const char* kUser = "0123456789abcdef0123456789abcdef";
inline constexpr const char* kOtherUser = "fedcba9876543210fedcba9876543210";
inline constexpr const char* kJane = "11111111111111111111111111111111";
inline constexpr const char* kBob = "22222222222222222222222222222222";
inline constexpr const char* kExample = "33333333333333333333333333333333";
inline constexpr const char* kLetter = "44444444444444444444444444444444";
inline constexpr const char* kThread = "55555555555555555555555555555555";
inline constexpr const char* kBrand = "66666666666666666666666666666666";

inline TimePoint at(std::int64_t second) { return TimePoint(std::chrono::seconds(1'700'000'000 + second)); }

inline Event event(EventKind kind, std::int64_t second, std::string person = kJane,
                   std::string organisation = kExample) {
  Event made;
  made.kind = kind;
  made.time = at(second);
  made.user = kUser;
  made.person = std::move(person);
  made.organisation = std::move(organisation);
  return made;
}

inline Event inbound(std::int64_t second, std::string verdict = "none") {
  Event made = event(EventKind::inbound, second);
  made.verdict = std::move(verdict);
  return made;
}

inline Event sent(std::int64_t second, std::string message_id, std::string user = kUser) {
  Event made = event(EventKind::outbound, second);
  made.message_id = std::move(message_id);
  made.user = std::move(user);
  return made;
}

inline ContactQuestion about(std::string person, std::int64_t as_of = 1'000'000) {
  ContactQuestion question;
  question.users = {kUser};
  question.person = std::move(person);
  question.organisation = kExample;
  question.as_of = at(as_of);
  return question;
}

/// With a sketch that shares its bands with those of the same `text`, and `different` bits that do not agree.
inline Event inbound_text(std::int64_t second, const std::string& user, std::uint64_t text,
                          unsigned different = 0) {
  Event made = inbound(second);
  made.user = user;
  made.sketch = TextSketch{(std::uint64_t{1} << different) - 1, {text, text + 1, text + 2, text + 3}};
  return made;
}

/// An empty store with the checks that every test makes.
class Backend {
 public:
  explicit Backend(const std::string& name) : store_(open_backend(name, folder_)) {
    REQUIRE(store_ != nullptr);
  }

  void remember(const std::vector<Event>& events) {
    for (const Event& one : events) REQUIRE(store_->record(one).has_value());
    const Result<void> flushed = store_->flush();
    if (!flushed) UNSCOPED_INFO(flushed.error().detail);
    REQUIRE(flushed.has_value());
  }
  ContactFacts ask(const ContactQuestion& question) {
    const std::vector<ContactFacts> facts = ask_all(question);
    REQUIRE(facts.size() == 1);
    return facts.front();
  }
  std::vector<ContactFacts> ask_all(const ContactQuestion& question) {
    Result<std::vector<ContactFacts>> facts = store_->ask(question);
    if (!facts) UNSCOPED_INFO(facts.error().detail);
    REQUIRE(facts.has_value());
    return std::move(*facts);
  }
  Store& store() { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

#define ALL_BACKENDS GENERATE(from_range(backend_names()))

}  // namespace coldpitch::test
