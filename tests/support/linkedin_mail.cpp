// SPDX-License-Identifier: MIT
#include "tests/support/linkedin_mail.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace coldpitch::testing {
namespace {

using Layout = LinkedInLayout;

constexpr std::string_view kSite = "https://www.linkedin.com";
constexpr std::string_view kHyphens = "----------------------------------------";
constexpr std::string_view kDots = ".....................................";
constexpr std::string_view kDefaultNote = "I'd like to join your LinkedIn network.";

template <class... Parts>
std::string join(const Parts&... parts) {
  std::string text;
  (text.append(parts), ...);
  return text;
}

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

std::string html_escaped(std::string_view text, std::string_view line_end) {
  std::string escaped;
  for (const char octet : text) {
    switch (octet) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\n':
        escaped += line_end;
        break;
      default:
        escaped += octet;
    }
  }
  return escaped;
}

std::string html_escaped(std::string_view text) { return html_escaped(text, "<br aria-hidden=\"true\">"); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }
std::string first_name(const std::string& name) { return name.substr(0, name.find(' ')); }

/// What the layouts differ in outside their bodies.
struct Frame {
  std::string_view local_part;
  std::string_view mail_class;
  std::string_view template_name;
  std::string_view category;  ///< in "You are receiving ... emails."
};

Frame frame_of(Layout layout) {
  switch (layout) {
    case Layout::inmail_2022:
      return {"inmail-hit-reply", "INMAIL", "inmail_sent", "InMail notification"};
    case Layout::inmail_2026:
      return {"inmail-hit-reply", "INMAIL", "email_premium_inmail_initial_single_01",
              "LinkedIn notification"};
    case Layout::recruiter_inmail:
      return {"inmail-hit-reply", "INMAIL", "email_hire_inmail_initial_single_01", "LinkedIn notification"};
    case Layout::inmail_reply:
      return {"hit-reply", "INMAIL", "email_premium_inmail_reply_single_01", "LinkedIn notification"};
    case Layout::direct_message:
      return {"messaging-digest-noreply", "EMAIL-DEFAULT", "email_member_message_v2",
              "LinkedIn notification"};
    case Layout::invitation_2016:
      return {"invitations", "EMAIL-DEFAULT", "email_m2m_invite_single_01", "Invitation"};
    case Layout::invitation_2024:
      return {"invitations", "EMAIL-DEFAULT", "email_m2m_invite_single_01", "LinkedIn invitations"};
    case Layout::invitation_accepted:
      return {"invitations", "EMAIL-DEFAULT", "email_accept_invite_single_01", "Accepted invitation"};
    case Layout::job_alert:
      return {"jobalerts-noreply", "SAVEDSEARCH", "email_job_alert_digest_01", "Job Alert"};
    case Layout::newsletter:
      return {"newsletters-noreply", "EMAIL-DEFAULT", "email_series_follow_newsletter_01",
              "LinkedIn notification"};
    case Layout::security:
      return {"security-noreply", "EMAIL-DEFAULT", "email_security_one_time_sign_in_link_checkpoint",
              "LinkedIn notification"};
  }
  return {};
}

std::string template_of(const LinkedInMailOptions& o) {
  return o.template_name.empty() ? std::string(frame_of(o.layout).template_name) : o.template_name;
}

std::string tracked(const LinkedInMailOptions& o, std::string_view path, std::string_view module) {
  return join(kSite, path, "?midToken=AQtoken&trk=eml-", template_of(o), "-", module, "&otpToken=secret");
}

std::string anchor(const LinkedInMailOptions& o, std::string_view path, std::string_view module,
                   std::string_view text) {
  return join("<a href=\"", html_escaped(tracked(o, path, module)), "\">", html_escaped(text), "</a>");
}

std::string profile_path(const LinkedInMailOptions& o) { return "/comm/in/" + o.vanity; }
std::string thread_path(const LinkedInMailOptions& o) { return "/comm/messaging/thread/" + o.thread + "/"; }

std::string row(std::string_view content, std::string_view attributes = "") {
  return join("<tr><td", attributes.empty() ? "" : " ", attributes, ">", content, "</td></tr>\n");
}

std::string display_name(const LinkedInMailOptions& o) {
  switch (o.layout) {
    case Layout::direct_message:
    case Layout::invitation_accepted:
    case Layout::newsletter:
      return o.name + " via LinkedIn";
    case Layout::job_alert:
      return "LinkedIn Job Alerts";
    case Layout::security:
      return "LinkedIn";
    default:
      return o.name;
  }
}

