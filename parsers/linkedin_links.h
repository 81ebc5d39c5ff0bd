// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/linkedin_knowledge.h"
#include "parsers/message.h"

namespace coldpitch::linkedin {

/// A link of the judged text that leads to linkedin.com.
struct MemberLink {
  std::string path;     ///< "/comm/in/jane-doe"
  std::string module;   ///< of the tracking parameter, "eml-<template>-<module>-<number>-<control>", or ""
  std::string control;  ///< likewise
  std::string template_name;  ///< as far as the parameters name one, lower case, else ""
  LinkedInKnowledge::Role role = LinkedInKnowledge::Role::unknown;  ///< of the module
  Span text;                                                        ///< in Message::text

  /// The link around a member's name ("profile_name", "prof~name").
  [[nodiscard]] bool is_name() const;
};

/// The links to linkedin.com and hosts below it, in order, at most limits.urls of the message. Never fails: a parameter that cannot be read
/// is "". The result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::vector<MemberLink> member_links(const Message& message, const LinkedInKnowledge& known);

/// The template that the pixel at the end of the HTML names ("/emimp/ip_<base64>.gif", RFC 4648 §4), lower case, or "" where there is none or
/// it is no base64. The result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::string template_of_pixel(const Message& message);

/// "https://www.linkedin.com/in/<vanity>" of a profile path, lower case; "" for other paths. The result owns its text. Pure,
/// thread-safe, linear; so are the next two.
[[nodiscard]] std::string profile_of(std::string_view path);

/// "2-..." of a conversation path, "" for others.
[[nodiscard]] std::string thread_of(std::string_view path);

/// profile_of() the path of a whole URL; "" when its host is not LinkedIn's.
[[nodiscard]] std::string profile_of_url(std::string_view url);

}  // namespace coldpitch::linkedin
