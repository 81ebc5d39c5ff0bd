// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/mail_source.h"

namespace coldpitch {

Progress::Progress(std::string verb, const std::vector<std::string>& paths)
    : verb_(std::move(verb)),
      shown_on_terminal_(::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 0),
      start_(std::chrono::steady_clock::now()),
      last_shown_(start_) {
  if (shown_on_terminal_) total_ = count_files(paths);
}

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
  // An mbox counts as one file, so there may be more messages than the total says.
  const std::size_t total = std::max(total_, done_);
  const double left = static_cast<double>(total - done_) / std::max(rate, 0.001);
  std::fprintf(stderr, "\r%s %zu of %zu, %.0f/s, %.0f s left\033[K", verb_.c_str(), done_, total, rate, left);
  visible_ = true;
}

void Progress::hide() {
  if (!visible_) return;
  std::fputs("\r\033[K", stderr);
  visible_ = false;
}

}  // namespace coldpitch
