// SPDX-License-Identifier: MIT
#include "cli/digest_words.h"

#include <algorithm>
#include <array>

namespace coldpitch {
namespace {

constexpr std::array<DigestWords, 8> kWords{{
    {"en", "1 sales pitch was put aside for you", "{count} sales pitches were put aside for you",
     "These messages offered something that nobody asked for. They came between {from} and {to} and were put "
     "into a folder of their own.",
     "What was put aside", "(no subject)", "and {count} more in the folder", "To keep a sender",
     "Move one of their messages back into your inbox, or simply write to them: people you write to are "
     "never put aside.",
     "Never to see a sender again",
     "Leave the message where it is, and answer once, in your own words, that you are not interested. If "
     "they write again, it is known that you "
     "had asked them to stop.",
     "Nothing was deleted, and no sender was told. This mail was written by a program; it comes only when "
     "something was put aside."},
    {"de", "1 Werbeangebot wurde für Sie beiseitegelegt",
     "{count} Werbeangebote wurden für Sie beiseitegelegt",
     "Diese Nachrichten bieten etwas an, worum niemand gebeten hat. Sie kamen zwischen dem {from} und dem "
     "{to} und liegen in einem eigenen Ordner.",
     "Was beiseitegelegt wurde", "(kein Betreff)", "und {count} weitere im Ordner", "Einen Absender behalten",
     "Verschieben Sie eine seiner Nachrichten zurück in den Posteingang, oder schreiben Sie ihm einfach: Wem "
     "Sie schreiben, dessen Post wird nie "
     "beiseitegelegt.",
     "Einen Absender nie wieder sehen",
     "Lassen Sie die Nachricht liegen und antworten Sie einmal mit eigenen Worten, dass Sie kein Interesse "
     "haben. Schreibt er wieder, ist bekannt, "
     "dass Sie ihn gebeten hatten aufzuhören.",
     "Nichts wurde gelöscht, und kein Absender hat etwas erfahren. Ein Programm hat diese Mail geschrieben; "
     "sie kommt nur, wenn etwas "
     "beiseitegelegt wurde."},
    {"fr", "1 offre commerciale a été mise de côté pour vous",
     "{count} offres commerciales ont été mises de côté pour vous",
     "Ces messages proposent quelque chose que personne n'a demandé. Ils sont arrivés entre le {from} et le "
     "{to} et se trouvent dans un dossier à "
     "part.",
     "Ce qui a été mis de côté", "(sans objet)", "et {count} autres dans le dossier", "Garder un expéditeur",
     "Remettez l'un de ses messages dans votre boîte de réception, ou écrivez-lui simplement : les personnes "
     "à qui vous écrivez ne sont jamais mises "
     "de côté.",
     "Ne plus jamais voir un expéditeur",
     "Laissez le message où il est et répondez une fois, avec vos mots, que cela ne vous intéresse pas. S'il "
     "écrit de nouveau, on saura que vous "
     "lui aviez demandé d'arrêter.",
     "Rien n'a été supprimé et aucun expéditeur n'a été averti. Ce message a été écrit par un programme ; il "
     "ne vient que si quelque chose a été "
     "mis de côté."},
    {"es", "Se apartó 1 oferta comercial para usted", "Se apartaron {count} ofertas comerciales para usted",
     "Estos mensajes ofrecen algo que nadie pidió. Llegaron entre el {from} y el {to} y están en una carpeta "
     "aparte.",
     "Lo que se apartó", "(sin asunto)", "y {count} más en la carpeta", "Conservar un remitente",
     "Devuelva uno de sus mensajes a la bandeja de entrada, o simplemente escríbale: a quien usted escribe "
     "nunca se le aparta.",
     "No volver a ver un remitente",
     "Deje el mensaje donde está y responda una vez, con sus palabras, que no le interesa. Si vuelve a "
     "escribir, se sabrá que usted le había pedido "
     "que parara.",
     "No se borró nada ni se avisó a ningún remitente. Este correo lo escribió un programa; solo llega "
     "cuando se ha apartado algo."},
    {"it", "1 proposta commerciale è stata messa da parte per Lei",
     "{count} proposte commerciali sono state messe da parte per Lei",
     "Questi messaggi offrono qualcosa che nessuno ha chiesto. Sono arrivati tra il {from} e il {to} e si "
     "trovano in una cartella a parte.",
     "Che cosa è stato messo da parte", "(senza oggetto)", "e altri {count} nella cartella",
     "Tenere un mittente",
     "Sposti uno dei suoi messaggi nella posta in arrivo, o gli scriva semplicemente: chi riceve posta da "
     "Lei non viene mai messo da parte.",
     "Non vedere mai più un mittente",
     "Lasci il messaggio dov'è e risponda una volta, con parole Sue, che non Le interessa. Se scriverà "
     "ancora, si saprà che gli aveva chiesto di "
     "smettere.",
     "Nulla è stato cancellato e nessun mittente è stato avvisato. Questa mail è scritta da un programma e "
     "arriva solo quando qualcosa è stato "
     "messo da parte."},
    {"pt", "1 oferta comercial foi posta de lado para si",
     "{count} ofertas comerciais foram postas de lado para si",
     "Estas mensagens oferecem algo que ninguém pediu. Chegaram entre {from} e {to} e estão numa pasta à "
     "parte.",
     "O que foi posto de lado", "(sem assunto)", "e mais {count} na pasta", "Manter um remetente",
     "Mova uma das suas mensagens de volta para a caixa de entrada, ou escreva-lhe simplesmente: quem recebe "
     "mensagens suas nunca é posto de lado.",
     "Nunca mais ver um remetente",
     "Deixe a mensagem onde está e responda uma vez, com palavras suas, que não tem interesse. Se voltar a "
     "escrever, saber-se-á que lhe tinha "
     "pedido que parasse.",
     "Nada foi apagado e nenhum remetente foi avisado. Esta mensagem foi escrita por um programa; só vem "
     "quando algo foi posto de lado."},
    {"nl", "1 verkooppraatje is voor u apart gelegd", "{count} verkooppraatjes zijn voor u apart gelegd",
     "Deze berichten bieden iets aan waar niemand om vroeg. Ze kwamen tussen {from} en {to} en liggen in een "
     "eigen map.",
     "Wat apart is gelegd", "(geen onderwerp)", "en nog {count} in de map", "Een afzender houden",
     "Verplaats een van zijn berichten terug naar uw inbox, of schrijf hem gewoon: wie u schrijft, wordt "
     "nooit apart gelegd.",
     "Een afzender nooit meer zien",
     "Laat het bericht liggen en antwoord één keer, in uw eigen woorden, dat u geen interesse hebt. Schrijft "
     "hij weer, dan is bekend dat u hem had "
     "gevraagd te stoppen.",
     "Er is niets verwijderd en geen afzender weet ervan. Deze mail is door een programma geschreven; hij "
     "komt alleen als er iets apart is "
     "gelegd."},
    {"pl", "Odłożono dla Ciebie 1 ofertę handlową", "Odłożone dla Ciebie oferty handlowe: {count}",
     "Te wiadomości oferują coś, o co nikt nie prosił. Przyszły między {from} a {to} i leżą w osobnym "
     "folderze.",
     "Co odłożono", "(bez tematu)", "oraz jeszcze {count} w folderze", "Zachować nadawcę",
     "Przenieś jedną z jego wiadomości z powrotem do skrzynki odbiorczej albo po prostu do niego napisz: "
     "poczta osób, do których piszesz, nigdy nie "
     "jest odkładana.",
     "Nigdy więcej nie widzieć nadawcy",
     "Zostaw wiadomość tam, gdzie jest, i odpowiedz raz, własnymi słowami, że nie jesteś zainteresowany. "
     "Jeśli napisze znowu, będzie wiadomo, że "
     "prosiłeś, by przestał.",
     "Niczego nie usunięto i żaden nadawca o tym nie wie. Tę wiadomość napisał program; przychodzi tylko "
     "wtedy, gdy coś odłożono."},
}};

}  // namespace

const DigestWords& digest_words(std::string_view language) {
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const DigestWords& words) { return words.language == language; });
  return found == kWords.end() ? kWords.front() : *found;
}

}  // namespace coldpitch
