// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/address.h"

namespace coldpitch {

/// How clearly a local user declines.
enum class Refusal : std::uint8_t {
  none,
  polite,  ///< "not interested", "no thanks": to a stranger it means stop, to somebody they know it may mean one thing
  firm,  ///< "remove me from your list", "never contact me", "this is spam"
};

/// Reads `text`, the human words of a message a local user wrote (no quotes), in en, de, fr, es, it, pt, nl, pl. Any UTF-8; pure, linear.
///
/// Texts over 60 words say more than a polite no, those over 200 more than a firm one. No refusal: what somebody else may want
/// ("if you are not interested", "they are not interested", "reply 'remove me'").
[[nodiscard]] Refusal read_refusal(std::string_view text);

/// True for mail that only takes its sender off a list: to an address made for that ("unsubscribe@", "dev-leave@"), or with a subject
/// such as "unsubscribe" and hardly a word more. Pure, linear.
[[nodiscard]] bool is_unsubscribe_address(const Mailbox& recipient);
[[nodiscard]] bool is_unsubscribe_request(std::string_view subject, std::string_view text);

}  // namespace coldpitch
