// SPDX-License-Identifier: MIT
#include "milter/contact.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// References beyond these are not looked up: threads are longer, but their ends are what an answer must know.
constexpr std::size_t kMaxReferences = 30;

std::vector<std::string> keys_of(const std::vector<std::string>& words, const Keyring& keyring) {
  std::vector<std::string> keys;
  keys.reserve(words.size());
  for (const std::string& word : words) keys.push_back(keyring.key(word));
  return keys;
}

std::vector<std::string> references_of(const Message& message, const Keyring& keyring) {
  std::vector<std::string> ids = message.in_reply_to;
  ids.insert(ids.end(), message.references.rbegin(), message.references.rend());
  std::vector<std::string> keys;
  for (const std::string& id : ids) {
    if (keys.size() == kMaxReferences) break;
    std::string key = message_key(keyring, id);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

/// The sender's own words.
std::string_view words_of(const Message& message, const LinkedInMail& linkedin) {
  if (linkedin.authenticity != LinkedInAuthenticity::authentic) return message.quoted.human;
  if (!linkedin.human_text) return {};
  const std::string_view text = message.text;
  const std::size_t begin = std::min(linkedin.human_text->begin, text.size());
  return text.substr(begin, linkedin.human_text->size());
}

}  // namespace

std::vector<std::string> ContactKeys::traces() const {
  std::vector<std::string> all = aliases;
  all.insert(all.end(), siblings.begin(), siblings.end());
  all.resize(std::min(all.size(), kMaxTraces));
  return all;
}

ContactKeys make_contact_keys(const Message& message, const LinkedInMail& linkedin,
                              const SenderIdentity& sender, const Keyring& keyring) {
  ContactKeys keys;
  keys.person = keyring.key(sender.person);
  keys.organisation = keyring.key(sender.organisation);
  keys.message_id = message_key(keyring, message.message_id);
  const SenderTraces traces = trace_sender(message, linkedin);
  keys.aliases = keys_of(traces.aliases, keyring);
  keys.siblings = keys_of(traces.siblings, keyring);
  keys.routes = keys_of(traces.routes, keyring);
  keys.references = references_of(message, keyring);
  return keys;
}

std::optional<TextSketch> sketch_words(const Message& message, const LinkedInMail& linkedin,
                                       const Keyring& keyring) {
  return sketch_text(words_of(message, linkedin), keyring.sketch_seed());
}

std::string user_key(const Keyring& keyring, std::string_view address) {
  return address.empty() ? std::string() : keyring.key("user:" + to_ascii_lower(address));
}

std::string message_key(const Keyring& keyring, std::string_view message_id) {
  return message_id.empty() ? std::string() : keyring.key("message:" + std::string(message_id));
}

ContactQuestion make_question(const ContactKeys& keys, std::vector<std::string> users, TimePoint now,
                              const HistorySettings& settings) {
  ContactQuestion question;
  question.users = std::move(users);
  question.person = keys.person;
  question.organisation = keys.organisation;
  question.aliases = keys.aliases;
  question.siblings = keys.siblings;
  question.references = keys.references;
  question.sketch = keys.sketch;
  question.unanswered_since = now - settings.follow_ups;
  question.same_text_since = now - settings.same_text_window;
  // Times are kept in seconds: what came earlier within this one counts as before.
  question.as_of = now + std::chrono::seconds(1);
  return question;
}

std::string_view relationship(const std::optional<ContactFacts>& facts, bool authenticated) {
  if (!facts || facts->told_to_stop || facts->reported) return {};
  if (facts->in_our_thread) return "in-our-thread";
  // Anybody may write "From: somebody you know"; only a proved address inherits what was earned. What was said of unproved mail
  // holds for unproved mail: there is nothing more to lose.
  if (facts->cleared && (authenticated || !facts->cleared_proved)) return "wanted";
  if (facts->last_outbound && authenticated) return "known-contact";
  return {};
}

bool stands_against(const std::optional<ContactFacts>& facts) {
  if (!facts) return false;
  return facts->reported.has_value() || (facts->told_to_stop && facts->stop_scope == StopScope::person);
}

}  // namespace coldpitch
