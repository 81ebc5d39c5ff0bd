// SPDX-License-Identifier: MIT
// The complaints of people who use other filters, each as a conversation that must go otherwise here.
#include <memory>
#include <string>

#include "tests/milter/office.h"

using namespace coldpitch;
using namespace coldpitch::test;
using namespace std::chrono_literals;

TEST_CASE("complaint: earlier filtered mail counted as contact, so the second pitch passed") {
  Office office;
  for (int i = 0; i < 3; ++i) {
    CHECK(office.receive(from(kSeller, kPitch)).verdict().level >= Level::pitch);
    office.wait(24h * 7);
  }
  office.receive(inmail(kInMailPitch, 1, "aaaa-1"));
  office.wait(24h);
  CHECK(office.receive(inmail(kInMailPitch, 2, "aaaa-2")).verdict().level == Level::repeat_pitch);
}

TEST_CASE("complaint: junking a thread put a coworker on the block list") {
  Office office;
  const std::string pitch = from(kSeller, kPitch, "Cc: Kim <kim@example.net>, Pat <pat@partner.example>\n");
  office.receive(pitch, {kAlex, "kim@example.net"});
  office.write(kSeller, "Not interested, remove me from your list.", "test@outside.example",
               "Cc: Kim <kim@example.net>, Pat <pat@partner.example>\r\n",
               {kSeller, "kim@example.net", "pat@partner.example"});
  office.wait(24h);
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::repeat_pitch);
  CHECK(office.look(from("pat@partner.example", kHarmless)).level == Level::none);
  CHECK(office.look(from("someone@partner.example", kHarmless)).level == Level::none);
  CHECK(office.look(plain_mail("Kim <kim@example.net>", "Rota", "Who is in on Friday?")).level ==
        Level::none);
  // The copy tells Kim's own mail nothing either: her history is her own.
  CHECK(office.look(from(kSeller, kHarmless), "kim@example.net").level < Level::pitch);
  // Nor did the refusal make the partner a known contact.
  CHECK(office.look(from("pat@partner.example", kPitch)).level == Level::pitch);
}

TEST_CASE("complaint: a sender stayed blocked although the user had answered") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.write(kSeller, "Not interested.", "test@outside.example");
  office.wait(24h);
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::repeat_pitch);
  office.write(kSeller, "On second thought, let us talk on Tuesday.", "test@outside.example");
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::none);
  CHECK(office.look(from(kSeller, kPitch)).exempt_because == "known-contact");
  CHECK(office.look(from("lena@bluefin.example", kHarmless)).level == Level::none);
}

TEST_CASE("complaint: only mail received was counted, and not what the user had sent") {
  Office office;
  office.write(kSeller, "Hello Marcus, could you send me your prices?");
  office.wait(24h * 90);
  const Verdict answer = office.look(from(kSeller, kPitch));
  CHECK(answer.level == Level::none);
  CHECK(answer.exempt_because == "known-contact");
  CHECK(office.look(from(kSeller, kPitch), "kim@example.net").level == Level::pitch);
}

TEST_CASE("complaint: a look-up error returned no prior contact and blocked real mail") {
  class AwayStore final : public Store {
   public:
    Result<std::vector<ContactFacts>> ask(const ContactQuestion&) override { return away(); }
    Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion&) override { return away(); }
    Result<void> record(Event) override { return away(); }
    Result<void> flush() override { return away(); }
    Result<std::size_t> expire(TimePoint, TimePoint) override { return away(); }
    Result<std::vector<Event>> events(const EventFilter&, std::size_t) override { return away(); }
    Result<void> scan(TimePoint, const std::function<void(const Event&)>&) override { return away(); }
    Result<std::size_t> erase(const EventFilter&) override { return away(); }
    Result<StoreStats> stats() override { return away(); }

   private:
    static tl::unexpected<Error> away() { return tl::unexpected(Error{Code::temporary, 0, "away"}); }
  };
  AwayStore store;
  const Keyring keyring{std::array<std::uint8_t, 32>{}};
  const Memory memory{&store, &keyring};
  const auto snapshot = shipped();
  Envelope envelope;
  envelope.client_address = "192.0.2.44";
  envelope.recipients = {kAlex, "kim@example.net"};
  const Judgement judgement = judge_message(from(kSeller, kHarmless), envelope, *snapshot, memory);
  CHECK(judgement.verdict().level == Level::none);
  CHECK(judgement.faults == std::vector<std::string>{"history"});
  CHECK_FALSE(judgement.recipients[1].contact.has_value());
  CHECK_FALSE(remember(judgement, envelope, *snapshot, memory).has_value());
  envelope.authenticated_user = "alex";
  envelope.envelope_sender = kAlex;
  envelope.recipients = {kSeller};
  const Judgement outbound = judge_message(from(kAlex, "No thanks."), envelope, *snapshot, memory);
  CHECK_FALSE(remember(outbound, envelope, *snapshot, memory).has_value());
  CHECK_FALSE(learn(from(kSeller, kPitch), Lesson::stop, kAlex, TimePoint{}, *snapshot, memory).has_value());
}

