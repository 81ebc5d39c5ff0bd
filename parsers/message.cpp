// SPDX-License-Identifier: MIT
#include "parsers/message.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "parsers/charset.h"
#include "parsers/encoded_word.h"
#include "parsers/language.h"
#include "parsers/message_body.h"
#include "parsers/text.h"
#include "parsers/url_reader.h"
#include "parsers/words.h"

namespace coldpitch {
namespace {

std::string message_id_of(std::string_view body) {
  std::vector<std::string> ids = parse_message_ids(body);
  return ids.empty() ? std::string(trim(body)) : std::move(ids.front());
}

/// The charset the message's text is written in, "" where that says nothing about raw octets of its header.
std::string_view text_charset(const MimeMessage& mime) {
  for (const MimePart& part : mime.parts) {
    const std::string_view charset = part.content_type.parameter("charset");
    if (charset.empty() || equals_ignoring_case(charset, "us-ascii")) continue;
    constexpr std::string_view kNotAscii[] = {"utf", "ucs", "unicode", "iso-10646"};
    const bool is_unicode =
        std::any_of(std::begin(kNotAscii), std::end(kNotAscii),
                    [&](std::string_view name) { return starts_with_ignoring_case(charset, name); });
    return is_unicode ? std::string_view() : charset;
  }
  return {};
}

/// A field body whose author wrote raw octets where encoded-words belong: mail programs read them in the charset of the text. As it
/// is where that does not fit.
std::string readable_body(std::string_view body, std::string_view charset, Problems& problems) {
  const bool is_escaped =
      body.find('\x1B') != std::string_view::npos && starts_with_ignoring_case(charset, "iso-2022");
  if (charset.empty() || (is_valid_utf8(body) && !is_escaped)) return std::string(body);
  Problems flaws;
  std::string text = to_utf8(body, charset, flaws);
  if (!flaws.names().empty()) return std::string(body);
  problems.add("header-8bit");
  return text;
}

void read_header(const Limits& limits, Message& message) {
  const Header& header = message.header();
  const std::string_view charset = text_charset(message.mime);
  const auto mailboxes = [&](std::string_view name) {
    const std::string body = readable_body(header.get(name), charset, message.problems);
    return parse_address_list(body, limits, message.problems);
  };
  const std::string subject = readable_body(header.get("Subject"), charset, message.problems);
  message.subject = std::string(trim(decode_encoded_words(subject, message.problems)));
  message.message_id = message_id_of(header.get("Message-ID"));
  message.header_from = mailboxes("From");
  message.header_sender = mailboxes("Sender");
  message.reply_to = mailboxes("Reply-To");
  message.to = mailboxes("To");
  message.cc = mailboxes("Cc");
  message.date = parse_date(header.get("Date"));
  message.in_reply_to = parse_message_ids(header.get("In-Reply-To"));
  message.references = parse_message_ids(header.get("References"));
}

void read_body(const Limits& limits, Message& message) {
  MessageBody body = read_message_body(message.mime, limits, message.problems);
  for (MimePart& part : message.mime.parts) std::string().swap(part.body);  // nobody reads them any more
  message.source = body.source;
  message.text = std::move(body.text);
  message.hidden_text = std::move(body.hidden_text);
  message.html = std::move(body.html);
  message.plain = std::move(body.plain);
  message.quoted = split_quoted_text(message.text);
  message.language = detect_language(has_words(message.quoted.human) ? message.quoted.human : message.text);
}

/// Collects links, each target once.
class LinkList {
 public:
  explicit LinkList(std::size_t max_links) : max_links_(max_links) {}

  /// A target that is seen anywhere is not a hidden one.
  void add(Link link) {
    const Url& url = link.url;
    std::string target;
    target.reserve(url.scheme.size() + url.host.size() + url.path.size() + url.query.size() + 2);
    target.append(url.scheme).append(":").append(url.host).append(url.path).append("?").append(url.query);
    const auto known = places_.find(target);
    if (known != places_.end()) {
      Link& first = links_[known->second];
      if (first.hidden && !link.hidden) first = std::move(link);
      return;
    }
    if (links_.size() >= max_links_) {
      full_ = true;
      return;
    }
    places_.emplace(std::move(target), links_.size());
    links_.push_back(std::move(link));
  }

  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] std::vector<Link> take() { return std::move(links_); }

 private:
  std::size_t max_links_;
  std::vector<Link> links_;
  std::unordered_map<std::string, std::size_t> places_;
  bool full_ = false;
};

void read_links(const Limits& limits, Message& message) {
  LinkList links(limits.urls);
  for (TextUrl& found : find_urls(message.text, limits, message.problems)) {
    links.add({.url = std::move(found.url), .text = found.span});
  }
  UrlReader reader;
  const HtmlLink* last = nullptr;
  for (const HtmlLink& link : message.html.links) {
    // A picture and the words below it lead to the same place.
    const bool is_repeated = last != nullptr && link.href == last->href && (link.hidden || !last->hidden);
    last = &link;
    if (is_repeated) continue;
    auto url = reader.read(link.href);
    if (!url) continue;
    const Span text = message.source == BodySource::html ? link.text : Span{};
    links.add({.url = *std::move(url), .text = text, .hidden = link.hidden});
  }
  if (links.full()) message.problems.add("urls");
  message.links = links.take();
}

}  // namespace

Mailbox Message::author() const { return header_from.empty() ? Mailbox{} : header_from.front(); }

Message parse_message(std::string_view octets, const Limits& limits) {
  Message message;
  message.mime = parse_mime(octets, limits, message.problems, MimeBodies::texts);
  read_header(limits, message);
  read_body(limits, message);
  read_links(limits, message);
  return message;
}

}  // namespace coldpitch
