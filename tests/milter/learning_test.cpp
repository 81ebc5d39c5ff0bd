// SPDX-License-Identifier: MIT
// What the history makes of whole conversations, through the pipeline, with the shipped policies and a clock the test sets.
#include "milter/learning.h"

#include <chrono>
#include <string>
#include <vector>

#include "tests/milter/office.h"
#include "tests/support/linkedin_mail.h"

using namespace coldpitch;
using namespace coldpitch::test;
using namespace std::chrono_literals;

// ---- the seed conversation ------------------------------------------------------------------------------------------

TEST_CASE("a direct sender who was told to stop comes back six months later to the day") {
  Office office;
  CHECK(office.on("2022-02-08")
            .receive(from(kSeller, kPitch, "Message-ID: <first@getbluefin.example>\n"))
            .verdict()
            .level == Level::pitch);
  office.write(kSeller, "This is spam. Never again.", "test@outside.example");
  office.wait(1h);
  const Verdict arguing = office.receive(from(kSeller, "It is not spam, I only meant well.")).verdict();
  CHECK(arguing.level == Level::repeat_pitch);

  office.on("2022-08-08");
  const Verdict back = office.receive(from(kSeller, kFollowUp)).verdict();
  CHECK(back.level == Level::repeat_pitch);
  CHECK(has_clause(back, "repetitive"));
  CHECK(has_clause(back, "unwanted"));
  CHECK_THAT(back.reason, ContainsSubstring("you asked this sender to stop on 2022-02-08"));
}

TEST_CASE("a sender who was told to stop comes back from a sibling domain") {
  const char* sibling = GENERATE("marcus@bluefinhq.example", "lena@try-bluefin.example",
                                 "lena@bluefin.example", "Marcus Reed <marcus.reed@getbluefin.example>");
  CAPTURE(sibling);
  Office office;
  office.on("2022-02-08").receive(from(kSeller, kPitch));
  office.write(kSeller, "Not interested. Please remove me from your list.", "test@outside.example");
  office.on("2022-08-08");
  const Verdict back = office.receive(from(sibling, kFollowUp)).verdict();
  CHECK(back.level == Level::repeat_pitch);
  CHECK(has_clause(back, "repetitive"));
  CHECK(has_clause(back, "unwanted"));
  CHECK_THAT(back.reason, ContainsSubstring("you asked this sender's company to stop on 2022-02-08"));
  // An invoice of the house is none the less an invoice.
  CHECK(office
            .look(from("billing@bluefin.example",
                       "Hello,\n\ninvoice no. 20331 of your order is due on Friday.\n\nLena"))
            .level < Level::pitch);
}

TEST_CASE("a LinkedIn member who was told to stop comes back six months later to the day") {
  const LinkedInLayout layout = GENERATE(LinkedInLayout::inmail_2022, LinkedInLayout::inmail_2026);
  Office office;
  const Judgement first =
      office.on("2022-02-08").receive(inmail(kInMailPitch, 1, "aaaa-1", "jane-doe-42", layout));
  CHECK(first.verdict().level == Level::pitch);
  CHECK(first.channel == Channel::linkedin);
  // The answer goes to an address that says nothing, and is tied by it and by the id it answers.
  const bool with_id = GENERATE(true, false);
  office.write("aaaa-1@reply.linkedin.com", "This is spam, never contact me again.",
               with_id ? "1.1.1@ltx1-app1.prod.linkedin.com" : "");
  office.wait(24h);
  CHECK(office
            .look(inmail("But why? I thought it might help you.", 2, "aaaa-2", "jane-doe-42",
                         LinkedInLayout::inmail_reply))
            .level == Level::repeat_pitch);

  office.on("2022-08-08");
  const Verdict back = office.receive(inmail(kFollowUp, 3, "bbbb-3", "jane-doe-42", layout)).verdict();
  CHECK(back.level == Level::repeat_pitch);
  CHECK(has_clause(back, "repetitive"));
  CHECK(has_clause(back, "unwanted"));
  CHECK_THAT(back.reason, ContainsSubstring("you asked this sender to stop on 2022-02-08"));
  // Other members are not meant, nor is LinkedIn.
  LinkedInMailOptions other;
  other.name = "Kim Lee";
  other.vanity = "kim-lee";
  other.thread = "2-T1RIRVI==";
  other.headline = "Civil engineer";
  other.subject = "The fair in May";
  other.text = "Hello Alex, we met at the fair in May.";
  CHECK(office.look(coldpitch::test::linkedin_mail(other)).level == Level::none);
  CHECK(office.look(from("kim@linkedin.com", kHarmless)).level == Level::none);
}

