// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/message.h"

namespace coldpitch::linkedin {

/// A link of the judged text that leads to linkedin.com.
struct MemberLink {
  std::string path;           ///< "/comm/in/jane-doe"
  std::string tracking;       ///< decoded trk parameter, "eml-<template>-<module>-<number>-<control>", or ""
  std::string template_name;  ///< as far as the parameters name one, lower case, else ""
  Span text;                  ///< in Message::text

  /// True when the tracking parameter names this part of LinkedIn's layout.
  [[nodiscard]] bool is_of(std::string_view module) const;
};

/// The links to linkedin.com and hosts below it, in order. Linear.
[[nodiscard]] std::vector<MemberLink> member_links(const Message& message);

/// "https://www.linkedin.com/in/<vanity>" of a profile path, lower case; "" for other paths.
[[nodiscard]] std::string profile_of(std::string_view path);

/// "2-..." of a conversation path, "" for others.
[[nodiscard]] std::string thread_of(std::string_view path);

/// profile_of() the path of a whole URL; "" when its host is not LinkedIn's.
[[nodiscard]] std::string profile_of_url(std::string_view url);

}  // namespace coldpitch::linkedin
