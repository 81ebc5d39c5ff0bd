// SPDX-License-Identifier: MIT
#include "tests/support/linkedin_mail.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "tests/support/linkedin_parts.h"

namespace coldpitch::test {
namespace {

using Layout = LinkedInLayout;

std::string hex(char octet) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(octet);
  return {'=', kDigits[value >> 4U], kDigits[value & 15U]};
}

/// RFC 2045 §6.7, line ends as CRLF.
std::string quoted_printable(std::string_view text) {
  std::string encoded;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char octet = text[at];
    if (octet == '\n') {
      encoded += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
    const bool plain = octet > ' ' ? octet < '\x7F' && octet != '=' : octet == ' ' && !ends_line;
    const std::string piece = plain ? std::string(1, octet) : hex(octet);
    if (column + piece.size() > 75) {
      encoded += "=\r\n";
      column = 0;
    }
    encoded += piece;
    column += piece.size();
  }
  return encoded;
}

/// Plain ASCII as it is, all else as encoded-words (RFC 2047) that do not split a character.
std::string header_text(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c < '\x7F'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string encoded;
  while (!text.empty()) {
    std::size_t size = std::min<std::size_t>(text.size(), 18);
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
      --size;
    encoded += encoded.empty() ? "=?UTF-8?Q?" : "\r\n =?UTF-8?Q?";
    for (const char octet : text.substr(0, size)) encoded += hex(octet);
    encoded += "?=";
    text.remove_prefix(size);
  }
  return encoded;
}

std::string display_name(const LinkedInMailOptions& o) {
  const std::string_view shown = frame_of(o.layout).display_name;
  if (shown == "via") return join(o.name, " ", chrome_of(o).via);
  return shown.empty() ? o.name : std::string(shown);
}

std::string check_field(const LinkedInMailOptions& o) {
  if (o.check == LinkedInCheck::absent) return "";
  const std::string server = o.check == LinkedInCheck::foreign ? "mx.elsewhere.example" : o.authserv_id;
  const std::string sender = linkedin_envelope_sender(o);
  if (o.check == LinkedInCheck::failed) {
    return join(
        "Authentication-Results: ", server,
        "; dkim=none;\r\n dmarc=fail (p=reject) header.from=linkedin.com;\r\n spf=fail smtp.mailfrom=",
        sender, "\r\n");
  }
  const bool forwarded = o.check == LinkedInCheck::forwarded;
  return join("Authentication-Results: ", server, "; dkim=pass header.d=linkedin.com header.s=d2048;\r\n",
              " dmarc=pass (p=reject) header.from=linkedin.com;\r\n spf=", forwarded ? "softfail" : "pass",
              " smtp.mailfrom=", forwarded ? std::string("robin@forward.example") : sender, "\r\n");
}

/// The signature and the fields that LinkedIn's own mailer adds.
std::string linkedin_fields(const LinkedInMailOptions& o) {
  const Frame frame = frame_of(o.layout);
  if (frame.mail_class.empty()) return "";
  return join("X-LinkedIn-Class: ", o.mail_class.empty() ? frame.mail_class : std::string_view(o.mail_class),
              "\r\nX-LinkedIn-Template: ", template_of(o), "\r\nX-LinkedIn-fbl: m2-abc\r\n");
}

std::string header_of(const LinkedInMailOptions& o) {
  const Frame frame = frame_of(o.layout);
  const std::string_view domain = o.layout == Layout::marketing ? "e.linkedin.com" : "linkedin.com";
  return join(
      "Return-Path: <", linkedin_envelope_sender(o), ">\r\n", check_field(o),
      "Received: from mailb-ga.linkedin.com (mailb-ga.linkedin.com [192.0.2.1])\r\n\tby mx.example.net with "
      "ESMTPS "
      "id A1; ",
      o.date,
      "\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=linkedin.com;\r\n s=d2048; bh=AAAA;\r\n",
      " h=From:Subject:MIME-Version:Content-Type:To:Date:X-LinkedIn-Class:\r\n "
      "X-LinkedIn-Template:X-LinkedIn-fbl; "
      "b=AAAA\r\nDate: ",
      o.date, "\r\nFrom: ", header_text(display_name(o)), " <", frame.local_part, "@", domain,
      ">\r\nMessage-ID: <", std::to_string(o.serial),
      ".1.1@ltx1-app1.prod.linkedin.com>\r\nSubject: ", header_text(subject_of(o)),
      "\r\nTo: ", header_text(o.recipient_name), " <", o.recipient, ">\r\n", linkedin_fields(o),
      "MIME-Version: 1.0\r\n");
}

std::string text_part(std::string_view subtype, std::string_view body) {
  return join("Content-Type: text/", subtype,
              ";charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
              quoted_printable(body));
}

}  // namespace

