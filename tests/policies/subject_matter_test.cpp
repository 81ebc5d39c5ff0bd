// SPDX-License-Identifier: MIT
#include "policies/subject_matter.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace std::chrono_literals;

Message message_with(std::string subject, std::string text) {
  Message message;
  message.mime.parts.emplace_back();
  message.subject = std::move(subject);
  message.text = std::move(text);
  message.quoted.human = message.text;
  message.quoted.human_source.add(0, 0);
  message.header_from.push_back({"Jane Doe", "jane", "example.org"});
  message.language = "en";
  return message;
}

/// As read_linkedin() fills them in.
void give_words(LinkedInMail& mail, const Message& message, Span words) {
  mail.human_text = words;
  mail.words = message.text.substr(words.begin, words.size());
  mail.words_source = {};
  mail.words_source.add(0, words.begin);
}

LinkedInMail authentic(LinkedInKind kind) {
  LinkedInMail mail;
  mail.authenticity = LinkedInAuthenticity::authentic;
  mail.kind = kind;
  return mail;
}

std::set<std::string> names_of(const SubjectMatter& matter) {
  std::set<std::string> names;
  for (const auto& [name, signal] : matter.signals) names.insert(name);
  return names;
}

std::set<std::string> fields_of(const SubjectMatter& matter) {
  std::set<std::string> names;
  for (const auto& [name, text] : matter.fields) names.insert(name);
  return names;
}

/// What a person sees of the words `folded` in `text`.
std::string seen_words(const MatchText& text, const std::string& folded) {
  const std::size_t at = text.folded.find(folded);
  REQUIRE(at != std::string::npos);
  const Span span = text.to_seen.source_of(Span{at, at + folded.size()}, text.seen.size());
  return std::string(text.seen.substr(span.begin, span.size()));
}

Link link_to(std::string host, std::string path, Span text = {}) {
  Link link;
  link.url.scheme = "https";
  link.url.host = std::move(host);
  link.url.path = std::move(path);
  link.url.query = "token=secret";
  link.text = text;
  return link;
}

TEST_CASE("a direct mail has subject, body, human words and sender", "[subject_matter]") {
  const Message message = message_with("Quick  QUESTION", "Hello\n\nWorld");
  const SubjectMatter matter = make_subject_matter(message, {}, {}, Channel::direct);
  CHECK(fields_of(matter) == std::set<std::string>{"subject", "body", "human", "sender", "from"});
  CHECK(matter.fields.at("subject").folded == "quick question");
  CHECK(matter.fields.at("subject").where == "subject");
  CHECK(matter.fields.at("subject").seen.data() == message.subject.data());
  CHECK(matter.fields.at("body").folded == "hello world");
  CHECK(matter.fields.at("human").folded == "hello world");
  CHECK(matter.fields.at("human").where == "body");
  CHECK(matter.fields.at("sender").folded == "jane doe");
  CHECK(matter.language == "en");
  CHECK(matter.channel == Channel::direct);
  CHECK(matter.header == &message.header());
}

TEST_CASE("human words of a direct mail lead back to the whole text", "[subject_matter]") {
  Message message = message_with("", "> old words\nNew   Words\n> more\nLast Line");
  const std::size_t first = message.text.find("New");
  const std::size_t second = message.text.find("Last");
  message.quoted.human = "New   Words\nLast Line";
  message.quoted.human_source = {};
  message.quoted.human_source.add(0, first);
  message.quoted.human_source.add(12, second);
  const SubjectMatter matter = make_subject_matter(message, {}, {}, Channel::direct);
  const MatchText& human = matter.fields.at("human");
  CHECK(human.folded == "new words last line");
  CHECK(human.seen.data() == message.text.data());
  CHECK(seen_words(human, "new words") == "New   Words");
  CHECK(seen_words(human, "last line") == "Last Line");
}

