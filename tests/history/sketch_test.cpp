// SPDX-License-Identifier: MIT
#include "history/sketch.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

struct Recipient {
  std::string name, company, figure, link;
};

const std::vector<Recipient> kRecipients = {
    {"Jane", "Example Works", "3", "https://book.example/a1"},
    {"Bob Miller", "Acme", "12", "http://book.example/zz/99?x=7"},
    {"Dr. Anna-Lena Schmidt", "Northern Light & Sons Ltd", "2,500", "www.book.example"},
    {"\xC3\x89lodie", "\xC3\x9Cnal Partners", "1.5", "bookings@book.example"},
};

std::string english_pitch(const Recipient& to) {
  return "Hi " + to.name + ",\n\nI came across " + to.company +
         " while reading about growing teams, and was impressed by how you hire.\n"
         "We help companies such as " +
         to.company + " save " + to.figure +
         " hours every week, without changing the tools that people already use and like.\n"
         "Would you be open to a short call next week, " +
         to.name + "? Here is my calendar: " + to.link + "\n\nAll the best";
}

std::string german_pitch(const Recipient& to) {
  return "Guten Tag " + to.name + ",\n\nich bin auf " + to.company +
         " gesto\xC3\x9F"
         "en und war beeindruckt davon, wie schnell ihr w\xC3\xA4"
         "chst.\n"
         "Wir haben schon anderen geholfen, jede Woche " +
         to.figure +
         " Stunden zu sparen, ohne dass sich f\xC3\xBCr die Leute irgendetwas \xC3\xA4ndert oder sie "
         "umlernen m\xC3\xBCssten.\n"
         "H\xC3\xA4tten Sie kommende Woche kurz Zeit, um das gemeinsam anzusehen? " +
         to.link;
}

const std::string kInvoice =
    "Hello Jane, please find attached the invoice for the two servers that were delivered on Monday. The "
    "amount is due "
    "within thirty days; if anything looks wrong, call the office before the end of the month and we will "
    "correct it.";
const std::string kPatch =
    "The lock must be taken before the list is walked, otherwise a reader may see an entry that was freed "
    "already. Tested on "
    "the usual machines with the debug options enabled, no new warnings seen so far.";

TextSketch sketch(const std::string& text) {
  INFO(text);
  const std::optional<TextSketch> made = sketch_text(text, 0);
  REQUIRE(made.has_value());
  return *made;
}

unsigned distance(const TextSketch& left, const TextSketch& right) {
  return sketch_distance(left.bits, right.bits);
}

std::string words(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += static_cast<char>('a' + i / 26);
    text += static_cast<char>('a' + i % 26);
    text += ' ';
  }
  return text;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t found = text.find(what);
  REQUIRE(found != std::string::npos);
  return text.replace(found, what.size(), with);
}

}  // namespace

TEST_CASE("the distance of sketches is the number of bits that differ", "[history]") {
  CHECK(sketch_distance(0, 0) == 0);
  CHECK(sketch_distance(0b1011, 0b0010) == 2);
  CHECK(sketch_distance(0, ~std::uint64_t{0}) == 64);
}

TEST_CASE("the same pitch with other names is the same sketch", "[history]") {
  for (const auto pitch : {english_pitch, german_pitch}) {
    const TextSketch first = sketch(pitch(kRecipients.front()));
    for (const Recipient& recipient : kRecipients) {
      INFO(recipient.name);
      CHECK(distance(first, sketch(pitch(recipient))) <= 6);
    }
  }
}

TEST_CASE("texts that are alike have a band in common, others have none", "[history]") {
  const auto shared = [](const TextSketch& left, const TextSketch& right) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < left.bands.size(); ++i) count += left.bands[i] == right.bands[i] ? 1 : 0;
    return count;
  };
  for (const auto pitch : {english_pitch, german_pitch}) {
    const TextSketch first = sketch(pitch(kRecipients.front()));
    for (const Recipient& recipient : kRecipients) CHECK(shared(first, sketch(pitch(recipient))) > 0);
    CHECK(shared(first, sketch(kInvoice)) == 0);
    CHECK(shared(first, sketch(kPatch)) == 0);
  }
}

TEST_CASE("a greeted name does not count, whatever its letters", "[history]") {
  const std::string pitch = english_pitch(kRecipients.front());
  CHECK(sketch(replaced(pitch, "Hi Jane", "Hi alex")) == sketch(pitch));
}

TEST_CASE("sketches of another seed tell nothing", "[history]") {
  const std::string pitch = english_pitch(kRecipients.front());
  const std::optional<TextSketch> first = sketch_text(pitch, 1);
  const std::optional<TextSketch> second = sketch_text(pitch, 2);
  REQUIRE((first && second));
  CHECK(distance(*first, *second) > kNearSketch);
  CHECK(first->bands != second->bands);
}

TEST_CASE("layout does not count", "[history]") {
  const std::string pitch = english_pitch(kRecipients.front());
  std::string wrapped;
  for (const char octet : pitch) wrapped += octet == ' ' ? "\r\n  " : std::string(1, octet);
  CHECK(sketch(wrapped) == sketch(pitch));
  CHECK(sketch(replaced(pitch, "tools that people", "tools - that, people")) == sketch(pitch));
}

