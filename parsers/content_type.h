// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/problems.h"

namespace coldpitch {

/// A value with parameters: Content-Type (RFC 2045 §5.1) or Content-Disposition (RFC 2183 §2).
struct ParameterisedValue {
  std::string value;  ///< "text/html", "attachment": lower case, no blanks, comments or control octets
  /// Names in lower case, in order, first of duplicates only; values unquoted, RFC 2231 continuations joined
  /// and decoded to UTF-8, encoded-words (wrong there, but common) decoded too.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// Value of parameter `name` (lower case), or "". Points into this object.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  /// True when there is a parameter `name` (lower case), be it empty.
  [[nodiscard]] bool has_parameter(std::string_view name) const;
  /// "text" of "text/html". Points into this object.
  [[nodiscard]] std::string_view type() const;
  /// "html" of "text/html", or "". Points into this object.
  [[nodiscard]] std::string_view subtype() const;

  bool operator==(const ParameterisedValue&) const = default;
};

/// Parses an unfolded field body. (RFC 2045 §5.1, RFC 2183, RFC 2231). Never fails: comments (RFC 5322 §3.2.2) are dropped, ";" inside quotes does not
/// split, blanks around "/" are dropped, a missing value is "". `parameter-malformed` where something was skipped.
/// The boundary parameter is kept octet for octet (after unquoting). At most 200 parameters. The result owns its text. Pure, thread-safe,
/// linear.
[[nodiscard]] ParameterisedValue parse_parameterised(std::string_view body, Problems& problems);

/// The mechanism token of a Content-Transfer-Encoding body: comments and blanks off, lower case
/// (RFC 2045 §6.1). "" when there is none. Never fails; at most as long as `body`. Pure, thread-safe, linear.
[[nodiscard]] std::string parse_encoding_token(std::string_view body);

}  // namespace coldpitch
