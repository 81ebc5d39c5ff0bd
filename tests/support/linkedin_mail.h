// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace coldpitch::testing {

/// The layouts of LinkedIn notification mail that tests need. Names carry the year a layout was seen.
enum class LinkedInLayout : std::uint8_t {
  inmail_2022,
  inmail_2026,
  recruiter_inmail,
  inmail_reply,
  direct_message,
  invitation_2016,
  invitation_2024,
  invitation_accepted,
  job_alert,
  newsletter,
  security,
};

/// What the receiving server wrote about the mail.
enum class LinkedInCheck : std::uint8_t {
  passed,   ///< DKIM, DMARC and SPF pass
  failed,   ///< DKIM none, DMARC fail: a forgery
  absent,   ///< no Authentication-Results field
  foreign,  ///< passed, says a server nobody trusts
};

/// One notification mail. The defaults make a complete, authentic one.
struct LinkedInMailOptions {
  LinkedInLayout layout = LinkedInLayout::inmail_2026;
  LinkedInCheck check = LinkedInCheck::passed;
  std::string name = "Jane Doe";
  std::string headline = "Account executive at Example Tools";
  std::string location = "Springfield";
  std::string vanity = "jane-doe-42";
  std::string thread = "2-QUJDREVGR0g==";
  /// The sender's words, lines ended by LF. "" in an invitation: LinkedIn's default sentence stands there.
  std::string text = "Hello,\n\nwe make tools for teams like yours.\nShall we talk?\n\nJane";
  std::string subject =
      "Tools for your team";  ///< of InMail and newsletters; other kinds have LinkedIn's own
  std::string recipient_name = "Robin Target";
  std::string recipient_headline = "Head of operations";
  std::string recipient = "user@example.net";
  std::string template_name;  ///< "": the one of the layout
  std::string date = "Mon, 05 Oct 2026 10:00:00 +0000";
  std::string authserv_id = "mx.example.net";
  unsigned serial = 1;    ///< makes Message-ID and envelope sender differ
  bool with_html = true;  ///< false: only text/plain
};

/// A complete RFC 5322 message with CRLF line ends, ASCII only (quoted-printable, encoded-words).
[[nodiscard]] std::string linkedin_mail(const LinkedInMailOptions& options);

/// The envelope sender that goes with it.
[[nodiscard]] std::string linkedin_envelope_sender(const LinkedInMailOptions& options);

}  // namespace coldpitch::testing
