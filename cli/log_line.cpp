// SPDX-License-Identifier: MIT
#include "cli/log_line.h"

#include <array>
#include <cstddef>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// "Nov 27 22:24:41": the year is the last one in which that was before `now`.
std::optional<TimePoint> syslog_time(std::string_view line, TimePoint now) {
  constexpr std::size_t kOctets = 15;
  if (line.size() < kOctets) return std::nullopt;
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  std::string_view month_and_day = line.substr(0, 6);
  const std::string clock(line.substr(7, 8));
  for (int back = 0; back < 2; ++back) {
    const std::string date = std::string(trim(month_and_day.substr(3))) + ' ' +
                             std::string(month_and_day.substr(0, 3)) + ' ' +
                             std::to_string(static_cast<int>(today.year()) - back) + ' ' + clock + " +0000";
    const std::optional<TimePoint> time = parse_date(date);
    if (!time) return std::nullopt;
    if (*time <= now + std::chrono::hours(24)) return time;
  }
  return std::nullopt;
}

/// "2026-11-27T22:24:41.361+00:00", and with the journal's "+0000".
std::optional<TimePoint> iso_time(std::string_view word) {
  if (const std::optional<TimePoint> time = parse_rfc3339(word)) return time;
  if (word.size() < 5 || (word[word.size() - 5] != '+' && word[word.size() - 5] != '-')) return std::nullopt;
  std::string with_colon(word);
  with_colon.insert(with_colon.size() - 2, ":");
  return parse_rfc3339(with_colon);
}

/// Reads `key=value` pairs, values bare or in double quotes with escapes.
class Pairs {
 public:
  explicit Pairs(std::string_view text) : text_(text) {}

  template <class F>
  void for_each(F&& pair) {
    while (at_ < text_.size()) {
      const std::size_t equals = text_.find('=', at_);
      if (equals == std::string_view::npos) return;
      const std::size_t blank = text_.rfind(' ', equals);
      const std::size_t begin = blank == std::string_view::npos || blank < at_ ? at_ : blank + 1;
      const std::string_view key = text_.substr(begin, equals - begin);
      at_ = equals + 1;
      pair(key, value());
    }
  }

 private:
  std::string value() {
    if (at_ >= text_.size() || text_[at_] != '"') {
      const std::size_t end = std::min(text_.find(' ', at_), text_.size());
      std::string bare(text_.substr(at_, end - at_));
      at_ = end;
      return bare;
    }
    std::string quoted;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      quoted += text_[at_];
    }
    ++at_;
    return quoted;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view LogLine::get(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<LogLine> parse_log_line(std::string_view line, TimePoint now) {
  const std::size_t begin = line.find("qid=");
  if (begin == std::string_view::npos || line.find(" verdict=", begin) == std::string_view::npos)
    return std::nullopt;
  LogLine parsed;
  parsed.time = iso_time(line.substr(0, std::min(line.find(' '), line.size())));
  if (!parsed.time) parsed.time = syslog_time(line, now);
  Pairs(trim(line.substr(begin))).for_each([&](std::string_view key, std::string value) {
    parsed.fields.emplace(key, std::move(value));
  });
  return parsed;
}

}  // namespace coldpitch