TEST_CASE("LinkedIn mail is read by what LinkedIn says of the sender", "[subject_matter]") {
  const Message message =
      message_with("Growth for Example", "LinkedIn says\nWe  Sell und mehr things\nUnsubscribe");
  LinkedInMail linkedin = authentic(LinkedInKind::inmail);
  linkedin.sender_name = "Max Muster";
  linkedin.sender_headline = "Sales at Example";
  give_words(linkedin, message, {14, 38});

  SECTION("subject of LinkedIn's own making") {
    const SubjectMatter matter = make_subject_matter(message, linkedin, {}, Channel::linkedin);
    CHECK(fields_of(matter) == std::set<std::string>{"body", "human", "sender", "headline"});
    CHECK(matter.fields.at("sender").folded == "max muster");
    CHECK(matter.fields.at("headline").folded == "sales at example");
    const MatchText& human = matter.fields.at("human");
    CHECK(human.folded == "we sell und mehr things");
    CHECK(human.where == "body");
    CHECK(human.seen.data() == message.text.data());
    CHECK(seen_words(human, "we sell") == "We  Sell");
    CHECK(matter.fields.at("body").folded == human.folded);
  }
  SECTION("subject of the sender") {
    linkedin.subject_is_human = true;
    const SubjectMatter matter = make_subject_matter(message, linkedin, {}, Channel::linkedin);
    CHECK(matter.fields.at("subject").folded == "growth for example");
  }
  SECTION("no words, no name") {
    linkedin = authentic(LinkedInKind::inmail);
    const SubjectMatter matter = make_subject_matter(message, linkedin, {}, Channel::linkedin);
    CHECK(fields_of(matter).empty());
    CHECK(matter.signals.contains("linkedin.no-human-text"));
    CHECK(matter.language == "en");
  }
  SECTION("words made clean lead back to the text") {
    linkedin.words = "we & you";
    linkedin.words_source = {};
    linkedin.words_source.add(0, 14);
    linkedin.words_source.add_block(3, {17, 22});
    linkedin.words_source.add(4, 22);
    const MatchText human = make_subject_matter(message, linkedin, {}, Channel::linkedin).fields.at("human");
    CHECK(human.folded == "we & you");
    CHECK(human.to_seen.source_of(Span{3, 4}, message.text.size()) == Span{17, 22});
  }
}

TEST_CASE("hidden text and links of LinkedIn's frame are no fields", "[subject_matter]") {
  Message message = message_with("", "frame words here and my own words there");
  message.hidden_text = "We sell";
  message.links = {link_to("www.linkedin.com", "/comm/", {0, 5}), link_to("shop.example", "/a", {24, 27})};
  LinkedInMail linkedin = authentic(LinkedInKind::inmail);
  give_words(linkedin, message, {21, 33});
  const SubjectMatter matter = make_subject_matter(message, linkedin, {}, Channel::linkedin);
  CHECK(fields_of(matter) == std::set<std::string>{"body", "human", "links"});
  CHECK(matter.fields.at("links").folded == "shop.example/a");
}

TEST_CASE("links are hosts and paths, without queries", "[subject_matter]") {
  Message message = message_with("", "text");
  message.links = {link_to("a.example", "/Path"), link_to("b.example", "")};
  const SubjectMatter matter = make_subject_matter(message, {}, {}, Channel::direct);
  const MatchText& links = matter.fields.at("links");
  CHECK(links.folded == "a.example/path b.example");
  CHECK(links.where == "links");
  CHECK(links.seen.empty());
}

TEST_CASE("an empty message has no fields", "[subject_matter]") {
  Message message;
  message.mime.parts.emplace_back();
  const SubjectMatter matter = make_subject_matter(message, {}, {}, Channel::direct);
  CHECK(fields_of(matter).empty());
  CHECK(names_of(matter) == std::set<std::string>{"no-links"});
}

TEST_CASE("hidden text is a field of its own", "[subject_matter]") {
  Message message = message_with("", "seen");
  message.hidden_text = "Not Seen";
  const SubjectMatter matter = make_subject_matter(message, {}, {}, Channel::direct);
  CHECK(matter.fields.at("hidden").folded == "not seen");
  CHECK(matter.fields.at("hidden").where == "hidden");
}

TEST_CASE("traits and problems are signals, the first of a name counts", "[subject_matter]") {
  Message message = message_with("Re: hello", "some text");
  message.problems.add("mime-depth");
  const std::vector<Trait> traits = {
      {"fake-reply", "subject", {0, 3}, "Re:"},
      {"fake-reply", "header", {}, "second"},
      {"short-text", "body", {}, ""},
  };
  const SubjectMatter matter = make_subject_matter(message, {}, traits, Channel::direct);
  CHECK(names_of(matter) ==
        std::set<std::string>{"fake-reply", "short-text", "problem.mime-depth", "no-links"});
  CHECK(matter.signals.at("fake-reply").where == "subject");
  CHECK(matter.signals.at("fake-reply").span == Span{0, 3});
  CHECK(matter.signals.at("fake-reply").detail == "Re:");
}

