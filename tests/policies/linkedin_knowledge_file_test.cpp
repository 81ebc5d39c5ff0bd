// SPDX-License-Identifier: MIT
#include "policies/linkedin_knowledge_file.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/linkedin_knowledge.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using Role = LinkedInKnowledge::Role;

struct Loaded {
  std::shared_ptr<const LinkedInKnowledge> known;
  std::string messages;
};

Loaded load(const std::vector<std::string>& texts) {
  std::vector<Diagnostic> diagnostics;
  std::vector<YamlDocument> documents;
  for (const std::string& text : texts) {
    std::optional<YamlDocument> document =
        YamlDocument::parse(text, "k" + std::to_string(documents.size()), diagnostics);
    REQUIRE(document.has_value());
    documents.push_back(std::move(*document));
  }
  Loaded loaded;
  loaded.known = read_linkedin_knowledge(documents, diagnostics);
  loaded.messages = format(diagnostics);
  return loaded;
}

std::string entry(const std::string& section, const std::string& more) {
  return "linkedin: x\n" + section + ":\n  - {seen: 2026, source: raw mail, " + more + "}\n";
}

TEST_CASE("the shipped knowledge is sound and fills every list", "[linkedin]") {
  const LinkedInKnowledge& known = test::shipped_knowledge();
  CHECK(known.templates.size() > 40);
  for (const auto* marks :
       {&known.classes, &known.addresses, &known.domains, &known.categories, &known.paths, &known.subjects}) {
    CHECK_FALSE(marks->empty());
  }
  for (const auto* texts : {&known.suffixes, &known.invitations, &known.sentences, &known.paid,
                            &known.recruiters, &known.card_notes, &known.rules, &known.footer_places}) {
    CHECK_FALSE(texts->empty());
  }
  for (const auto* phrases : {&known.greetings, &known.openings, &known.closings, &known.footers,
                              &known.card_ends, &known.suggestions}) {
    CHECK(phrases->size() > 0);
  }
  CHECK(known.words_places == std::vector<std::vector<std::string>>{{"message-contents"}});
  CHECK(known.location_places == std::vector<std::vector<std::string>>{{"text-xs", "text-cool-gray-70"}});
  CHECK(known.role_of("ProfileCard") == Role::sender);
  CHECK(known.role_of("header") == Role::recipient);
  CHECK(known.role_of("") == Role::unknown);
}

struct Refused {
  std::string text;
  std::string message;
};

const Refused kRefused[] = {
    {"title: t\n", "k0:1:1: error: LinkedIn knowledge lacks 'linkedin'"},
    {"linkedin: x\ntemplate: []\n",
     "k0:2:1: error: unknown key 'template' in LinkedIn knowledge (did you mean 'templates'?)"},
    {"linkedin: x\ntemplates: security\n", "k0:2:12: error: 'templates' must be a list of entries"},
    {"linkedin: x\ntemplates:\n  - {kind: security, text: [security], seen: 2026}\n",
     "k0:3:5: error: entry of 'templates' lacks 'source'"},
    {"linkedin: x\ntemplates:\n  - {kind: security, text: [security], source: raw mail}\n",
     "k0:3:5: error: entry of 'templates' lacks 'seen'"},
    {"linkedin: x\ntemplates:\n  - {kind: security, seen: 2026, source: raw mail}\n",
     "k0:3:5: error: entry of 'templates' lacks 'text'"},
    {entry("templates", "text: [security]"), "k0:3:5: error: entry of 'templates' lacks 'kind'"},
    {entry("templates", "kind: securty, text: [security]"),
     "k0:3:42: error: unknown kind 'securty' (did you mean 'security'?)"},
    {entry("templates", "kind: security, text: [ab]"),
     "k0:3:59: error: 'ab' is too short to tell anything: at least 3 octets"},
    {entry("templates", "kind: security, text: [Security]"),
     "k0:3:59: error: 'Security' must be lower case letters, digits and - _ . ~"},
    {entry("templates", "kind: security, text: [abc, abc]"), "k0:3:64: error: 'abc' is given twice"},
    {entry("templates", "kind: security, text: []"), "k0:3:58: error: 'text' is empty"},
    {entry("templates", "kind: security, role: sender, text: [abc]"),
     "unknown key 'role' in entry of 'templates'"},
    {entry("footers", "text: '   a'"),
     "k0:3:42: error: '   a' is too short to tell anything: at least 4 octets"},
    {entry("footers", "text: " + std::string(301, 'x')), "k0:3:42: error: a text has more than 300 octets"},
    {entry("modules", "role: nobody, text: [hero]"), "k0:3:42: error: unknown role 'nobody'"},
    {entry("modules", "role: sendr, text: [hero]"), "unknown role 'sendr' (did you mean 'sender'?)"},
    {entry("places", "role: word, text: [abcd]"), "unknown role 'word' (did you mean 'words'?)"},
    {"linkedin: x\nfooters:\n  - {text: abcdef, seen: yesterday, source: raw mail}\n",
     "k0:3:26: error: 'seen' must be a year (2016), a month (2016-05), years (2016..2026) or unseen, not "
     "'yesterday'"},
    {"linkedin: x\nfooters:\n  - {text: abcdef, seen: 2026..2016, source: raw mail}\n",
     "'seen' must be a year"},
    {"linkedin: x\nfooters:\n  - {text: abcdef, seen: 2026, source: ''}\n",
     "k0:3:40: error: 'source' says too little"},
    {entry("footers", "text: abcdef, language: english"),
     "'language' must be two letters (ISO 639-1), not 'english'"},
};

