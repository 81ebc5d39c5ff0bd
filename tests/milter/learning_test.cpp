// SPDX-License-Identifier: MIT
// What the history makes of whole conversations, through the pipeline, with the shipped policies and a clock the test sets.
#include "milter/learning.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "parsers/date.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_mail.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using namespace std::chrono_literals;
using coldpitch::test::plain_mail;
using coldpitch::test::shipped_snapshot;
using coldpitch::testing::LinkedInLayout;
using coldpitch::testing::LinkedInMailOptions;

namespace {

constexpr const char* kAlex = "alex@example.net";
constexpr const char* kSeller = "marcus@getbluefin.example";

const std::string kPitch =
    "Hi Alex,\n\nI came across your website and was impressed by your growth. We are a full-service agency "
    "and help "
    "companies like yours cut cloud costs by 30%. Our clients save hours every week.\n\nAre you open to a "
    "quick "
    "15-minute call next Tuesday?\n\nBest regards,\nMarcus";
const std::string kFollowUp =
    "Hi Alex,\n\njust following back up with you. Is cutting cloud costs still something you would like to "
    "talk "
    "about?\n\nBest,\nMarcus";
const std::string kHarmless =
    "Hello,\n\nthe minutes of the meeting are below. See you in the office.\n\nMarcus";

TimePoint day(std::string_view date) {
  const std::optional<TimePoint> time = parse_rfc3339(std::string(date) + "T10:00:00Z");
  REQUIRE(time.has_value());
  return *time;
}

/// A message as our edge hands it on, with the sender's domain proved.
std::string from(const std::string& author, const std::string& body, const std::string& more = "") {
  const std::string domain = author.substr(author.find('@') + 1, author.find('>') - author.find('@') - 1);
  return "Authentication-Results: mx.example.net; dmarc=pass header.from=" + domain + "\r\n" +
         plain_mail(author, "Idea", body, more);
}

bool has_clause(const Verdict& verdict, std::string_view id) {
  for (const ClauseScore& clause : verdict.clauses) {
    if (clause.id == id) return true;
  }
  return false;
}

/// Compiled once: it is the same for most tests.
std::shared_ptr<const Snapshot> shipped() {
  static const std::shared_ptr<const Snapshot> snapshot = shipped_snapshot();
  return snapshot;
}

/// A mail server of example.net with its history.
class Office {
 public:
  Office() : snapshot_(shipped()) {}
  explicit Office(const std::string& configuration) : snapshot_(shipped_snapshot(configuration)) {}

  Office& on(std::string_view date) {
    now_ = day(date);
    return *this;
  }
  void wait(std::chrono::seconds time) { now_ += time; }

  Judgement receive(const std::string& octets, std::vector<std::string> recipients = {kAlex}) {
    Envelope envelope;
    envelope.known = true;
    envelope.client_address = "192.0.2.44";
    envelope.envelope_sender = "bounce@outside.example";
    envelope.recipients = std::move(recipients);
    return pass(octets, envelope);
  }

  /// Alex writes through the milter. `answers`: the Message-ID that is answered.
  Judgement write(const std::string& to, const std::string& body, const std::string& answers = "",
                  const std::string& more = "", std::vector<std::string> recipients = {}) {
    Envelope envelope;
    envelope.known = true;
    envelope.client_address = "192.0.2.44";
    envelope.authenticated_user = "alex";
    envelope.envelope_sender = kAlex;
    envelope.recipients = recipients.empty() ? std::vector<std::string>{to} : std::move(recipients);
    std::string octets = "From: Alex <alex@example.net>\r\nTo: " + to + "\r\nMessage-ID: <reply-" +
                         std::to_string(++written_) + "@example.net>\r\nSubject: Re: Idea\r\n";
    if (!answers.empty()) octets += "In-Reply-To: <" + answers + ">\r\nReferences: <" + answers + ">\r\n";
    return pass(octets + more + "\r\n" + body + "\r\n", envelope);
  }

  Result<Event> say(Lesson lesson, const std::string& octets, const std::string& who = kAlex) {
    return learn(octets, lesson, who, now_, *snapshot_, memory());
  }

  /// As `receive`, but nothing is remembered.
  Verdict look(const std::string& octets, const std::string& recipient = kAlex) {
    Envelope envelope;
    envelope.recipients = {recipient};
    envelope.client_address = "192.0.2.44";
    envelope.time = now_;
    return judge_message(octets, envelope, *snapshot_, memory()).verdict();
  }

  [[nodiscard]] Memory memory() const { return {store_.get(), &keyring_}; }
  [[nodiscard]] const Keyring& keyring() const { return keyring_; }

 private:
  Judgement pass(const std::string& octets, Envelope& envelope) {
    envelope.time = now_;
    Judgement judgement = judge_message(octets, envelope, *snapshot_, memory());
    REQUIRE(remember(judgement, envelope, *snapshot_, memory()));
    return judgement;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Store> store_ = open_memory_store();
  Keyring keyring_{std::array<std::uint8_t, 32>{7}};
  TimePoint now_ = day("2022-02-08");
  int written_ = 0;
};

std::string inmail(const std::string& text, unsigned serial, const std::string& route,
                   const std::string& vanity = "jane-doe-42",
                   LinkedInLayout layout = LinkedInLayout::inmail_2026) {
  LinkedInMailOptions options;
  options.layout = layout;
  options.text = text;
  options.serial = serial;
  options.vanity = vanity;
  options.recipient = kAlex;
  std::string octets = coldpitch::testing::linkedin_mail(options);
  return octets.insert(octets.find("Subject: "), "Reply-To: Jane Doe <" + route + "@reply.linkedin.com>\r\n");
}

const std::string kInMailPitch =
    "Hi Alex,\n\nI came across your profile and was impressed by your growth. We help companies like yours "
    "cut cloud "
    "costs by 30%.\n\nAre you open to a quick virtual coffee chat next week?\n\nJane";

}  // namespace

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
  other.text = "Hello Alex, we met at the fair in May.";
  CHECK(office.look(coldpitch::testing::linkedin_mail(other)).level == Level::none);
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
  const Verdict back = office.look(coldpitch::testing::linkedin_mail(options));
  CHECK(back.level == Level::repeat_pitch);
  CHECK_THAT(back.reason, ContainsSubstring("you asked this sender to stop on 2022-02-08"));
}

// ---- the complaints of people who use other filters -----------------------------------------------------------------

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
  office.receive(coldpitch::testing::linkedin_mail(accepted));
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
  const Judgement judgement = office.receive(coldpitch::testing::linkedin_mail(newsletter));
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
