// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coldpitch::test {

/// The layouts of LinkedIn notification mail that tests need. Names carry the year a layout was seen.
enum class LinkedInLayout : std::uint8_t {
  inmail_2022,
  inmail_2026,
  recruiter_inmail,  ///< 2026
  recruiter_inmail_2022,
  sponsored_inmail,       ///< 2026's layout with the notice of 2016
  inmail_reply,           ///< 2026
  recruiter_copy,         ///< a candidate's answer, as the recruiter gets it (2026)
  seller_copy,            ///< an answer to a Sales Navigator seller (2020)
  direct_message,         ///< 2026, no words
  direct_message_digest,  ///< the same from the sender and from somebody else
  invitation_2015,        ///< plain text
  invitation_2016,
  invitation_2024,       ///< no note
  invitation_note_2024,  ///< 2024's layout with a note below the card
  guest_invitation,      ///< to a non-member, plain text (2015)
  guest_reminder,        ///< the reminder to it, plain text (2016)
  guest_reminder_2021,   ///< plain text
  invitation_reminder,   ///< to a member, plain text (2013)
  invitation_accepted,   ///< 2024
  invitation_accepted_2016,
  people_you_may_know,  ///< 2024
  notification_digest,  ///< 2024
  news,                 ///< 2025
  job_alert,
  jobs_digest,         ///< 2017
  application_update,  ///< 2024
  newsletter,
  security,
  group,         ///< 2024
  event,         ///< 2024
  marketing,     ///< sent by a service provider, without X-LinkedIn fields (2023)
  sales_digest,  ///< of Sales Navigator (2022)
  billing,
  welcome,  ///< 2013
};

/// All of them.
[[nodiscard]] const std::vector<LinkedInLayout>& all_linkedin_layouts();

/// What the receiving server wrote about the mail.
enum class LinkedInCheck : std::uint8_t {
  passed,     ///< DKIM, DMARC and SPF pass
  forwarded,  ///< DKIM and DMARC pass, SPF softfail: came through a forwarder
  failed,     ///< DKIM none, DMARC fail: a forgery
  absent,     ///< no Authentication-Results field
  foreign,    ///< passed, says a server nobody trusts
};

/// One notification mail. The defaults make a complete, authentic one.
struct LinkedInMailOptions {
  LinkedInLayout layout = LinkedInLayout::inmail_2026;
  LinkedInCheck check = LinkedInCheck::passed;
  /// Of LinkedIn's own words: "en", "fr", "es", "pt", "id", "cs" as far as they were seen, English where they were not; "de", "it", "nl" of
  /// our own writing; "xx" a language that does not exist, to read by structure alone.
  std::string language = "en";
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
  std::string mail_class;     ///< "": the one of the layout
  std::string date = "Mon, 05 Oct 2026 10:00:00 +0000";
  std::string authserv_id = "mx.example.net";
  unsigned serial = 1;    ///< makes Message-ID and envelope sender differ
  bool with_html = true;  ///< false: only text/plain
  /// Classes of the element around the words in HTML of 2025 on; another one tries a layout of years to come.
  std::string words_class = "message-contents pt-2";
};

/// A complete RFC 5322 message with CRLF line ends, ASCII only (quoted-printable, encoded-words).
[[nodiscard]] std::string linkedin_mail(const LinkedInMailOptions& options);

/// The envelope sender that goes with it.
[[nodiscard]] std::string linkedin_envelope_sender(const LinkedInMailOptions& options);

}  // namespace coldpitch::test
