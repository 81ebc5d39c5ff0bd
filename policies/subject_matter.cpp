// SPDX-License-Identifier: MIT
#include "policies/subject_matter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "parsers/language.h"
#include "policies/signals.h"

namespace coldpitch {
namespace {

/// Field `name` with the words `seen`, unless they are none.
void add_field(SubjectMatter& matter, const char* name, const char* where, std::string_view seen) {
  FoldedText folded = fold_text(seen);
  if (folded.text.empty()) return;
  matter.fields.insert_or_assign(name,
                                 MatchText{seen, where, std::move(folded.text), std::move(folded.source)});
}

/// The sender's words are all of a LinkedIn mail that a rule may see.
void add_linkedin_words(SubjectMatter& matter, std::string_view text, const LinkedInMail& linkedin) {
  FoldedText folded = fold_text(linkedin.words);
  if (folded.text.empty()) return;
  matter.language = detect_language(linkedin.words);
  const MatchText words{text, "body", std::move(folded.text), folded.source.then(linkedin.words_source)};
  matter.fields.insert_or_assign("human", words);
  matter.fields.insert_or_assign("body", words);
}

/// Those of a direct mail are joined from the stretches that are no quote.
void add_direct_words(SubjectMatter& matter, const Message& message) {
  FoldedText folded = fold_text(message.quoted.human);
  if (folded.text.empty()) return;
  matter.fields.insert_or_assign("human", MatchText{message.text, "body", std::move(folded.text),
                                                    folded.source.then(message.quoted.human_source)});
}

/// Queries are left out: they may hold tokens that sign their owner in.
std::string list_links(const std::vector<Link>& links) {
  std::string list;
  for (const Link& link : links) list += link.url.host + link.url.path + '\n';
  return list;
}

/// LinkedIn's own links around the words are left out.
std::vector<Link> links_in(const std::vector<Link>& links, const std::optional<Span>& words) {
  std::vector<Link> inside;
  std::copy_if(links.begin(), links.end(), std::back_inserter(inside), [&](const Link& link) {
    return words && !link.hidden && link.text.begin >= words->begin && link.text.end <= words->end;
  });
  return inside;
}

void add_links(SubjectMatter& matter, const std::vector<Link>& links) {
  FoldedText folded = fold_text(list_links(links));
  if (folded.text.empty()) return;
  matter.fields.insert_or_assign("links", MatchText{{}, "links", std::move(folded.text), {}});
}

/// Addresses, one a line.
void add_addresses(SubjectMatter& matter, const char* name, const std::vector<Mailbox>& mailboxes) {
  std::string list;
  for (const Mailbox& mailbox : mailboxes) {
    if (!mailbox.domain.empty()) list += mailbox.address() + '\n';
  }
  FoldedText folded = fold_text(list);
  if (folded.text.empty()) return;
  matter.fields.insert_or_assign(name, MatchText{{}, "header", std::move(folded.text), {}});
}

}  // namespace

SubjectMatter make_subject_matter(const Message& message, const LinkedInMail& linkedin,
                                  const std::vector<Trait>& traits, Channel channel) {
  SubjectMatter matter;
  matter.channel = channel;
  matter.language = message.language;
  matter.header = &message.header();
  if (channel == Channel::linkedin) {
    if (linkedin.subject_is_human) add_field(matter, "subject", "subject", message.subject);
    add_linkedin_words(matter, message.text, linkedin);
    add_links(matter, links_in(message.links, linkedin.human_text));
    add_field(matter, "sender", "sender", linkedin.sender_name);
    add_field(matter, "headline", "headline", linkedin.sender_headline);
  } else {
    add_field(matter, "body", "body", message.text);
    add_field(matter, "hidden", "hidden", message.hidden_text);
    add_links(matter, message.links);
    add_field(matter, "subject", "subject", message.subject);
    add_direct_words(matter, message);
    if (!message.header_from.empty()) {
      add_field(matter, "sender", "sender", message.header_from.front().display_name);
    }
    add_addresses(matter, "from", message.header_from);
    add_addresses(matter, "reply-to", message.reply_to);
  }
  add_message_signals(matter, message, linkedin, traits);
  return matter;
}

}  // namespace coldpitch
