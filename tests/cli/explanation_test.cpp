// SPDX-License-Identifier: MIT
#include "cli/explanation.h"

#include "cli/explain.h"
#include "cli/html_page.h"
#include "parsers/text.h"
#include "tests/cli/test_policy.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::plain_mail;
using coldpitch::test::test_snapshot;

namespace {

struct Explained {
  std::shared_ptr<const Snapshot> snapshot;
  std::unique_ptr<PreparedMessage> message;
  Explanation explanation;
};

Explained explain(const std::string& octets, std::shared_ptr<const Snapshot> snapshot = test_snapshot()) {
  Explained explained;
  explained.snapshot = std::move(snapshot);
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  explained.message = std::make_unique<PreparedMessage>(octets, envelope, *explained.snapshot, nullptr);
  explained.message->judge({});
  explained.explanation = explain_message(*explained.message, *explained.snapshot, "m.eml");
  return explained;
}

const OtherVerdict* other(const Explanation& explanation, std::string_view beginning) {
  for (const OtherVerdict& one : explanation.others) {
    if (one.condition.starts_with(beginning)) return &one;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("rules are explained with what they weigh and why they did not count") {
  const Explanation explanation =
      explain(plain_mail("x@shop.example", "Hi", "Cheap apples! Call me.")).explanation;
  REQUIRE(explanation.rules.size() == 4);
  CHECK(explanation.verdict.level == Level::pitch);
  CHECK(explanation.rules[0].evidence.rule == "offer");
  CHECK(explanation.rules[0].reason == "offers");
  CHECK(explanation.rules[2].evidence.rule == "offer-more");
  CHECK(explanation.rules[2].evidence.weight == 0);
  CHECK(explanation.rules[2].written_weight == 2.0);
  CHECK(explanation.rules[2].note.find("group a") != std::string::npos);
  CHECK(explanation.rules[3].note.find("shadow") != std::string::npos);
  REQUIRE(explanation.clauses.size() == 2);
  CHECK(explanation.clauses[0].text == "No selling.");
  CHECK_FALSE(explanation.clauses[0].capped);
}

TEST_CASE("what is said of other verdicts is what the pipeline says then") {
  const Explanation pitch = explain(plain_mail("x@shop.example", "Hi", "Cheap apples! Call me.")).explanation;
  REQUIRE(other(pitch, "without ask"));
  CHECK(other(pitch, "without ask")->verdict.level == Level::suspect);
  CHECK(other(pitch, "without ask")->verdict.score == 3.0);
  // Without the heaviest of a group the next one counts.
  REQUIRE(other(pitch, "without offer "));
  CHECK(other(pitch, "without offer ")->verdict.score == 3.5);
  REQUIRE(other(pitch, "with a pitch threshold of 4.6 (it is 4.0)"));
  CHECK(other(pitch, "with allow: [x@shop.example]"));
  CHECK(pitch.hint.empty());

  const Explanation wanted =
      explain(plain_mail("x@shop.example", "Hi", "I want to buy cheap apples. Call me.")).explanation;
  CHECK(wanted.verdict.level == Level::none);
  REQUIRE(other(wanted, "without buyer"));
  CHECK(other(wanted, "without buyer")->verdict.level == Level::pitch);
  CHECK(wanted.hint == "For a pitch it lacked 2.5 points (1.5 of 4.0).");

  const Explanation alone = explain(plain_mail("x@shop.example", "Hi", "Cheap apples!")).explanation;
  CHECK(alone.verdict.level == Level::suspect);
  CHECK(alone.hint ==
        "For a pitch it lacked 1.0 points (3.0 of 4.0) and independent kinds of evidence (1; it takes 2, or "
        "2 with a "
        "structural one).");
  CHECK_FALSE(other(alone, "with a pitch threshold"));  // one group is no pitch at any threshold
}

TEST_CASE("several rules are left out where no single one decides") {
  const Explanation explanation =
      explain(plain_mail("x@shop.example", "Hi", "Cheap apples! Call me. Today only.")).explanation;
  CHECK(explanation.verdict.score == 6.0);
  const OtherVerdict* several = nullptr;
  for (const OtherVerdict& one : explanation.others) {
    if (one.condition.find(" and ") != std::string::npos) several = &one;
  }
  REQUIRE(several);
  CHECK(several->verdict.level < Level::pitch);
}

TEST_CASE("unjudged mail says why, and what was known is told") {
  auto snapshot = test_snapshot();
  PreparedMessage message(
      plain_mail("x@shop.example", "Hi", "Cheap apples!"),
      [] {
        Envelope envelope;
        envelope.authenticated_user = "alex";
        return envelope;
      }(),
      *snapshot, nullptr);
  message.judge({});
  const Explanation explanation = explain_message(message, *snapshot, "m.eml");
  CHECK(explanation.hint.find("outbound") != std::string::npos);
  CHECK(explanation.others.empty());

  CHECK(contact_sentences(std::nullopt).front().find("--history") != std::string::npos);
  CHECK(contact_sentences(ContactFacts{}).front().find("first contact") != std::string::npos);
  ContactFacts facts;
  facts.inbound = 3;
  facts.unanswered = 2;
  facts.told_to_stop = TimePoint(std::chrono::seconds(1'760'340'000));
  const std::vector<std::string> sentences = contact_sentences(facts);
  CHECK(sentences.at(0) == "3 earlier messages from this sender, 2 of them unanswered.");
  CHECK(sentences.at(1) == "The recipient told them to stop on 2025-10-13.");
}

TEST_CASE("pieces cover the text and know which rules marked them") {
  MarkedText text{"body", "abcdefghij", {{{2, 6}, 1}, {{4, 8}, 2}, {{9, 99}, 3}}, {}};
  text.segments = {{SegmentKind::human, {0, 5}}, {SegmentKind::quote, {5, 10}}};
  std::string seen;
  std::string shape;
  for (const TextPiece& piece : pieces_of(text)) {
    CHECK(piece.span.begin == seen.size());
    seen += text.text.substr(piece.span.begin, piece.span.size());
    shape += std::to_string(piece.span.size()) + (piece.kind == SegmentKind::quote ? "q" : "h");
    for (const std::size_t rule : piece.rules) shape += std::to_string(rule);
    for (const std::size_t rule : piece.ending) shape += "e" + std::to_string(rule);
    shape += ' ';
  }
  CHECK(seen == text.text);
  CHECK(shape == "2h 2h1 1h12 1q12e1 2q2e2 1q 1q3e3 ");
  CHECK(pieces_of({"body", "", {}, {}}).empty());
}

TEST_CASE("on a terminal nothing of the message is a control character") {
  const std::string hostile =
      "Cheap apples!\x1B[2J\x07 \xC2\x9B"
      "31m Call me.\r\nA\\B\tC \xE2\x80\xAE"
      "D \xFF\n";
  const Explained explained = explain(plain_mail("x@shop.example", "S \x1B]0;t\x07", hostile));
  for (const bool colours : {false, true}) {
    const std::string text = explanation_as_text(explained.explanation, Terminal(colours, 80));
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\x1B') {
        REQUIRE(colours);
        CHECK(text.substr(i, 3).find_first_of("JK]") == std::string::npos);
        REQUIRE(text.find('m', i) < i + 8);
      }
      const bool control = static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\n' && text[i] != '\x1B';
      REQUIRE_FALSE(control);
    }
    CHECK(text.find("A\\B  C") != std::string::npos);
    CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(is_valid_utf8(text));
  }
  const std::string plain = explanation_as_text(explained.explanation, Terminal(false, 80));
  CHECK(plain.find("{Cheap apples}[1,3,4]!") != std::string::npos);
}

TEST_CASE("lines are wrapped at blanks and columns counted without colours") {
  CHECK(wrapped("aa bb cc dd", 12, 2) == "  aa bb cc\n  dd\n");
  CHECK(wrapped("a\n\nb", 80, 1) == " a\n\n b\n");
  CHECK(wrapped("a-word-longer-than-the-line b", 14, 0) == "a-word-longer-than-the-line\nb\n");
  CHECK(columns_of("\x1B[1;33mäö\x1B[0m") == 2);
  CHECK(padded("ab", 4) == "ab  ");
  CHECK(padded("äöüß", 3) == "äö…");
}

TEST_CASE("in a page everything of the message is text") {
  CHECK(html_text("<a href=\"x\">'&'</a>") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  CHECK(html_text("a\x01"
                  "b\xC2\x85"
                  "c\xE2\x80\xAE"
                  "d\xFF"
                  "e\r\nf\tg") == "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\nf\tg");
  const std::string hostile = "</div><script>alert(1)</script> cheap apples <img src=x onerror=y> Call me.";
  const Explained explained = explain(
      plain_mail("\"</title><script>x</script>\" <x@shop.example>", "<svg onload=z> call me", hostile));
  const std::string page = html_page("</title><script>", explanation_as_html(explained.explanation));
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<svg") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(1)") != std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("src=") == page.find("src=x onerror"));
  for (std::size_t at = page.find("href="); at != std::string::npos; at = page.find("href=", at + 1)) {
    CHECK(page.substr(at, 7) == "href=\"#");
  }
}
