// SPDX-License-Identifier: MIT
#include "cli/digest.h"

#include <utime.h>

#include "cli/digest_words.h"
#include "cli/sendmail.h"
#include "parsers/message.h"
#include "tests/cli/test_folder.h"
#include "tests/cli/test_policy.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using coldpitch::test::test_snapshot;
using coldpitch::test::TestFolder;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'760'340'000)};  // 2025-10-13T07:20:00Z
constexpr std::chrono::hours kDay{24};

void deliver(const TestFolder& folder, const std::string& name, TimePoint time, const std::string& octets) {
  folder.write(name, octets);
  const utimbuf times{time.time_since_epoch().count(), time.time_since_epoch().count()};
  REQUIRE(::utime(folder.at(name).c_str(), &times) == 0);
}

Digest digest_of_week() {
  Digest digest;
  digest.recipient = "alex@example.net";
  digest.sender = "coldpitch@example.net";
  digest.language = "en";
  digest.from = kNow - 7 * kDay;
  digest.to = kNow;
  return digest;
}

std::string pitch(const std::string& subject, const std::string& more = "") {
  return more + "From: Sam <sam@shop.example>\nTo: alex@example.net\nSubject: " + subject +
         "\n\nCheap apples! Call me.\n";
}

}  // namespace

TEST_CASE("a digest lists what was delivered in its time, newest first") {
  const TestFolder folder;
  deliver(folder, "p/cur/1:2,S", kNow - kDay, pitch("yesterday"));
  deliver(folder, "p/new/2", kNow - 2 * kDay, pitch("before"));
  deliver(folder, "p/cur/3:2,S", kNow - 8 * kDay, pitch("last week"));
  deliver(folder, "p/cur/4:2,ST", kNow - kDay, pitch("deleted"));
  deliver(folder, "p/cur/5:2,", kNow - 3 * kDay,
          "X-Cold-Pitch-Reason: you asked this sender to stop\nFrom: ann@shop.example\nSubject: "
          "=?utf-8?q?Caf=C3=A9?=\n\nHello again\n");
  Digest digest = digest_of_week();
  CHECK(collect_digest(folder.at("p"), *test_snapshot(), 2, digest) == 0U);
  REQUIRE(digest.items.size() == 2);
  CHECK(digest.more == 1);
  CHECK(digest.items[0].subject == "yesterday");
  CHECK(digest.items[0].sender == "Sam <sam@shop.example>");
  CHECK(digest.items[0].reason == "offers; asks");
  CHECK(digest.items[1].subject == "before");
  digest = digest_of_week();
  CHECK(collect_digest(folder.at("p"), *test_snapshot(), 200, digest) == 0U);
  CHECK(digest.items.at(2).reason == "you asked this sender to stop");
  CHECK(digest.items.at(2).subject == "Café");
  CHECK_FALSE(collect_digest(folder.at("absent"), *test_snapshot(), 200, digest));
}

TEST_CASE("the mail is read as it was written, in every language") {
  for (const char* language : {"en", "de", "fr", "es", "it", "pt", "nl", "pl"}) {
    CAPTURE(language);
    Digest digest = digest_of_week();
    digest.language = language;
    digest.note = "Ask postmaster.";
    digest.items = {{"Zoë <zoe@shop.example>", "", "offers", kNow - kDay}};
    const Message one = parse_message(compose_digest(digest), Limits{});
    CHECK(one.problems.names().empty());
    CHECK(one.subject == digest_words(language).subject_one);
    CHECK(one.header().get("Auto-Submitted") == "auto-generated");
    CHECK(one.date == kNow);
    CHECK(one.author().address() == "coldpitch@example.net");
    for (const std::string& text : {one.text, one.plain}) {
      CHECK(text.find("Zoë") != std::string::npos);
      CHECK(text.find(digest_words(language).no_subject) != std::string::npos);
      CHECK(text.find("Ask postmaster.") != std::string::npos);
      CHECK(text.find("2025-10-06") != std::string::npos);
      CHECK(text.find('{') == std::string::npos);
    }
    digest.more = 4;
    CHECK(parse_message(compose_digest(digest), Limits{}).subject.find('5') != std::string::npos);
  }
  CHECK(digest_words("xx").language == "en");
}

TEST_CASE("a hostile message stays text in the mail about it") {
  Digest digest = digest_of_week();
  digest.items = {{"</b><script>alert(1)</script>\nBcc: x@y.example", "--=_coldpitch\n\n<img src=x> \x1B[2J",
                   "r", kNow - kDay}};
  const std::string mail = compose_digest(digest);
  CHECK(mail.find("\nBcc") == std::string::npos);
  CHECK(mail.substr(0, mail.find("\n\n")).find("Bcc") == std::string::npos);
  const Message read = parse_message(mail, Limits{});
  CHECK(read.links.empty());
  CHECK(read.html.links.empty());
  CHECK(read.mime.parts.size() == 3);
  CHECK(read.text.find("<script>alert(1)</script>") != std::string::npos);
  CHECK(read.plain.find('\x1B') == std::string::npos);
}

TEST_CASE("a note that looks like a boundary ends no part") {
  Digest digest = digest_of_week();
  const std::string plain = compose_digest(digest);
  const std::size_t begin = plain.find("boundary=\"") + 10;
  digest.note = "--" + plain.substr(begin, plain.find('"', begin) - begin) + "--";
  const Message read = parse_message(compose_digest(digest), Limits{});
  CHECK(read.mime.parts.size() == 3);
  CHECK(read.text.find(digest.note) != std::string::npos);
}

TEST_CASE("a folder is named by the address, and never leads elsewhere") {
  CHECK(maildir_of("/var/mail/%d/%u/.Pitches", "Alex@Example.net") == "/var/mail/example.net/alex/.Pitches");
  CHECK(maildir_of("/m/%a", "alex@example.net") == "/m/alex@example.net");
  CHECK(maildir_of("/m/100%", "alex@example.net") == "/m/100%");
  CHECK(maildir_of("/m/%u", "../root@example.net").empty());
  CHECK(maildir_of("/m/%u", "a/b@example.net").empty());
  CHECK(maildir_of("/m/%d", "alex").empty());
}

TEST_CASE("sendmail gets the message, and its failure is told") {
  const TestFolder folder;
  folder.write("sendmail", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.arguments\"\ncat > \"$0.mail\"\n");
  folder.write("failing", "#!/bin/sh\nexit 75\n");
  for (const char* name : {"sendmail", "failing"}) {
    std::filesystem::permissions(folder.at(name), std::filesystem::perms::owner_all);
  }
  const std::string mail = "Subject: x\n\n" + std::string(200'000, 'a') + "\n.\nrest\n";
  REQUIRE(hand_to_sendmail(folder.at("sendmail"), "s@example.net", "-oQ/tmp@example.net", mail));
  std::ifstream arguments(folder.at("sendmail.arguments"));
  CHECK(std::string(std::istreambuf_iterator<char>(arguments), {}) ==
        "-i\n-f\ns@example.net\n--\n-oQ/tmp@example.net\n");
  std::ifstream written(folder.at("sendmail.mail"), std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(written), {}) == mail);
  const Result<void> failed = hand_to_sendmail(folder.at("failing"), "s@example.net", "r@example.net", mail);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().detail.find("status 75") != std::string::npos);
  CHECK_FALSE(hand_to_sendmail(folder.at("absent"), "s@example.net", "r@example.net", mail));
}
