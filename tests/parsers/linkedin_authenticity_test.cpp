// SPDX-License-Identifier: MIT
#include "parsers/linkedin.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using test::kBounce;
using test::kPassed;
using test::LinkedInCheck;
using test::LinkedInMailOptions;
using test::message_with;
using test::read_fixture;
using Authenticity = LinkedInAuthenticity;

const std::string kSignature =
    "v=1; d=linkedin.com; s=s1; h=From:Subject:To:Date:X-LinkedIn-Class:X-LinkedIn-Template; bh=a; b=b";
const HeaderField kFrom{"From", "Jane Doe <inmail-hit-reply@linkedin.com>"};
const HeaderField kStaff{"From", "Jane Doe <jdoe@linkedin.com>"};
const HeaderField kStranger{"From", "Jane Doe <jane@shop.example>"};
const HeaderField kClass{"X-LinkedIn-Class", "INMAIL"};
const HeaderField kTemplate{"X-LinkedIn-Template", "inmail_sent"};
const HeaderField kSigned{"DKIM-Signature", kSignature};
const HeaderField kSignedWithout{"DKIM-Signature",
                                 "v=1; d=linkedin.com; s=s1; h=From:Subject:To:Date; bh=a; b=b"};
const HeaderField kMadeUp{"DKIM-Signature",
                          "d=linkedin.com; s=made-up; h=From:X-LinkedIn-Class:X-LinkedIn-Template; b=c"};
const HeaderField kSignedBelow{"DKIM-Signature", "d=mailb.linkedin.com; s=s1; h=From:X-LinkedIn-Template"};
const HeaderField kSignedElsewhere{"DKIM-Signature",
                                   "d=notlinkedin.com; s=s1; h=From:X-LinkedIn-Class:X-LinkedIn-Template"};

Authentication checked(std::vector<std::string> domains, std::string dmarc, std::string dkim) {
  std::vector<DkimPass> passed;
  for (const std::string& domain : domains) passed.push_back({domain, "", ""});
  return {true, std::move(domains), std::move(dmarc), "linkedin.com", "",
          "",   std::move(dkim),    std::move(passed)};
}

/// The signature of linkedin.com with this selector and these first octets passed, and no other.
Authentication passed(std::string selector, std::string octets) {
  Authentication found = checked({"linkedin.com"}, "", "pass");
  found.dkim_passed = {{"linkedin.com", std::move(selector), std::move(octets)}};
  return found;
}

struct AuthenticityCase {
  const char* name;
  std::vector<HeaderField> fields;
  Authentication authentication;
  std::string envelope_sender;
  Authenticity expected;
};

