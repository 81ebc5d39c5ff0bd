// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "parsers/linkedin.h"

namespace coldpitch::linkedin {

/// A fixed string of LinkedIn's and the kind of mail it tells. Evidence: docs/linkedin.md.
struct KindMark {
  std::string_view mark;
  LinkedInKind kind;
};

/// Parts of X-LinkedIn-Template names, lower case. The first that is found decides, so narrow ones stand first.
inline constexpr std::array kTemplateMarks = std::to_array<KindMark>({
    {"security", LinkedInKind::security},
    {"checkpoint", LinkedInKind::security},
    {"ato_challenge", LinkedInKind::security},
    {"password", LinkedInKind::security},
    {"inmail_reply", LinkedInKind::inmail_reply},
    {"email_hire_", LinkedInKind::recruiter_inmail},
    {"sponsored", LinkedInKind::sponsored},
    {"inmail", LinkedInKind::inmail},
    {"member_message", LinkedInKind::direct_message},
    {"messaging_digest", LinkedInKind::direct_message},
    {"guest_reminder", LinkedInKind::invitation_reminder},
    {"invite_reminder", LinkedInKind::invitation_reminder},
    {"invite_digest", LinkedInKind::digest},
    {"accept_invite", LinkedInKind::invitation_accepted},
    {"invite_accept", LinkedInKind::invitation_accepted},
    {"invitation_accept", LinkedInKind::invitation_accepted},
    {"invit", LinkedInKind::invitation},
    {"inv_exp_member", LinkedInKind::invitation},
    {"newsletter", LinkedInKind::newsletter},
    {"job", LinkedInKind::job},
    {"jymbii", LinkedInKind::job},
    {"applica", LinkedInKind::job},
    {"resume_", LinkedInKind::job},
    {"lss_", LinkedInKind::sales_tool},
    {"group", LinkedInKind::group},
    {"anet_digest", LinkedInKind::group},
    {"event", LinkedInKind::event},
    {"attendee", LinkedInKind::event},
    {"pymk", LinkedInKind::digest},
    {"suggest", LinkedInKind::digest},
    {"digest", LinkedInKind::digest},
    {"network_conversations", LinkedInKind::digest},
    {"weekly_analytics", LinkedInKind::digest},
    {"career_insights", LinkedInKind::digest},
    {"editorial", LinkedInKind::digest},
});

/// Values of X-LinkedIn-Class, upper case. EMAIL-DEFAULT is missing on purpose: it is given to every kind.
inline constexpr std::array kClasses = std::to_array<KindMark>({
    {"INMAIL", LinkedInKind::inmail},
    {"MBR-TO-MBR", LinkedInKind::direct_message},
    {"INVITE-MBR", LinkedInKind::invitation},
    {"INVITE-GUEST", LinkedInKind::invitation},
    {"JOBS-TO-MBR", LinkedInKind::job},
    {"SAVEDSEARCH", LinkedInKind::job},
    {"WELCOME", LinkedInKind::other},
});

/// Local parts of From addresses at linkedin.com. "member" is known, but was used for several kinds.
inline constexpr std::array kLocalParts = std::to_array<KindMark>({
    {"inmail-hit-reply", LinkedInKind::inmail},
    {"hit-reply-premium-inmail", LinkedInKind::inmail},
    {"inmails-noreply", LinkedInKind::inmail},
    {"hit-reply", LinkedInKind::inmail_reply},
    {"messaging-digest-noreply", LinkedInKind::direct_message},
    {"invitations", LinkedInKind::invitation},
    {"invitations-noreply", LinkedInKind::invitation},
    {"invitations-no-reply", LinkedInKind::invitation},
    {"connections", LinkedInKind::invitation_accepted},
    {"messages-noreply", LinkedInKind::digest},
    {"notifications-noreply", LinkedInKind::digest},
    {"updates-noreply", LinkedInKind::digest},
    {"updates", LinkedInKind::digest},
    {"news", LinkedInKind::digest},
    {"news-noreply", LinkedInKind::digest},
    {"editors-noreply", LinkedInKind::digest},
    {"newsletters-noreply", LinkedInKind::newsletter},
    {"jobs-noreply", LinkedInKind::job},
    {"jobs-listings", LinkedInKind::job},
    {"jobalerts-noreply", LinkedInKind::job},
    {"career-interests-noreply", LinkedInKind::job},
    {"groups-noreply", LinkedInKind::group},
    {"group-digests", LinkedInKind::group},
    {"security-noreply", LinkedInKind::security},
    {"billing-noreply", LinkedInKind::other},
    {"welcome", LinkedInKind::other},
    {"legalnotice", LinkedInKind::other},
});

/// Hosts below linkedin.com whose mail is sent by service providers, without X-LinkedIn fields.
inline constexpr std::array kServiceDomains = std::to_array<KindMark>({
    {"e.linkedin.com", LinkedInKind::marketing},
    {"em.linkedin.com", LinkedInKind::marketing},
    {"el.linkedin.com", LinkedInKind::marketing},
    {"cs.linkedin.com", LinkedInKind::other},
});

/// What stands in "You are receiving ... emails", lower case. "LinkedIn notification" tells nothing.
inline constexpr std::array kCategories = std::to_array<KindMark>({
    {"inmail notification", LinkedInKind::inmail},
    {"linkedin invitations", LinkedInKind::invitation},
    {"invitation", LinkedInKind::invitation},
    {"accepted invitation", LinkedInKind::invitation_accepted},
    {"accepted invitations", LinkedInKind::invitation_accepted},
    {"job alert", LinkedInKind::job},
    {"jobs you might be interested in", LinkedInKind::job},
    {"people you may know notification", LinkedInKind::digest},
    {"suggested top conversations", LinkedInKind::digest},
    {"recommend pages to follow based on previous interactions", LinkedInKind::digest},
});

/// Parts of link paths.
inline constexpr std::array kPathMarks = std::to_array<KindMark>({
    {"/talent/inbox/", LinkedInKind::inmail_reply},
    {"/sales/inbox/", LinkedInKind::inmail_reply},
    {"/invite-accept", LinkedInKind::invitation},
    {"/start/accept-invitation", LinkedInKind::invitation},
});

/// Parts of subjects, lower case. Not for InMail, whose subject is the sender's.
inline constexpr std::array kSubjects = std::to_array<KindMark>({
    {"message replied", LinkedInKind::inmail_reply},
    {"message accepted", LinkedInKind::inmail_reply},
    {"risposta al messaggio:", LinkedInKind::inmail_reply},
    {" just messaged you", LinkedInKind::direct_message},
    {" vient de vous envoyer un message", LinkedInKind::direct_message},
    {" acaba de enviarte un mensaje", LinkedInKind::direct_message},
    {" acabou de enviar uma mensagem", LinkedInKind::direct_message},
    {"invitation is awaiting your response", LinkedInKind::invitation_reminder},
    {"invitation is waiting for your response", LinkedInKind::invitation_reminder},
    {" accepted your linkedin invitation", LinkedInKind::invitation_accepted},
    {" accepted your invitation", LinkedInKind::invitation_accepted},
    {"start a conversation with your new connection", LinkedInKind::invitation_accepted},
    {"please add me to your linkedin network", LinkedInKind::invitation},
    {"i want to connect", LinkedInKind::invitation},
    {"you have an invitation", LinkedInKind::invitation},
    {"sent you a connection request", LinkedInKind::invitation},
    {"your job alert for", LinkedInKind::job},
    {"your application was", LinkedInKind::job},
    {"your application to", LinkedInKind::job},
    {"conversations in ", LinkedInKind::group},
});

/// LinkedIn's own sentences in front of the footer of a sponsored message, lower case.
inline constexpr std::array<std::string_view, 2> kSponsoredNotices = {
    "this is a promotional message from a marketing or hiring partner",
    "linkedin sponsored inmails are messages from our partners",
};

/// What LinkedIn writes behind a display name that is a member's.
inline constexpr std::array<std::string_view, 5> kNameSuffixes = {
    " via LinkedIn", " a través de LinkedIn", " über LinkedIn", " tramite LinkedIn", " pelo LinkedIn",
};

/// Starts of lines that only a footer has, in the languages seen.
inline constexpr std::array<std::string_view, 14> kFooterStarts = {
    "This email was intended for",
    "This email was sent to",
    "You are receiving",
    "You received an invitation to connect.",
    "Cet e-mail est destiné",
    "Vous recevez des e-mails concernant",
    "Este mensaje se ha enviado a",
    "Has recibido una invitación a conectar.",
    "Anda mendapatkan undangan untuk terhubung.",
    "Tento e-mail",
    "Dostáváte",
    "LinkedIn and the LinkedIn logo",
    "© 20",
    "&copy; 20",
};

/// Starts of LinkedIn's lines between a member's words and the footer.
inline constexpr std::array<std::string_view, 15> kClosingStarts = {
    "Go here to reply:",
    "Go here if not interested:",
    "View message",
    "View in Sales Navigator",
    "View in Recruiter",
    "https://www.linkedin.com/sales/inbox/",
    "Notice: Learn more about how we use your data",
    "TIP You can respond to",
    "Get the new LinkedIn desktop app",
    "Never miss an update with the LinkedIn app",
    "Also available on mobile",
    "Unsubscribe",
    "Help:",
    "Learn why we included this",
    "If you need assistance or have questions, please contact LinkedIn",
};

/// What LinkedIn says for an inviter who wrote nothing. Lower case, apostrophes as "'", one blank between words.
inline constexpr std::array<std::string_view, 6> kDefaultInvitations = {
    "i'd like to join your linkedin network.",
    "i'd like to connect with you on linkedin.",
    "i'd like to add you to my professional network on linkedin.",
    "me gustaría añadirte a mi red profesional en linkedin.",
    "j'aimerais vous inviter à rejoindre mon réseau professionnel sur linkedin.",
    "saya ingin menambahkan anda ke jaringan profesional saya di linkedin.",
};

/// Starts of lines that end a sender's card (name, headline, location).
inline constexpr std::array<std::string_view, 9> kCardEnds = {
    "Accept",       "View profile", "View message",       "Message", "Reply", "Connect",
    "Reach out to", "Ignore",       "This is a reminder",
};

/// Words that LinkedIn greets a member with, lower case, in front of an inviter's note in HTML.
inline constexpr std::array<std::string_view, 9> kGreetings = {
    "hi", "hello", "hai", "hola", "bonjour", "hallo", "ciao", "olá", "salut",
};

/// What follows a member's name in a sentence of LinkedIn's.
inline constexpr std::array<std::string_view, 3> kNameSentences = {
    " would like to connect on LinkedIn",
    " has accepted your invitation",
    " accepted your invitation",
};

}  // namespace coldpitch::linkedin
