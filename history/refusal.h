// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace coldpitch {

/// True when `text`, the human words of a message a local user wrote, does little else than decline: "not interested", "please remove me
/// from your list", in en, de, fr, es, it, pt, nl, pl. Texts over 60 words say more than no, and are none. Any UTF-8; pure, linear.
///
/// Writing to somebody makes them a known contact; telling them to go away must not.
[[nodiscard]] bool is_refusal(std::string_view text);

}  // namespace coldpitch