std::string subject_of(const LinkedInMailOptions& o) {
  switch (o.layout) {
    case Layout::inmail_reply:
      return "Message replied: " + o.subject;
    case Layout::direct_message:
      return first_name(o.name) + " just messaged you";
    case Layout::invitation_2016:
      return first_name(o.recipient_name) + ", please add me to your LinkedIn network";
    case Layout::invitation_2024:
      return "I want to connect";
    case Layout::invitation_accepted:
      return o.name + " accepted your invitation, explore their network";
    case Layout::job_alert:
      return "Baker at Example Bread";
    case Layout::security:
      return first_name(o.recipient_name) + ", please verify your new device";
    default:
      return o.subject;
  }
}

std::string intended(const LinkedInMailOptions& o) {
  return join("This email was intended for ", o.recipient_name, " (", o.recipient_headline, ")");
}

std::string receiving(const LinkedInMailOptions& o) {
  return join("You are receiving ", frame_of(o.layout).category, " emails.");
}

std::string plain_footer(const LinkedInMailOptions& o, std::string_view rule) {
  return join(
      rule, "\n\n", intended(o), "\nLearn why we included this: ",
      tracked(o, "/help/linkedin/answer/4788", "SecurityHelp-0-textfooterglimmer"), "\n", receiving(o),
      "\n\nUnsubscribe: ", tracked(o, "/comm/psettings/email-unsubscribe", "unsubscribe-0-textfooterglimmer"),
      "\nHelp: ", tracked(o, "/help/linkedin/answer/67", "help-0-textfooterglimmer"),
      "\n\n© 2026 LinkedIn Corporation, 1zwnj000 West Maude Avenue, Sunnyvale, CA 94085.\n"
      "LinkedIn and the LinkedIn logo are registered trademarks of LinkedIn.\n");
}

std::string html_page(const LinkedInMailOptions& o, std::string_view preheader, std::string_view rows) {
  return join(
      "<html><body>\n<div style=\"visibility: hidden; height: 0; opacity: 0\" data-email-preheader=\"true\">",
      html_escaped(preheader), "</div>\n<table class=\"mercado-container\">\n",
      row(anchor(o, "/comm/in/robin-target", "header-0-profile_glimmer", "")), rows,
      row(html_escaped(intended(o)), "data-test-id=\"email-footer__intended\""), row(receiving(o)),
      row(anchor(o, "/comm/psettings/email-unsubscribe", "unsubscribe-0-footerglimmer", "Unsubscribe") +
          " · " + anchor(o, "/help/linkedin/answer/67", "help-0-footerglimmer", "Help")),
      row("© 2026 LinkedIn Corporation, 1&zwnj;000 West Maude Avenue, Sunnyvale, CA 94085. LinkedIn and the "
          "LinkedIn logo are registered trademarks of LinkedIn.",
          "data-test-copyright-text"),
      "</table>\n</body></html>\n");
}

struct Body {
  std::string plain;
  std::string html;
};

Body inmail_2026(const LinkedInMailOptions& o) {
  const std::string subject = subject_of(o);
  const bool recruits = o.layout == Layout::recruiter_inmail;
  Body body;
  body.plain =
      join(subject, "\n", subject, "\n\n      ", o.name, "\n        Reply\n        ", kSite,
           "/messaging/thread/", o.thread, "/\n\n", o.text, "\n\n    \n\n", plain_footer(o, kHyphens));
  body.html = html_page(o, first_line(o.text),
                        join(row("<h1>" + html_escaped(subject) + "</h1>"),
                             recruits ? row("Learn about a new opportunity.") : "",
                             row(anchor(o, profile_path(o), "ProfileCard-0-profile_name", o.name)),
                             row(html_escaped(o.headline), "class=\"text-sm font-regular\""),
                             row(html_escaped(o.location), "class=\"text-xs text-cool-gray-70\""),
                             row(html_escaped(o.text), "class=\"message-contents pt-2\""),
                             row(anchor(o, thread_path(o), "inmail-0-view_message", "View message")),
                             recruits ? row("Notice: Learn more about how we use your data in AI-assisted "
                                            "features connecting recruiters "
                                            "with potential candidates.")
                                      : ""));
  return body;
}

