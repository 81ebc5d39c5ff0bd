// SPDX-License-Identifier: MIT
#include "parsers/date.h"

#include <string>

#include "tests/support/catch.h"

namespace {

using coldpitch::format_rfc3339;
using coldpitch::TimePoint;

struct Case {
  const char* name;
  std::string in;
  std::string out;  ///< "" for none
};

template <class Parse>
void check(const Case& c, Parse parse) {
  CAPTURE(c.name, c.in);
  const std::optional<TimePoint> time = parse(c.in);
  CHECK((time ? format_rfc3339(*time) : "") == c.out);
}

TEST_CASE("Date fields are read") {
  const Case kCases[] = {
      {"full", "Mon, 05 Oct 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"east", "Mon, 05 Oct 2026 10:20:30 +0530", "2026-10-05T04:50:30Z"},
      {"west, into the next day", "Mon, 5 Oct 2026 20:20:30 -0930", "2026-10-06T05:50:30Z"},
      {"no day of week", "5 Oct 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"no seconds", "5 Oct 2026 10:20 +0000", "2026-10-05T10:20:00Z"},
      {"no zone", "5 Oct 2026 10:20:30", "2026-10-05T10:20:30Z"},
      {"no comma behind the day of week", "Mon 5 Oct 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"day of week in full", "Monday, 5 October 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"day of week of another language", "Mi\xC3\xA9, 5 Oct 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"wrong day of week", "Sun, 5 Oct 2026 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"case", "MON, 5 oCT 2026 10:20:30 gmt", "2026-10-05T10:20:30Z"},
      {"folded", "Mon,\r\n 5 Oct\t2026  10:20:30\r\n +0000 ", "2026-10-05T10:20:30Z"},
      {"blanks around colons", "5 Oct 2026 10 : 20 : 30 +0000", "2026-10-05T10:20:30Z"},
      {"comments", "Mon (a (b\\)) c), 5 Oct 2026 (d) 10:20:30 +0000 (UTC)", "2026-10-05T10:20:30Z"},
      {"comment not closed", "5 Oct 2026 10:20:30 +0000 (UTC", "2026-10-05T10:20:30Z"},
      {"hyphens", "Mon, 05-Oct-2026 10:20:30 GMT", "2026-10-05T10:20:30Z"},
      {"fraction", "5 Oct 2026 10:20:30.123 +0000", "2026-10-05T10:20:30Z"},
      {"two digits, this century", "5 Oct 49 10:20:30 +0000", "2049-10-05T10:20:30Z"},
      {"two digits, last century", "5 Oct 50 10:20:30 +0000", "1950-10-05T10:20:30Z"},
      {"three digits", "5 Oct 126 10:20:30 +0000", "2026-10-05T10:20:30Z"},
      {"first year", "1 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"},
      {"last year", "31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z"},
      {"leap day", "29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00Z"},
      {"leap second", "31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z"},
      {"EST", "5 Oct 2026 10:20:30 EST", "2026-10-05T15:20:30Z"},
      {"PDT", "5 Oct 2026 10:20:30 PDT", "2026-10-05T17:20:30Z"},
      {"UT", "5 Oct 2026 10:20:30 UT", "2026-10-05T10:20:30Z"},
      {"military zone", "5 Oct 2026 10:20:30 A", "2026-10-05T10:20:30Z"},
      {"unknown zone", "5 Oct 2026 10:20:30 NOWHERE", "2026-10-05T10:20:30Z"},
      {"name with number", "5 Oct 2026 10:20:30 GMT+0100", "2026-10-05T09:20:30Z"},
      {"number with name", "5 Oct 2026 10:20:30 +0100 CET", "2026-10-05T09:20:30Z"},
      {"zone with a colon", "5 Oct 2026 10:20:30 +01:30", "2026-10-05T08:50:30Z"},
      {"zone of hours", "5 Oct 2026 10:20:30 +01", "2026-10-05T09:20:30Z"},
      {"widest zone", "5 Oct 2026 10:20:30 +2359", "2026-10-04T10:21:30Z"},
  };
  for (const Case& c : kCases) check(c, coldpitch::parse_date);
}

TEST_CASE("what is no date is refused") {
  const Case kCases[] = {
      {"empty", "", ""},
      {"words", "yesterday", ""},
      {"no time", "5 Oct 2026", ""},
      {"no year", "5 Oct 10:20:30 +0000", ""},
      {"no month", "5 2026 10:20:30 +0000", ""},
      {"no month of that name", "5 Okt 2026 10:20:30 +0000", ""},
      {"short month", "5 Oc 2026 10:20:30 +0000", ""},
      {"day 0", "0 Oct 2026 10:20:30 +0000", ""},
      {"day 31 of 30", "31 Nov 2026 10:20:30 +0000", ""},
      {"no leap year", "29 Feb 2023 10:20:30 +0000", ""},
      {"day of three digits", "005 Oct 2026 10:20:30 +0000", ""},
      {"year 1899", "5 Oct 1899 10:20:30 +0000", ""},
      {"year of four digits is not short", "5 Oct 0026 10:20:30 +0000", ""},
      {"year of one digit", "5 Oct 6 10:20:30 +0000", ""},
      {"year of five digits", "5 Oct 12026 10:20:30 +0000", ""},
      {"hour 24", "5 Oct 2026 24:00:00 +0000", ""},
      {"minute 60", "5 Oct 2026 10:60:00 +0000", ""},
      {"second 61", "5 Oct 2026 10:20:61 +0000", ""},
      {"zone hour 24", "5 Oct 2026 10:20:30 +2400", ""},
      {"zone minute 60", "5 Oct 2026 10:20:30 +0060", ""},
      {"zone of three digits", "5 Oct 2026 10:20:30 +100", ""},
      {"zone without digits", "5 Oct 2026 10:20:30 +", ""},
      {"more behind", "5 Oct 2026 10:20:30 +0000 2", ""},
      {"NUL behind", std::string("5 Oct 2026 10:20:30 +0000\0", 26), ""},
      {"long numbers", "5 Oct 2026 99999999999999999999:20:30 +0000", ""},
      {"only a comment", "(5 Oct 2026 10:20:30 +0000)", ""},
      {"closing parenthesis", "5 Oct 2026 10:20:30 +0000)", ""},
  };
  for (const Case& c : kCases) check(c, coldpitch::parse_date);
}

TEST_CASE("a Date field has its length") {
  const std::string date = "5 Oct 2026 10:20:30 +0000";
  check({"at the limit", date + std::string(1000 - date.size(), ' '), "2026-10-05T10:20:30Z"},
        coldpitch::parse_date);
  check({"above", date + std::string(1001 - date.size(), ' '), ""}, coldpitch::parse_date);
}

TEST_CASE("RFC 3339 instants are read") {
  const Case kCases[] = {
      {"UTC", "2026-10-05T10:00:00Z", "2026-10-05T10:00:00Z"},
      {"lower case", "2026-10-05t10:00:00z", "2026-10-05T10:00:00Z"},
      {"blank between", "2026-10-05 10:00:00Z", "2026-10-05T10:00:00Z"},
      {"east", "2026-10-05T10:00:00+02:30", "2026-10-05T07:30:00Z"},
      {"west", "2026-10-05T10:00:00-0230", "2026-10-05T12:30:00Z"},
      {"fraction", "2026-10-05T10:00:00.999Z", "2026-10-05T10:00:00Z"},
      {"no seconds", "2026-10-05T10:00Z", "2026-10-05T10:00:00Z"},
      {"date alone", "2026-10-05", "2026-10-05T00:00:00Z"},
      {"blanks around", " 2026-10-05\n", "2026-10-05T00:00:00Z"},
      {"year 0", "0000-01-01", "0000-01-01T00:00:00Z"},
      {"empty", "", ""},
      {"no zone", "2026-10-05T10:00:00", ""},
      {"date cut", "2026-10", ""},
      {"day 0", "2026-10-00", ""},
      {"month 13", "2026-13-01", ""},
      {"no leap year", "2026-02-29", ""},
      {"short month", "2026-1-05", ""},
      {"long year", "02026-10-05", ""},
      {"hour 24", "2026-10-05T24:00:00Z", ""},
      {"time cut", "2026-10-05T10", ""},
      {"empty fraction", "2026-10-05T10:00:00.Z", ""},
      {"more behind", "2026-10-05T10:00:00Zx", ""},
      {"more behind the date", "2026-10-05x", ""},
  };
  for (const Case& c : kCases) check(c, coldpitch::parse_rfc3339);
}

TEST_CASE("times are written as RFC 3339") {
  using std::chrono::seconds;
  CHECK(format_rfc3339(TimePoint{}) == "1970-01-01T00:00:00Z");
  CHECK(format_rfc3339(TimePoint(seconds(-1))) == "1969-12-31T23:59:59Z");
  CHECK(format_rfc3339(TimePoint(seconds(1'791'194'400))) == "2026-10-05T10:00:00Z");
  CHECK(format_rfc3339(TimePoint::min()) == "0000-01-01T00:00:00Z");
  CHECK(format_rfc3339(TimePoint::max()) == "9999-12-31T23:59:59Z");
}

}  // namespace
