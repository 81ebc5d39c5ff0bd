// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/limits.h"
#include "parsers/problems.h"

namespace coldpitch {

/// One header field (RFC 5322 §2.2) as it stood in the message.
struct HeaderField {
  std::string name;  ///< as written, without the colon and blanks before it
  std::string body;  ///< unfolded (RFC 5322 §2.2.3: line ends taken out), trimmed; raw octets, undecoded

  bool operator==(const HeaderField&) const = default;
};

/// The fields of one header block, in order of the message. Owns its text.
class Header {
 public:
  Header() = default;
  explicit Header(std::vector<HeaderField> fields) : fields_(std::move(fields)) {}

  [[nodiscard]] const std::vector<HeaderField>& fields() const { return fields_; }
  /// Body of the first field called `name` (case ignored, RFC 5322 §1.2.2), nullptr when there is none. Points into this header. Linear in
  /// the fields.
  [[nodiscard]] const std::string* find(std::string_view name) const;
  /// Body of the first field called `name`, or "" (points into this header).
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Bodies of all fields called `name`, in order. The views point into this header.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;

  bool operator==(const Header&) const = default;

 private:
  std::vector<HeaderField> fields_;
};

/// A header block taken apart.
struct HeaderBlock {
  Header header;
  /// Lines that were no field (no colon, 8-bit or blank name), which mail programs show as text.
  std::string junk;
  /// Octets of the input the block took, its closing empty line included.
  std::size_t octets = 0;
  /// False when the data ended (or a limit was reached) before an empty line.
  bool complete = false;
};

/// Splits the header block at the start of `octets` (RFC 5322 §2.2, §3.5; RFC 6532).
///
/// Lines may end in CRLF, LF or CR. A junk line does not end the block: it is flagged `header-junk` and
/// its text is kept in `junk`; the fields behind it are still read. NUL is read as '?' (`header-nul`).
/// A leading mbox "From " line is skipped. Names with 8-bit octets are junk (`header-8bit-name`).
/// Limits: `max_octets` of the block (`header-octets`), `limits.header_fields` (`header-fields`),
/// `limits.field_octets` (`field-octets`: the field is cut). Past the first the rest of the block is skipped up to
/// its empty line; past the second further fields are dropped. Never fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] HeaderBlock parse_header_block(std::string_view octets, std::size_t max_octets,
                                             const Limits& limits, Problems& problems);

}  // namespace coldpitch
