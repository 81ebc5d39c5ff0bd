// SPDX-License-Identifier: MIT
#include "milter/edits_plan.h"

#include <utility>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

Judgement judged(Level level, Mode action) {
  Judgement judgement;
  RecipientVerdict recipient;
  recipient.address = "alex@example.net";
  recipient.action = action;
  recipient.verdict.level = level;
  recipient.verdict.score = 6;
  recipient.verdict.clauses = {{"commercial", "direct-outreach", 6}};
  recipient.verdict.reason = "offers 100% of something";
  judgement.recipients.push_back(recipient);
  return judgement;
}

EditsPlan plan(const Judgement& judgement, ReceivedMessage received = {{}, " Idea", {"<alex@example.net>"}}) {
  EditsPlan made = plan_edits(judgement, default_config(), received, MtaOffer::everything());
  CHECK(conflict_in(made).empty());
  return made;
}

}  // namespace

TEST_CASE("forged fields are removed from the highest index of each name down") {
  const std::vector<std::string> incoming = {
      "From", "X-Cold-Pitch", "x-cold-pitch", "X-Cold-Pitch-Reason", "X-COLD-PITCH", "To"};
  const std::vector<FieldRemoval> expected = {
      {"X-COLD-PITCH", 3}, {"X-Cold-Pitch-Reason", 1}, {"x-cold-pitch", 2}, {"X-Cold-Pitch", 1}};
  CHECK(plan_removals(incoming) == expected);
}

TEST_CASE("each mode plans its own action") {
  for (const Mode mode : {Mode::off, Mode::annotate, Mode::fold}) {
    const EditsPlan quiet = plan(judged(Level::pitch, mode));
    CHECK(quiet.disposition == Disposition::accept);
    CHECK(quiet.subject.empty());
    CHECK(quiet.quarantine.empty());
    CHECK_FALSE(quiet.additions.empty());
  }
  CHECK(plan(judged(Level::pitch, Mode::tag)).subject == "[pitch] Idea");
  CHECK(plan(judged(Level::pitch, Mode::quarantine_hold)).quarantine ==
        "coldpitch: pitch score=6.0 commercial");
}

TEST_CASE("mail that is not delivered is not edited") {
  const EditsPlan rejected = plan(judged(Level::pitch, Mode::reject));
  CHECK(rejected.disposition == Disposition::reject);
  EditsPlan expected;
  expected.disposition = Disposition::discard;
  CHECK(plan(judged(Level::pitch, Mode::discard)) == expected);
  expected.disposition = Disposition::reject;
  expected.reply = rejected.reply;
  CHECK(rejected == expected);
}

TEST_CASE("the text of a refusal is UTF-8 only for clients that asked for it") {
  Judgement judgement = judged(Level::pitch, Mode::reject);
  judgement.recipients.front().refusal = "abgelehnt: drängt, 100% \r\nUmsatz";
  judgement.recipients.front().language = "de";
  ReceivedMessage received;
  CHECK(plan(judgement, received).reply == "abgelehnt: draengt, 100%   Umsatz");
  received.smtputf8 = true;
  CHECK(plan(judgement, received).reply == "abgelehnt: drängt, 100%   Umsatz");
}

TEST_CASE("the text of a refusal is cut, and not within a character") {
  Judgement judgement = judged(Level::pitch, Mode::reject);
  for (int i = 0; i < 300; ++i) judgement.recipients.front().refusal += "é";
  ReceivedMessage received;
  received.smtputf8 = true;
  CHECK(plan(judgement, received).reply.size() == 380);
  judgement.recipients.front().refusal.insert(0, 1, 'a');
  CHECK(plan(judgement, received).reply.size() == 379);
}

TEST_CASE("the reason of a hold is short, however many clauses there are") {
  Judgement judgement = judged(Level::repeat_pitch, Mode::quarantine_hold);
  auto& clauses = judgement.recipients.front().verdict.clauses;
  for (int i = 0; i < 20; ++i) clauses.push_back({"clause-number-" + std::to_string(i), "p", 1});
  const std::string reason = plan(judgement).quarantine;
  CHECK(reason.size() <= 90);
  CHECK_THAT(reason,
             Catch::Matchers::StartsWith("coldpitch: repeat-pitch score=6.0 commercial,clause-number-0,"));
}

TEST_CASE("a subject is tagged once, and one is made where there is none") {
  ReceivedMessage received;
  received.raw_subject = " [pitch] Idea";
  Judgement judgement = judged(Level::pitch, Mode::tag);
  judgement.message.subject = "[pitch] Idea";
  CHECK(plan(judgement, received).subject.empty());
  received.raw_subject.reset();
  judgement.message.subject = "";
  const EditsPlan without = plan(judgement, received);
  CHECK(without.subject == "[pitch]");
  CHECK(without.subject_absent);
}

TEST_CASE("outbound mail is not touched") {
  Judgement judgement = judged(Level::none, Mode::annotate);
  judgement.channel = Channel::outbound;
  ReceivedMessage received;
  received.field_names = {"X-Cold-Pitch"};
  CHECK(plan(judgement, received) == EditsPlan{});
}

