// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/url.h"

namespace coldpitch {

/// parse_url() for the URLs of one message: most of them have the host of the one before, which is then read once. For one thread.
class UrlReader {
 public:
  /// As parse_url().
  [[nodiscard]] std::optional<Url> read(std::string_view text);

 private:
  std::string authority_;  ///< read last
  std::optional<std::string> host_;
  std::string registrable_domain_;
};

}  // namespace coldpitch
