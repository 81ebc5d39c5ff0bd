// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "cli/mail_source.h"

namespace coldpitch {
namespace {

constexpr std::size_t kBarColumns = 24;

}  // namespace

Progress::Progress(std::string verb, const std::vector<std::string>& paths)
    : Progress(std::move(verb), std::size_t{0}, Beside::results) {
  if (shown_on_terminal_) total_ = count_files(paths);
}

Progress::Progress(std::string verb, std::size_t total, Beside beside)
    : verb_(std::move(verb)),
      shown_on_terminal_(::isatty(STDERR_FILENO) == 1 &&
                         (beside == Beside::nothing || ::isatty(STDOUT_FILENO) == 0)),
      total_(total),
      start_(std::chrono::steady_clock::now()),
      last_shown_(start_) {}

void Progress::advance() {
  ++done_;
  if (!shown_on_terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_shown_ < std::chrono::milliseconds(200)) return;
  last_shown_ = now;
  show();
}

void Progress::show() {
  const std::chrono::duration<double> passed = last_shown_ - start_;
  const double rate = static_cast<double>(done_) / std::max(passed.count(), 0.001);
  visible_ = true;
  if (total_ == 0) {
    std::fprintf(stderr, "\r%s %zu, %.0f/s\033[K", verb_.c_str(), done_, rate);
    return;
  }
  // An mbox counts as one file, so there may be more messages than the total says.
  const std::size_t total = std::max(total_, done_);
  const double left = static_cast<double>(total - done_) / std::max(rate, 0.001);
  std::fprintf(stderr, "\r%s %s %zu of %zu, %.0f/s, %s left\033[K", progress_bar(done_, total).c_str(),
               verb_.c_str(), done_, total, rate, duration_text(left).c_str());
}

void Progress::hide() {
  if (!visible_) return;
  std::fputs("\r\033[K", stderr);
  visible_ = false;
}

std::string progress_bar(std::size_t done, std::size_t total) {
  const double share = total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarColumns));
  std::string percent = std::to_string(static_cast<int>(share * 100));
  percent.insert(0, 3 - percent.size(), ' ');
  return '[' + std::string(filled, '#') + std::string(kBarColumns - filled, '.') + "] " + percent + '%';
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(std::max(seconds, 0.0)));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

}  // namespace coldpitch
