// SPDX-License-Identifier: MIT
#include "cli/explanation.h"

#include "cli/contact_sentences.h"
#include "cli/explain.h"
#include "cli/html_page.h"
#include "milter/contact.h"
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
}

TEST_CASE("what history knew is told in sentences") {
  using Sentences = std::vector<std::string>;
  const TimePoint now = *parse_rfc3339("2025-11-25T10:00:00Z");
  const TimePoint october = *parse_rfc3339("2025-10-13T08:00:00Z");
  CHECK(contact_sentences(std::nullopt, now).front().find("--history") != std::string::npos);
  CHECK(contact_sentences(ContactFacts{}, now) ==
        Sentences{"Nothing: this is the first contact with the sender."});

  ContactFacts facts;
  facts.inbound = 3;
  facts.unanswered = facts.pitches = 2;
  facts.first_inbound = october;
  facts.last_inbound = now;
  CHECK(contact_sentences(facts, now) ==
        Sentences{"3 earlier messages from this sender, 2 of them unanswered since 2025-10-13, the last on "
                  "2025-11-25; 2 answered ones were pitches."});
  facts.unanswered_pitches = 1;
  facts.told_to_stop = october;
  CHECK(contact_sentences(facts, now).at(0).ends_with("; 1 unanswered one was a pitch."));
  CHECK(contact_sentences(facts, now).at(1) ==
        "The recipient told them to stop on 2025-10-13, in an answer by mail; this message came 43 days "
        "later.");
  facts.stop_source = EventSource::user;
  CHECK(contact_sentences(facts, october).at(1) ==
        "The recipient told them to stop on 2025-10-13, by moving a message or with coldpitch learn.");

  ContactFacts others;
  others.told_to_stop = october;
  others.stop_scope = StopScope::organisation;
  CHECK(
      contact_sentences(others, october).front() ==
      "The recipient told somebody else of their organisation to stop on 2025-10-13, in an answer by mail.");
  others.stop_scope = StopScope::sibling;
  CHECK(contact_sentences(others, october).front() ==
        "The recipient told a sender of the same brand under another domain to stop on 2025-10-13, in an "
        "answer "
        "by mail.");
  others = {};
  others.same_text_to = 4;
  others.wrote_here = true;
  CHECK(contact_sentences(others, now) == Sentences{"The recipient had no contact with the sender before.",
                                                    "The same text came to 4 people here.",
                                                    "The sender wrote to others here before.",
                                                    "Nobody here ever wrote to the sender."});
  others.answered_here = true;
  CHECK(contact_sentences(others, now).back() ==
        "Somebody else here wrote to the sender or their organisation.");
  others = {};
  others.reported = others.cleared = others.accepted = october;
  CHECK(contact_sentences(others, now) ==
        Sentences{"The recipient reported them as pitching on 2025-10-13.",
                  "The recipient said they are wanted on 2025-10-13, when nothing proved who sent the mail.",
                  "A LinkedIn invitation of theirs was accepted on 2025-10-13."});
}

TEST_CASE("other histories that lead to other verdicts are told") {
  // "Call me." scores 1.5 of 4.0, and each of these facts 2.5.
  const auto snapshot = test_snapshot();
  const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
  const TimePoint october = *parse_rfc3339("2026-10-13T10:00:00Z");
  const auto conditions_after = [&](EventKind kind, std::size_t events) {
    Envelope envelope;
    envelope.recipients = {"alex@example.net"};
    envelope.time = october;
    const std::string octets =
        plain_mail("x@shop.example", "Hi",
                   "Call me when you are back from the fair and have had time to read what we sent to "
                   "everybody on the list of those who asked us about the new harvest, since there is more "
                   "of it this year "
                   "than we can store in the barn behind the house.");
    PreparedMessage message(octets, envelope, *snapshot, &keyring);
    const auto store = open_memory_store();
    for (std::size_t i = 0; i < events; ++i) {
      Event event;
      event.kind = kind;
      event.time = october - std::chrono::hours(12);
      event.person = message.judgement().keys.person;
      event.user = user_key(keyring, kind == EventKind::inbound ? "user" + std::to_string(i) + "@example.net"
                                                                : "alex@example.net");
      event.sketch = kind == EventKind::inbound ? message.judgement().keys.sketch : std::nullopt;
      (void)store->record(event);
    }
    message.judge({store.get(), &keyring});
    std::string conditions;
    for (const OtherVerdict& one : explain_message(message, *snapshot, "m.eml").others) {
      conditions += one.condition + '\n';
    }
    return conditions;
  };
  const auto holds = [](const std::string& text) { return ContainsSubstring(text); };
  const std::string nothing = conditions_after(EventKind::inbound, 0);
  CHECK_THAT(nothing, holds("had the recipient told the sender to stop a week ago\n"));
  CHECK_THAT(nothing,
             holds("had the recipient told the same brand under another domain to stop a week ago\n"));
  CHECK_THAT(nothing, holds("had the same text come to 3 people here\n"));
  CHECK_THAT(nothing, holds("had the same sender pitched a week ago, unanswered\n"));
  CHECK_THAT(nothing, !holds("an invitation"));
  CHECK_THAT(conditions_after(EventKind::stop, 1),
             holds("had the recipient not told them to stop on 2026-10-12\n"));
  CHECK_THAT(conditions_after(EventKind::reported, 1),
             holds("had the recipient not reported them on 2026-10-12\n"));
  CHECK_THAT(conditions_after(EventKind::inbound, 5), holds("had the same text come to nobody else here\n"));
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
