// SPDX-License-Identifier: MIT
#include "tests/support/linkedin_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace coldpitch::test {
namespace {

using Layout = LinkedInLayout;

const std::array<std::pair<std::string_view, Chrome>, 10> kChromes{{
    {"en",
     {"This email was intended for ", "", "Learn why we included this", "You are receiving ", " emails.",
      "Unsubscribe", "Help", "Reply", "View message", "via LinkedIn", "Hi",
      "I'd like to join your LinkedIn network."}},
    {"fr",
     {"Cet e-mail est destiné à ", "", "Découvrez pourquoi", "Vous recevez des e-mails concernant ", ".",
      "Se désinscrire ", "Aide ", "Répondre", "Voir le message", "via LinkedIn", "Bonjour",
      "J’aimerais vous inviter à rejoindre mon réseau professionnel sur LinkedIn."}},
    {"es",
     {"Este mensaje se ha enviado a ", "", "Descubre por qué", "Recibes avisos de ", ".", "Darse de baja",
      "Ayuda", "Responder", "Ver mensaje", "a través de LinkedIn", "Hola",
      "Me gustaría añadirte a mi red profesional en LinkedIn."}},
    {"pt",
     {"Este e-mail foi enviado a ", "", "Saiba por que incluímos isso", "Você está recebendo e-mails de ",
      ".", "Cancelar inscrição", "Ajuda", "Responder", "Ver mensagem", "pelo LinkedIn", "Olá",
      "Gostaria de adicioná-lo à minha rede profissional no LinkedIn."}},
    {"id",
     {"Email ini ditujukan untuk ", "", "Pelajari alasannya", "Anda menerima email ", ".",
      "Berhenti berlangganan", "Bantuan", "Balas", "Lihat pesan", "via LinkedIn", "Hai",
      "Saya ingin menambahkan Anda ke jaringan profesional saya di LinkedIn."}},
    {"cs",
     {"Tento e-mail je určen pro ", "", "Proč je to zde", "Dostáváte e-maily ", ".", "Odhlásit", "Nápověda",
      "Odpovědět", "Zobrazit zprávu", "přes LinkedIn", "Dobrý den", ""}},
    {"de",
     {"Diese Nachricht ist bestimmt für ", ".", "Warum das hier steht", "Sie bekommen Mails der Art ", ".",
      "Abmelden", "Hilfe", "Antworten", "Nachricht ansehen", "über LinkedIn", "Hallo",
      "Ich möchte Sie gerne zu meinem beruflichen Netzwerk auf LinkedIn hinzufügen."}},
    {"it",
     {"Messaggio destinato a ", ".", "Ecco il motivo", "Ricevi avvisi del tipo ", ".", "Annulla iscrizione",
      "Aiuto", "Rispondi", "Vedi messaggio", "tramite LinkedIn", "Ciao",
      "Vorrei aggiungerti alla mia rete professionale su LinkedIn."}},
    {"nl",
     {"Dit bericht is bedoeld voor ", ".", "Waarom dit hier staat", "U krijgt berichten over ", ".",
      "Afmelden", "Hulp", "Beantwoorden", "Bericht bekijken", "met LinkedIn", "Hallo",
      "Ik wil u graag toevoegen aan mijn professionele netwerk op LinkedIn."}},
    {"xx",
     {"Qiraf moltu vep ", " zun.", "Ploq dez virom", "Tarn vuqil ", " orf.", "Nuvaliq", "Drem", "Vorp",
      "Zal qimon", "wiq LinkedIn", "Hul", ""}},
}};

}  // namespace

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

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }
std::string first_name(const std::string& name) { return name.substr(0, name.find(' ')); }

const Chrome& chrome_of(const LinkedInMailOptions& o) {
  const auto* found = std::find_if(kChromes.begin(), kChromes.end(),
                                   [&](const auto& one) { return one.first == o.language; });
  return found == kChromes.end() ? kChromes.front().second : found->second;
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

std::string row(std::string_view content, std::string_view attributes) {
  return join("<tr><td", attributes.empty() ? "" : " ", attributes, ">", content, "</td></tr>\n");
}

std::string intended(const LinkedInMailOptions& o) {
  return join(chrome_of(o).intended, o.recipient_name, " (", o.recipient_headline, ")",
              chrome_of(o).intended_end);
}

std::string receiving(const LinkedInMailOptions& o) {
  return join(chrome_of(o).receiving, frame_of(o.layout).category, chrome_of(o).receiving_end);
}

std::string plain_footer(const LinkedInMailOptions& o, std::string_view rule) {
  const Chrome& chrome = chrome_of(o);
  const std::string unsubscribe =
      join(chrome.unsubscribe, ": ",
           tracked(o, "/comm/psettings/email-unsubscribe", "unsubscribe-0-textfooterglimmer"));
  const std::string help =
      join(chrome.help, ": ", tracked(o, "/help/linkedin/answer/67", "help-0-textfooterglimmer"));
  const std::string who = join(intended(o), "\n", chrome.reason, ": ",
                               tracked(o, "/help/linkedin/answer/4788", "SecurityHelp-0-textfooterglimmer"));
  const std::string_view owner =
      "\n\n© 2026 LinkedIn Corporation, 1zwnj000 West Maude Avenue, Sunnyvale, CA 94085.\n"
      "LinkedIn and the LinkedIn logo are registered trademarks of LinkedIn.\n";
  if (rule == kDots)
    return join(rule, "\n\n", unsubscribe, "\n\n", help, "\n\n\n", receiving(o), "\n\n", who, owner);
  return join(rule, "\n\n", who, "\n", receiving(o), "\n\n", unsubscribe, "\n", help, owner);
}

std::string guest_footer(const LinkedInMailOptions& o) {
  const bool spanish = o.language == "es";
  const bool indonesian = o.language == "id";
  const std::string_view received = spanish      ? "Has recibido una invitación a conectar."
                                    : indonesian ? "Anda mendapatkan undangan untuk terhubung."
                                                 : "You received an invitation to connect.";
  return join(received, " ", chrome_of(o).unsubscribe, ": ", kSite, "/e/v2?t=lun&ek=", template_of(o), "\n\n",
              spanish ? "Este mensaje se ha enviado a " : "This email was sent to ", o.recipient,
              ".\n\n&copy; 2016 LinkedIn Corporation, 2029 Stierlin Court, Mountain View CA 94043.\n");
}

std::string html_page(const LinkedInMailOptions& o, std::string_view preheader, std::string_view rows) {
  const Chrome& chrome = chrome_of(o);
  return join(
      "<html><body>\n<div style=\"visibility: hidden; height: 0; opacity: 0\" data-email-preheader=\"true\">",
      html_escaped(preheader), "</div>\n<table class=\"mercado-container\">\n",
      row(anchor(o, "/comm/in/robin-target", "header-0-profile_glimmer", "")), rows,
      row(html_escaped(intended(o)), "data-test-id=\"email-footer__intended\""), row(receiving(o)),
      row(anchor(o, "/comm/psettings/email-unsubscribe", "unsubscribe-0-footerglimmer", chrome.unsubscribe) +
          " · " + anchor(o, "/help/linkedin/answer/67", "help-0-footerglimmer", chrome.help)),
      row("© 2026 LinkedIn Corporation, 1&zwnj;000 West Maude Avenue, Sunnyvale, CA 94085. LinkedIn and the "
          "LinkedIn logo are registered trademarks of LinkedIn.",
          "data-test-copyright-text"),
      "</table>\n</body></html>\n");
}

}  // namespace coldpitch::test