const AuthenticityCase kAuthenticityCases[] = {
    {"a stranger", {kStranger}, kPassed, "jane@shop.example", Authenticity::unrelated},
    {"no From at all", {}, kPassed, "", Authenticity::unrelated},
    {"a domain that only ends alike", {{"From", "a@notlinkedin.com"}}, kPassed, "", Authenticity::unrelated},
    {"signed fields",
     {kFrom, kClass, kTemplate, kSigned},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::authentic},
    {"signed by a domain below",
     {kFrom, kTemplate, kSignedBelow},
     checked({"mailb.linkedin.com"}, "", "pass"),
     "",
     Authenticity::authentic},
    {"forwarded: SPF fails, DKIM passes",
     {kFrom, kClass, kTemplate, kSigned},
     {true,
      {"linkedin.com"},
      "pass",
      "linkedin.com",
      "softfail",
      "forward.example",
      "pass",
      {{"linkedin.com", "", ""}}},
     "a@forward.example",
     Authenticity::authentic},
    {"fields not signed",
     {kFrom, kClass, kTemplate, kSignedWithout},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::unknown},
    {"signed by a look-alike",
     {kFrom, kClass, kTemplate, kSignedElsewhere},
     checked({"notlinkedin.com"}, "fail", "pass"),
     kBounce,
     Authenticity::forged},
    {"the signature that covers is not the one that passed",
     {kFrom, kTemplate, kSignedWithout, kSignedBelow},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::unknown},
    {"a made-up signature beside the one that passed, told apart by selector",
     {kFrom, kTemplate, kMadeUp, kSignedWithout},
     passed("s1", ""),
     "",
     Authenticity::unknown},
    {"told apart by its octets",
     {kFrom, kTemplate, kMadeUp, kSignedWithout},
     passed("", "b"),
     "",
     Authenticity::unknown},
    {"not told apart: then both must cover",
     {kFrom, kTemplate, kMadeUp, kSignedWithout},
     passed("", ""),
     "",
     Authenticity::unknown},
    {"the one that covers is the one that passed",
     {kFrom, kTemplate, kMadeUp, kSignedWithout},
     passed("made-up", "c"),
     "",
     Authenticity::authentic},
    {"h= names fields that are not there",
     {kStaff, kSigned},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::unrelated},
    {"DMARC and envelope", {kFrom, kTemplate}, checked({}, "pass", ""), kBounce, Authenticity::authentic},
    {"a signed mail of LinkedIn staff sent again, with LinkedIn fields added and LinkedIn's envelope",
     {kStaff, kClass, kTemplate, kSignedWithout},
     {true,
      {"linkedin.com"},
      "pass",
      "linkedin.com",
      "fail",
      "bounce.linkedin.com",
      "pass",
      {{"linkedin.com", "", ""}}},
     kBounce,
     Authenticity::unknown},
    {"forwarded, and the LinkedIn fields not signed",
     {kFrom, kClass, kTemplate, kSignedWithout},
     {true,
      {"linkedin.com"},
      "pass",
      "linkedin.com",
      "softfail",
      "bounce.linkedin.com",
      "pass",
      {{"linkedin.com", "", ""}}},
     kBounce,
     Authenticity::authentic},
    {"signed without the LinkedIn fields, from LinkedIn's own servers",
     {kFrom, kClass, kTemplate, kSignedWithout},
     {true,
      {"linkedin.com"},
      "pass",
      "linkedin.com",
      "pass",
      "bounce.linkedin.com",
      "pass",
      {{"linkedin.com", "", ""}}},
     kBounce,
     Authenticity::authentic},
    {"DMARC and Return-Path",
     {{"Return-Path", "<" + kBounce + ">"}, kFrom, kTemplate},
     checked({}, "pass", ""),
     "",
     Authenticity::authentic},
    {"the envelope before Return-Path",
     {{"Return-Path", "<" + kBounce + ">"}, kFrom, kTemplate},
     checked({}, "pass", ""),
     "jane@shop.example",
     Authenticity::unknown},
    {"envelope without DMARC",
     {kFrom, kTemplate},
     checked({}, "fail", "none"),
     kBounce,
     Authenticity::forged},
    {"no DKIM-Signature field, both pass",
     {kFrom, kTemplate},
     checked({"linkedin.com"}, "pass", "pass"),
     "",
     Authenticity::authentic},
    {"no DKIM-Signature field, DKIM alone",
     {kFrom, kTemplate},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::unknown},
    {"DMARC for another domain",
     {kFrom, kTemplate},
     {true, {}, "pass", "shop.example", "", "", ""},
     kBounce,
     Authenticity::forged},
    {"known address without LinkedIn fields",
     {kFrom, kSignedWithout},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::authentic},
    {"service provider",
     {{"From", "LinkedIn <linkedin@e.linkedin.com>"}},
     checked({"e.linkedin.com"}, "pass", "pass"),
     "linkedin@e.linkedin.com",
     Authenticity::authentic},
    {"staff", {kStaff}, kPassed, "jdoe@linkedin.com", Authenticity::unrelated},
    {"staff without results", {kStaff}, {}, "", Authenticity::unknown},
    {"staff, forged", {kStaff}, checked({}, "fail", "none"), "", Authenticity::forged},
    {"nothing trusted", {kFrom, kClass, kTemplate, kSigned}, {}, kBounce, Authenticity::unknown},
    {"results not checked do not count",
     {kFrom, kClass, kTemplate, kSigned},
     {false, {"linkedin.com"}, "pass", "linkedin.com", "", "", "pass"},
     kBounce,
     Authenticity::unknown},
    {"checked, but told nothing",
     {kFrom},
     {true, {}, "", "", "pass", "bounce.linkedin.com", ""},
     kBounce,
     Authenticity::unknown},
    {"no answer from DNS", {kFrom}, checked({}, "temperror", "temperror"), kBounce, Authenticity::unknown},
    {"not signed", {kFrom}, checked({}, "", "none"), kBounce, Authenticity::forged},
    {"signed by somebody else alone",
     {kFrom},
     checked({"shop.example"}, "", "pass"),
     kBounce,
     Authenticity::forged},
    {"copied fields",
     {kStranger, kClass},
     checked({"shop.example"}, "pass", "pass"),
     "",
     Authenticity::forged},
    {"copied fields, unchecked", {kStranger, kClass}, {}, "", Authenticity::unknown},
    {"copied field of any name",
     {kStranger, {"x-linkedin-fbl", "m2-a"}},
     checked({}, "none", "none"),
     "",
     Authenticity::forged},
    {"known address, one field that is never signed",
     {kFrom, {"X-LinkedIn-Id", "a"}, kSignedWithout},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::authentic},
    {"unknown address with such a field",
     {kStaff, {"X-LinkedIn-Id", "a"}, kSignedWithout},
     checked({"linkedin.com"}, "", "pass"),
     "",
     Authenticity::unknown},
    {"staff address, envelope of notifications, DKIM alone",
     {kStaff},
     checked({"linkedin.com"}, "", "pass"),
     kBounce,
     Authenticity::unknown},
    {"two From fields",
     {kStranger, kFrom, kClass, kTemplate, kSigned},
     kPassed,
     kBounce,
     Authenticity::forged},
    {"two From fields, the other way round",
     {kFrom, kStranger, kClass, kTemplate, kSigned},
     kPassed,
     kBounce,
     Authenticity::forged},
};