Body inmail_2022(const LinkedInMailOptions& o) {
  const std::string first = first_name(o.name);
  Body body;
  body.plain = join(
      html_escaped(o.text, "<br>\n"), "\n\nGo here to reply:\n\n\nGo here if not interested:\n\n\n\n\n\n",
      receiving(o), " Unsubscribe here: ", kSite, "/e/v2?e=abc&t=lun&ek=", template_of(o), "\n\n",
      intended(o), ". Learn why we included this at the following link: ", kSite,
      "/e/v2?a=customerServiceUrl&articleId=4788\n\n© 2022 LinkedIn Ireland Unlimited Company. LinkedIn, "
      "the LinkedIn logo, and InMail are registered trademarks of LinkedIn Corporation.\nLinkedIn is a "
      "registered business name of LinkedIn Ireland Unlimited Company.\n");
  body.html =
      join("<html><body><table>\n", row(html_escaped(o.text, "<br> "), "align=\"left\""),
           row(anchor(o, thread_path(o), "inmail-0-view_message", "View message")),
           row(anchor(o, profile_path(o), "null-1-null", join("View ", first, "'s LinkedIn profile"))),
           row(join("TIP You can respond to ", html_escaped(first), " by replying to this email")),
           row(receiving(o) + " " + anchor(o, "/e/v2", "null-2-null", "Unsubscribe")),
           row(html_escaped(intended(o)) + "."),
           row("© 2022, LinkedIn Corporation. 1&zwnj;000 West Maude Avenue, Sunnyvale, CA 94085, USA"),
           "</table></body></html>\n");
  return body;
}

Body direct_message(const LinkedInMailOptions& o) {
  Body body;
  body.plain = join("You have 1 new message\n\n", kDots, "\n\n", o.name, " (", o.headline,
                    ")\n(https://uk.linkedin.com/in/", o.vanity,
                    ")\n\nView message: ", tracked(o, thread_path(o), "hero-0-view_message"), "\n\n",
                    plain_footer(o, kDots));
  body.html =
      html_page(o, join("1 new message awaits your response from ", first_name(o.name), " on LinkedIn."),
                join(row("You have 1 new message"),
                     row(anchor(o, profile_path(o), "ProfileCard-0-profile_name", o.name)),
                     row(html_escaped(o.headline), "class=\"text-sm font-regular\""),
                     row(anchor(o, thread_path(o), "hero-0-view_message", "View message"))));
  return body;
}

Body invitation_2016(const LinkedInMailOptions& o) {
  const std::string note = o.text.empty() ? std::string(kDefaultNote) : o.text;
  const std::string greeting = join("Hi ", first_name(o.recipient_name), ",");
  Body body;
  body.plain = join(greeting, "\n\n", note, "\n\n", o.name, "\n", o.headline,
                    "\n\nView profile: ", tracked(o, profile_path(o), "hero-3-prof%7Ecta"),
                    "\n\nAccept: ", tracked(o, "/comm/people/invite-accept", "hero-0-accept%7Ecta"), "\n\n",
                    plain_footer(o, kDots));
  body.html = html_page(o, greeting + " " + note,
                        row(join("<p>", greeting, " ", html_escaped(note), "</p>")) +
                            row(join(anchor(o, profile_path(o), "hero-2-prof%7Ename", o.name), "<p>",
                                     html_escaped(o.headline), "</p><p>", html_escaped(o.location), "</p>")) +
                            row(anchor(o, "/comm/people/invite-accept", "hero-0-accept%7Ecta", "Accept")));
  return body;
}

Body invitation_2024(const LinkedInMailOptions& o) {
  const std::string respond =
      join(first_name(o.recipient_name), ", respond to ", first_name(o.name), "’s invite now.");
  Body body;
  body.plain =
      join(o.name, "\n", o.headline, "\n", o.location, "\n12 connections in common\n\nAccept: ",
           tracked(o, "/comm/mynetwork/invite-accept/invitationId/1/sharedKey/k/", "hero-0-accept"),
           "\nView profile: ", tracked(o, profile_path(o), "hero-0-prof%7Ecta"),
           "\n\nMore people you may know\n\nMax Example\nSales coach\n\n", plain_footer(o, kHyphens));
  body.html = html_page(
      o, respond,
      row(join(anchor(o, profile_path(o), "hero-0-prof%7Ename", o.name), "<p>", html_escaped(o.headline),
               "</p><p>", html_escaped(o.location), "</p>")) +
          row("12 connections in common") +
          row(anchor(o, "/comm/mynetwork/invite-accept/invitationId/1/sharedKey/k/", "hero-0-accept",
                     "Accept")) +
          row("More people you may know") +
          row(anchor(o, "/comm/in/max-example", "pymk-0-profile", "Max Example") + "<p>Sales coach</p>"));
  return body;
}