TEST_CASE("a LinkedIn member is met again by the conversation alone") {
  Office office;
  office.receive(inmail(kInMailPitch, 1, "aaaa-1"));
  office.write("aaaa-1@reply.linkedin.com", "Please stop sending me these.");
  office.on("2022-08-08");
  LinkedInMailOptions options;
  options.text = kFollowUp;
  options.serial = 9;
  options.vanity = "";  // no profile in this mail, the same thread
  options.with_html = false;
  const Verdict back = office.look(coldpitch::test::linkedin_mail(options));
  CHECK(back.level == Level::repeat_pitch);
  CHECK_THAT(back.reason, ContainsSubstring("you asked this sender to stop on 2022-02-08"));
}

// ---- what is a refusal, and of whom -----------------------------------------------------------------------------------

TEST_CASE("only unquoted words refuse") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.write(kSeller,
               "Sure, call me on Tuesday.\r\n\r\nOn Tue, 8 Feb 2022 at 10:00, Marcus wrote:\r\n> If you "
               "would rather not hear from "
               "me, just reply \"remove me\".\r\n> Not interested? Tell me.",
               "test@outside.example");
  office.wait(1h);
  CHECK(office.look(from(kSeller, kPitch)).exempt_because == "known-contact");
}

TEST_CASE("a refusal makes nobody known") {
  Office office;
  office.write(kSeller, "No thanks, not interested.");
  CHECK(office.look(from(kSeller, kPitch)).level == Level::pitch);
}

TEST_CASE("no thanks to somebody we know turns down one thing") {
  Office office;
  office.receive(from("pat@partner.example", "Hello Alex, how are you?"));
  office.write("pat@partner.example", "Fine, thank you. And you?");
  office.wait(1h);
  office.receive(from("pat@partner.example", "Fine. Coffee on Friday?"));
  office.write("pat@partner.example", "No thanks, I am away.", "test@outside.example");
  office.wait(24h);
  CHECK(office.look(from("pat@partner.example", kHarmless)).exempt_because == "known-contact");
  // Told to leave one alone is another matter.
  office.write("pat@partner.example", "Leave me alone.", "test@outside.example");
  office.wait(24h);
  CHECK(office.look(from("pat@partner.example", kHarmless)).level == Level::repeat_pitch);
}

TEST_CASE("no thanks to somebody we know who pitched means stop") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.write(kSeller, "Who gave you my address?", "test@outside.example");
  office.wait(1h);
  office.receive(from(kSeller, "A friend did. Shall I send the offer?"));
  office.write(kSeller, "No thanks.", "test@outside.example");
  office.wait(24h);
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::repeat_pitch);
}

TEST_CASE("an answer to the Reply-To address stops the one who wrote") {
  Office office;
  office.receive(from(kSeller, kPitch, "Reply-To: Marcus <marcus.reed@bluefin.example>\n"));
  office.write("marcus.reed@bluefin.example", "Remove me from your list.");
  office.wait(24h);
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::repeat_pitch);
  CHECK(office.look(from("marcus.reed@bluefin.example", kHarmless)).level == Level::repeat_pitch);
}

TEST_CASE("an answer that went to a stranger's address makes nobody else known") {
  Office office;
  office.receive(
      plain_mail("boss@bigcorp.example", "Urgent", "Please answer me.", "Reply-To: x@elsewhere.example\n"));
  office.write("x@elsewhere.example", "What is it about?", "test@outside.example");
  CHECK(office.look(from("boss@bigcorp.example", kPitch)).level >= Level::pitch);
  CHECK(office.look(from("x@elsewhere.example", kPitch)).exempt_because == "known-contact");
}

TEST_CASE("somebody who is only asked for advice on a pitch is not refused") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.write("pat@partner.example", "Do you know them? I am not interested, really.",
               "test@outside.example");
  office.wait(24h);
  CHECK(office.look(from(kSeller, kHarmless)).level < Level::pitch);
}

TEST_CASE("a friendly answer on LinkedIn makes the member known") {
  Office office;
  office.receive(inmail(kInMailPitch, 1, "aaaa-1"));
  office.write("aaaa-1@reply.linkedin.com", "Sounds good, tell me more.",
               "1.1.1@ltx1-app1.prod.linkedin.com");
  office.wait(24h);
  CHECK(office.look(inmail(kInMailPitch, 2, "aaaa-2")).exempt_because == "known-contact");
  CHECK(office.look(inmail(kInMailPitch, 3, "cccc-3", "somebody-else")).level == Level::pitch);
}