TEST_CASE("a notification is authentic by trusted results only", "[linkedin]") {
  for (const AuthenticityCase& row : kAuthenticityCases) {
    CAPTURE(row.name);
    const LinkedInMail mail = test::read(message_with(row.fields), row.authentication, row.envelope_sender);
    CHECK(to_string(mail.authenticity) == to_string(row.expected));
    CHECK_FALSE(mail.authenticity_reason.empty());
  }
}

TEST_CASE("LinkedIn's name counts as a claim only beside its footer", "[linkedin]") {
  const std::string footer = "Hi\nUnsubscribe: https://www.linkedin.com/comm/psettings/email-unsubscribe\n";
  const auto read_as = [](const std::string& name, const std::string& text) {
    return test::read(message_with({{"From", name + " <a@shop.example>"}}, text), checked({}, "fail", "none"),
                      "")
        .authenticity;
  };
  CHECK(read_as("LinkedIn", footer) == Authenticity::forged);
  CHECK(read_as("Linked In Corporation", footer) == Authenticity::forged);
  CHECK(read_as("Linkedln Confirmation", footer) == Authenticity::forged);
  CHECK(read_as("Jane Doe", footer) == Authenticity::unrelated);
  CHECK(read_as("LinkedIn", "Hi\nhttps://www.linkedin.com/in/jane-doe\n") == Authenticity::unrelated);
  CHECK(read_as("LinkedIn", "Hi\nhttps://www.linkedin.com.shop.example/comm/x\n") == Authenticity::unrelated);
}

TEST_CASE("forged and unknown mail tells nothing", "[linkedin]") {
  for (const LinkedInCheck check : {LinkedInCheck::failed, LinkedInCheck::absent, LinkedInCheck::foreign}) {
    LinkedInMailOptions options;
    options.check = check;
    const LinkedInMail mail = read_fixture(options).linkedin;
    CHECK(mail.authenticity ==
          (check == LinkedInCheck::failed ? Authenticity::forged : Authenticity::unknown));
    CHECK(mail.kind == LinkedInKind::other);
    CHECK(
        (mail.used.empty() && mail.template_name.empty() && mail.mail_class.empty() && mail.template_known));
    CHECK((mail.sender_name.empty() && mail.sender_headline.empty() && mail.sender_location.empty()));
    CHECK((mail.sender_profile.empty() && mail.thread.empty()));
    CHECK((!mail.human_text && mail.words.empty() && !mail.subject_is_human));
  }
}

TEST_CASE("fields that are unsigned or there twice are not believed", "[linkedin]") {
  Authentication forwarded = kPassed;
  forwarded.spf = "softfail";
  const LinkedInMail unsigned_fields =
      test::read(message_with({kFrom, {"X-LinkedIn-Template", "email_security_pin"}, kSignedWithout}),
                 forwarded, kBounce);
  CHECK(unsigned_fields.template_name.empty());
  CHECK(unsigned_fields.kind == LinkedInKind::inmail);
  const LinkedInMail half = test::read(message_with({kFrom, kClass, kTemplate, kSignedBelow}),
                                       checked({"mailb.linkedin.com"}, "", "pass"), "");
  CHECK(half.template_name == "inmail_sent");
  CHECK(half.mail_class.empty());
  const HeaderField added{"X-LinkedIn-Template", "email_security_pin"};
  const LinkedInMail twice =
      test::read(message_with({added, kFrom, kClass, kTemplate, kSigned}), kPassed, "");
  CHECK(twice.template_name.empty());
  CHECK(twice.kind == LinkedInKind::inmail);
  CHECK(twice.used == std::vector<std::string>{"class"});
}

}  // namespace
}  // namespace coldpitch
