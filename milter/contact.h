// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/identity.h"
#include "history/sketch.h"
#include "history/store.h"
#include "history/traces.h"
#include "milter/config.h"
#include "parsers/linkedin.h"
#include "parsers/message.h"

namespace coldpitch {

/// All by which a message's sender is looked up in the history and entered into it: keys, "" or empty where there is none.
struct ContactKeys {
  std::string person, organisation, message_id;
  std::vector<std::string> aliases, siblings, routes;  ///< of SenderTraces
  std::vector<std::string> references;  ///< In-Reply-To first, then References, the newest first
  std::optional<TextSketch> sketch;     ///< as sketch_words() makes it; make_contact_keys() leaves it out

  /// As Event::traces has them.
  [[nodiscard]] std::vector<std::string> traces() const;
};

/// Pure.
[[nodiscard]] ContactKeys make_contact_keys(const Message& message, const LinkedInMail& linkedin,
                                            const SenderIdentity& sender, const Keyring& keyring);

/// Sketch of the sender's own words (see sketch_text()), by which the history knows a text again. Costs more than all keys. Pure, linear but for
/// what sketch_text() says.
[[nodiscard]] std::optional<TextSketch> sketch_words(const Message& message, const LinkedInMail& linkedin,
                                                     const Keyring& keyring);

/// Key of a local address. Pure.
[[nodiscard]] std::string user_key(const Keyring& keyring, std::string_view address);
[[nodiscard]] std::string message_key(const Keyring& keyring, std::string_view message_id);

/// What is to be asked about the sender for `users`, as of `now`.
[[nodiscard]] ContactQuestion make_question(const ContactKeys& keys, std::vector<std::string> users,
                                            TimePoint now, const HistorySettings& settings);

/// The relationship that settles a message before any word is looked at ("in-our-thread", "wanted", "known-contact"), or "". Pure.
[[nodiscard]] std::string_view relationship(const std::optional<ContactFacts>& facts, bool authenticated);

/// True when the user's own word stands against the sender: told to stop, or reported. It beats all that would exempt the message.
[[nodiscard]] bool stands_against(const std::optional<ContactFacts>& facts);

}  // namespace coldpitch