TEST_CASE("faults in a file are told with their place", "[linkedin]") {
  for (const Refused& row : kRefused) {
    CAPTURE(row.text);
    const Loaded loaded = load({row.text});
    CHECK(loaded.known == nullptr);
    CAPTURE(loaded.messages);
    CHECK(loaded.messages.find(row.message) != std::string::npos);
  }
}

TEST_CASE("periods and languages that are right", "[linkedin]") {
  for (const char* seen : {"2026", "2026-05", "2016..2026", "unseen"}) {
    CAPTURE(seen);
    const Loaded loaded = load(
        {std::string("linkedin: x\nfooters:\n  - {text: abcdef, language: de, source: raw mail, seen: ") +
         seen + "}\n"});
    CHECK(loaded.messages.empty());
    CHECK(loaded.known != nullptr);
  }
}

TEST_CASE("a template that another hides is warned of", "[linkedin]") {
  const Loaded loaded =
      load({"linkedin: x\ntemplates:\n  - {kind: job, text: [job], seen: 2026, source: filter}\n"
            "  - {kind: digest, text: [job_digest], seen: 2026, source: filter}\n"
            "  - {kind: job, text: [job_alert], seen: 2026, source: filter}\n"});
  CHECK(loaded.known != nullptr);
  CHECK(loaded.messages.find("k0:4:26: warning: 'job_digest' is never reached: 'job' stands before it") !=
        std::string::npos);
  CHECK(loaded.messages.find("job_alert' is never") == std::string::npos);
}

TEST_CASE("a later file is looked at first", "[linkedin]") {
  const std::string mine =
      "linkedin: mine\ntemplates:\n  - {kind: newsletter, text: [job_news], seen: 2026, source: own mail}\n"
      "modules:\n  - {role: suggestion, text: [hero], seen: 2026, source: own mail}\n"
      "footers:\n  - {text: Sie erhalten, language: de, seen: 2026, source: own mail}\n"
      "suffixes:\n  - {text: przez LinkedIn, language: pl, seen: 2026, source: own mail}\n"
      "places:\n  - {role: words, text: [new-contents, deep], seen: 2026, source: own mail}\n";
  const std::string first =
      "linkedin: first\ntemplates:\n  - {kind: job, text: [job], seen: 2026, source: filter}\n"
      "modules:\n  - {role: sender, text: [hero], seen: 2026, source: filter}\n"
      "places:\n  - {role: words, text: [message-contents], seen: 2026, source: filter}\n";
  const Loaded loaded = load({first, mine});
  REQUIRE(loaded.known != nullptr);
  CHECK(loaded.known->templates[0].text == "job_news");
  CHECK(loaded.known->templates[1].text == "job");
  CHECK(loaded.known->role_of("hero") == Role::suggestion);
  CHECK(loaded.known->footers.at_start_of("Sie erhalten E-Mails").has_value());
  CHECK(loaded.known->suffixes == std::vector<std::string>{" przez LinkedIn"});
  CHECK(loaded.known->words_places ==
        std::vector<std::vector<std::string>>{{"new-contents", "deep"}, {"message-contents"}});
}

TEST_CASE("a file that is not there is told", "[linkedin]") {
  std::vector<Diagnostic> diagnostics;
  CHECK(load_linkedin_knowledge({"/nowhere/knowledge.yaml"}, diagnostics) == nullptr);
  CHECK(format(diagnostics).find("/nowhere/knowledge.yaml") != std::string::npos);
}

TEST_CASE("at most 1,000 texts", "[linkedin]") {
  for (const std::size_t count : {1000U, 1001U}) {
    std::string text = "linkedin: x\nfooters:\n  - seen: 2026\n    source: raw mail\n    text:\n";
    for (std::size_t i = 0; i < count; ++i) text += "      - footer " + std::to_string(i) + "\n";
    CHECK((load({text}).known != nullptr) == (count == 1000));
  }
}

TEST_CASE("phrases are compared without case, kinds of blanks and invisible characters", "[linkedin]") {
  CHECK(comparable_phrase("  I’d\u00A0like\r\n TO  ") == "i'd like to");
  CHECK(comparable_phrase("a\u200Bb\u00ADc \u034F \u034F d") == "abc d");
  CHECK(comparable_phrase("\xE2\x80") == "\xE2\x80");
  CHECK(comparable_phrase(" \u200C ").empty());
  const LinePhrases phrases({"Help:", "Aide :", "You are", "You are receiving", "© 20"});
  CHECK(phrases.size() == 5);
  CHECK(phrases.at_start_of("HELP: https://").has_value());
  CHECK(phrases.at_start_of("Aide\u00A0: x").has_value());
  CHECK(phrases.at_start_of("You are receiving x") != phrases.at_start_of("You are here"));
  CHECK_FALSE(phrases.at_start_of("I need help:").has_value());
  CHECK_FALSE(phrases.at_start_of("").has_value());
  CHECK(phrases.is_whole("help:"));
  CHECK(phrases.is_whole("You are."));
  CHECK_FALSE(phrases.is_whole("You are late"));
  CHECK(phrases.last_in("You are x You are y") == 10);
  CHECK(phrases.last_in("nothing") == std::string::npos);
  CHECK_FALSE(LinePhrases().at_start_of("x").has_value());
}

TEST_CASE("without any knowledge structure alone is read", "[linkedin]") {
  const LinkedInKnowledge nothing;
  test::LinkedInMailOptions options;
  const Message message = parse_message(test::linkedin_mail(options), Limits{});
  const LinkedInMail mail = read_linkedin(message, test::kPassed, test::kBounce, nothing);
  CHECK(mail.authenticity == LinkedInAuthenticity::authentic);
  CHECK(mail.kind == LinkedInKind::inmail);
  CHECK_FALSE(mail.template_known);
  CHECK(mail.sender_name == options.name);
}

}  // namespace
}  // namespace coldpitch