TEST_CASE("what LinkedIn mail is becomes signals", "[subject_matter]") {
  const Message message = message_with("", "text");
  const struct {
    const char* name;
    LinkedInAuthenticity authenticity;
    LinkedInKind kind;
    std::set<std::string> expected;
  } kRows[] = {
      {"unrelated", LinkedInAuthenticity::unrelated, LinkedInKind::other, {"no-links"}},
      {"forged", LinkedInAuthenticity::forged, LinkedInKind::other, {"no-links", "linkedin.forged"}},
      {"unknown", LinkedInAuthenticity::unknown, LinkedInKind::other, {"no-links", "linkedin.unproved"}},
      {"inmail",
       LinkedInAuthenticity::authentic,
       LinkedInKind::inmail,
       {"no-links", "authenticated", "linkedin.inmail", "linkedin.no-human-text"}},
      {"reminder",
       LinkedInAuthenticity::authentic,
       LinkedInKind::invitation_reminder,
       {"no-links", "authenticated", "linkedin.invitation-reminder", "linkedin.no-human-text"}},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    LinkedInMail linkedin;
    linkedin.authenticity = row.authenticity;
    linkedin.kind = row.kind;
    CHECK(names_of(make_subject_matter(message, linkedin, {}, Channel::direct)) == row.expected);
  }
}

TEST_CASE("of LinkedIn mail only the sender's words are the sender's", "[subject_matter]") {
  Message message = message_with("", "frame words here and my own words there");
  LinkedInMail linkedin = authentic(LinkedInKind::inmail);
  give_words(linkedin, message, {21, 33});  // "my own words"
  const std::vector<Trait> traits = {
      {"template-residue", "body", {22, 25}, ""}, {"empty-greeting", "body", {0, 5}, ""},
      {"opt-out-by-reply", "body", {20, 25}, ""}, {"long-text", "body", {}, ""},
      {"list-unsubscribe", "header", {}, ""},     {"tracking-pixel", "links", {}, ""},
      {"calendar-link", "links", {}, ""},         {"fake-reply", "subject", {0, 3}, ""},
  };
  message.links = {link_to("www.linkedin.com", "/comm/", {0, 5})};
  const auto names = names_of(make_subject_matter(message, linkedin, traits, Channel::linkedin));
  CHECK(names == std::set<std::string>{"template-residue", "calendar-link", "short-text", "no-links",
                                       "authenticated", "linkedin.inmail"});
  linkedin.subject_is_human = true;
  CHECK(make_subject_matter(message, linkedin, traits, Channel::linkedin).signals.contains("fake-reply"));

  message.links.push_back(link_to("example.org", "/", {24, 27}));
  CHECK_FALSE(make_subject_matter(message, linkedin, traits, Channel::linkedin).signals.contains("no-links"));
  message.links.back().hidden = true;
  CHECK(make_subject_matter(message, linkedin, traits, Channel::linkedin).signals.contains("no-links"));
}

TEST_CASE("length of LinkedIn words", "[subject_matter]") {
  const struct {
    std::size_t words;
    bool is_short, is_long;
  } kRows[] = {{11, true, false}, {12, false, false}, {400, false, false}, {401, false, true}};
  for (const auto& row : kRows) {
    CAPTURE(row.words);
    std::string text;
    for (std::size_t i = 0; i < row.words; ++i) text += "word ";
    const Message message = message_with("", text);
    LinkedInMail linkedin = authentic(LinkedInKind::inmail);
    give_words(linkedin, message, {0, text.size()});
    const SubjectMatter matter = make_subject_matter(message, linkedin, {}, Channel::linkedin);
    CHECK(matter.signals.contains("short-text") == row.is_short);
    CHECK(matter.signals.contains("long-text") == row.is_long);
  }
}

