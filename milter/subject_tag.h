// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

/// The body of a Subject field with `tag` in front, or nullopt when it bears the tag already.
///
/// `tag` is UTF-8 on one line; a blank stands behind it whether it ends in one or not. `raw` is the field's body as the MTA holds
/// it (folds are LF and a blank), `decoded` what a person sees of it. What is in `raw` stays as it is, encoded-words and all; a
/// tag that is not ASCII becomes encoded-words (RFC 2047). It counts as there when `decoded`, or what stands behind "Re:" and the
/// like, begins with it, case ignored. No line gets longer than 77 columns by the tag where a fold can help it. Pure.
[[nodiscard]] std::optional<std::string> tagged_subject(std::string_view tag, std::string_view raw,
                                                        std::string_view decoded);

/// The body of a Subject field that is nothing but `tag`.
[[nodiscard]] std::string tag_alone(std::string_view tag);

}  // namespace coldpitch
