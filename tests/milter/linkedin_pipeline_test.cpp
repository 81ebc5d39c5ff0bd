// SPDX-License-Identifier: MIT
// LinkedIn mail from octets to verdict: what is believed, judged, remembered and counted.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "milter/pipeline.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_mail.h"
#include "tests/support/mail.h"

namespace coldpitch {
namespace {

using test::all_linkedin_layouts;
using test::LinkedInCheck;
using test::LinkedInMailOptions;
using Layout = test::LinkedInLayout;

const std::string kPitch =
    "Hi Robin,\n\nWe help companies like yours book 20 qualified meetings a month. Our clients see a 3x "
    "return within 90 "
    "days.\n\nWould you be open to a quick 15-minute call next week?\n\nJane";

Judgement judge(const LinkedInMailOptions& options, const Snapshot& snapshot) {
  Envelope envelope;
  envelope.known = true;
  envelope.client_address = "192.0.2.44";
  envelope.envelope_sender = test::linkedin_envelope_sender(options);
  envelope.recipients = {options.recipient};
  return judge_message(test::linkedin_mail(options), envelope, snapshot, {});
}

LinkedInMailOptions pitch() {
  LinkedInMailOptions options;
  options.text = kPitch;
  return options;
}

TEST_CASE("a forged or unproved copy is judged as direct mail and makes no LinkedIn contact") {
  const auto snapshot = test::shipped_snapshot();
  for (const LinkedInCheck check : {LinkedInCheck::failed, LinkedInCheck::absent, LinkedInCheck::foreign}) {
    LinkedInMailOptions options = pitch();
    options.check = check;
    const Judgement judged = judge(options, *snapshot);
    CAPTURE(static_cast<int>(check));
    CHECK(judged.linkedin.authenticity != LinkedInAuthenticity::authentic);
    CHECK(judged.channel == Channel::direct);
    CHECK(judged.sender.person == "mail:inmail-hit-reply@linkedin.com");
    CHECK_FALSE(judged.sender.authenticated);
    for (const Evidence& evidence : judged.verdict().evidence) CHECK(evidence.policy == "direct-outreach");
  }
}

TEST_CASE("an authentic one is judged by LinkedIn's policy, forwarded or not") {
  const auto snapshot = test::shipped_snapshot();
  for (const LinkedInCheck check : {LinkedInCheck::passed, LinkedInCheck::forwarded}) {
    LinkedInMailOptions options = pitch();
    options.check = check;
    const Judgement judged = judge(options, *snapshot);
    CHECK(judged.channel == Channel::linkedin);
    CHECK(judged.verdict().level == Level::pitch);
    CHECK(judged.sender.person == "linkedin:profile:jane-doe-42");
    for (const Evidence& evidence : judged.verdict().evidence) {
      CHECK(evidence.policy == "linkedin-professional-community");
      CHECK((evidence.where != "body" ||
             judged.message.text.substr(evidence.offset, evidence.length) == evidence.text));
    }
  }
}

TEST_CASE("kinds that nobody may pitch in pass untouched, whatever stands in them") {
  const auto snapshot = test::shipped_snapshot();
  for (const Layout layout : all_linkedin_layouts()) {
    LinkedInMailOptions options = pitch();
    options.layout = layout;
    options.subject = "We help companies book meetings";
    const Judgement judged = judge(options, *snapshot);
    CAPTURE(static_cast<int>(layout), to_string(judged.linkedin.kind));
    CHECK(judged.channel == Channel::linkedin);
    switch (judged.linkedin.kind) {
      case LinkedInKind::inmail:
      case LinkedInKind::sponsored:
      case LinkedInKind::invitation:
      case LinkedInKind::invitation_reminder:
      case LinkedInKind::direct_message:
        break;
      default:
        CHECK(judged.verdict().level == Level::none);
        CHECK(judged.verdict().exempt_because == "linkedin-" + std::string(to_string(judged.linkedin.kind)));
    }
  }
}

TEST_CASE("LinkedIn's frame, headline of others and footer score nothing") {
  const auto snapshot = test::shipped_snapshot();
  for (const Layout layout : {Layout::invitation_2024, Layout::direct_message}) {
    LinkedInMailOptions options = pitch();
    options.layout = layout;
    options.recipient_headline =
        "We help companies book qualified meetings. Would you be open to a quick call next week?";
    const Judgement judged = judge(options, *snapshot);
    CHECK_FALSE(judged.linkedin.human_text.has_value());
    for (const Evidence& evidence : judged.verdict().evidence)
      CHECK((evidence.where == "sender" || evidence.where == "headline"));
  }
}

/// A folder of its own with a configuration and a file on LinkedIn's mail.
struct Site {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("coldpitch-linkedin-" + std::to_string(getpid()));
  Site() { std::filesystem::create_directories(folder / "linkedin"); }
  ~Site() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }
  [[nodiscard]] std::shared_ptr<const Snapshot> load(std::string& messages) const {
    std::vector<Diagnostic> diagnostics;
    auto snapshot = load_snapshot((folder / "coldpitch.yaml").string(), diagnostics);
    messages = format(diagnostics);
    return snapshot;
  }
};

TEST_CASE("an admin adds what is new without a rebuild") {
  const Site site;
  std::string messages;
  site.write("coldpitch.yaml",
             "authentication: { trusted_authserv_ids: [mx.example.net] }\nlinkedin: { knowledge: "
             "[notifications, local] }\n");
  site.write(
      "linkedin/local.yaml",
      "linkedin: local\ntemplates:\n  - { kind: job, text: [email_zz], seen: 2026, source: own mail }\n");
  auto snapshot = site.load(messages);
  REQUIRE(snapshot);
  LinkedInMailOptions options = pitch();
  options.template_name = "email_zz_01";
  CHECK(judge(options, *test::shipped_snapshot()).linkedin.kind == LinkedInKind::inmail);
  const Judgement judged = judge(options, *snapshot);
  CHECK(judged.linkedin.kind == LinkedInKind::job);
  CHECK(judged.linkedin.template_known);
  CHECK(judged.verdict().exempt_because == "linkedin-job");

  site.write(
      "linkedin/local.yaml",
      "linkedin: local\ntemplates:\n  - { kind: jobb, text: [email_zz], seen: 2026, source: own mail }\n");
  CHECK(site.load(messages) == nullptr);
  CHECK(messages.find("linkedin/local.yaml:3:13: error: unknown kind 'jobb' (did you mean 'job'?)") !=
        std::string::npos);
  site.write("coldpitch.yaml", "linkedin: { knowledge: [nowhere] }\n");
  CHECK(site.load(messages) == nullptr);
  CHECK(messages.find("no file on LinkedIn's mail called 'nowhere'") != std::string::npos);
}

}  // namespace
}  // namespace coldpitch