const TimePoint kNow{TimePoint::duration{1'700'000'000}};  // 2023-11-14

std::set<std::string> contact_signals(const std::optional<ContactFacts>& facts) {
  SubjectMatter matter;
  add_contact_signals(matter, facts, kNow);
  for (const auto& [name, signal] : matter.signals) CHECK(signal.where == "history");
  return names_of(matter);
}

TEST_CASE("what history knows becomes signals", "[subject_matter]") {
  using Names = std::set<std::string>;
  CHECK(contact_signals(std::nullopt) == Names{"history-unknown"});
  CHECK(contact_signals(ContactFacts{}) == Names{"first-contact"});

  ContactFacts facts;
  facts.inbound = 3;
  CHECK(contact_signals(facts).empty());
  facts.unanswered = 1;
  CHECK(contact_signals(facts) == Names{"unanswered-follow-up"});
  facts.unanswered_pitches = 1;
  CHECK(contact_signals(facts) == Names{"unanswered-follow-up", "unanswered-pitch"});

  facts = {};
  facts.in_our_thread = true;
  facts.last_outbound = kNow - 48h;
  CHECK(contact_signals(facts) == Names{"in-our-thread", "known-contact"});
  facts = {};
  facts.cleared = kNow - 48h;
  CHECK(contact_signals(facts) == Names{"known-contact"});
}

TEST_CASE("who was told to stop is no known contact, and returns after a day", "[subject_matter]") {
  using Names = std::set<std::string>;
  ContactFacts facts;
  facts.last_outbound = kNow - 480h;
  facts.told_to_stop = kNow - 24h + 1s;
  CHECK(contact_signals(facts) == Names{"told-to-stop"});
  facts.told_to_stop = kNow - 24h;
  CHECK(contact_signals(facts) == Names{"told-to-stop", "returned-after-stop"});
}

TEST_CASE("a stop told to others is another signal", "[subject_matter]") {
  using Names = std::set<std::string>;
  ContactFacts facts;
  facts.told_to_stop = kNow - 1h;
  for (const StopScope scope : {StopScope::organisation, StopScope::sibling}) {
    facts.stop_scope = scope;
    CHECK(contact_signals(facts) == Names{"organisation-told-to-stop"});
  }
}

TEST_CASE("what the user said, and what nobody here did", "[subject_matter]") {
  using Names = std::set<std::string>;
  ContactFacts facts;
  facts.inbound = 1;
  facts.reported = kNow - 1h;
  CHECK(contact_signals(facts) == Names{"reported-as-pitch"});
  facts = {};
  facts.inbound = 1;
  facts.wrote_here = true;
  CHECK(contact_signals(facts) == Names{"never-answered-here"});
  facts.answered_here = true;
  CHECK(contact_signals(facts).empty());
  facts.same_text_to = 2;
  CHECK(contact_signals(facts).empty());
  facts.same_text_to = 3;
  CHECK(contact_signals(facts) == Names{"same-text-to-many"});
}

TEST_CASE("windows are settings", "[subject_matter]") {
  const auto holds = [](const char* name, const ContactFacts& facts, const ContactSettings& settings) {
    SubjectMatter matter;
    add_contact_signals(matter, facts, kNow, settings);
    return matter.signals.contains(name);
  };
  const auto is_recent = [&](TimePoint accepted) {
    ContactFacts facts;
    facts.accepted = accepted;
    ContactSettings settings;
    settings.accepted = 24h * 10;
    return holds("accepted-recently", facts, settings);
  };
  CHECK(is_recent(kNow));
  CHECK(is_recent(kNow - 24h * 10));
  CHECK_FALSE(is_recent(kNow - 24h * 10 - 1s));
  CHECK_FALSE(is_recent(kNow + 1s));
  ContactFacts facts;
  facts.same_text_to = 4;
  facts.told_to_stop = kNow - 2h;
  ContactSettings settings;
  settings.same_text_recipients = 5;
  settings.return_after = 1h;
  CHECK_FALSE(holds("same-text-to-many", facts, settings));
  CHECK(holds("returned-after-stop", facts, settings));
}

TEST_CASE("details of history are dates and counts", "[subject_matter]") {
  ContactFacts facts;
  facts.unanswered = 2;
  facts.first_inbound = kNow - 24h * 7;
  facts.told_to_stop = facts.reported = kNow;
  facts.same_text_to = 40;
  SubjectMatter matter;
  add_contact_signals(matter, facts, kNow);
  CHECK(matter.signals.at("told-to-stop").detail == "2023-11-14");
  CHECK(matter.signals.at("reported-as-pitch").detail == "2023-11-14");
  CHECK(matter.signals.at("unanswered-follow-up").detail == "2 unanswered since 2023-11-07");
  CHECK(matter.signals.at("same-text-to-many").detail == "40");
}

TEST_CASE("a proved identity is a signal", "[subject_matter]") {
  SubjectMatter matter;
  add_identity_signals(matter, {"mail:jane@example.org", "org:example.org", false});
  CHECK(names_of(matter).empty());
  add_identity_signals(matter, {"mail:jane@example.org", "org:example.org", true});
  CHECK(names_of(matter) == std::set<std::string>{"authenticated"});
}

TEST_CASE("known signals are sorted, single, and hold what is made", "[subject_matter]") {
  const std::vector<std::string>& names = known_signals();
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  for (const char* name : {"fake-reply", "linkedin.inmail", "linkedin.sales-tool", "linkedin.no-human-text",
                           "linkedin.unproved", "told-to-stop", "history-unknown", "problem.", "no-links",
                           "authenticated", "undisclosed-recipients"}) {
    CAPTURE(name);
    CHECK(std::binary_search(names.begin(), names.end(), name));
  }
}

}  // namespace
}  // namespace coldpitch
