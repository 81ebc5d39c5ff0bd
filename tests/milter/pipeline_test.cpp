// SPDX-License-Identifier: MIT
#include "milter/pipeline.h"

#include <tuple>

#include "milter/learning.h"
#include "parsers/text.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::plain_mail;
using coldpitch::test::sample_mail;
using coldpitch::test::shipped_snapshot;

namespace {

constexpr TimePoint kMonday{std::chrono::seconds(1'760'340'000)};

/// A store and the pipeline around it, with a clock the test sets.
struct Desk {
  std::shared_ptr<const Snapshot> snapshot = shipped_snapshot();
  std::unique_ptr<Store> store = open_memory_store();
  Keyring keyring{std::array<std::uint8_t, 32>{1}};
  Envelope envelope = [] {
    Envelope made;
    made.known = true;
    made.client_address = "192.0.2.44";
    made.envelope_sender = "sender@outside.example";
    made.recipients = {"alex@example.net"};
    made.time = kMonday;
    return made;
  }();

  Judgement judge(const std::string& octets) {
    const Memory memory{store.get(), &keyring};
    Judgement judgement = judge_message(octets, envelope, *snapshot, memory);
    REQUIRE(remember(judgement, envelope, *snapshot, memory));
    REQUIRE(store->flush());
    envelope.time += std::chrono::hours(1);
    return judgement;
  }

  /// Alex writes to `recipient` through the milter.
  void write_to(const std::string& recipient, const std::string& message_id, const std::string& text) {
    const Envelope before = envelope;
    envelope.authenticated_user = "alex";
    envelope.envelope_sender = "alex@example.net";
    envelope.recipients = {recipient};
    const Judgement judgement =
        judge("From: alex@example.net\r\nTo: " + recipient + "\r\nSubject: Hello\r\nMessage-ID: <" +
              message_id + ">\r\n\r\n" + text + "\r\n");
    CHECK(judgement.channel == Channel::outbound);
    const TimePoint now = envelope.time;
    envelope = before;
    envelope.time = now;
  }
};

Judgement judge_once(const std::string& octets) { return Desk().judge(octets); }

/// A passing result of our own edge for `domain`, above the message.
std::string authenticated(const std::string& domain, const std::string& octets) {
  return "Authentication-Results: mx.example.net; dmarc=pass header.from=" + domain +
         "; dkim=pass header.d=" + domain + "\r\n" + octets;
}

bool has_clause(const Verdict& verdict, std::string_view id) {
  for (const ClauseScore& clause : verdict.clauses) {
    if (clause.id == id) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the samples are judged as their README says") {
  Desk desk;
  const Verdict inmail = desk.judge(sample_mail("1-linkedin-inmail.eml")).verdict();
  CHECK(inmail.level == Level::pitch);
  CHECK(inmail.channel == Channel::linkedin);
  CHECK(inmail.clauses.front().policy == "linkedin-professional-community");
  const Verdict direct = desk.judge(sample_mail("2-direct-pitch.eml")).verdict();
  CHECK(direct.level == Level::pitch);
  CHECK(direct.channel == Channel::direct);
  const Verdict follow_up = desk.judge(sample_mail("3-follow-up.eml")).verdict();
  CHECK(follow_up.level == Level::repeat_pitch);
  CHECK(has_clause(follow_up, "repetitive"));
  CHECK(desk.judge(sample_mail("4-prospect-question.eml")).verdict().level == Level::none);
  CHECK(desk.judge(sample_mail("5-colleague.eml")).verdict().level == Level::none);
}

TEST_CASE("a pitch is found in three languages") {
  struct Row {
    const char* language;
    const char* subject;
    const char* body;
  };
  const Row rows[] = {
      {"en", "Cutting your cloud bill",
       "Hi Alex,\n\nI hope this finds you well. I came across your company and was impressed by your "
       "growth.\n\nWe help "
       "companies like yours reduce cloud costs by 30% without touching a line of code. We recently helped "
       "Bluefin "
       "Logistics save 200,000 a year.\n\nAre you open to a quick 15-minute call next Tuesday? If you would "
       "rather not "
       "hear from me, just reply stop.\n\nBest regards,\nKim"},
      {"de", "Mehr Bewerbungen für Ihre offenen Stellen",
       "Sehr geehrte Frau Morgan,\n\nich bin auf Ihre Website aufmerksam geworden und habe gesehen, dass Sie "
       "wachsen. Wir "
       "helfen Unternehmen wie Ihrem, offene Stellen bis zu 40 % schneller zu besetzen. Viele unserer Kunden "
       "haben damit "
       "ihre Kosten deutlich gesenkt.\n\nHätten Sie nächste Woche 15 Minuten für einen kurzen, "
       "unverbindlichen Austausch? "
       "Wenn Sie keine weiteren Nachrichten wünschen, antworten Sie einfach mit STOP.\n\nMit freundlichen "
       "Grüßen\nJana Held"},
      {"fr", "Plus de clients pour votre entreprise",
       "Bonjour,\n\nJe me permets de vous contacter car j'ai découvert votre site et votre activité. Nous "
       "aidons des "
       "entreprises comme la vôtre à générer 30 % de prospects qualifiés en plus chaque mois. Nos clients "
       "ont doublé leur "
       "chiffre d'affaires en un an.\n\nSeriez-vous disponible pour un court échange de 15 minutes la "
       "semaine prochaine ? "
       "Si ce message ne vous intéresse pas, répondez STOP.\n\nCordialement,\nLuc Martin"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.language);
    const Judgement judgement = judge_once(plain_mail("Kim Lee <kim@seller.example>", row.subject, row.body));
    CHECK(judgement.message.language == row.language);
    CHECK(judgement.verdict().level == Level::pitch);
    CHECK_FALSE(judgement.verdict().reason.empty());
  }
}

TEST_CASE("the same words inside a thread are none") {
  const std::string body =
      "Hi Alex,\n\nAs promised, here is the offer. We help companies like yours cut costs by 30%. Shall we "
      "have a quick "
      "15-minute call on Tuesday?\n\nKim\n\nOn Mon, 12 Oct 2026 at 10:00, Alex Morgan <alex@example.net> "
      "wrote:\n"
      "> Thanks for your call, Kim. Please send me the offer we talked about,\n> and the price list.\n";
  const std::string reply = plain_mail("Kim Lee <kim@seller.example>", "Re: Offer", body,
                                       "In-Reply-To: <asked@example.net>\nReferences: <asked@example.net>\n");
  SECTION("known by the stored Message-ID") {
    Desk desk;
    desk.write_to("kim@seller.example", "asked@example.net", "Please send me the offer.");
    const Verdict verdict = desk.judge(reply).verdict();
    CHECK(verdict.level == Level::none);
    CHECK(verdict.exempt_because == "in-our-thread");
  }
  SECTION("by its look alone, when history knows nothing") {
    CHECK(judge_once(reply).verdict().level < Level::pitch);
  }
}

TEST_CASE("evidence stands where it says") {
  const struct {
    const char* sample;
    std::size_t fewest;
  } kRows[] = {{"1-linkedin-inmail.eml", 3}, {"2-direct-pitch.eml", 3}, {"3-follow-up.eml", 1}};
  for (const auto& row : kRows) {
    CAPTURE(row.sample);
    const Judgement judgement = judge_once(sample_mail(row.sample));
    const std::map<std::string, std::string> fields{{"subject", judgement.message.subject},
                                                    {"body", judgement.message.text},
                                                    {"sender", judgement.linkedin.sender_name},
                                                    {"headline", judgement.linkedin.sender_headline}};
    std::size_t checked = 0;
    for (const Evidence& evidence : judgement.verdict().evidence) {
      CAPTURE(evidence.rule, evidence.where, evidence.offset, evidence.text);
      if (evidence.length == 0) continue;
      REQUIRE(fields.contains(evidence.where));
      CHECK(fields.at(evidence.where).substr(evidence.offset, evidence.length) == evidence.text);
      ++checked;
    }
    CHECK(checked >= row.fewest);
  }
}

TEST_CASE("whoever we wrote to is known, once proved") {
  Desk desk;
  desk.write_to("marcus@growthloop-mail.example", "hello@example.net", "Tell me more, please.");
  const std::string pitch = sample_mail("2-direct-pitch.eml");
  CHECK(desk.judge(pitch).verdict().level == Level::pitch);  // anybody may claim to be Marcus
  const Verdict proved = desk.judge(authenticated("growthloop-mail.example", pitch)).verdict();
  CHECK(proved.level == Level::none);
  CHECK(proved.exempt_because == "known-contact");
}

TEST_CASE("whoever we told to go away is no contact") {
  Desk desk;
  const std::string pitch = authenticated("growthloop-mail.example", sample_mail("2-direct-pitch.eml"));
  desk.write_to("marcus@growthloop-mail.example", "no@example.net",
                "Not interested. Please remove me from your list.");
  CHECK(desk.judge(pitch).verdict().level == Level::pitch);
}

TEST_CASE("filtered mail never counts as contact") {
  Desk desk;
  CHECK(desk.judge(sample_mail("2-direct-pitch.eml")).verdict().level == Level::pitch);
  CHECK(desk.judge(authenticated("growthloop-mail.example", sample_mail("2-direct-pitch.eml")))
            .verdict()
            .level >= Level::pitch);
}

TEST_CASE("a follow-up within the same second is one too") {
  Desk desk;
  CHECK(desk.judge(sample_mail("2-direct-pitch.eml")).verdict().level == Level::pitch);
  desk.envelope.time = kMonday;
  CHECK(desk.judge(sample_mail("3-follow-up.eml")).verdict().level == Level::repeat_pitch);
}

TEST_CASE("each way in has its channel") {
  Desk desk;
  const std::string pitch = sample_mail("2-direct-pitch.eml");
  desk.envelope.client_address = "127.0.0.1";
  CHECK(desk.judge(pitch).channel == Channel::outbound);
  desk.envelope.client_address = "192.0.2.44";
  CHECK(desk.judge(plain_mail("list@lists.example", "[dev] News", "Text", "List-Id: <dev.lists.example>\n"))
            .channel == Channel::list);
  const Judgement own =
      desk.judge(authenticated("example.net", plain_mail("jo@example.net", "Rota", "Text")));
  CHECK(own.channel == Channel::exempt);
  CHECK(own.verdict().exempt_because == "own-domain");
  CHECK(desk.judge(plain_mail("jo@example.net", "Rota", "Text")).channel == Channel::direct);
}

TEST_CASE("words that no policy looks at are not looked through") {
  constexpr auto kMatch = static_cast<std::size_t>(Stage::match);
  constexpr std::chrono::steady_clock::duration kNone{};
  Desk desk;
  const Judgement listed =
      desk.judge(plain_mail("list@lists.example", "[dev] News", "Text", "List-Id: <dev.lists.example>\n"));
  Verdict silent;
  silent.channel = Channel::list;
  CHECK(listed.verdict() == silent);
  CHECK(listed.stage_times[kMatch] == kNone);
  CHECK(desk.judge(plain_mail("jo@a.example", "News", "Text")).stage_times[kMatch] > kNone);
}

/// What comes of the sample pitch for two recipients when three seconds pass before the clock is asked the `jump`-th time. One letter
/// each: j judged, l late.
std::string judged_with_jump(std::size_t jump, std::size_t& asked) {
  Desk desk;
  desk.envelope.recipients = {"alex@example.net", "kim@example.net"};
  asked = 0;
  Pacing pacing;
  pacing.now = [&] {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(++asked >= jump ? 4 : 1));
  };
  const Judgement judgement =
      judge_message(sample_mail("2-direct-pitch.eml"), desk.envelope, *desk.snapshot, {}, pacing);
  std::string outcome;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    const bool is_late = recipient.verdict.exempt_because == "evaluation-time";
    CHECK(recipient.verdict.level == (is_late ? Level::none : Level::pitch));
    outcome += is_late ? 'l' : 'j';
  }
  const bool is_any_late = outcome.find('l') != std::string::npos;
  CHECK(judgement.faults == std::vector<std::string>(is_any_late ? 1 : 0, "evaluation-time"));
  CHECK(judgement.message.problems.has("evaluation-time") == is_any_late);
  return outcome;
}

TEST_CASE("judging stops at its limit between any two stages") {
  std::size_t all = 0;
  CHECK(judged_with_jump(1, all) == "jj");  // it was late before
  for (std::size_t jump = 2; jump <= all; ++jump) {
    CAPTURE(jump, all);
    std::size_t asked = 0;
    const std::string outcome = judged_with_jump(jump, asked);
    // The fourth time judging begins anew: what passed since reading does not count. Last, all are judged.
    const std::string expected = jump == 4 || jump == all ? "jj" : jump + 1 == all ? "jl" : "ll";
    CHECK(outcome == expected);
    CHECK(asked <= all);
  }
}

TEST_CASE("judging stops at its limit in the middle of a long text") {
  const Desk desk;
  std::string text;
  while (text.size() < 20'000) {
    text +=
        "We are a leading SEO agency and help companies like yours reach the first page of Google.\n"
        "Are you interested? We could have a quick 15-minute call this week, or I send you a free audit.\n";
  }
  const std::string mail = plain_mail("kim@seller.example", "More customers", text);
  std::size_t asked = 0;
  const auto is_late_with_jump = [&](std::size_t jump) {
    asked = 0;
    Pacing pacing;
    pacing.now = [&] {
      return std::chrono::steady_clock::time_point(std::chrono::seconds(++asked >= jump ? 4 : 1));
    };
    const Judgement judgement = judge_message(mail, desk.envelope, *desk.snapshot, {}, pacing);
    return judgement.verdict().exempt_because == "evaluation-time";
  };
  CHECK_FALSE(is_late_with_jump(std::string::npos));
  const std::size_t all = asked;
  CHECK(all > 40);
  for (const std::size_t jump : {all / 4, all / 2, all / 4 * 3}) {
    CAPTURE(jump, all);
    CHECK(is_late_with_jump(jump));
    CHECK(asked <= jump + 3);
  }
}

TEST_CASE("which lists are subscribed to may be said") {
  struct Row {
    std::string setting, field;
    Channel channel;
    std::string exempt_because;
  };
  const std::string id = "List-Id: Sales talk <Dev.Lists.example>\n";
  const Row rows[] = {
      {"", id, Channel::list, ""},
      {"lists: any\n", id, Channel::list, ""},
      {"lists: [dev.lists.example]\n", id, Channel::list, "subscribed-list"},
      {"lists: lists.example\n", id, Channel::list, "subscribed-list"},
      {"lists: [v.lists.example]\n", id, Channel::direct, ""},
      {"lists: []\n", id, Channel::direct, ""},
      {"lists: [dev.lists.example]\n", "List-Id: dev.lists.example\n", Channel::list, "subscribed-list"},
      {"lists: [dev.lists.example]\n", "List-Id: <dev.lists.example\n", Channel::list, "subscribed-list"},
      {"lists: [dev.lists.example]\n", "Precedence: list\n", Channel::direct, ""},
      {"lists: [dev.lists.example]\n", "", Channel::direct, ""},
  };
  for (const Row& row : rows) {
    Desk desk;
    desk.snapshot = shipped_snapshot(row.setting);
    const Judgement judgement = desk.judge(plain_mail("kim@lists.example", "News", "Text", row.field));
    CAPTURE(row.setting, row.field);
    CHECK(judgement.channel == row.channel);
    CHECK(judgement.verdict().exempt_because == row.exempt_because);
  }
}

TEST_CASE("who pretends to be a mail server has no null sender") {
  Desk desk;
  const std::string mail = plain_mail("mailer-daemon@seller.example", "More customers", "Text");
  desk.envelope.known = true;
  desk.envelope.envelope_sender = "";
  CHECK(desk.judge(mail).verdict().exempt_because == "bounce");
  desk.envelope.envelope_sender = "kim@seller.example";
  CHECK(desk.judge(mail).channel == Channel::direct);
}

TEST_CASE("every recipient is judged, and the mildest acts") {
  Desk desk;
  desk.snapshot = shipped_snapshot(
      "profiles:\n  - { match: ['*'], mode: reject }\n  - { match: [jo@example.net], mode: 'off' }\n");
  desk.envelope.recipients = {"alex@example.net", "jo@example.net", "blind@example.net"};
  const Judgement judgement = desk.judge(sample_mail("2-direct-pitch.eml"));
  REQUIRE(judgement.recipients.size() == 3);
  CHECK(judgement.recipients[0].action == Mode::reject);
  CHECK(judgement.recipients[0].visible);
  CHECK(judgement.recipients[1].verdict.exempt_because == "profile-off");
  CHECK_FALSE(judgement.recipients[2].visible);
  CHECK(judgement.action() == Mode::off);
  CHECK(judgement.verdict().level == Level::none);
}

TEST_CASE("each recipient is told why in their own language") {
  Desk desk;
  desk.snapshot = shipped_snapshot(
      "profiles:\n  - { match: ['*'], mode: reject, language: de }\n  - { match: [jo@example.net], language: "
      "fr }\n");
  desk.envelope.recipients = {"alex@example.net", "jo@example.net"};
  const Judgement judgement = desk.judge(sample_mail("2-direct-pitch.eml"));
  const auto& [german, french] = std::tie(judgement.recipients.at(0), judgement.recipients.at(1));
  CHECK_THAT(german.refusal, ContainsSubstring("abgelehnt nach Klausel 'commercial'"));
  CHECK_THAT(german.refusal, ContainsSubstring(german.verdict.reason));
  CHECK(french.refusal.empty());
  CHECK(german.verdict.reason != french.verdict.reason);
  CHECK(german.verdict.reasons == french.verdict.reasons);
}

TEST_CASE("a language without words is an error of the configuration") {
  CHECK_THROWS_WITH(shipped_snapshot("profiles: [{ match: ['*'], language: sv }]\n"),
                    ContainsSubstring("no file of words for people called 'sv'"));
}

TEST_CASE("an allowed sender is not judged") {
  Desk desk;
  desk.snapshot = shipped_snapshot("profiles: [{ match: ['*'], allow: [growthloop-mail.example] }]\n");
  CHECK(desk.judge(sample_mail("2-direct-pitch.eml")).verdict().exempt_because == "allowed-sender");
}

TEST_CASE("a store that fails blocks nobody and is told") {
  class BrokenStore final : public Store {
   public:
    Result<std::vector<ContactFacts>> ask(const ContactQuestion&) override { return away(); }
    Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion&) override { return away(); }
    Result<void> record(Event) override { return away(); }
    Result<void> flush() override { return {}; }
    Result<std::size_t> expire(TimePoint, TimePoint) override { return std::size_t{0}; }
    Result<std::vector<Event>> events(const EventFilter&, std::size_t) override { return away(); }
    Result<void> scan(TimePoint, const std::function<void(const Event&)>&) override { return away(); }
    Result<std::size_t> erase(const EventFilter&) override { return away(); }
    Result<StoreStats> stats() override { return away(); }

   private:
    static tl::unexpected<Error> away() { return tl::unexpected(Error{Code::temporary, 0, "away"}); }
  };
  Desk desk;
  BrokenStore broken;
  const Memory memory{&broken, &desk.keyring};
  const Judgement colleague =
      judge_message(sample_mail("5-colleague.eml"), desk.envelope, *desk.snapshot, memory);
  CHECK(colleague.verdict().level == Level::none);
  CHECK(colleague.faults == std::vector<std::string>{"history"});
  CHECK_FALSE(remember(colleague, desk.envelope, *desk.snapshot, memory));
}

TEST_CASE("forged LinkedIn mail is judged as direct mail") {
  std::string forged = sample_mail("1-linkedin-inmail.eml");
  const std::size_t results = forged.find("dkim=pass");
  forged.replace(results, 9, "dkim=fail");
  const std::size_t dmarc = forged.find("dmarc=pass");
  forged.replace(dmarc, 10, "dmarc=fail");
  const Judgement judgement = judge_once(forged);
  CHECK(judgement.channel == Channel::direct);
  CHECK(judgement.linkedin.authenticity == LinkedInAuthenticity::forged);
  CHECK(judgement.linkedin.sender_name.empty());
}

TEST_CASE("any octets are judged") {
  for (const std::string& octets :
       {std::string(), std::string("\0\0\0", 3), std::string(100000, '\n'), std::string("\xFF\xFE:"),
        std::string("From: <@"), std::string(3000, ':')}) {
    const Judgement judgement = judge_once(octets);
    CHECK(judgement.recipients.size() == 1);
    CHECK(judgement.verdict().level == Level::none);
  }
}

TEST_CASE("a prepared message is judged as one given whole, and answers what would be otherwise") {
  Desk desk;
  const Memory memory{desk.store.get(), &desk.keyring};
  const std::string octets = sample_mail("2-direct-pitch.eml");
  PreparedMessage prepared(octets, desk.envelope, *desk.snapshot, &desk.keyring);
  const Verdict verdict = prepared.judge(memory).verdict();
  CHECK(verdict == judge_message(octets, desk.envelope, *desk.snapshot, memory).verdict());
  REQUIRE(verdict.level == Level::pitch);

  ContactFacts facts;
  CHECK(prepared.what_if("alex@example.net", facts) == verdict);
  facts.told_to_stop = kMonday - std::chrono::hours(48);
  CHECK(prepared.what_if("alex@example.net", facts).level == Level::repeat_pitch);
  CHECK(prepared.what_if("alex@example.net", facts).level == Level::repeat_pitch);  // nothing is left behind
  CHECK(prepared
            .what_if("alex@example.net", ContactFacts{}, {}, Thresholds{{Level::pitch, verdict.score + 0.1}})
            .level == Level::suspect);

  const std::string heaviest = verdict.evidence.front().rule;
  const Verdict lighter = prepared.what_if("alex@example.net", ContactFacts{}, {heaviest});
  CHECK(lighter.score < verdict.score);
  for (const Evidence& evidence : lighter.evidence) CHECK(evidence.rule != heaviest);
  CHECK(prepared.take().message.subject == "Idea for Example Clinics' website");
}
