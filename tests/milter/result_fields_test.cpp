// SPDX-License-Identifier: MIT
#include "milter/result_fields.h"

#include <algorithm>

#include "parsers/text.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

Judgement pitch_judgement() {
  Judgement judgement;
  judgement.channel = Channel::linkedin;
  RecipientVerdict recipient;
  recipient.address = "user@example.net";
  recipient.action = Mode::fold;
  recipient.visible = true;
  Verdict& verdict = recipient.verdict;
  verdict.level = Level::repeat_pitch;
  verdict.channel = Channel::linkedin;
  verdict.score = 8.5;
  verdict.threshold = 5;
  verdict.clauses = {{"commercial", "p", 6}, {"repetitive", "p", 2.5}, {"unwanted", "q", 1}};
  Evidence shadow;
  shadow.rule = "trial";
  shadow.shadow = true;
  Evidence ask;
  ask.rule = "meeting-ask";
  ask.weight = 1.5;
  Evidence same_group;
  same_group.rule = "second-ask";
  verdict.evidence = {ask, same_group, shadow};
  verdict.reason = "asks for a meeting to sell";
  judgement.recipients.push_back(recipient);
  return judgement;
}

const std::string* field(const std::vector<ResultField>& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const ResultField& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &found->body;
}

}  // namespace

TEST_CASE("a pitch gets every field, in order, with the verdict first") {
  const std::vector<ResultField> expected = {
      {"X-Cold-Pitch", "repeat-pitch; score=8.5; threshold=5.0; channel=linkedin"},
      {"X-Cold-Pitch-Level", "********"},
      {"X-Cold-Pitch-Clauses", "commercial, repetitive (p), unwanted (q)"},
      {"X-Cold-Pitch-Evidence", "meeting-ask 1.5"},
      {"X-Cold-Pitch-Reason", "asks for a meeting to sell"},
      {"X-Cold-Pitch-Action", "fold"},
      {"X-Cold-Pitch-Recipient", "user@example.net; verdict=repeat-pitch; action=fold"},
  };
  CHECK(result_fields(pitch_judgement()) == expected);
}

TEST_CASE("the reason is written in ASCII whatever the language") {
  Judgement judgement = pitch_judgement();
  judgement.recipients.front().language = "de";
  judgement.recipients.front().verdict.reason = "möchte etwas verkaufen, drängt";
  CHECK(*field(result_fields(judgement), "X-Cold-Pitch-Reason") == "moechte etwas verkaufen, draengt");
}

TEST_CASE("a recipient who is not in To or Cc is never named") {
  Judgement judgement = pitch_judgement();
  judgement.recipients.front().visible = false;
  for (const ResultField& added : result_fields(judgement))
    CHECK(added.body.find("user@") == std::string::npos);
}

TEST_CASE("the action is told when it is more than header fields") {
  Judgement judgement = pitch_judgement();
  for (const Mode mode : {Mode::tag, Mode::fold, Mode::quarantine_mailbox, Mode::quarantine_hold}) {
    judgement.recipients.front().action = mode;
    const std::vector<ResultField> fields = result_fields(judgement);
    REQUIRE(field(fields, "X-Cold-Pitch-Action") != nullptr);
    CHECK(*field(fields, "X-Cold-Pitch-Action") == to_string(mode));
  }
  for (const Mode mode : {Mode::off, Mode::annotate}) {
    judgement.recipients.front().action = mode;
    CHECK(field(result_fields(judgement), "X-Cold-Pitch-Action") == nullptr);
  }
}

