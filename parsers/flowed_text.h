// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// Joins the lines of text in format=flowed (RFC 3676 §4) as mail programs show them: a line that ends with a blank goes on in the next
/// one of the same quote depth. With `delete_space` (the parameter DelSp=yes) that blank was put there by the sender's program and is
/// dropped, so that words and links it cut are whole again. The signature mark "-- " ends a paragraph, stuffed blanks are dropped, but
/// those before "From " and ">", where other readers of the text would take them for something else. Lines end in LF.
/// Never fails; never longer than the text; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::string join_flowed_lines(std::string_view text, bool delete_space);

}  // namespace coldpitch
