// SPDX-License-Identifier: MIT
// The parser of LinkedIn's notifications on any message, believed and not, with what is shipped for it and with nothing.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "policies/linkedin_knowledge_file.h"

using namespace coldpitch;

namespace {

Limits small_limits() {
  Limits limits;
  limits.message_octets = 64U * 1024U;
  limits.text_octets = 16U * 1024U;
  limits.html_octets = 32U * 1024U;
  limits.urls = 50;
  return limits;
}

const LinkedInKnowledge& shipped() {
  static const std::shared_ptr<const LinkedInKnowledge> known = [] {
    std::vector<Diagnostic> diagnostics;
    return load_linkedin_knowledge({COLDPITCH_SOURCE_FOLDER "/policies/linkedin/notifications.yaml"},
                                   diagnostics);
  }();
  if (!known) std::abort();
  return *known;
}

void require(bool holds) {
  if (!holds) std::abort();
}

/// No value may hold a query: it may sign its owner in.
void check_addresses(const LinkedInMail& mail) {
  require(mail.sender_profile.empty() || mail.sender_profile.starts_with("https://www.linkedin.com/in/"));
  require(mail.sender_profile.find_first_of("?#& \n") == std::string::npos);
  require(mail.thread.find_first_of("?#&/ \n") == std::string::npos);
}

void check_words(const LinkedInMail& mail, const Message& message) {
  require(mail.human_text.has_value() || mail.words.empty());
  if (!mail.human_text) return;
  const Span span = *mail.human_text;
  require(span.begin < span.end && span.end <= message.text.size());
  require(!mail.words.empty() && mail.words.size() <= span.size());
  const Span whole = mail.words_source.source_of(Span{0, mail.words.size()}, message.text.size());
  require(whole.begin >= span.begin && whole.end <= span.end);
}

void check(const Message& message, const Authentication& authentication, const LinkedInKnowledge& known) {
  const LinkedInMail mail = read_linkedin(message, authentication, "", known);
  const bool is_authentic = mail.authenticity == LinkedInAuthenticity::authentic;
  require(!is_authentic || authentication.checked);
  require(!mail.authenticity_reason.empty());
  require(is_authentic ||
          (mail.sender_name.empty() && mail.thread.empty() && !mail.human_text && mail.used.empty()));
  check_addresses(mail);
  check_words(mail, message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Message message = parse_message({reinterpret_cast<const char*>(data), size}, small_limits());
  const Authentication passed{true,   {"linkedin.com"},      "pass", "linkedin.com",
                              "pass", "bounce.linkedin.com", "pass", {{"linkedin.com", "", ""}}};
  check(message, passed, shipped());
  check(message, passed, LinkedInKnowledge{});
  check(message, trusted_authentication(message.header(), {"mx.example.net"}), shipped());
  check(message, Authentication{}, shipped());
  return 0;
}
