// SPDX-License-Identifier: MIT
// What profiles say of senders and of kinds of mail, and what the site says of offers.
#include "milter/pipeline.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_mail.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::LinkedInLayout;

namespace {

Verdict judge(const std::string& octets, const std::string& configuration) {
  const auto snapshot = test::shipped_snapshot(configuration);
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  return judge_message(octets, envelope, *snapshot, {}).verdict();
}

Verdict judge_plain(const std::string& profile) {
  return judge(test::plain_mail("Kim <kim@mail.seller.example>", "Lunch", "See you at noon."),
               "profiles:\n  - { match: ['*'], " + profile + " }\n");
}

Verdict judge_linkedin(LinkedInLayout layout, const std::string& profile) {
  test::LinkedInMailOptions options;
  options.layout = layout;
  options.text = "Hello,\n\nwe have an opening for a nurse. Shall we talk?\n\nJane";
  return judge(test::linkedin_mail(options), "profiles:\n  - { match: ['*'], " + profile + " }\n");
}

}  // namespace

TEST_CASE("a blocked sender's mail is a pitch whatever it says") {
  CHECK(judge_plain("mode: fold").level == Level::none);
  const Verdict verdict = judge_plain("block: [seller.example]");
  CHECK(verdict.level == Level::pitch);
  CHECK(verdict.clauses.at(0).id == "unwanted");
  CHECK(verdict.reason == "its sender is blocked here");
}

TEST_CASE("of allow and block the more exact entry holds, block among equals") {
  const auto level = [](const std::string& profile) { return judge_plain(profile).level; };
  CHECK(level("block: [seller.example], allow: [mail.seller.example]") == Level::none);
  CHECK(level("block: [kim@mail.seller.example], allow: [mail.seller.example]") == Level::pitch);
  CHECK(level("block: [seller.example], allow: [seller.example]") == Level::pitch);
  CHECK(level("block: ['*'], allow: [seller.example]") == Level::none);
  CHECK(judge_plain("allow: [seller.example]").exempt_because == "allowed-sender");
}

TEST_CASE("people on LinkedIn are allowed and blocked by their profile") {
  const Verdict blocked = judge_linkedin(LinkedInLayout::inmail_2026, "block: [linkedin.com/in/Jane-Doe-42]");
  CHECK(blocked.level == Level::pitch);
  CHECK(blocked.clauses.at(0).id == "unwanted");
  CHECK(judge_linkedin(LinkedInLayout::inmail_2026, "block: [linkedin.com/in/other]").level < Level::pitch);
  CHECK(judge_linkedin(LinkedInLayout::inmail_2026,
                       "allow: [linkedin.com/in/jane-doe-42], block: [linkedin.com]")
            .exempt_because == "allowed-sender");
}

TEST_CASE("recruiters' messages are judged for those who do not want them") {
  CHECK(judge_linkedin(LinkedInLayout::recruiter_inmail, "mode: fold").exempt_because ==
        "linkedin-recruiter-inmail");
  CHECK(judge_linkedin(LinkedInLayout::recruiter_inmail, "wanted: [recruiters]").exempt_because ==
        "linkedin-recruiter-inmail");
  const Verdict verdict = judge_linkedin(LinkedInLayout::recruiter_inmail, "wanted: []");
  CHECK(verdict.exempt_because.empty());
  CHECK(verdict.level == Level::pitch);
  CHECK(verdict.clauses.at(0).id == "unwanted");
}

TEST_CASE("other kinds of LinkedIn mail stay untouched for those who want nothing") {
  for (const LinkedInLayout layout : {LinkedInLayout::job_alert, LinkedInLayout::security}) {
    CHECK_FALSE(judge_linkedin(layout, "wanted: [], block: [linkedin.com]").exempt_because.empty());
  }
}

TEST_CASE("an offer is irrelevant by what the site is, buys and has no use for") {
  const std::string pitch = test::plain_mail("Kim <kim@seller.example>", "Attendees list",
                                             "Hi Alex,\n\nWould you be interested in acquiring the attendees "
                                             "list of the fair? I can send counts and pricing.\n\nKim");
  const auto clauses = [&](const std::string& site) {
    std::string text;
    for (const ClauseScore& clause : judge(pitch, site).clauses) text += clause.id + " ";
    return text;
  };
  CHECK_THAT(clauses(""), !ContainsSubstring("irrelevant"));
  CHECK_THAT(clauses("site: { not_for_us: [lists] }\n"), ContainsSubstring("irrelevant"));
  CHECK_THAT(clauses("site: { we_buy: [software] }\n"), ContainsSubstring("irrelevant"));
  CHECK_THAT(clauses("site: { we_are: [lists] }\n"), ContainsSubstring("irrelevant"));
  CHECK_THAT(clauses("site: { we_buy: [lists] }\n"), !ContainsSubstring("irrelevant"));
  CHECK_THAT(clauses("site: { not_for_us: [trade] }\n"), !ContainsSubstring("irrelevant"));
  CHECK(judge(pitch, "site: { not_for_us: [lists] }\n").score > judge(pitch, "").score);
}
