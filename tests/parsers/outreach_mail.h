// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/outreach.h"
#include "parsers/quoting.h"
#include "tests/support/catch.h"

namespace coldpitch {

inline Mailbox mailbox(std::string_view address, std::string_view display_name = "") {
  const std::size_t at = address.rfind('@');
  return {std::string(display_name), std::string(address.substr(0, at)),
          at == std::string_view::npos ? "" : std::string(address.substr(at + 1))};
}

/// An ordinary mail from a stranger, as parse_message() would give it. Each test changes what it is about.
class Mail {
 public:
  Mail() {
    message_.mime.parts.emplace_back();
    message_.header_from = {mailbox("jane@seller.example", "Jane Doe")};
    message_.to = {mailbox("sam@buyer.example", "Sam Roe")};
    message_.message_id = "1@seller.example";
    message_.subject = "A plan";
    text(
        "Hello Sam,\n\nthis is a text of more than twelve words that says nothing much about anything at "
        "all.\n");
  }

  Mail& from(std::string_view address) {
    message_.header_from = {mailbox(address)};
    return *this;
  }
  Mail& to(std::vector<Mailbox> mailboxes) {
    message_.to = std::move(mailboxes);
    return *this;
  }
  Mail& reply_to(std::string_view address) {
    message_.reply_to = {mailbox(address)};
    return *this;
  }
  Mail& rcpt(std::string_view address) {
    recipients_.push_back(mailbox(address));
    return *this;
  }
  Mail& subject(std::string_view words) {
    message_.subject = words;
    return *this;
  }
  Mail& id(std::string_view id) {
    message_.message_id = id;
    return *this;
  }
  Mail& references(std::vector<std::string> ids) {
    message_.references = std::move(ids);
    return *this;
  }
  Mail& field(std::string_view name, std::string_view body) {
    fields_.push_back({std::string(name), std::string(body)});
    return *this;
  }
  Mail& text(std::string_view words) {
    message_.text = words;
    return *this;
  }
  Mail& link(std::string_view host, std::string_view path, std::string_view domain) {
    Url url;
    url.scheme = "https";
    url.host = host;
    url.path = path;
    url.registrable_domain = domain;
    message_.links.push_back({std::move(url), {}, false});
    return *this;
  }
  Mail& image(std::string_view source, bool hidden) {
    message_.html.images.push_back({std::string(source), "", std::nullopt, std::nullopt, hidden});
    return *this;
  }
  Mail& part(std::string_view type, std::string_view disposition, std::string_view file_name) {
    MimePart part;
    part.content_type.value = type;
    part.disposition.value = disposition;
    if (!file_name.empty()) part.disposition.parameters.emplace_back("filename", file_name);
    message_.mime.parts.push_back(std::move(part));
    return *this;
  }
  Mail& report_type(std::string_view type) {
    message_.mime.parts.front().content_type.value = "multipart/report";
    message_.mime.parts.front().content_type.parameters.emplace_back("report-type", type);
    return *this;
  }

  [[nodiscard]] std::vector<Trait> traits() const {
    Message message = message_;
    message.mime.parts.front().header = Header(fields_);
    message.quoted = split_quoted_text(message.text);
    std::vector<Trait> found = find_outreach_traits(message, recipients_);
    for (const Trait& trait : found) check_span(trait, message);
    return found;
  }

 private:
  static void check_span(const Trait& trait, const Message& message) {
    INFO(trait.name);
    CHECK(trait.span.begin <= trait.span.end);
    if (trait.where == "subject") CHECK(trait.span.end <= message.subject.size());
    if (trait.where == "body") CHECK(trait.span.end <= message.text.size());
    if (trait.where != "subject" && trait.where != "body") CHECK(trait.span == Span{});
  }

  Message message_;
  std::vector<Mailbox> recipients_;
  std::vector<HeaderField> fields_;
};

/// "name: detail" of all traits, sorted and joined, for exact comparison.
inline std::string shown(const std::vector<Trait>& traits) {
  std::vector<std::string> lines;
  for (const Trait& trait : traits) lines.push_back(trait.name + ": " + trait.detail);
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : " | ") + line;
  return all;
}

/// Details of the traits called `name`, joined.
inline std::string details(const Mail& mail, std::string_view name) {
  std::string all;
  for (const Trait& trait : mail.traits()) {
    if (trait.name == name) all += (all.empty() ? "" : " | ") + trait.detail;
  }
  return all;
}

}  // namespace coldpitch
