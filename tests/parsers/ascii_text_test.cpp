// SPDX-License-Identifier: MIT
#include "parsers/ascii_text.h"

#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("words are written in ASCII as people would write them") {
  struct Row {
    const char* text;
    const char* language;
    const char* ascii;
  };
  const Row rows[] = {
      {"", "", ""},
      {"plain: text, 100%", "de", "plain: text, 100%"},
      {"Größe, Übermaß, ÄÖÜ-Rätsel", "de", "Groesse, Uebermass, AEOEUE-Raetsel"},
      {"Größe", "fr", "Grosse"},
      {"été, œuvre, ça, n’est", "fr", "ete, oeuvre, ca, n'est"},
      {"¿qué? señor", "es", "?que? senor"},
      {"żółta łódź", "pl", "zolta lodz"},
      {"Привет", "ru", "Privet"},
      {"a\tb\x7F\x01", "en", "a b  "},
      {"\xF0\x9F\x98\x80!", "en", "?!"},
      {"\xFF\xC3", "en", "??"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(to_ascii(row.text, row.language) == row.ascii);
  }
}
