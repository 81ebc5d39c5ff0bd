// SPDX-License-Identifier: MIT
#include "parsers/date.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// A field body longer than this holds no date (comments included).
constexpr std::size_t kMaxDateOctets = 1000;

/// The value of a few digits.
int to_number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

/// Reads a text from front to back. At the end every question is answered with no.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char octet) {
    if (rest_.empty() || rest_.front() != octet) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view take_letters() {
    return take_while([](char octet) { return is_ascii_alpha(octet) || (octet & '\x80') != 0; });
  }
  std::string_view take_digits() { return take_while(is_ascii_digit); }
  /// Between `least` and `most` digits, which no further digit may follow.
  std::optional<int> take_number(std::size_t least, std::size_t most) {
    const std::string_view digits = take_digits();
    if (digits.size() < least || digits.size() > most) return std::nullopt;
    return to_number(digits);
  }
  void skip_blanks() { take_while(is_ascii_space); }

 private:
  template <class Predicate>
  std::string_view take_while(Predicate belongs) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// The instant, when day and time exist. A leap second is the one after it.
std::optional<TimePoint> make_time(const year_month_day& day, const TimeOfDay& time, minutes offset) {
  if (!day.ok() || time.hour > 23 || time.minute > 59 || time.second > 60) return std::nullopt;
  return sys_days(day) + hours(time.hour) + minutes(time.minute) + seconds(time.second) - offset;
}

year_month_day make_day(int year, int month, int day) {
  return {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
          std::chrono::day(static_cast<unsigned>(day))};
}

/// Comments become a blank; they nest (RFC 5322 §3.2.2).
std::string without_comments(std::string_view body) {
  std::string kept;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '(') {
      ++depth;
      kept += ' ';
    } else if (depth == 0) {
      kept += body[i];
    } else if (body[i] == ')') {
      --depth;
    } else if (body[i] == '\\') {
      ++i;
    }
  }
  return kept;
}

/// 1 for "Jan", "January", "Janv" ...; 0 for none. Three letters decide.
int month_number(std::string_view word) {
  constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (word.size() < 3) return 0;
  for (std::size_t month = 0; month < 12; ++month) {
    if (starts_with_ignoring_case(word, kMonths.substr(month * 3, 3))) return static_cast<int>(month) + 1;
  }
  return 0;
}

/// Minutes east of Greenwich for a zone's name (RFC 5322 §4.3). Unknown names are of no use and count as UTC.
minutes named_offset(std::string_view name) {
  using Zone = std::pair<std::string_view, int>;
  static constexpr std::array kZones{Zone{"edt", -4}, Zone{"est", -5}, Zone{"cdt", -5}, Zone{"cst", -6},
                                     Zone{"mdt", -6}, Zone{"mst", -7}, Zone{"pdt", -7}, Zone{"pst", -8}};
  for (const auto& [zone, offset] : kZones) {
    if (equals_ignoring_case(name, zone)) return hours(offset);
  }
  return minutes(0);
}

