// SPDX-License-Identifier: MIT
#include "parsers/calendar_text.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

TEST_CASE("of a calendar the words a person is shown are read") {
  struct Row {
    const char* name;
    std::string in;
    std::string out;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"no calendar", "Hi Alex, shall we talk?\n", ""},
      {"a title", "BEGIN:VEVENT\nSUMMARY:Hello\nEND:VEVENT\n", "Hello"},
      {"any case and line end", "summary:one\r\nDescription:two\rLocation:three", "one\n\ntwo\n\nthree"},
      {"parameters", "SUMMARY;LANGUAGE=en;X=\"a:b;c\":one: two\n", "one: two"},
      {"a parameter that is not closed", "SUMMARY;X=\"a:b\n", ""},
      {"no value", "SUMMARY\nSUMMARY:\nSUMMARY: \n", ""},
      {"other properties", "SUMMARYX:one\nX-SUMMARY:two\nCOMMENT:three\n", ""},
      {"folds", "SUM\n MARY:o\r\n ne \n\ttwo\n", "one two"},
      {"a fold of nothing", " SUMMARY:one\nSUMMARY:two\n", "two"},
      {"escapes", "SUMMARY:a\\, b\\; c\\\\n\\nd\\Ne\\x\\", "a, b; c\\n\nd\nex\\"},
      {"each value once", "SUMMARY:one\nDESCRIPTION:one\nSUMMARY:one\nSUMMARY:two\n", "one\n\ntwo"},
      {"alarms", "BEGIN:VALARM\nDESCRIPTION:one\nEND:VALARM\nDESCRIPTION:two\n", "two"},
      {"an alarm that does not end", "SUMMARY:one\nBEGIN:VALARM\nDESCRIPTION:two\n", "one"},
      {"an end without an alarm", "END:VALARM\nSUMMARY:one\n", "one"},
      {"a title that speaks of alarms", "SUMMARY:VALARM\nDESCRIPTION:two\n", "VALARM\n\ntwo"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(calendar_text(row.in) == row.out);
  }
}

}  // namespace
}  // namespace coldpitch
