// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/limits.h"
#include "parsers/offset_map.h"
#include "parsers/problems.h"

namespace coldpitch {

/// A URL as a browser would read it (WHATWG URL, the parts a filter needs).
struct Url {
  std::string scheme;  ///< "http", "https", "mailto"; lower case
  std::string host;    ///< lower case, A-labels, no trailing dot; "" for mailto
  std::string path;    ///< as written from the first "/", without query and fragment; the address for mailto
  std::string query;   ///< without "?"
  std::string
      registrable_domain;  ///< by the public suffix list; "" for IP addresses, suffixes themselves and names without a dot

  bool operator==(const Url&) const = default;
};

/// Reads one URL. Back-slashes count as slashes, TAB and line ends inside are dropped, user-info is skipped,
/// "//host/..." is https. nullopt for other schemes and for what has no host (WHATWG URL §4.4; RFC 6068 for mailto). The result owns its
/// text; the caller bounds `text`. Pure, thread-safe, linear.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Registrable domain (public suffix list) of a host name, "" where there is none.
/// Accepts any case and a trailing dot, and U-labels (RFC 5890 §2.3.2.1). Never fails; the result owns its text. Thread-safe, linear; the
/// list is loaded once.
[[nodiscard]] std::string registrable_domain(std::string_view host);

/// A URL written in running text.
struct TextUrl {
  Span span;
  Url url;
};

/// Finds "http://...", "https://..." and "www.xx..." in UTF-8 text; closing punctuation is not part of them.
/// At most limits.urls (`urls`). Never fails: what parse_url() does not read is no URL. The result owns its text, `span` is in `text`. Pure,
/// thread-safe, linear.
[[nodiscard]] std::vector<TextUrl> find_urls(std::string_view text, const Limits& limits, Problems& problems);

}  // namespace coldpitch