TEST_CASE("the mailbox of a quarantine takes the place of all recipients") {
  Config config = default_config();
  Profile profile;
  profile.match = {"*"};
  profile.quarantine_mailbox = "Held@example.net";
  config.profiles = {profile};
  config.profile_index.add("*");
  Judgement judgement = judged(Level::pitch, Mode::quarantine_mailbox);
  RecipientVerdict severe = judgement.recipients.front();
  severe.address = "jo@example.net";
  severe.action = Mode::reject;
  RecipientVerdict itself = judgement.recipients.front();
  itself.address = "HELD@example.net";
  judgement.recipients.push_back(severe);
  judgement.recipients.push_back(itself);
  ReceivedMessage received;
  received.recipient_paths = {"<alex@example.net>", "<jo@example.net>", "<HELD@example.net>"};
  const EditsPlan made = plan_edits(judgement, config, received, MtaOffer::everything());
  CHECK(made.added_recipients == std::vector<std::string>{"<held@example.net>"});
  CHECK(made.deleted_recipients == std::vector<std::string>{"<alex@example.net>", "<jo@example.net>"});
  CHECK(conflict_in(made).empty());
}

TEST_CASE("an action the MTA does not offer becomes annotate, and what was missing is said once") {
  struct Row {
    Mode mode;
    MtaOffer offer;
    std::vector<std::string_view> missing;
    Mode left;
  };
  const auto without = [](bool MtaOffer::*what) {
    MtaOffer offer = MtaOffer::everything();
    offer.*what = false;
    return offer;
  };
  const Row rows[] = {
      {Mode::quarantine_hold, MtaOffer::everything(), {}, Mode::quarantine_hold},
      {Mode::quarantine_hold, without(&MtaOffer::quarantine), {"quarantine"}, Mode::annotate},
      {Mode::quarantine_mailbox, without(&MtaOffer::add_recipients), {"add-recipients"}, Mode::annotate},
      {Mode::quarantine_mailbox,
       without(&MtaOffer::delete_recipients),
       {"delete-recipients"},
       Mode::annotate},
      {Mode::quarantine_mailbox, without(&MtaOffer::add_fields), {"add-fields"}, Mode::annotate},
      {Mode::tag, without(&MtaOffer::change_fields), {"change-fields"}, Mode::annotate},
      {Mode::fold, without(&MtaOffer::quarantine), {}, Mode::fold},
      {Mode::reject, {}, {"add-fields", "change-fields"}, Mode::reject},
  };
  for (const Row& row : rows) {
    Judgement judgement = judged(Level::pitch, row.mode);
    judgement.recipients.push_back(judgement.recipients.front());
    CAPTURE(to_string(row.mode), row.missing);
    CHECK(degrade(judgement, row.offer) == row.missing);
    CHECK(judgement.action() == row.left);
  }
}

TEST_CASE("edits the MTA does not offer are not planned") {
  ReceivedMessage received;
  received.field_names = {"X-Cold-Pitch"};
  CHECK(plan_edits(judged(Level::pitch, Mode::annotate), default_config(), received, {}) == EditsPlan{});
}

TEST_CASE("of several recipients the mildest action acts, then the mildest verdict") {
  Judgement judgement = judged(Level::repeat_pitch, Mode::reject);
  const auto add = [&](Level level, Mode action) {
    judgement.recipients.push_back(judged(level, action).recipients.front());
    choose_mildest(judgement);
    return judgement.mildest;
  };
  CHECK(add(Level::pitch, Mode::quarantine_hold) == 1);
  CHECK(add(Level::pitch, Mode::quarantine_mailbox) == 2);
  CHECK(add(Level::repeat_pitch, Mode::fold) == 3);
  CHECK(add(Level::pitch, Mode::fold) == 4);
  CHECK(add(Level::pitch, Mode::tag) == 5);
  CHECK(add(Level::pitch, Mode::reject) == 5);
}

TEST_CASE("a plan that contradicts itself is noticed before anything is done") {
  EditsPlan sound;
  sound.removals = {{"X-Cold-Pitch", 2}, {"x-cold-pitch-level", 1}, {"X-COLD-PITCH", 1}};
  sound.additions = {{"X-Cold-Pitch", "pitch;\n score=6.0"}};
  sound.subject = "[pitch]\n Idea";
  sound.quarantine = "held";
  CHECK(conflict_in(sound).empty());
  const auto broken = [&](auto change) {
    EditsPlan changed = sound;
    change(changed);
    return conflict_in(changed);
  };
  CHECK(broken([](EditsPlan& p) { p.disposition = Disposition::reject; }) ==
        "edits of a message that is not delivered");
  CHECK(broken([](EditsPlan& p) { p.deleted_recipients = {"<a@b.example>"}; }) ==
        "recipients taken away and none put in their place");
  CHECK(broken([](EditsPlan& p) { p.added_recipients = {"<a@b.example>"}; }) == "two kinds of quarantine");
  CHECK(broken([](EditsPlan& p) {
          p.quarantine.clear();
          p.added_recipients = p.deleted_recipients = {"<a@b.example>"};
        }) == "a recipient both added and taken away");
  CHECK(broken([](EditsPlan& p) { std::swap(p.removals[0], p.removals[2]); }) ==
        "removals not from the highest index down");
  for (const std::string body : {"a\r\n b", "a\nX-Evil: 1", "a\n \n b"}) {
    CAPTURE(body);
    CHECK(broken([&](EditsPlan& p) { p.additions[0].body = body; }) == "the text of field X-Cold-Pitch");
    CHECK(broken([&](EditsPlan& p) { p.subject = body; }) == "the text of field Subject");
  }
  CHECK(broken([](EditsPlan& p) { p.additions[0].body = std::string("a\0b", 3); }) ==
        "the text of field X-Cold-Pitch");
  CHECK(broken([](EditsPlan& p) { p.additions[0].body = std::string(990, 'a'); }) ==
        "the text of field X-Cold-Pitch");
  CHECK(broken([](EditsPlan& p) { p.additions[0].body = std::string(984, 'a'); }).empty());
  CHECK(broken([](EditsPlan& p) { p.quarantine = "a\nb"; }) == "a reason of more than one line");
}
