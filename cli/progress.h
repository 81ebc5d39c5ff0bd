// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace coldpitch {

/// A line on standard error that tells how far long work is: count, share, rate and time left. Only when standard error is a terminal and
/// standard output is none (else the results themselves show it).
class Progress {
 public:
  /// `verb` as in "judged 40 of 200"; `paths` are counted (see count_files) only when a line is to be shown.
  Progress(std::string verb, const std::vector<std::string>& paths);
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

}  // namespace coldpitch
