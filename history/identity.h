// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/authentication.h"
#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "parsers/result.h"

namespace coldpitch {

/// Who wrote, in words the store never sees: they are turned into keys first.
struct SenderIdentity {
  /// "mail:jane@example.com" (address in lower case), "linkedin:profile:<vanity>", "linkedin:thread:<id>" or
  /// "linkedin:name:<name>|<headline>"; "" when the message names nobody.
  std::string person;
  /// "org:example.com" (registrable domain) unless that is free mail or absent; "" for LinkedIn.
  std::string organisation;
  /// Aligned DKIM or DMARC pass for the From domain, or authentic LinkedIn mail. Only then may contact earn trust.
  bool authenticated = false;

  bool operator==(const SenderIdentity&) const = default;
};

/// Identity of a message's author. Pure.
[[nodiscard]] SenderIdentity identify_sender(const Message& message, const LinkedInMail& linkedin,
                                             const Authentication& authentication);

/// Identity of an address we wrote to ("mail:..." and "org:..."), always authenticated. Pure.
[[nodiscard]] SenderIdentity identify_address(const Mailbox& mailbox);

/// Domain of the addresses at which a LinkedIn member gets the answer to one message (field guide: docs/linkedin.md).
inline constexpr std::string_view kLinkedInReplyDomain = "reply.linkedin.com";

/// The names an authentic LinkedIn mail gives its sender, as in SenderIdentity::person, best first: profile, thread, name with headline. The first
/// is the person. Pure.
[[nodiscard]] std::vector<std::string> linkedin_names(const LinkedInMail& linkedin);
[[nodiscard]] std::string linkedin_person(const LinkedInMail& linkedin);

/// What a person types to mean somebody: a mail address, or a LinkedIn profile ("https://www.linkedin.com/in/jane-doe", or from "linkedin.com/in/"
/// on). The identity as in SenderIdentity::person, "" for anything else. Pure.
[[nodiscard]] std::string person_from(std::string_view text);

/// Turns identities, addresses and message ids into keyed hashes (HMAC-SHA-256, first 128 bits, hexadecimal), so that a
/// store alone names nobody. Immutable after construction; thread-safe.
class Keyring {
 public:
  static constexpr std::size_t kSecretOctets = 32;

  explicit Keyring(std::array<std::uint8_t, kSecretOctets> secret) : secret_(secret) {}

  /// Reads the secret from `file`; when it is absent, makes one (random, mode 0600, written whole or not at all, never
  /// over an existing file). Errors: `permanent` for wrong size or permissions that let others read, `temporary` for I/O.
  [[nodiscard]] static Result<Keyring> open(const std::filesystem::path& file);

  /// 32 lower-case hexadecimal digits; "" for "" so that "nobody" stays nobody.
  [[nodiscard]] std::string key(std::string_view identity) const;
  /// For sketch_text(), so that nobody without the secret can tell whether a text they have was sent.
  [[nodiscard]] std::uint64_t sketch_seed() const;

 private:
  std::array<std::uint8_t, kSecretOctets> secret_;
};

}  // namespace coldpitch
