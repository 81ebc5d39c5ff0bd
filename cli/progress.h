// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace coldpitch {

/// A line on standard error that tells how far long work is: a bar, count, rate and time left. Only when standard error is a terminal.
class Progress {
 public:
  /// Results on a terminal show by themselves how far work is.
  enum class Beside : bool { results, nothing };

  /// `verb` as in "judged 40 of 200"; `paths` are counted (see count_files) only when a line is to be shown.
  Progress(std::string verb, const std::vector<std::string>& paths);
  /// The same with a known total; 0: unknown, then no bar and no time left.
  Progress(std::string verb, std::size_t total, Beside beside);
  ~Progress() { hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance();
  /// Takes the line away, so that other output starts on a clean one.
  void hide();

 private:
  void show();

  std::string verb_;
  bool shown_on_terminal_ = false;
  bool visible_ = false;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_shown_;
};

/// "[####......]  40%": how much `done` of `total` is, for a terminal. Pure.
[[nodiscard]] std::string progress_bar(std::size_t done, std::size_t total);

/// "45 s", "3 min 20 s", "2 h 10 min". Pure.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace coldpitch