const std::vector<LinkedInLayout>& all_linkedin_layouts() {
  static const std::vector<Layout> all = [] {
    std::vector<Layout> made;
    for (auto layout = Layout::inmail_2022;; layout = static_cast<Layout>(static_cast<int>(layout) + 1)) {
      made.push_back(layout);
      if (layout == Layout::welcome) return made;
    }
  }();
  return all;
}

Frame frame_of(Layout layout) {
  switch (layout) {
    case Layout::inmail_2022:
      return {"inmail-hit-reply", "INMAIL", "inmail_sent", "InMail notification", ""};
    case Layout::recruiter_inmail_2022:
      return {"inmail-hit-reply", "INMAIL", "email_hire_inmail_initial_single_01", "InMail notification", ""};
    case Layout::inmail_2026:
      return {"inmail-hit-reply", "INMAIL", "email_premium_inmail_initial_single_01", "LinkedIn notification",
              ""};
    case Layout::recruiter_inmail:
      return {"inmail-hit-reply", "INMAIL", "email_hire_inmail_initial_single_01", "LinkedIn notification",
              ""};
    case Layout::sponsored_inmail:
      return {"inmail-hit-reply", "INMAIL", "email_inmail_new_01", "LinkedIn notification", ""};
    case Layout::inmail_reply:
      return {"hit-reply", "INMAIL", "email_premium_inmail_reply_single_01", "LinkedIn notification", ""};
    case Layout::recruiter_copy:
      return {"hit-reply", "INMAIL", "email_hire_inmail_reply_01", "LinkedIn notification", ""};
    case Layout::seller_copy:
      return {"hit-reply", "INMAIL", "email_lss_inmail_reply_01", "LinkedIn notification", ""};
    case Layout::direct_message:
      return {"messaging-digest-noreply", "EMAIL-DEFAULT", "email_member_message_v2", "LinkedIn notification",
              "via"};
    case Layout::direct_message_digest:
      return {"messaging-digest-noreply", "EMAIL-DEFAULT", "email_type_messaging_digest",
              "LinkedIn notification", "LinkedIn Messaging"};
    case Layout::invitation_2015:
      return {"invitations", "INVITE-MBR", "invite_member_28", "Invitation", ""};
    case Layout::invitation_2016:
      return {"invitations", "EMAIL-DEFAULT", "email_m2m_invite_single_01", "Invitation", ""};
    case Layout::invitation_2024:
    case Layout::invitation_note_2024:
      return {"invitations", "EMAIL-DEFAULT", "email_m2m_invite_single_01", "LinkedIn invitations", ""};
    case Layout::guest_invitation:
      return {"invitations", "INVITE-GUEST", "invite_guest", "Invitation", ""};
    case Layout::guest_reminder:
      return {"invitations", "INVITE-GUEST", "second_guest_reminder_01", "Invitation", "LinkedIn"};
    case Layout::guest_reminder_2021:
      return {"invitations", "EMAIL-DEFAULT", "email_second_guest_reminder_03",
              "E-Mail de rappel d’invitation", ""};
    case Layout::invitation_reminder:
      return {"invitations", "EMAIL-DEFAULT", "email_m2m_invite_reminder_02", "Invitation", "LinkedIn"};
    case Layout::invitation_accepted:
      return {"invitations", "EMAIL-DEFAULT", "email_accept_invite_single_01", "Accepted invitation", "via"};
    case Layout::invitation_accepted_2016:
      return {"invitations", "EMAIL-DEFAULT", "accept_invite_04", "Accepted invitations", "LinkedIn"};
    case Layout::people_you_may_know:
      return {"messages-noreply", "EMAIL-DEFAULT", "email_pymk_02", "People You May Know notification",
              "LinkedIn"};
    case Layout::notification_digest:
      return {"notifications-noreply", "EMAIL-DEFAULT", "email_notification_digest_01",
              "LinkedIn notification", "LinkedIn"};
    case Layout::news:
      return {"editors-noreply", "EMAIL-DEFAULT", "email_editorial_suggested_top_conversations_01",
              "Suggested Top Conversations", "LinkedIn News"};
    case Layout::job_alert:
      return {"jobalerts-noreply", "SAVEDSEARCH", "email_job_alert_digest_01", "Job Alert",
              "LinkedIn Job Alerts"};
    case Layout::jobs_digest:
      return {"jobs-listings", "JOBS-TO-MBR", "jobs_jymbii_digest", "Jobs You Might Be Interested In",
              "LinkedIn"};
    case Layout::application_update:
      return {"jobs-noreply", "EMAIL-DEFAULT", "email_jobs_job_application_viewed_01",
              "LinkedIn notification", "LinkedIn"};
    case Layout::newsletter:
      return {"newsletters-noreply", "EMAIL-DEFAULT", "email_series_follow_newsletter_01",
              "LinkedIn notification", "via"};
    case Layout::security:
      return {"security-noreply", "EMAIL-DEFAULT", "email_security_one_time_sign_in_link_checkpoint",
              "LinkedIn notification", "LinkedIn"};
    case Layout::group:
      return {"groups-noreply", "EMAIL-DEFAULT", "email_groups_recommended_by_admin_01",
              "LinkedIn notification", "LinkedIn Groups"};
    case Layout::event:
      return {"messages-noreply", "EMAIL-DEFAULT", "email_attendee_confirmation_01", "LinkedIn notification",
              "LinkedIn"};
    case Layout::marketing:
      return {"linkedin", "", "", "LinkedIn", "LinkedIn"};
    case Layout::sales_digest:
      return {"messages-noreply", "EMAIL-DEFAULT", "email_lss_in_case_you_missed_it_digest",
              "LinkedIn notification", "LinkedIn Sales Navigator"};
    case Layout::billing:
      return {"billing-noreply", "EMAIL-DEFAULT", "email_premium_receipt_01", "LinkedIn notification",
              "LinkedIn"};
    case Layout::welcome:
      return {"welcome", "WELCOME", "welcome_default", "LinkedIn notification", "LinkedIn"};
  }
  return {};
}

std::string linkedin_envelope_sender(const LinkedInMailOptions& options) {
  return join("m-", std::to_string(options.serial), "@bounce.linkedin.com");
}

std::string linkedin_mail(const LinkedInMailOptions& options) {
  const Body body = body_of(options);
  if (!options.with_html || body.html.empty()) return header_of(options) + text_part("plain", body.plain);
  constexpr std::string_view kBoundary = "----=_Part_1_1.1";
  return join(header_of(options), "Content-Type: multipart/alternative; boundary=\"", kBoundary,
              "\"\r\n\r\n--", kBoundary, "\r\n", text_part("plain", body.plain), "\r\n--", kBoundary, "\r\n",
              text_part("html", body.html), "\r\n--", kBoundary, "--\r\n");
}

}  // namespace coldpitch::test