/// "+0200", "-02:00" or "+02".
std::optional<minutes> read_numeric_offset(Cursor& cursor) {
  const bool is_west = cursor.take('-');
  if (!is_west && !cursor.take('+')) return std::nullopt;
  const std::string_view digits = cursor.take_digits();
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const int hour = to_number(digits.substr(0, 2));
  int minute = to_number(digits.substr(2));
  if (digits.size() == 2 && cursor.take(':')) {
    const auto after_colon = cursor.take_number(2, 2);
    if (!after_colon) return std::nullopt;
    minute = *after_colon;
  }
  if (hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours(hour) + minutes(minute);
  return is_west ? -offset : offset;
}

/// Reads the parts of a date-time one after the other.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : cursor_(text) {}

  std::optional<TimePoint> read() {
    skip_day_of_week();
    const auto day = read_day();
    if (!day) return std::nullopt;
    const auto time = read_time();
    if (!time) return std::nullopt;
    const auto offset = read_offset();
    cursor_.skip_blanks();
    if (!offset || !cursor_.at_end()) return std::nullopt;
    return make_time(*day, *time, *offset);
  }

 private:
  void skip_day_of_week() {
    cursor_.skip_blanks();
    cursor_.take_letters();
    skip_separators(",.");
  }

  std::optional<year_month_day> read_day() {
    const auto day = cursor_.take_number(1, 2);
    skip_separators("-.");
    const int month = month_number(cursor_.take_letters());
    skip_separators("-.,");
    const auto year = read_year();
    if (!day || month == 0 || !year) return std::nullopt;
    return make_day(*year, month, *day);
  }

  /// RFC 5322 §4.3: two digits below 50 are of this century; three count from 1900.
  std::optional<int> read_year() {
    const std::string_view digits = cursor_.take_digits();
    const int year = digits.size() <= 4 ? to_number(digits) : 0;
    if (digits.size() == 2) return year < 50 ? year + 2000 : year + 1900;
    if (digits.size() == 3) return year + 1900;
    return year < 1900 ? std::nullopt : std::optional(year);
  }

  std::optional<TimeOfDay> read_time() {
    skip_separators(",");
    const auto hour = cursor_.take_number(1, 2);
    if (!hour || !take_colon()) return std::nullopt;
    const auto minute = cursor_.take_number(2, 2);
    if (!minute) return std::nullopt;
    TimeOfDay time{*hour, *minute, 0};
    if (take_colon()) {
      const auto second = cursor_.take_number(2, 2);
      if (!second) return std::nullopt;
      time.second = *second;
      if (cursor_.take('.')) cursor_.take_digits();
    }
    return time;
  }

  bool take_colon() {
    cursor_.skip_blanks();
    if (!cursor_.take(':')) return false;
    cursor_.skip_blanks();
    return true;
  }

  std::optional<minutes> read_offset() {
    cursor_.skip_blanks();
    const std::string_view name = cursor_.take_letters();
    cursor_.skip_blanks();
    // "GMT+0100" is seen too; the number says more than the name.
    if (cursor_.peek() != '+' && cursor_.peek() != '-') return named_offset(name);
    const auto offset = read_numeric_offset(cursor_);
    cursor_.skip_blanks();
    cursor_.take_letters();
    return offset;
  }

  void skip_separators(std::string_view separators) {
    cursor_.skip_blanks();
    while (!cursor_.at_end() && separators.find(cursor_.peek()) != std::string_view::npos) {
      cursor_.take(cursor_.peek());
      cursor_.skip_blanks();
    }
  }

  Cursor cursor_;
};

/// hh ":" mm [":" ss ["." fraction]].
std::optional<TimeOfDay> read_rfc3339_time(Cursor& cursor) {
  const auto hour = cursor.take_number(2, 2);
  if (!hour || !cursor.take(':')) return std::nullopt;
  const auto minute = cursor.take_number(2, 2);
  if (!minute) return std::nullopt;
  if (!cursor.take(':')) return TimeOfDay{*hour, *minute, 0};
  const auto second = cursor.take_number(2, 2);
  if (!second || (cursor.take('.') && cursor.take_digits().empty())) return std::nullopt;
  return TimeOfDay{*hour, *minute, *second};
}

}  // namespace

std::optional<TimePoint> parse_date(std::string_view body) {
  if (body.size() > kMaxDateOctets) return std::nullopt;
  return DateReader(without_comments(body)).read();
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  Cursor cursor(trim(text));
  const auto year = cursor.take_number(4, 4);
  if (!year || !cursor.take('-')) return std::nullopt;
  const auto month = cursor.take_number(2, 2);
  if (!month || !cursor.take('-')) return std::nullopt;
  const auto day = cursor.take_number(2, 2);
  if (!day) return std::nullopt;
  const year_month_day date = make_day(*year, *month, *day);
  if (cursor.at_end()) return make_time(date, {}, minutes(0));

  if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' ')) return std::nullopt;
  const auto time = read_rfc3339_time(cursor);
  if (!time) return std::nullopt;
  const bool is_utc = cursor.take('Z') || cursor.take('z');
  const auto offset = is_utc ? minutes(0) : read_numeric_offset(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return make_time(date, *time, *offset);
}

std::string format_rfc3339(TimePoint time) {
  // Four digits hold no other years.
  constexpr TimePoint kFirst = sys_days(year_month_day(std::chrono::year(0) / 1 / 1));
  constexpr TimePoint kLast = sys_days(year_month_day(std::chrono::year(10000) / 1 / 1)) - seconds(1);
  time = std::clamp(time, kFirst, kLast);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                    unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                    int(clock.minutes().count()), int(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace coldpitch
