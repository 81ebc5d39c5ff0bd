// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coldpitch {

/// The steps one message takes, in their order: what its time is told apart by.
enum class Stage : std::uint8_t {
  turn,      ///< waiting for its turn to be judged
  parse,     ///< octets to a message: MIME, LinkedIn, traits, sender
  verify,    ///< DKIM in this process, name servers included
  match,     ///< signals and expressions
  history,   ///< what is asked of the store
  judge,     ///< the rules, for all recipients
  remember,  ///< what is told to the store
  edit,      ///< the fields and what else is to be done
};
inline constexpr std::size_t kStages = 8;

[[nodiscard]] std::string_view to_string(Stage stage);

/// How long each stage took; 0 for one that was not needed.
using StageTimes = std::array<std::chrono::steady_clock::duration, kStages>;

/// Sorts time into stages: each call of end() books what passed since the one before it (at first since construction). `times` must
/// outlive it.
class StageClock {
 public:
  using Clock = std::chrono::steady_clock;

  explicit StageClock(StageTimes& times) : times_(times) {}
  void end(Stage stage) {
    const Clock::time_point now = Clock::now();
    times_[static_cast<std::size_t>(stage)] += now - last_;
    last_ = now;
  }

 private:
  StageTimes& times_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace coldpitch