TEST_CASE("complaint: the user's correction must win") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.wait(24h);
  SECTION("wanted: the next message is none, whatever it says") {
    REQUIRE(office.say(Lesson::wanted, from(kSeller, kPitch)));
    const Verdict verdict = office.look(from(kSeller, kPitch));
    CHECK(verdict.level == Level::none);
    CHECK(verdict.exempt_because == "wanted");
    // What was said of proved mail is not inherited by a forger.
    CHECK(office.look(plain_mail(kSeller, "Idea", kPitch)).level >= Level::pitch);
  }
  SECTION("pitch: the next message is one, whatever it says") {
    const std::string friendly = from("pat@partner.example", kHarmless);
    office.receive(friendly);
    REQUIRE(office.say(Lesson::pitch, friendly));
    office.wait(1h);
    const Verdict verdict = office.look(
        from("pat@partner.example", "Invoice no. 20331 of your order is due. Could you send me a quote?"));
    CHECK(verdict.level == Level::pitch);
    CHECK(has_clause(verdict, "unwanted"));
    CHECK_THAT(verdict.reason, ContainsSubstring("you filed this sender's mail as a pitch on 2022-02-09"));
    CHECK(office.look(from("kim@partner.example", kHarmless)).level == Level::none);
    CHECK(office.look(friendly, "kim@example.net").level == Level::none);
  }
  SECTION("pitch: even of somebody the user wrote to") {
    office.write("pat@partner.example", "Tell me more.");
    office.wait(1h);
    REQUIRE(office.say(Lesson::pitch, from("pat@partner.example", kHarmless)));
    office.wait(1h);
    CHECK(office.look(from("pat@partner.example", kHarmless)).level == Level::pitch);
    office.write("pat@partner.example", "Sorry, wrong folder.");
    CHECK(office.look(from("pat@partner.example", kHarmless)).exempt_because == "known-contact");
  }
  SECTION("stop: the next message is a repeat-pitch and unwanted") {
    const std::string friendly = from("pat@partner.example", kHarmless);
    const Result<Event> said = office.say(Lesson::stop, friendly);
    REQUIRE(said.has_value());
    CHECK(said->kind == EventKind::stop);
    CHECK(said->source == EventSource::user);
    office.wait(1h);
    const Verdict verdict = office.look(friendly);
    CHECK(verdict.level == Level::repeat_pitch);
    CHECK(has_clause(verdict, "unwanted"));
    REQUIRE(office.say(Lesson::wanted, friendly));
    CHECK(office.look(friendly).level == Level::none);
  }
  SECTION("of mail nobody proved, wanted holds for such mail") {
    const std::string unproved = plain_mail("shop@tiny.example", "Offer", kPitch);
    CHECK(office.look(unproved).level == Level::pitch);
    REQUIRE(office.say(Lesson::wanted, unproved));
    CHECK(office.look(unproved).exempt_because == "wanted");
  }
}

TEST_CASE("complaint: an unsubscribe reply poisoned the contact list") {
  Office office;
  office.receive(from(kSeller, kPitch));
  office.write("unsubscribe-4711@getbluefin.example", "unsubscribe");
  office.write("news-leave@getbluefin.example", "Please take care of it.");
  CHECK(office.look(from(kSeller, kPitch)).level >= Level::pitch);
  // Taking oneself off by an answer to the seller is the user's own word.
  office.write(kSeller, "Unsubscribe", "test@outside.example");
  office.wait(1h);
  CHECK(office.look(from(kSeller, kHarmless)).level == Level::repeat_pitch);
}

TEST_CASE("complaint: mail that nobody wrote of their own will made contacts") {
  const char* field = GENERATE("Auto-Submitted: auto-replied\r\n",
                               "List-Id: <dev.lists.example>\r\nList-Post: <mailto:d@lists.example>\r\n");
  Office office;
  office.write(kSeller, "I am away until Monday.", "", field);
  CHECK(office.look(from(kSeller, kPitch)).level == Level::pitch);
}

TEST_CASE("complaint: one who writes to a list knew everybody at its host") {
  Office office;
  office.receive(from("dev@hosting.example", "How does one build it?",
                      "List-Id: <users.hosting.example>\nList-Post: <mailto:users@hosting.example>\n"));
  office.write("users@hosting.example", "Like this.");
  CHECK(office.look(from("sales@hosting.example", kPitch)).level == Level::pitch);
  office.write("dev@hosting.example", "Does it build now?");
  CHECK(office.look(from("dev@hosting.example", kPitch)).exempt_because == "known-contact");
}
