// SPDX-License-Identifier: MIT
// What the layouts of linkedin_layouts.cpp are put together from.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/linkedin_mail.h"

namespace coldpitch::test {

inline constexpr std::string_view kSite = "https://www.linkedin.com";
inline constexpr std::string_view kHyphens = "----------------------------------------";
inline constexpr std::string_view kDots = ".....................................";

template <class... Parts>
std::string join(const Parts&... parts) {
  std::string text;
  (text.append(parts), ...);
  return text;
}

[[nodiscard]] std::string html_escaped(std::string_view text,
                                       std::string_view line_end = "<br aria-hidden=\"true\">");
[[nodiscard]] std::string first_line(const std::string& text);
[[nodiscard]] std::string first_name(const std::string& name);

/// What the layouts differ in outside their bodies.
struct Frame {
  std::string_view local_part;
  std::string_view mail_class;  ///< "": no X-LinkedIn fields at all
  std::string_view template_name;
  std::string_view category;      ///< in "You are receiving ... emails."
  std::string_view display_name;  ///< "": the sender's; "via": with " via LinkedIn"
};
[[nodiscard]] Frame frame_of(LinkedInLayout layout);
[[nodiscard]] std::string template_of(const LinkedInMailOptions& options);

/// LinkedIn's own words in one language.
struct Chrome {
  std::string_view intended, intended_end;
  std::string_view reason;
  std::string_view receiving, receiving_end;
  std::string_view unsubscribe, help;
  std::string_view reply, view_message, via;
  std::string_view greeting, default_note;
};
[[nodiscard]] const Chrome& chrome_of(const LinkedInMailOptions& options);

[[nodiscard]] std::string tracked(const LinkedInMailOptions& options, std::string_view path,
                                  std::string_view module);
[[nodiscard]] std::string anchor(const LinkedInMailOptions& options, std::string_view path,
                                 std::string_view module, std::string_view text);
[[nodiscard]] std::string profile_path(const LinkedInMailOptions& options);
[[nodiscard]] std::string thread_path(const LinkedInMailOptions& options);
[[nodiscard]] std::string row(std::string_view content, std::string_view attributes = "");

[[nodiscard]] std::string intended(const LinkedInMailOptions& options);
[[nodiscard]] std::string receiving(const LinkedInMailOptions& options);
/// The footer of text/plain: 2025 on with hyphens, 2016 to 2026 with dots.
[[nodiscard]] std::string plain_footer(const LinkedInMailOptions& options, std::string_view rule);
/// The footer of text/plain of 2015 and 2016 for people who are no members.
[[nodiscard]] std::string guest_footer(const LinkedInMailOptions& options);
/// A page of 2024 on: hidden preheader, the reader's profile on top, footer.
[[nodiscard]] std::string html_page(const LinkedInMailOptions& options, std::string_view preheader,
                                    std::string_view rows);

struct Body {
  std::string plain;
  std::string html;  ///< "" where the layout has none
};
[[nodiscard]] Body body_of(const LinkedInMailOptions& options);
[[nodiscard]] std::string subject_of(const LinkedInMailOptions& options);

}  // namespace coldpitch::test
