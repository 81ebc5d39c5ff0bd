// SPDX-License-Identifier: MIT
// The bodies of LinkedIn's notifications, layout by layout. Shapes as seen, words our own.
#include "parsers/text.h"
#include "tests/support/linkedin_parts.h"

namespace coldpitch::test {
namespace {

using Layout = LinkedInLayout;

/// The first words, without line ends, as LinkedIn cuts them.
std::string preheader_of(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  std::string words;
  for (const char octet : text) {
    if (octet != '\n') words += octet;
  }
  return words.size() <= kLongest ? words : std::string(utf8_prefix(words, kLongest)) + "...";
}

Body inmail_2026(const LinkedInMailOptions& o) {
  const std::string subject = subject_of(o);
  const Chrome& chrome = chrome_of(o);
  const bool recruits = o.layout == Layout::recruiter_inmail;
  const bool paid = o.layout == Layout::sponsored_inmail;
  const std::string notice =
      "This is a promotional message from a marketing or hiring partner and was sent to you by title.";
  const std::string for_recruiters =
      "Notice: Learn more about how we use your data in AI-assisted features connecting recruiters with "
      "potential candidates.";
  Body body;
  body.plain = join(subject, "\n", subject, "\n\n      ", o.name, "\n        ", chrome.reply, "\n        ",
                    kSite, "/messaging/thread/", o.thread, "/\n\n", o.text, "\n\n    \n\n",
                    plain_footer(o, kHyphens), paid ? notice + "\n" : "");
  body.html = html_page(o, preheader_of(o.text),
                        join(row("<h1>" + html_escaped(subject) + "</h1>"),
                             recruits ? row("Learn about a new opportunity.") : "",
                             row(anchor(o, profile_path(o), "ProfileCard-0-profile_name", o.name)),
                             row(html_escaped(o.headline), "class=\"text-sm font-regular\""),
                             row(html_escaped(o.location), "class=\"text-xs text-cool-gray-70\""),
                             row(html_escaped(o.text), join("class=\"", o.words_class, "\"")),
                             row(anchor(o, thread_path(o), "inmail-0-view_message", chrome.view_message)),
                             recruits ? row(for_recruiters) : "", paid ? row(notice) : ""));
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
      "registered business name of LinkedIn Ireland Unlimited Company.\nRegistered in Ireland as a private "
      "unlimited company, "
      "Company Number 477441\nRegistered Office: 70 Sir John Rogersons Quay, Dublin 2\n");
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

Body recruiter_copy(const LinkedInMailOptions& o) {
  return {join(o.subject, "\nInMail: You have a new message\n\n  ", o.name, "\n ", chrome_of(o).reply, "\n ",
               kSite, "/talent/inbox/0/main/id/2-QUJD\n\n", o.text, "\n\n", plain_footer(o, kHyphens)),
          ""};
}

Body seller_copy(const LinkedInMailOptions& o) {
  return {join("You have a new InMail message.\n\n", o.text, "\n\nView in Sales Navigator\n", kSite,
               "/sales/inbox/2-QUJD\n\n", plain_footer(o, kHyphens)),
          ""};
}

std::string message_card(const LinkedInMailOptions& o, std::string_view name, std::string_view headline,
                         std::string_view vanity) {
  return row(anchor(o, join("/comm/in/", vanity), "ProfileCard-0-profile_name", name)) +
         row(html_escaped(headline), "class=\"text-sm font-regular\"");
}

Body direct_message(const LinkedInMailOptions& o) {
  const bool two = o.layout == Layout::direct_message_digest;
  const std::string other =
      "\n\nMax Example (Sales coach (acting))\n(https://www.linkedin.com/in/max-example)";
  Body body;
  body.plain = join("You have ", two ? "2 new messages" : "1 new message", "\n\n", kDots, two ? other : "",
                    "\n\n", o.name, " (", o.headline, ")\n(https://uk.linkedin.com/in/", o.vanity, ")\n\n",
                    chrome_of(o).view_message, ": ", tracked(o, thread_path(o), "hero-0-view_message"),
                    "\n\n", plain_footer(o, kDots));
  body.html =
      html_page(o, join("1 new message awaits your response from ", first_name(o.name), " on LinkedIn."),
                join(row(two ? "You have 2 new messages" : "You have 1 new message"),
                     two ? message_card(o, "Max Example", "Sales coach (acting)", "max-example") : "",
                     message_card(o, o.name, o.headline, o.vanity),
                     row(anchor(o, thread_path(o), "hero-0-view_message", chrome_of(o).view_message))));
  return body;
}

std::string note_of(const LinkedInMailOptions& o) {
  return o.text.empty() ? std::string(chrome_of(o).default_note) : o.text;
}

Body invitation_2015(const LinkedInMailOptions& o) {
  return {join(chrome_of(o).greeting, " ", first_name(o.recipient_name), ",\n", note_of(o), "\n\n", o.name,
               "\n", o.headline, "\n\nAccept: ", kSite,
               "/comm/people/invite-accept?mboxid=I1&trk=eml-comm_invm-b-accept-newinvite&trkEmail=eml-",
               template_of(o), "\n\nView ", o.name, "'s profile: ", kSite, "/comm/profile/view?trkEmail=eml-",
               template_of(o), "\n\n", receiving(o), " Unsubscribe here: ", kSite,
               "/e/v2?t=lun&ek=", template_of(o), "\n\n", intended(o),
               ". Learn why we included this at the following link: ", kSite,
               "/e/v2?a=customerServiceUrl&ek=", template_of(o), "\n"),
          ""};
}

Body invitation_2016(const LinkedInMailOptions& o) {
  const std::string note = note_of(o);
  const std::string greeting = join(chrome_of(o).greeting, " ", first_name(o.recipient_name), ",");
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

std::string inviters_card(const LinkedInMailOptions& o) {
  return row(join(anchor(o, profile_path(o), "hero-0-prof%7Ename", o.name), "<p>", html_escaped(o.headline),
                  "</p><p>", html_escaped(o.location), "</p>"));
}

Body invitation_2024(const LinkedInMailOptions& o) {
  const bool has_note = o.layout == Layout::invitation_note_2024;
  const std::string accept = "/comm/mynetwork/invite-accept/invitationId/1/sharedKey/k/";
  const std::string respond =
      has_note ? preheader_of(o.text)
               : join(first_name(o.recipient_name), ", respond to ", first_name(o.name), "’s invite now.");
  Body body;
  body.plain = join(
      has_note ? join(chrome_of(o).greeting, " ", first_name(o.recipient_name), ",\n\n", o.text, "\n\n") : "",
      o.name, "\n", o.headline, "\n", o.location,
      "\n12 connections in common\n\nAccept: ", tracked(o, accept, "hero-0-accept"),
      "\nView profile: ", tracked(o, profile_path(o), "hero-0-prof%7Ecta"),
      "\n\nMore people you may know\n\nMax Example\nSales coach\n\n", plain_footer(o, kHyphens));
  body.html = html_page(
      o, respond,
      inviters_card(o) + row("12 connections in common") + (has_note ? row(html_escaped(o.text)) : "") +
          row(anchor(o, accept, "inmail-0-accept", "Accept")) + row("More people you may know") +
          row(anchor(o, "/comm/in/max-example", "pymk-0-profile", "Max Example") + "<p>Sales coach</p>"));
  return body;
}

Body guest_invitation(const LinkedInMailOptions& o) {
  return {
      join(chrome_of(o).greeting, ",\n\n", note_of(o), "\n\n- ", first_name(o.name),
           "\n\nConfirm that you know ", first_name(o.name), ": ", kSite,
           "/e/v2?e=0-a&t=ssuw&tracking=eml-guest-invite-cta&ek=", template_of(o), "\n\n", guest_footer(o)),
      ""};
}

Body guest_reminder(const LinkedInMailOptions& o) {
  return {
      join(o.name, " would like to connect on LinkedIn. How would you like to respond?\n\nAccept: ", kSite,
           "/e/v2?ek=", template_of(o), "&m=hero&ts=accept_text\n\nView ", o.name, "&#39;s profile: ", kSite,
           "/e/v2?ek=", template_of(o), "\n\nExample/team,\n\n", note_of(o), "\n\n", guest_footer(o)),
      ""};
}

Body guest_reminder_2021(const LinkedInMailOptions& o) {
  return {join(kSite, "/e/v2?e=a&t=suwj&ek=", template_of(o), "&m=hero&ts=accept_text\n\n ",
               tracked(o, profile_path(o), "hero-2-prof%7Ename"), "\n\n", plain_footer(o, kDots)),
          ""};
}

Body invitation_reminder(const LinkedInMailOptions& o) {
  return {join(o.name, " would like to connect on LinkedIn. How would you like to respond?\n\n", o.name, "\n",
               o.headline, "\n", o.location, "\n\nThis is a reminder that on 10/24/13, ", o.name,
               " sent you an invitation to become part of their professional network at LinkedIn. Reminder "
               "emails for pending "
               "invitations.\n\n&copy; 2012 LinkedIn Corporation. 2029 Stierlin Ct, Mountain View, CA 94043, "
               "USA.\n"),
          ""};
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
          inviters_card(o) + row(anchor(o, thread_path(o), "hero-0-message", "Message")) +
          row("Reach out to " + html_escaped(first)) + row(html_escaped(suggestion)));
  return body;
}

Body invitation_accepted_2016(const LinkedInMailOptions& o) {
  return {join(first_name(o.name), " has accepted your invitation\n\nView profile here: ", kSite,
               "/comm/profile/view?trk=eml-comm_inv_acpt-prof_card-pro_text-0&trkEmail=eml-", template_of(o),
               "-null-74-null-null-x\n\nSend a message: ", kSite, "/e/v2?a=mailbox-message-compose&ek=",
               template_of(o), "\n\n&copy; 2016 LinkedIn Ireland Limited.\n\n", receiving(o),
               " Unsubscribe here: ", kSite, "/e/v2?t=lun&ek=", template_of(o), "\n\n", intended(o),
               ". Learn why we included this: ", kSite, "/e/v2?a=customerServiceUrl\n"),
          ""};
}

/// Mail that nobody but LinkedIn (or a newsletter's author) writes: words, then the footer.
Body announcement(const LinkedInMailOptions& o, const std::string& words) {
  return {join(words, "\n\n", plain_footer(o, kHyphens)),
          html_page(o, first_line(words), row(html_escaped(words)))};
}

}  // namespace

Body body_of(const LinkedInMailOptions& o) {
  switch (o.layout) {
    case Layout::inmail_2022:
    case Layout::recruiter_inmail_2022:
      return inmail_2022(o);
    case Layout::inmail_2026:
    case Layout::recruiter_inmail:
    case Layout::sponsored_inmail:
    case Layout::inmail_reply:
      return inmail_2026(o);
    case Layout::recruiter_copy:
      return recruiter_copy(o);
    case Layout::seller_copy:
      return seller_copy(o);
    case Layout::direct_message:
    case Layout::direct_message_digest:
      return direct_message(o);
    case Layout::invitation_2015:
      return invitation_2015(o);
    case Layout::invitation_2016:
      return invitation_2016(o);
    case Layout::invitation_2024:
    case Layout::invitation_note_2024:
      return invitation_2024(o);
    case Layout::guest_invitation:
      return guest_invitation(o);
    case Layout::guest_reminder:
      return guest_reminder(o);
    case Layout::guest_reminder_2021:
      return guest_reminder_2021(o);
    case Layout::invitation_reminder:
      return invitation_reminder(o);
    case Layout::invitation_accepted:
      return invitation_accepted(o);
    case Layout::invitation_accepted_2016:
      return invitation_accepted_2016(o);
    case Layout::people_you_may_know:
      return announcement(o, join("Based in Springfield\n", o.name, "\n", o.headline, "\nConnect"));
    case Layout::notification_digest:
      return announcement(o, join(o.name, " shared a post: we sell tools, book a demo now"));
    case Layout::news:
      return announcement(o, "Top conversations this week: tools that sell themselves");
    case Layout::job_alert:
    case Layout::jobs_digest:
      return announcement(o, "Your job alert for baker in Springfield\n\nBaker\nExample Bread");
    case Layout::application_update:
      return announcement(o, "Your application was viewed by Example Bread");
    case Layout::newsletter:
      return announcement(o, o.text);
    case Layout::security:
      return announcement(o, "Somebody signed in from a device that is new to us.");
    case Layout::group:
      return announcement(o, "Don’t miss conversations in Bakers of Springfield");
    case Layout::event:
      return announcement(o, "You are attending Bread of tomorrow");
    case Layout::marketing:
      return announcement(o, "See who else is applying. Try Premium for free today.");
    case Layout::sales_digest:
      return announcement(o, "New leads in your saved searches");
    case Layout::billing:
      return announcement(o, "Your receipt for Premium");
    case Layout::welcome:
      return announcement(o, "Welcome to LinkedIn");
  }
  return {};
}

std::string subject_of(const LinkedInMailOptions& o) {
  const std::string reader = first_name(o.recipient_name);
  switch (o.layout) {
    case Layout::inmail_reply:
    case Layout::recruiter_copy:
    case Layout::seller_copy:
      return "Message replied: " + o.subject;
    case Layout::direct_message:
    case Layout::direct_message_digest:
      return first_name(o.name) + " just messaged you";
    case Layout::invitation_2015:
    case Layout::invitation_2016:
      return reader + ", please add me to your LinkedIn network";
    case Layout::invitation_2024:
    case Layout::invitation_note_2024:
      return "I want to connect";
    case Layout::guest_invitation:
      return "Invitation to connect on LinkedIn";
    case Layout::guest_reminder:
    case Layout::guest_reminder_2021:
    case Layout::invitation_reminder:
      return o.name + "'s invitation is awaiting your response";
    case Layout::invitation_accepted:
      return o.name + " accepted your invitation, explore their network";
    case Layout::invitation_accepted_2016:
      return o.name + " has accepted your LinkedIn invitation";
    case Layout::people_you_may_know:
      return join(reader, ", add ", o.name, " - ", o.headline);
    case Layout::notification_digest:
      return o.name + " shared a post";
    case Layout::job_alert:
      return "Baker at Example Bread";
    case Layout::security:
      return reader + ", please verify your new device";
    case Layout::marketing:
      return reader + ", see who else is applying for Baker";
    default:
      return o.subject;
  }
}

}  // namespace coldpitch::test
