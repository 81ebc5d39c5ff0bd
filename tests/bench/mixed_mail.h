// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "parsers/envelope.h"

namespace coldpitch::test {

/// A message to load a milter with, and the envelope it comes in.
struct LoadMail {
  Envelope envelope;
  std::string octets;  ///< CRLF line ends
  std::string
      kind;  ///< "personal", "list", "newsletter", "attachment", "alternative", "linkedin", "pitch", "outgoing"
  std::size_t serial_at = std::string::npos;  ///< where kSerialDigits digits of its Message-ID stand

  /// Makes it another message of the same content.
  void set_serial(std::size_t serial);
  static constexpr std::size_t kSerialDigits = 10;
};

/// Mail as a server of some hundred users sees it, of about 20 KB in the mean: personal mail with and without quotes, lists, newsletters,
/// attachments, LinkedIn notifications, pitches, and mail of our own users. The words are those of `texts` (tests/data/quality), put
/// together anew, and the order is mixed. The same arguments give the same octets on every machine.
/// Throws std::runtime_error when `texts` holds no mail.
[[nodiscard]] std::vector<LoadMail> mixed_mail(const std::string& texts, std::size_t messages,
                                               std::uint32_t seed);

/// The messages of a file or folder, each with the envelope its header suggests. Throws std::runtime_error when there are none.
[[nodiscard]] std::vector<LoadMail> mail_of(const std::string& folder);

/// In octets; 0 of none.
[[nodiscard]] double mean_size(const std::vector<LoadMail>& mail);

}  // namespace coldpitch::test