TEST_CASE("an address that could be read as something else is not written") {
  Judgement judgement = pitch_judgement();
  for (const std::string address : {"\"a; verdict=none\"@example.net", "a b@example.net", "a;b@example.net",
                                    "a\x01@example.net", "\xFF@example.net"}) {
    judgement.recipients.front().address = address;
    CAPTURE(address);
    CHECK(field(result_fields(judgement), "X-Cold-Pitch-Recipient") == nullptr);
    CHECK(original_recipients_field(judgement).body == "blind=1");
  }
  judgement.recipients.front().address = "j\xC3\xB6rg@example.net";
  CHECK(*field(result_fields(judgement), "X-Cold-Pitch-Recipient") ==
        "=?utf-8?q?j=C3=B6rg=40example=2Enet?= ;\n verdict=repeat-pitch; action=fold");
}

TEST_CASE("the field of a quarantined message keeps the visible recipients and counts the blind ones") {
  Judgement judgement = pitch_judgement();
  CHECK(original_recipients_field(judgement).body == "user@example.net");
  judgement.recipients.push_back(judgement.recipients.front());
  judgement.recipients.back().address = "jo@example.net";
  judgement.recipients.push_back(judgement.recipients.front());
  judgement.recipients.back().address = "hidden@example.net";
  judgement.recipients.back().visible = false;
  CHECK(original_recipients_field(judgement) ==
        ResultField{"X-Cold-Pitch-Original-Recipients", "user@example.net, jo@example.net; blind=1"});
}

TEST_CASE("mail that says nothing gets the verdict alone, outbound mail nothing") {
  Judgement judgement;
  judgement.recipients.emplace_back();
  judgement.recipients.front().verdict.exempt_because = "known-contact";
  const std::vector<ResultField> expected = {
      {"X-Cold-Pitch", "none; score=0.0; channel=direct; exempt=known-contact"}};
  CHECK(result_fields(judgement) == expected);
  judgement.channel = Channel::outbound;
  CHECK(result_fields(judgement).empty());
}

TEST_CASE("evidence that came to nothing is not shown") {
  Judgement judgement = pitch_judgement();
  judgement.recipients.front().visible = false;
  judgement.recipients.front().action = Mode::annotate;
  judgement.recipients.front().verdict.level = Level::none;
  judgement.recipients.front().verdict.score = 0.5;
  const std::vector<ResultField> expected = {
      {"X-Cold-Pitch", "none; score=0.5; threshold=5.0; channel=linkedin"}};
  CHECK(result_fields(judgement) == expected);
}

TEST_CASE("the level stops at fifty marks") {
  Judgement judgement = pitch_judgement();
  judgement.recipients.front().verdict.score = 1e6;
  const auto fields = result_fields(judgement);
  const std::string* level = field(fields, "X-Cold-Pitch-Level");
  REQUIRE(level != nullptr);
  CHECK(*level == std::string(50, '*'));
}

TEST_CASE("a long value is folded below 78 columns and stays printable ASCII") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "word" + std::to_string(i) + "\xC3\xA9\r\nX-Evil: 1 ";
  const std::string folded = fold_field("X-Cold-Pitch-Evidence", text);
  std::size_t column = std::string("X-Cold-Pitch-Evidence: ").size();
  for (const std::string_view line : split(folded, '\n')) {
    CHECK(line.size() + column <= 77);
    column = 0;
    for (const char octet : line) CHECK((octet >= ' ' && octet < '\x7F'));
  }
}

TEST_CASE("a word too long to fold is cut under 998 octets") {
  const std::string folded = fold_field("X", std::string(5000, 'a'));
  CHECK(folded.size() <= 998);
  CHECK(folded.find('\n') == std::string::npos);
}

TEST_CASE("result fields are known by their name in any case") {
  CHECK(is_result_field("x-cold-pitch"));
  CHECK(is_result_field("X-COLD-PITCH-ANYTHING"));
  CHECK_FALSE(is_result_field("X-Cold"));
}

TEST_CASE("scores have one decimal and no negative zero") {
  CHECK(format_score(8.46) == "8.5");
  CHECK(format_score(0) == "0.0");
  CHECK(format_score(-0.01) == "0.0");
  CHECK(format_score(-2) == "-2.0");
}