TEST_CASE("a sibling domain earns no trust") {
  Office office;
  office.write("marcus@bluefin.example", "Please send me the offer.");
  CHECK(office.look(from("marcus@bluefin.example", kPitch)).exempt_because == "known-contact");
  CHECK(office.look(from(kSeller, kPitch)).level == Level::pitch);
}

TEST_CASE("free mail is one sender an address") {
  Office office;
  office.receive(from("marcus@gmail.com", kPitch));
  office.write("marcus@gmail.com", "Not interested.", "test@outside.example");
  office.write("kim@gmail.com", "See you at the fair.");
  office.wait(24h);
  CHECK(office.look(from("marcus@gmail.com", kHarmless)).level == Level::repeat_pitch);
  CHECK(office.look(from("lena@gmail.com", kHarmless)).level == Level::none);
  CHECK(office.look(from("lena@gmail.com", kPitch)).level == Level::pitch);
}

TEST_CASE("a brand in the signature shares a stop") {
  Office office;
  office.receive(from("marcus@gmail.com", kPitch + "\n\n-- \nMarcus Reed\nhttps://www.bluefin.example/\n"));
  office.write("marcus@gmail.com", "Not interested.", "test@outside.example");
  office.on("2022-08-08");
  const Verdict back = office.look(from("lena@bluefinhq.example", kFollowUp));
  CHECK(back.level == Level::repeat_pitch);
  CHECK_THAT(back.reason, ContainsSubstring("2022-02-08"));
}

// ---- LinkedIn ---------------------------------------------------------------------------------------------------------

TEST_CASE("a pitch soon after an accepted invitation says so") {
  Office office("history: { accepted: 10 d }\n");
  LinkedInMailOptions accepted;
  accepted.layout = LinkedInLayout::invitation_accepted;
  office.receive(coldpitch::test::linkedin_mail(accepted));
  const auto evidence = [&](std::string_view date) {
    const Verdict verdict = office.on(date).look(inmail(kInMailPitch, 1, "aaaa-1"));
    CHECK(verdict.level == Level::pitch);
    return has_clause(verdict, "invitation");
  };
  CHECK(evidence("2022-02-10"));
  CHECK_FALSE(evidence("2022-02-20"));
}

TEST_CASE("what LinkedIn itself sends is no second message of a member") {
  Office office;
  office.receive(inmail(kInMailPitch, 1, "aaaa-1"));
  LinkedInMailOptions newsletter;
  newsletter.layout = LinkedInLayout::newsletter;
  const Judgement judgement = office.receive(coldpitch::test::linkedin_mail(newsletter));
  CHECK(judgement.verdict().level == Level::none);
  const Result<StoreStats> stats = office.memory().store->stats();
  REQUIRE(stats.has_value());
  CHECK(stats->events[static_cast<std::size_t>(EventKind::inbound)] == 1);
}

// ---- one text to many -------------------------------------------------------------------------------------------------

TEST_CASE("forty local people get one pitch with their names in it within an hour") {
  Office office;
  std::vector<Judgement> judgements;
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::string(1, static_cast<char>('A' + i % 26)) + "lex" +
                             std::string(1, static_cast<char>('a' + i / 26));
    std::string body = kPitch;
    body.replace(body.find("Alex"), 4, name);
    const std::string author = "seller" + std::to_string(i % 4) + "@getbluefin.example";
    judgements.push_back(office.receive(from(author, body), {"user" + std::to_string(i) + "@example.net"}));
    office.wait(80s);
  }
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    CAPTURE(i);
    const Verdict& verdict = judgements[i].verdict();
    CHECK(verdict.level >= Level::pitch);
    bool found = false;
    for (const Evidence& evidence : verdict.evidence) found = found || evidence.rule == "same-text-to-many";
    CHECK(found == (i >= 2));
    if (i >= 2) CHECK(has_clause(verdict, "untargeted"));
  }
  // A day later it is another mailing, and another text is no part of it.
  CHECK_FALSE(has_clause(office.look(from(kSeller, kHarmless), "late@example.net"), "untargeted"));
  office.wait(25h);
  const Verdict later = office.look(from("new@bluefin.example", kPitch), "late@example.net");
  CHECK(later.level == Level::pitch);
  for (const Evidence& evidence : later.evidence) CHECK(evidence.rule != "same-text-to-many");
}