Body invitation_accepted(const LinkedInMailOptions& o) {
  const std::string first = first_name(o.name);
  const std::string suggestion =
      first_name(o.recipient_name) + ", thanks for connecting! Hope you’re doing well.";
  Body body;
  body.plain =
      join(o.name, " has accepted your invitation. Let’s start a conversation.\n\n", o.name, "\n", o.headline,
           "\n", o.location, "\n\nView profile: ", tracked(o, profile_path(o), "hero-0-prof%7Ecta"),
           "\n\nReach out to ", first, "\n", suggestion, "\n\n", plain_footer(o, kHyphens));
  body.html = html_page(
      o, "See " + first + "’s connections, experience, and more",
      row(join(html_escaped(o.name), " has accepted your invitation. Let’s start a conversation.")) +
          row(join(anchor(o, profile_path(o), "hero-0-prof%7Ename", o.name), "<p>", html_escaped(o.headline),
                   "</p><p>", html_escaped(o.location), "</p>")) +
          row(anchor(o, thread_path(o), "hero-0-message", "Message")) +
          row("Reach out to " + html_escaped(first)) + row(html_escaped(suggestion)));
  return body;
}

/// Mail that nobody but LinkedIn (or a newsletter's author) writes: words, then the footer.
Body announcement(const LinkedInMailOptions& o, const std::string& words) {
  return {join(words, "\n\n", plain_footer(o, kHyphens)),
          html_page(o, first_line(words), row(html_escaped(words)))};
}

Body body_of(const LinkedInMailOptions& o) {
  switch (o.layout) {
    case Layout::inmail_2022:
      return inmail_2022(o);
    case Layout::inmail_2026:
    case Layout::recruiter_inmail:
    case Layout::inmail_reply:
      return inmail_2026(o);
    case Layout::direct_message:
      return direct_message(o);
    case Layout::invitation_2016:
      return invitation_2016(o);
    case Layout::invitation_2024:
      return invitation_2024(o);
    case Layout::invitation_accepted:
      return invitation_accepted(o);
    case Layout::job_alert:
      return announcement(o, "Your job alert for baker in Springfield\n\nBaker\nExample Bread");
    case Layout::newsletter:
      return announcement(o, o.text);
    case Layout::security:
      return announcement(o, "Somebody signed in from a device that is new to us.");
  }
  return {};
}

std::string check_field(const LinkedInMailOptions& o) {
  if (o.check == LinkedInCheck::absent) return "";
  const std::string server = o.check == LinkedInCheck::foreign ? "mx.elsewhere.example" : o.authserv_id;
  if (o.check == LinkedInCheck::failed) {
    return join(
        "Authentication-Results: ", server,
        "; dkim=none;\r\n dmarc=fail (p=reject) header.from=linkedin.com;\r\n spf=fail smtp.mailfrom=",
        linkedin_envelope_sender(o), "\r\n");
  }
  return join("Authentication-Results: ", server, "; dkim=pass header.d=linkedin.com header.s=d2048;\r\n",
              " dmarc=pass (p=reject) header.from=linkedin.com;\r\n spf=pass smtp.mailfrom=",
              linkedin_envelope_sender(o), "\r\n");
}

std::string header_of(const LinkedInMailOptions& o) {
  const Frame frame = frame_of(o.layout);
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
      o.date, "\r\nFrom: ", header_text(display_name(o)), " <", frame.local_part,
      "@linkedin.com>\r\nMessage-ID: <", std::to_string(o.serial),
      ".1.1@ltx1-app1.prod.linkedin.com>\r\nSubject: ", header_text(subject_of(o)),
      "\r\nTo: ", header_text(o.recipient_name), " <", o.recipient,
      ">\r\nX-LinkedIn-Class: ", frame.mail_class, "\r\nX-LinkedIn-Template: ", template_of(o),
      "\r\nX-LinkedIn-fbl: m2-abc\r\nMIME-Version: 1.0\r\n");
}

std::string text_part(std::string_view subtype, std::string_view body) {
  return join("Content-Type: text/", subtype,
              ";charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
              quoted_printable(body));
}

}  // namespace

std::string linkedin_envelope_sender(const LinkedInMailOptions& options) {
  return join("m-", std::to_string(options.serial), "@bounce.linkedin.com");
}

std::string linkedin_mail(const LinkedInMailOptions& options) {
  const Body body = body_of(options);
  if (!options.with_html) return header_of(options) + text_part("plain", body.plain);
  constexpr std::string_view kBoundary = "----=_Part_1_1.1";
  return join(header_of(options), "Content-Type: multipart/alternative; boundary=\"", kBoundary,
              "\"\r\n\r\n--", kBoundary, "\r\n", text_part("plain", body.plain), "\r\n--", kBoundary, "\r\n",
              text_part("html", body.html), "\r\n--", kBoundary, "--\r\n");
}

}  // namespace coldpitch::testing