TEST_CASE("disguise does not count", "[history]") {
  const std::string pitch = english_pitch(kRecipients.front());
  // Zero-width space; Cyrillic a, o and e; full-width letters.
  CHECK(sketch(replaced(pitch, "companies", "com\xE2\x80\x8Bpanies")) == sketch(pitch));
  CHECK(sketch(replaced(pitch, "calendar", "c\xD0\xB0lend\xD0\xB0r")) == sketch(pitch));
  CHECK(sketch(replaced(pitch, "week", "\xEF\xBD\x97\xEF\xBD\x85\xEF\xBD\x85\xEF\xBD\x8B")) == sketch(pitch));
}

TEST_CASE("a few other words are near", "[history]") {
  const std::string pitch = english_pitch(kRecipients.front());
  CHECK(distance(sketch(replaced(pitch, "short", "quick")), sketch(pitch)) <= kNearSketch);
  CHECK(sketch(replaced(pitch, "short", "quick")) != sketch(pitch));
  CHECK(distance(sketch(pitch + " from all of us here"), sketch(pitch)) <= kNearSketch);
}

TEST_CASE("different texts are far", "[history]") {
  const std::vector<std::string> texts = {english_pitch(kRecipients[0]), german_pitch(kRecipients[0]),
                                          kInvoice, kPatch};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      INFO(i << " and " << j);
      CHECK(distance(sketch(texts[i]), sketch(texts[j])) > 2 * kNearSketch);
    }
  }
}

TEST_CASE("a repeated line does not outvote the text", "[history]") {
  std::string padding;
  for (int i = 0; i < 1000; ++i) padding += "\nthis is just a line of padding";
  CHECK(distance(sketch(kInvoice + padding), sketch(kPatch + padding)) > kNearSketch);
  CHECK_FALSE(sketch_text(padding, 0).has_value());
}

TEST_CASE("a text too short has no sketch", "[history]") {
  struct Row {
    const char* name;
    std::string text;
    bool has_sketch;
  };
  const std::vector<Row> rows = {
      {"empty", "", false},
      {"blanks", " \r\n\t ", false},
      {"nineteen runs", words(21), false},
      {"twenty runs", words(22), true},
      {"twenty runs, the last repeated", words(22) + "at au av at au av", true},
      {"one run again and again", std::string(3000, 'a').replace(0, 3000, "aa aa aa aa aa aa"), false},
      {"names alone", "Jane Doe Bob Miller Anna Smith Example Works Acme Sons " + std::string(200, 'X'),
       false},
      {"numbers alone", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27", false},
      {"script without blanks",
       "\xE3\x81\x84\xE3\x82\x8D\xE3\x81\xAF\xE3\x81\xAB\xE3\x81\xBB\xE3\x81\xB8\xE3\x81\xA8\xE3\x81\xA1\xE3"
       "\x82\x8A\xE3\x81"
       "\xAC\xE3\x82\x8B\xE3\x82\x92\xE3\x82\x8F\xE3\x81\x8B\xE3\x82\x88\xE3\x81\x9F\xE3\x82\x8C\xE3\x81\x9D"
       "\xE3\x81\xA4\xE3"
       "\x81\xAD\xE3\x81\xAA\xE3\x82\x89\xE3\x82\x80\xE3\x81\x86",
       true},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(sketch_text(row.text, 0).has_value() == row.has_sketch);
  }
}

TEST_CASE("a sketch is what it was: stores are full of them", "[history]") {
  const char* const text =
      "Hi Jane,\nI noticed that your team at Example is growing fast and wondered who looks after the phones "
      "these days. We help firms of 20 to 50 people answer every call within three rings, and most of them "
      "save "
      "two days a week. Would you be open to a short chat on Tuesday, or is there somebody else I should "
      "talk "
      "to? See https://example.com/a for more.\nBest, Joe";
  const TextSketch made{0x39E9CE7BA5E45A92U,
                        {0xCC89967FA51E11F2U, 0x89AEB132B909DC21U, 0x73E828F7E2A7B820U, 0xA21F51A2A682374AU}};
  CHECK(sketch_text(text, 42) == made);
}

TEST_CASE("what is repeated counts once, however long the text", "[history]") {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += words(40) + ". ";
  const auto once = sketch_text(words(40) + ". " + words(40) + ". ", 5);
  REQUIRE(once.has_value());
  CHECK(sketch_text(lines, 5) == once);
}

TEST_CASE("any octets can be sketched", "[history]") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string octets(random() % 300, '\0');
    for (char& octet : octets) octet = static_cast<char>(random());
    const std::vector<char> exact(octets.begin(), octets.end());
    const std::string_view view(exact.data(), exact.size());
    CHECK(sketch_text(view, 1) == sketch_text(octets, 1));
  }
  for (const char* tail : {"\xF0", "\xF0\x9F", "\xE3\x81", "\xC3", "'", "''a'"}) {
    CHECK(sketch_text(words(40) + tail, 0).has_value());
  }
}