TEST_CASE("words are sketched where the history is asked about them, and nowhere else") {
  const auto sketch_of = [](const std::string& octets, const std::string& user) {
    const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
    Envelope envelope;
    envelope.recipients = {kAlex};
    envelope.authenticated_user = user;
    return PreparedMessage(octets, envelope, *shipped(), &keyring).judgement().keys.sketch;
  };
  const std::string pitch = from(kSeller, kPitch);
  CHECK(sketch_of(pitch, "").has_value());
  CHECK_FALSE(sketch_of(pitch, "alex").has_value());
  CHECK_FALSE(sketch_of("Subject: Idea\r\n\r\n" + kPitch, "").has_value());
}

TEST_CASE("recipients of one message count among the many") {
  Office office;
  const auto is_to_many = [&](std::vector<std::string> recipients) {
    const Judgement judgement = office.receive(from(kSeller, kPitch), std::move(recipients));
    for (const Evidence& evidence : judgement.verdict().evidence) {
      if (evidence.rule == "same-text-to-many") return true;
    }
    return false;
  };
  CHECK_FALSE(is_to_many({"a@example.net", "b@example.net"}));
  CHECK(is_to_many({"b@example.net", "c@example.net"}));
  Office other;
  CHECK(has_clause(
      other.receive(from(kSeller, kPitch), {"a@example.net", "b@example.net", "c@example.net"}).verdict(),
      "untargeted"));
}

// ---- time --------------------------------------------------------------------------------------------------------------

TEST_CASE("a judgement as of a day does not see what came later") {
  Office office;
  office.on("2022-02-08").receive(from(kSeller, kPitch));
  office.write(kSeller, "Not interested.", "test@outside.example");
  office.on("2022-08-08").receive(from(kSeller, kFollowUp));
  office.on("2022-09-01");
  REQUIRE(office.say(Lesson::wanted, from(kSeller, kPitch)));
  const auto level_on = [&](std::string_view date) {
    return office.on(date).look(from(kSeller, kPitch)).level;
  };
  CHECK(level_on("2022-02-07") == Level::pitch);
  CHECK(level_on("2022-02-09") == Level::repeat_pitch);
  CHECK(level_on("2022-08-31") == Level::repeat_pitch);
  CHECK(level_on("2022-09-02") == Level::none);
  CHECK(level_on("2021-12-31") == Level::pitch);
}

TEST_CASE("how long an unanswered message counts is a setting") {
  Office office("history: { follow_ups: 30 d }\n");
  office.on("2022-02-08").receive(from(kSeller, kPitch));
  CHECK(office.on("2022-03-09").look(from(kSeller, kPitch)).level == Level::repeat_pitch);
  CHECK(office.on("2022-03-11").look(from(kSeller, kPitch)).level == Level::pitch);
}

// ---- learn() -----------------------------------------------------------------------------------------------------------

TEST_CASE("what cannot be learned is an error") {
  Office office;
  const auto code = [](const Result<Event>& said) {
    return said ? std::nullopt : std::optional(said.error().code);
  };
  CHECK(code(office.say(Lesson::stop, "Subject: nobody\r\n\r\nText\r\n")) == Code::syntax);
  CHECK(code(office.say(Lesson::stop, from(kSeller, kPitch), "alex")) == Code::syntax);
  CHECK(code(learn(from(kSeller, kPitch), Lesson::stop, kAlex, TimePoint{}, *shipped(), {})) ==
        Code::permanent);
}

TEST_CASE("lessons have names and come back from them") {
  for (const Lesson lesson : {Lesson::pitch, Lesson::wanted, Lesson::stop})
    CHECK(lesson_from(to_string(lesson)) == lesson);
  for (const char* name : {"", "Pitch", "spam"}) CHECK_FALSE(lesson_from(name).has_value());
}

TEST_CASE("nothing of a message's words is kept") {
  Office office;
  office.receive(
      from("Marcus Reed <marcus@getbluefin.example>", kPitch, "Reply-To: secret@elsewhere.example\n"));
  office.write(kSeller, "Not interested.", "test@outside.example");
  REQUIRE(office.say(Lesson::pitch, from(kSeller, kPitch)));
  const std::string user = user_key(office.keyring(), kAlex);
  const Result<std::vector<Event>> events = office.memory().store->events({{}, user}, 100);
  REQUIRE(events.has_value());
  REQUIRE(events->size() >= 3);
  for (const Event& event : *events) {
    std::vector<std::string> keys = {event.user, event.person, event.organisation, event.message_id};
    keys.insert(keys.end(), event.traces.begin(), event.traces.end());
    for (const std::string& key : keys) {
      if (key.empty()) continue;
      CHECK(key.size() == 32);
      CHECK(key.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    CHECK((event.verdict.empty() || level_from(event.verdict).has_value()));
  }
}
