// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/parsers/outreach_mail.h"

namespace coldpitch {
namespace {

TEST_CASE("Greetings made from the address are told from names", "[outreach]") {
  struct Row {
    std::string_view name;
    std::string_view recipient;
    std::string_view greeting;
    std::string_view expected;
  };
  const Row rows[] = {
      {"address", "sam@buyer.example", "Hello sam@buyer.example,", "Hello sam@buyer.example,"},
      {"name", "sam@buyer.example", "Hello Sam,", ""},
      {"name in small letters", "sam@buyer.example", "hi sam,", ""},
      {"dotted local part", "sam.roe@buyer.example", "Hi sam.roe,", "Hi sam.roe,"},
      {"local part with digits", "sam77@buyer.example", "Hi Sam77", "Hi Sam77"},
      {"role", "info@buyer.example", "Dear Info,", "Dear Info,"},
      {"role people greet", "support@buyer.example", "Dear Support,", ""},
      {"list", "linux-man@buyer.example", "Dear linux-man", "Dear linux-man"},
      {"domain", "info@buyer.example", "Hi buyer.example team,", "Hi buyer.example team,"},
      {"domain's label", "info@buyer.example", "Hi buyer,", "Hi buyer,"},
      {"firm's name", "info@buyer.example", "Dear Buyer team,", ""},
      {"firm's name alone", "info@buyer.example", "Dear Buyer,", ""},
      {"German", "info@buyer.example", "Hallo info@buyer.example,", "Hallo info@buyer.example,"},
      {"no greeting", "info@buyer.example", "info@buyer.example", ""},
      {"a sentence", "sam77@buyer.example", "Hi sam77 is the name that I saw there today", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Mail mail =
        Mail().to({mailbox(row.recipient)}).text("\n" + std::string(row.greeting) + "\n\nWords.\n");
    CHECK(details(mail, "greeting-from-address") == row.expected);
  }
}

TEST_CASE("A greeting's span leads to the text", "[outreach]") {
  const std::string text = "> old\n\nHello sam@buyer.example,\nwords\n";
  const std::vector<Trait> traits = Mail().text(text).traits();
  const Trait* trait = find_trait(traits, "greeting-from-address");
  REQUIRE(trait != nullptr);
  CHECK(text.substr(trait->span.begin, trait->span.size()) == "Hello sam@buyer.example,");
}

TEST_CASE("Greetings without a name are found", "[outreach]") {
  const std::pair<std::string_view, bool> rows[] = {
      {"Hi ,", true},       {"Hello  ,", true},   {"Dear ,", true},     {"Sehr geehrte ,", true},
      {"Hi null,", true},   {"Hi [Name],", true}, {"Hi,", false},       {"Hello", false},
      {"Bonjour ,", false}, {"Hi Jane ,", false}, {"Dear Nan,", false}, {"Hi there,", false},
      {"Hi all ,", false},  {"Hiya ,", false},
  };
  for (const auto& [greeting, empty] : rows) {
    INFO(greeting);
    CHECK((find_trait(Mail().text(std::string(greeting) + "\nWords.\n").traits(), "empty-greeting") !=
           nullptr) == empty);
  }
}

TEST_CASE("What a failed mail merge leaves is found outside code", "[outreach]") {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view expected;
  };
  const Row rows[] = {
      {"double braces", "Hi {{first_name}},\nwords\n", "{{first_name}}"},
      {"with blanks and default", "Hi {{ contact.first_name | there }},\nwords\n",
       "{{ contact.first_name | there }}"},
      {"vague name in a greeting", "Hi {name},\nwords\n", "{name}"},
      {"greeting without comma", "Hi {{name}}\nwords\n", "{{name}}"},
      {"in a sentence", "We like what {{company_name}} does.\n", "{{company_name}}"},
      {"Salesforce", "We like what {!Company} does.\n", "{!Company}"},
      {"Mailchimp", "We like *|COMPANY|* a lot.\n", "*|COMPANY|*"},
      {"percent", "Hi %FNAME%,\nwords\n", "%FNAME%"},
      {"square brackets", "We like what [Company Name] does.\n", "[Company Name]"},
      {"double square brackets", "We like [[companyName]] a lot.\n", "[[companyName]]"},
      {"ERB", "Hi <%= first_name %>,\nwords\n", "<%= first_name %>"},
      {"German", "Sehr geehrte Frau {Nachname},\nWorte\n", "{Nachname}"},
      {"Polish", "We like {{nazwa_firmy}} a lot.\n", "{{nazwa_firmy}}"},
      {"two of them", "Hi {{first_name}},\nhow is {{company_name}}?\n", "{{first_name}} | {{company_name}}"},
      {"vague name in a sentence", "Set {name} to yours, and [company] too.\n", ""},
      {"double braces, vague", "The template prints {{ name }} there.\n", ""},
      {"unknown name", "Hi {{ foo_bar }},\nwords\n", ""},
      {"in quotation marks", "Use '{{first_name}}' there.\n", ""},
      {"in a call", "x = format({first_name})\n", ""},
      {"indented", "See:\n    Hi {{first_name}} and all\n", ""},
      {"in markup", "See <b>{{first_name}}</b> there\n", ""},
      {"quoted", "Ok\n> Hi {{first_name}},\n> words\n", ""},
      {"among code", "Hi {{first_name}},\nint a = 1;\nreturn a;\n", ""},
      {"in a patch", "Hi {{first_name}},\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n", ""},
      {"unclosed", "Hi {{first_name\n}},\nwords\n", ""},
      {"empty", "Hi {{}}, [] and {}\n", ""},
      {"a percentage", "We save 20% name by name, 30% more.\n", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(details(Mail().text(row.text), "template-residue") == row.expected);
  }
}

TEST_CASE("Residue in subjects is told from tags of lists", "[outreach]") {
  CHECK(details(Mail().subject("Idea for {{company}}"), "template-residue") == "{{company}}");
  CHECK(details(Mail().subject("Idea for {company}"), "template-residue") == "{company}");
  CHECK(details(Mail().subject("[First Name], an idea"), "template-residue") == "[First Name]");
  CHECK(details(Mail().subject("[company] an idea"), "template-residue").empty());
  const std::vector<Trait> traits = Mail().subject("Idea for {{company}}").traits();
  REQUIRE(traits.size() == 1);
  CHECK(traits[0] == Trait{"template-residue", "subject", {9, 20}, "{{company}}"});
}

TEST_CASE("Opt-outs by reply are found", "[outreach]") {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view expected;
  };
  const Row rows[] = {
      {"plain", "Just reply STOP and it ends.\n", "reply STOP"},
      {"in quotation marks", "Reply with \u201cno thanks\u201d any time.\n", "Reply with \u201cno thanks"},
      {"over a line end", "Please reply to this\nemail with the word REMOVE.\n",
       "reply to this\nemail with the word REMOVE"},
      {"quoted no", "Simply reply 'no'.\n", "reply 'no"},
      {"bare no", "I will reply no later than noon.\n", ""},
      {"subject line", "Write back with unsubscribe in the subject line.\n", "unsubscribe in the subject"},
      {"rather not", "If you'd rather not hear from me, say so.\n", "rather not hear from"},
      {"typographic apostrophe", "Then I won\u2019t reach out again.\n", "won\u2019t reach out again"},
      {"in a postscript below a card", "Bye\n-- \nJane\nreply with exclude to leave\n", "reply with exclude"},
      {"German", "Antworten Sie mit STOP, dann ist Ruhe.\n", "Antworten Sie mit STOP"},
      {"French", "Sinon, répondez STOP.\n", "répondez STOP"},
      {"Spanish", "Si no, responda con la palabra BAJA.\n", "responda con la palabra BAJA"},
      {"Italian", "Altrimenti rispondi STOP.\n", "rispondi STOP"},
      {"Portuguese", "Ou responda SAIR.\n", "responda SAIR"},
      {"Dutch", "Antwoord STOP en het houdt op.\n", "Antwoord STOP"},
      {"Polish", "Albo odpisz STOP.\n", "odpisz STOP"},
      {"two", "Reply STOP. Or reply REMOVE.\n", "Reply STOP | reply REMOVE"},
      {"a link", "Click here to unsubscribe.\n", ""},
      {"another sentence", "Please reply. Stop by at noon.\n", ""},
      {"words between", "Please reply before the trains stop.\n", ""},
      {"quoted by us", "Fine.\n> Reply STOP\n", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(details(Mail().text(row.text), "opt-out-by-reply") == row.expected);
  }
}

}  // namespace
}  // namespace coldpitch
