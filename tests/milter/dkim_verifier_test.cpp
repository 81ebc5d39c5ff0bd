// SPDX-License-Identifier: MIT
#include "milter/dkim_verifier.h"

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/dkim_signer.h"

namespace coldpitch {
namespace {

using namespace std::chrono_literals;
using test::DkimSigner;
using Status = DkimKeyAnswer::Status;

const DkimSigner& signer() {
  static const DkimSigner made;
  return made;
}

const std::string kMail =
    "From: Jane Doe <inmail-hit-reply@linkedin.com>\r\nTo: user@example.net\r\nSubject:   Tools\r\n  for "
    "you\r\n"
    "Date: Mon, 05 Oct 2026 10:00:00 +0000\r\nMessage-ID: <1@linkedin.com>\r\nX-LinkedIn-Class: INMAIL\r\n"
    "X-LinkedIn-Template: inmail_sent\r\n\r\nHello,\r\n\r\nshall we talk?\r\n";

/// A verifier that knows these keys, by name.
std::shared_ptr<const DkimVerifier> verifier(std::map<std::string, DkimKeyAnswer> keys,
                                             std::chrono::milliseconds timeout = 1s) {
  return make_dkim_verifier(
      [keys = std::move(keys)](const std::string& name, auto) {
        const auto found = keys.find(name);
        return found == keys.end() ? DkimKeyAnswer{Status::none, {}} : found->second;
      },
      timeout);
}

DkimKeyAnswer key(const DkimSigner& of = signer()) { return {Status::found, of.record()}; }

std::shared_ptr<const DkimVerifier> usual() { return verifier({{"s1._domainkey.linkedin.com", key()}}); }

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

TEST_CASE("a signature that verifies names its domain, selector and octets") {
  for (const bool simple : {false, true}) {
    DkimSigner::Options options;
    options.simple = simple;
    const std::string octets = signer().sign(kMail, options);
    const Authentication found = usual()->verify(octets);
    CHECK(found.checked);
    CHECK(found.dkim == "pass");
    CHECK(found.dkim_domains == std::vector<std::string>{"linkedin.com"});
    REQUIRE(found.dkim_passed.size() == 1);
    CHECK(found.dkim_passed[0].selector == "s1");
    const std::size_t end = octets.find("\r\nFrom:");
    const DkimSignature signature = parse_dkim_signature(octets.substr(16, end - 16));
    CHECK(signature.may_be(found.dkim_passed[0]));
    CHECK(signature.covers("X-LinkedIn-Template"));
    CHECK((found.dmarc.empty() && found.spf.empty()));
  }
}

struct Changed {
  const char* name;
  std::string what, by, result;
};

TEST_CASE("a message that was changed does not pass") {
  const Changed rows[] = {
      {"body", "shall we talk", "shall we pay", "fail"},
      {"more body", "talk?\r\n", "talk?\r\nBuy!\r\n", "fail"},
      {"signed field", "INMAIL", "JOBS", "fail"},
      {"From", "Jane Doe", "Jim Doe", "fail"},
      {"selector", "s=s1", "s=s2", "permerror"},
      {"domain", "d=linkedin.com", "d=linkedin.org", "permerror"},
      {"blanks at the end do not count in relaxed form", "talk?\r\n", "talk? \t\r\n\r\n\r\n", "pass"},
      {"a field added on top", "\r\nFrom:", "\r\nX-New: 1\r\nFrom:", "pass"},
  };
  for (const Changed& row : rows) {
    CAPTURE(row.name);
    const Authentication found = usual()->verify(replaced(signer().sign(kMail), row.what, row.by));
    CHECK(found.dkim == row.result);
    CHECK(found.dkim_domains.empty() == (row.result != "pass"));
  }
}

TEST_CASE("in simple form the blanks of folds and behind the colon count") {
  DkimSigner::Options options;
  options.simple = true;
  const std::string octets = signer().sign(kMail, options);
  CHECK(usual()->verify(octets).dkim == "pass");
  CHECK(usual()->verify(replaced(octets, "Subject:   Tools", "Subject: Tools")).dkim == "fail");
  CHECK(usual()->verify(replaced(octets, "\r\n  for", "\r\n for")).dkim == "fail");
}

TEST_CASE("files with LF line ends are read as mail") {
  std::string octets = signer().sign(kMail);
  for (std::size_t at = octets.find('\r'); at != std::string::npos; at = octets.find('\r', at))
    octets.erase(at, 1);
  CHECK(usual()->verify(octets).dkim == "pass");
}

TEST_CASE("keys that are not there, not right, or not there in time") {
  static const DkimSigner other;
  struct Row {
    const char* name;
    DkimKeyAnswer answer;
    std::string result;
  };
  const std::string record = signer().record();
  const Row rows[] = {
      {"another key", key(other), "fail"},
      {"none", {Status::none, {}}, "permerror"},
      {"no answer", {Status::temporary, {}}, "temperror"},
      {"revoked", {Status::found, "v=DKIM1; k=rsa; p="}, "permerror"},
      {"nonsense", {Status::found, "hello"}, "permerror"},
      {"empty", {Status::found, ""}, "permerror"},
      {"too long", {Status::found, std::string(100'000, 'x')}, "permerror"},
      {"test mode", {Status::found, record + "; t=y"}, "fail"},
      {"right", {Status::found, record}, "pass"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Authentication found =
        verifier({{"s1._domainkey.linkedin.com", row.answer}})->verify(signer().sign(kMail));
    CHECK(found.dkim == row.result);
    CHECK(found.checked);
  }
}

TEST_CASE("a short key does not pass") {
  static const DkimSigner weak(768);
  CHECK(verifier({{"s1._domainkey.linkedin.com", key(weak)}})->verify(weak.sign(kMail)).dkim != "pass");
}

TEST_CASE("an expired signature does not pass") {
  DkimSigner::Options options;
  options.signed_at = 1'500'000'000;
  CHECK(usual()->verify(signer().sign(kMail, options)).dkim == "permerror");
}

TEST_CASE("a signature of a part of the body passes for no more than that") {
  DkimSigner::Options options;
  options.body_octets = 10;
  CHECK(usual()->verify(signer().sign(kMail, options)).dkim == "fail");
  options.body_octets = 1000;
  CHECK(usual()->verify(signer().sign(kMail, options)).dkim == "pass");
}

TEST_CASE("not signed, and nothing at all") {
  CHECK(usual()->verify(kMail).dkim == "none");
  CHECK(usual()->verify("").dkim == "none");
  CHECK(usual()->verify("no header").dkim == "none");
  CHECK(usual()->verify("DKIM-Signature: x\r\n\r\n").dkim == "permerror");
  CHECK(usual()->verify("DKIM-Signature:\r\n\r\nbody").dkim == "permerror");
  CHECK(usual()->verify(std::string("A\0: b\r\nDKIM-Signature: v=1; d=\0; b=\r\n\r\n", 40)).dkim ==
        "permerror");
}

TEST_CASE("of several signatures each stands for itself") {
  DkimSigner::Options below;
  below.domain = "mailb.linkedin.com";
  const std::string octets = signer().sign(signer().sign(kMail), below);
  const Authentication both =
      verifier({{"s1._domainkey.linkedin.com", key()}, {"s1._domainkey.mailb.linkedin.com", key()}})
          ->verify(octets);
  CHECK(both.dkim_domains == std::vector<std::string>{"mailb.linkedin.com", "linkedin.com"});
  const Authentication one = verifier({{"s1._domainkey.linkedin.com", key()},
                                       {"s1._domainkey.mailb.linkedin.com", {Status::temporary, {}}}})
                                 ->verify(octets);
  CHECK(one.dkim == "pass");
  CHECK(one.dkim_domains == std::vector<std::string>{"linkedin.com"});
  CHECK(usual()->verify(octets).dkim == "pass");
}

TEST_CASE("no more than ten signatures are looked at, within one time limit") {
  std::string octets = signer().sign(kMail);
  const std::string field = octets.substr(0, octets.find("From:"));
  for (int i = 0; i < 30; ++i) octets.insert(0, field);
  std::atomic<int> asked = 0;
  const auto counting = make_dkim_verifier(
      [&](const std::string&, auto) {
        ++asked;
        return DkimKeyAnswer{Status::none, {}};
      },
      1s);
  CHECK(counting->verify(octets).dkim == "permerror");
  CHECK(asked <= 10);

  asked = 0;
  const auto slow = make_dkim_verifier(
      [&](const std::string&, std::chrono::steady_clock::time_point deadline) {
        ++asked;
        std::this_thread::sleep_until(deadline);
        return DkimKeyAnswer{};
      },
      20ms);
  const auto start = std::chrono::steady_clock::now();
  CHECK(slow->verify(octets).dkim == "temperror");
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CHECK(asked == 1);
}

TEST_CASE("an exception of the key source comes out of verify()") {
  const auto failing = make_dkim_verifier(
      [](const std::string&, auto) -> DkimKeyAnswer { throw std::runtime_error("x"); }, 1s);
  CHECK_THROWS_AS(failing->verify(signer().sign(kMail)), std::runtime_error);
}

TEST_CASE("several threads verify at once") {
  const auto shared = usual();
  const std::string octets = signer().sign(kMail);
  std::atomic<int> passed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) passed += shared->verify(octets).dkim == "pass" ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(passed == 80);
}

}  // namespace
}  // namespace coldpitch
