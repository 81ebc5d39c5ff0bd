// SPDX-License-Identifier: MIT
// Mail without a verifier in front: what is found in this process decides whether a notification is LinkedIn's.
#include <array>
#include <string>
#include <thread>

#include "milter/learning.h"
#include "milter/pipeline.h"
#include "tests/support/catch.h"
#include "tests/support/dkim_signer.h"
#include "tests/support/linkedin_mail.h"
#include "tests/support/mail.h"

namespace coldpitch {
namespace {

using namespace std::chrono_literals;
using test::DkimSigner;
using test::LinkedInMailOptions;

const DkimSigner& signer() {
  static const DkimSigner made;
  return made;
}

DkimKeyAnswer find_key(const std::string& name, std::chrono::steady_clock::time_point deadline) {
  if (name == "late._domainkey.linkedin.com") {
    std::this_thread::sleep_until(deadline);
    return {};
  }
  if (name != "s1._domainkey.linkedin.com") return {DkimKeyAnswer::Status::none, {}};
  return {DkimKeyAnswer::Status::found, signer().record()};
}

Snapshot verifying_snapshot(const std::string& configuration = "") {
  Snapshot snapshot = *test::shipped_snapshot(configuration);
  snapshot.dkim = make_dkim_verifier(find_key, 50ms);
  return snapshot;
}

Envelope inbound() {
  Envelope envelope;
  envelope.known = true;
  envelope.client_address = "192.0.2.44";
  envelope.envelope_sender = "m-1@bounce.linkedin.com";
  envelope.recipients = {"user@example.net"};
  return envelope;
}

/// A notification on which no server has said anything.
std::string notification() {
  LinkedInMailOptions options;
  options.check = test::LinkedInCheck::absent;
  return test::linkedin_mail(options);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

TEST_CASE("a notification whose signature verifies here is authentic") {
  const Snapshot snapshot = verifying_snapshot();
  const Judgement judged = judge_message(signer().sign(notification()), inbound(), snapshot, {});
  CHECK(judged.authentication.dkim == "pass");
  CHECK(to_string(judged.linkedin.authenticity) == "authentic");
  CHECK(judged.linkedin.template_name == "email_premium_inmail_initial_single_01");
  CHECK(judged.channel == Channel::linkedin);
  CHECK(judged.faults.empty());
}

TEST_CASE("what was changed, not signed or signed by others is not") {
  const Snapshot snapshot = verifying_snapshot();
  DkimSigner::Options stranger;
  stranger.domain = "linkedin.com.shop.example";
  const std::string signed_mail = signer().sign(notification());
  for (const std::string& octets :
       {replaced(signed_mail, "we make tools", "we sell tools"), notification(),
        signer().sign(notification(), stranger),
        replaced(signed_mail, "X-LinkedIn-Template: email_premium", "X-LinkedIn-Template: email_other")}) {
    const Judgement judged = judge_message(octets, inbound(), snapshot, {});
    CHECK(to_string(judged.linkedin.authenticity) == "forged");
    CHECK(judged.channel == Channel::direct);
    CHECK(judged.sender.person == "mail:inmail-hit-reply@linkedin.com");
    CHECK_FALSE(judged.sender.authenticated);
  }
}

TEST_CASE("a late key makes a fault, no proof and no delay beyond its limit") {
  const Snapshot snapshot = verifying_snapshot("limits: { evaluation: 40 ms }\n");
  DkimSigner::Options late;
  late.selector = "late";
  const Judgement judged = judge_message(signer().sign(notification(), late), inbound(), snapshot, {});
  CHECK(to_string(judged.linkedin.authenticity) == "unknown");
  CHECK(judged.channel == Channel::direct);
  // Waiting for name servers is not counted as judging.
  CHECK(judged.faults == std::vector<std::string>{"dkim-key"});
}

TEST_CASE("outbound mail and mail that was cut are not verified") {
  const std::string octets = signer().sign(notification());
  Envelope outbound = inbound();
  outbound.authenticated_user = "user";
  CHECK(judge_message(octets, outbound, verifying_snapshot(), {}).authentication.dkim.empty());
  const Judgement cut =
      judge_message(octets, inbound(), verifying_snapshot("limits: { message: 2 KiB }\n"), {});
  CHECK(cut.authentication.dkim.empty());
}

TEST_CASE("what a user says of a message is learned of the sender its signature proves") {
  const Snapshot snapshot = verifying_snapshot();
  const auto store = open_memory_store();
  const Keyring keyring{std::array<std::uint8_t, 32>{1}};
  const Memory memory{store.get(), &keyring};
  const std::string octets = signer().sign(notification());
  const auto learned = learn(octets, Lesson::stop, "user@example.net", TimePoint{}, snapshot, memory);
  REQUIRE(learned);
  CHECK(learned->person == keyring.key("linkedin:profile:jane-doe-42"));
  const auto of_copy = learn(notification(), Lesson::stop, "user@example.net", TimePoint{}, snapshot, memory);
  REQUIRE(of_copy);
  CHECK(of_copy->person == keyring.key("mail:inmail-hit-reply@linkedin.com"));
}

TEST_CASE("with verify_dkim nobody's word is taken unless his name is given") {
  std::vector<Diagnostic> diagnostics;
  const auto config =
      parse_config("authentication: { verify_dkim: true, dns_timeout: 500 ms }\n", "c.yaml", diagnostics);
  REQUIRE(config);
  CHECK(config->verify_dkim);
  CHECK(config->dns_timeout == 500ms);
  CHECK(config->trusted_authserv_ids.empty());
  const auto named =
      parse_config("authentication: { trusted_authserv_ids: [MX.example.net], verify_dkim: true }\n",
                   "c.yaml", diagnostics);
  REQUIRE(named);
  CHECK(named->trusted_authserv_ids == std::vector<std::string>{"mx.example.net"});
  CHECK_FALSE(parse_config("", "c.yaml", diagnostics)->verify_dkim);
  CHECK_FALSE(parse_config("authentication: { dns_timeout: 1 ms }\n", "c.yaml", diagnostics));
}

TEST_CASE("a snapshot with verify_dkim can verify") {
  CHECK(test::shipped_snapshot()->dkim == nullptr);
  std::vector<Diagnostic> diagnostics;
  auto config = parse_config("authentication: { verify_dkim: true }\n", "c.yaml", diagnostics);
  REQUIRE(config);
  const auto snapshot = make_snapshot(std::move(*config), diagnostics);
  REQUIRE(snapshot);
  REQUIRE(snapshot->dkim);
  CHECK(snapshot->dkim->verify("From: a@example.net\r\n\r\nnot signed\r\n").dkim == "none");
}

}  // namespace
}  // namespace coldpitch
