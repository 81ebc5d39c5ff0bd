// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "parsers/authentication.h"
#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "tests/support/linkedin_knowledge.h"
#include "tests/support/linkedin_mail.h"

namespace coldpitch::test {

/// What our edge says of a genuine notification.
inline const Authentication kPassed{true,   {"linkedin.com"},      "pass", "linkedin.com",
                                    "pass", "bounce.linkedin.com", "pass", {{"linkedin.com", "", ""}}};
/// An envelope sender of LinkedIn's mailer.
inline const std::string kBounce = "m-1@bounce.linkedin.com";

/// A message with these fields and this plain text, made without the parsers of whole messages.
inline Message message_with(std::vector<HeaderField> fields, std::string text = "") {
  Message message;
  message.mime.parts.resize(1);
  MimePart& part = message.mime.parts.front();
  part.header = Header(std::move(fields));
  message.header_from = parse_address_list(part.header.get("From"), Limits{}, message.problems);
  message.subject = part.header.get("Subject");
  message.source = text.empty() ? BodySource::none : BodySource::plain;
  message.text = std::move(text);
  for (TextUrl& found : find_urls(message.text, Limits{}, message.problems)) {
    message.links.push_back({std::move(found.url), found.span});
  }
  return message;
}

/// read_linkedin() with what is shipped.
inline LinkedInMail read(const Message& message, const Authentication& authentication,
                         std::string_view envelope_sender) {
  return read_linkedin(message, authentication, envelope_sender, shipped_knowledge());
}

/// A fixture, read as the daemon reads it.
struct ReadLinkedIn {
  Message message;
  LinkedInMail linkedin;

  [[nodiscard]] std::string human_text() const {
    const Span span = linkedin.human_text.value_or(Span{});
    return message.text.substr(span.begin, span.size());
  }
};

inline ReadLinkedIn read_fixture(const LinkedInMailOptions& options) {
  ReadLinkedIn mail;
  mail.message = parse_message(linkedin_mail(options), Limits{});
  mail.linkedin =
      read_linkedin(mail.message, trusted_authentication(mail.message.header(), {"mx.example.net"}),
                    linkedin_envelope_sender(options), shipped_knowledge());
  return mail;
}

inline LinkedInMailOptions fixture(LinkedInLayout layout, bool with_html) {
  LinkedInMailOptions options;
  options.layout = layout;
  options.with_html = with_html;
  return options;
}

}  // namespace coldpitch::test
