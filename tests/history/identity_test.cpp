// SPDX-License-Identifier: MIT
#include "history/identity.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

Message from(std::string local_part, std::string domain) {
  Message message;
  message.header_from = {{"Jane Doe", std::move(local_part), std::move(domain)}};
  return message;
}

Authentication signed_by(std::vector<std::string> domains) {
  Authentication authentication;
  authentication.checked = true;
  authentication.dkim_domains = std::move(domains);
  return authentication;
}

Authentication dmarc(std::string result, std::string header_from) {
  Authentication authentication;
  authentication.checked = true;
  authentication.dmarc = std::move(result);
  authentication.dmarc_from = std::move(header_from);
  return authentication;
}

LinkedInMail linkedin(std::string profile, std::string thread, std::string name, std::string headline) {
  LinkedInMail mail;
  mail.authenticity = LinkedInAuthenticity::authentic;
  mail.sender_profile = std::move(profile);
  mail.thread = std::move(thread);
  mail.sender_name = std::move(name);
  mail.sender_headline = std::move(headline);
  return mail;
}

}  // namespace

TEST_CASE("a mail address names a person and an organisation", "[history]") {
  struct Row {
    const char* name;
    Mailbox mailbox;
    std::string person, organisation;
  };
  const std::vector<Row> rows = {
      {"plain", {"", "jane", "example.org"}, "mail:jane@example.org", "org:example.org"},
      {"upper case", {"Jane", "Jane.Doe", "example.org"}, "mail:jane.doe@example.org", "org:example.org"},
      {"below the registrable domain",
       {"", "j", "a.b.example.co.uk"},
       "mail:j@a.b.example.co.uk",
       "org:example.co.uk"},
      {"free mail", {"", "jane", "gmail.com"}, "mail:jane@gmail.com", ""},
      {"a suffix itself", {"", "jane", "co.uk"}, "mail:jane@co.uk", ""},
      {"no dot", {"", "root", "localhost"}, "mail:root@localhost", ""},
      {"domain literal", {"", "jane", "[192.0.2.1]"}, "mail:jane@[192.0.2.1]", ""},
      {"other octets",
       {"", "j\xC3\xA4ne\n", "example.org"},
       "mail:j\xC3\xA4ne\n@example.org",
       "org:example.org"},
      {"no domain", {"Jane Doe", "jane", ""}, "", ""},
      {"no local part", {"", "", "example.org"}, "", ""},
      {"nothing", {}, "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(identify_address(row.mailbox) == SenderIdentity{row.person, row.organisation, true});
    Message message;
    message.header_from = {row.mailbox};
    CHECK(identify_sender(message, {}, {}) == SenderIdentity{row.person, row.organisation, false});
  }
}

TEST_CASE("a message without an author names nobody", "[history]") {
  CHECK(identify_sender({}, {}, dmarc("pass", "")) == SenderIdentity{});
}

TEST_CASE("the first author counts", "[history]") {
  Message message = from("jane", "example.org");
  message.header_from.push_back({"", "bob", "example.net"});
  CHECK(identify_sender(message, {}, signed_by({"example.net"})) ==
        SenderIdentity{"mail:jane@example.org", "org:example.org", false});
}

TEST_CASE("only an aligned pass authenticates", "[history]") {
  struct Row {
    const char* name;
    const char* domain;
    Authentication authentication;
    bool authenticated;
  };
  Authentication spf_only;
  spf_only.checked = true;
  spf_only.spf = "pass";
  spf_only.spf_domain = "example.org";
  const std::vector<Row> rows = {
      {"nothing known", "example.org", {}, false},
      {"signed by the domain", "example.org", signed_by({"example.org"}), true},
      {"signed by a domain above", "mail.example.org", signed_by({"example.org"}), true},
      {"signed by a domain below", "example.org", signed_by({"mail.example.org"}), true},
      {"signed by a sibling", "a.example.org", signed_by({"b.example.org"}), true},
      {"signed by a stranger", "example.org", signed_by({"example.net"}), false},
      {"signed by a look-alike", "example.org", signed_by({"badexample.org", "example.org.example.net"}),
       false},
      {"one of several signatures", "example.org", signed_by({"example.net", "example.org"}), true},
      {"only a suffix in common", "a.co.uk", signed_by({"b.co.uk"}), false},
      {"signed by the suffix", "a.co.uk", signed_by({"co.uk"}), false},
      {"signed by the empty domain", "example.org", signed_by({""}), false},
      {"DMARC pass", "example.org", dmarc("pass", "example.org"), true},
      {"DMARC pass of another domain", "example.org", dmarc("pass", "example.net"), false},
      {"DMARC pass of no domain", "example.org", dmarc("pass", ""), false},
      {"DMARC fail", "example.org", dmarc("fail", "example.org"), false},
      {"SPF alone", "example.org", spf_only, false},
      {"free mail, signed", "gmail.com", signed_by({"gmail.com"}), true},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(identify_sender(from("jane", row.domain), {}, row.authentication).authenticated ==
          row.authenticated);
  }
}

TEST_CASE("LinkedIn mail names the member, not LinkedIn", "[history]") {
  struct Row {
    const char* name;
    LinkedInMail mail;
    std::string person;
  };
  const std::string profile = "https://www.linkedin.com/in/";
  const std::vector<Row> rows = {
      {"profile first", linkedin(profile + "Jane-Doe-1", "2-abc", "Jane Doe", "CEO"),
       "linkedin:profile:jane-doe-1"},
      {"profile with a tail", linkedin(profile + "jane/?x=1", "", "", ""), "linkedin:profile:jane"},
      {"empty profile", linkedin(profile, "2-abc", "Jane Doe", "CEO"), "linkedin:thread:2-abc"},
      {"thread, case kept", linkedin("", "2-AbC==", "Jane Doe", "CEO"), "linkedin:thread:2-AbC=="},
      {"name and headline", linkedin("", "", "Jane Doe", "CEO at Example"),
       "linkedin:name:Jane Doe|CEO at Example"},
      {"name alone", linkedin("", "", "Jane Doe", ""), "linkedin:name:Jane Doe|"},
      {"headline alone", linkedin("", "", "", "CEO at Example"), ""},
      {"nobody, as in a digest", linkedin("", "", "", ""), ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(identify_sender(from("messages-noreply", "linkedin.com"), row.mail, {}) ==
          SenderIdentity{row.person, "", true});
  }
}

TEST_CASE("mail that is not proved to be LinkedIn's names its From address", "[history]") {
  for (const LinkedInAuthenticity authenticity :
       {LinkedInAuthenticity::unrelated, LinkedInAuthenticity::forged, LinkedInAuthenticity::unknown}) {
    LinkedInMail mail = linkedin("https://www.linkedin.com/in/jane", "2-abc", "Jane Doe", "CEO");
    mail.authenticity = authenticity;
    CHECK(identify_sender(from("invitations", "linkedin.example"), mail, {}) ==
          SenderIdentity{"mail:invitations@linkedin.example", "org:linkedin.example", false});
  }
}
