// SPDX-License-Identifier: MIT
#include "milter/edits_plan.h"

#include "milter/transaction.h"
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

}  // namespace

TEST_CASE("forged fields are removed from the highest index of each name down") {
  const std::vector<std::string> incoming = {
      "From", "X-Cold-Pitch", "x-cold-pitch", "X-Cold-Pitch-Reason", "X-COLD-PITCH", "To"};
  const std::vector<FieldRemoval> expected = {
      {"X-COLD-PITCH", 3}, {"X-Cold-Pitch-Reason", 1}, {"x-cold-pitch", 2}, {"X-Cold-Pitch", 1}};
  CHECK(plan_removals(incoming) == expected);
}

TEST_CASE("each mode plans its own action") {
  const Config config = default_config();
  const std::string subject = " Idea";
  const auto plan = [&](Mode mode) { return plan_edits(judged(Level::pitch, mode), config, {}, &subject); };

  for (const Mode mode : {Mode::off, Mode::annotate, Mode::fold}) {
    const EditsPlan quiet = plan(mode);
    CHECK(quiet.disposition == Disposition::accept);
    CHECK(quiet.subject.empty());
    CHECK(quiet.quarantine.empty());
    CHECK_FALSE(quiet.additions.empty());
  }
  CHECK(plan(Mode::tag).subject == "[pitch] Idea");
  CHECK(plan(Mode::quarantine).quarantine == "coldpitch: pitch score=6.0");
  CHECK(plan(Mode::reject).disposition == Disposition::reject);
}

TEST_CASE("the reject text names the clause and holds nothing an MTA would read as a format") {
  const EditsPlan plan = plan_edits(judged(Level::pitch, Mode::reject), default_config(), {}, nullptr);
  CHECK(plan.reply ==
        "Unsolicited sales message, refused under clause 'commercial' of policy 'direct-outreach': offers "
        "100  of something");
}

TEST_CASE("a subject is tagged once, and one is made where there is none") {
  const Config config = default_config();
  const std::string tagged = " [pitch] Idea";
  CHECK(plan_edits(judged(Level::pitch, Mode::tag), config, {}, &tagged).subject.empty());
  const EditsPlan without = plan_edits(judged(Level::pitch, Mode::tag), config, {}, nullptr);
  CHECK(without.subject == "[pitch]");
  CHECK(without.subject_absent);
}

TEST_CASE("outbound mail only loses forged fields") {
  Judgement judgement = judged(Level::none, Mode::annotate);
  judgement.channel = Channel::outbound;
  const EditsPlan plan = plan_edits(judgement, default_config(), {"X-Cold-Pitch"}, nullptr);
  CHECK(plan.removals.size() == 1);
  CHECK(plan.additions.empty());
}

TEST_CASE("what the MTA does not offer is left out and said") {
  EditsPlan plan;
  plan.removals = {{"X-Cold-Pitch", 1}};
  plan.subject = "[pitch] Idea";
  plan.additions = {{"X-Cold-Pitch", "pitch"}};
  plan.quarantine = "held";
  EditsPlan whole = plan;
  Connection::Offer everything;
  everything.add_fields = everything.change_fields = everything.quarantine = true;
  CHECK(reduce_to_offer(whole, everything).empty());
  CHECK(whole == plan);
  CHECK(reduce_to_offer(plan, {}) ==
        std::vector<std::string_view>{"add-fields", "change-fields", "quarantine"});
  CHECK(plan == EditsPlan{});
}
