// SPDX-License-Identifier: MIT
#include "parsers/quoting.h"

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

char letter_of(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::human:
      return 'h';
    case SegmentKind::quote:
      return 'q';
    case SegmentKind::forward:
      return 'f';
    case SegmentKind::signature:
      return 's';
    case SegmentKind::disclaimer:
      return 'd';
    case SegmentKind::list_footer:
      return 'l';
  }
  return '?';
}

/// One letter a line: what each line of `text` was taken for.
std::string kinds_by_line(const QuotedText& quoted, std::string_view text) {
  std::string kinds;
  for (const Segment& segment : quoted.segments) {
    for (std::size_t i = segment.span.begin; i < segment.span.end; ++i) {
      if (text[i] == '\n' || i + 1 == text.size()) kinds += letter_of(segment.kind);
    }
  }
  return kinds;
}

/// What holds for every text: segments cover it, `human` is made of the human ones, the map leads back.
void check_invariants(const QuotedText& quoted, std::string_view text) {
  std::size_t at = 0;
  std::string human;
  for (const Segment& segment : quoted.segments) {
    REQUIRE(segment.span.begin == at);
    REQUIRE(segment.span.end > segment.span.begin);
    at = segment.span.end;
    if (segment.kind == SegmentKind::human) human += text.substr(segment.span.begin, segment.span.size());
  }
  REQUIRE(at == text.size());
  REQUIRE(quoted.human == human);
  for (std::size_t i = 0; i < human.size() && i < 5000; ++i) {
    if (text[quoted.human_source.source_of(i)] != human[i]) FAIL("octet " << i << " is mapped wrong");
  }
}

struct Row {
  std::string_view name;
  std::string_view text;
  std::string_view kinds;
  std::string_view attribution = "";
};

void check(const Row& row) {
  INFO(row.name);
  const std::string exact(row.text);
  const QuotedText quoted = split_quoted_text(exact);
  check_invariants(quoted, exact);
  CHECK(kinds_by_line(quoted, exact) == row.kinds);
  CHECK(quoted.attribution == row.attribution);
  CHECK(quoted.has_quote == (row.kinds.find('q') != std::string_view::npos));
  CHECK(quoted.has_forward == (row.kinds.find('f') != std::string_view::npos));
}

TEST_CASE("Quote marks and attribution lines are told from the sender's words", "[quoting]") {
  const Row rows[] = {
      {"nothing", "", ""},
      {"words only", "Hello Jane\nSee you.\n", "hh"},
      {"no line end", "Hello", "h"},
      {"marks without attribution", "> You said\n> this\n\nYes.\n", "qqqh"},
      {"interleaved", "> one\nFirst answer\n> two\nSecond answer\n", "qhqh"},
      {"mark behind a blank", " > one\nYes\n", "qh"},
      {"nothing but a quote", "> one\n> two\n", "qq"},
      {"mbox escape is no quote", ">From where I stand\nall is well\n", "hh"},
      {"quoted From line", ">From: Jane\nno\n", "qh"},
      {"arrows are no quote", "Offers\n>> Read on\n", "hh"},
      {"Python prompt", ">>> print(1)\n1\n", "hh"},
      {"arrows beside a quote", "> a\n>> b\nno\n", "qqh"},
      {"English", "Fine.\n\nOn Mon, Jun 3, 2024 at 10:12 AM Jane Doe <jane@example.org> wrote:\n> Hi\n",
       "hhqq", "On Mon, Jun 3, 2024 at 10:12 AM Jane Doe <jane@example.org> wrote:"},
      {"folded over two lines",
       "Fine.\n\nOn Mon, Jun 3, 2024 at 10:12 AM Jane Doe\n<jane@example.org> wrote:\n\n> Hi\n", "hhqqqq",
       "On Mon, Jun 3, 2024 at 10:12 AM Jane Doe <jane@example.org> wrote:"},
      {"folded over three lines",
       "Fine.\nOn Monday, 3 June 2024 at 10:12:13 CEST,\nJane Maria Doe of the Example "
       "Works\n<jane@example.org> wrote:\n> Hi\n",
       "hqqqq",
       "On Monday, 3 June 2024 at 10:12:13 CEST, Jane Maria Doe of the Example Works <jane@example.org> "
       "wrote:"},
      {"German", "Gut.\n\nAm Mo., 3. Juni 2024 um 10:12 Uhr schrieb Jane Doe <jane@example.org>:\n> Hallo\n",
       "hhqq", "Am Mo., 3. Juni 2024 um 10:12 Uhr schrieb Jane Doe <jane@example.org>:"},
      {"German, short", "Gut.\n\nAm 03.06.24 um 10:12 schrieb Jane Doe:\n> Hallo\nJa\n", "hhqqh",
       "Am 03.06.24 um 10:12 schrieb Jane Doe:"},
      {"French, no-break blank",
       "Bien.\n\nLe lun. 3 juin 2024 à 10:12, Jane Doe <jane@example.org> a écrit\u00a0:\n> Salut\n", "hhqq",
       "Le lun. 3 juin 2024 à 10:12, Jane Doe <jane@example.org> a écrit\u00a0:"},
      {"Spanish", "Vale.\nEl lun, 3 jun 2024 a las 10:12, Jane Doe (<jane@example.org>) escribió:\n> Hola\n",
       "hqq", "El lun, 3 jun 2024 a las 10:12, Jane Doe (<jane@example.org>) escribió:"},
      {"Italian",
       "Bene.\nIl giorno lun 3 giu 2024 alle ore 10:12 Jane Doe <jane@example.org> ha scritto:\n> Ciao\n",
       "hqq", "Il giorno lun 3 giu 2024 alle ore 10:12 Jane Doe <jane@example.org> ha scritto:"},
      {"Portuguese",
       "Bom.\nEm seg., 3 de jun. de 2024 às 10:12, Jane Doe <jane@example.org> escreveu:\n> Oi\n", "hqq",
       "Em seg., 3 de jun. de 2024 às 10:12, Jane Doe <jane@example.org> escreveu:"},
      {"Dutch", "Goed.\nOp ma 3 jun 2024 om 10:12 schreef Jane Doe <jane@example.org>:\n> Hoi\n", "hqq",
       "Op ma 3 jun 2024 om 10:12 schreef Jane Doe <jane@example.org>:"},
      {"Dutch, telephone",
       "Goed.\nOp 3 jun 2024 om 10:12 heeft Jane Doe <jane@example.org> het volgende geschreven:\n> Hoi\n",
       "hqq", "Op 3 jun 2024 om 10:12 heeft Jane Doe <jane@example.org> het volgende geschreven:"},
      {"Polish", "Dobrze.\nW dniu 3.06.2024 o 10:12, Jane Doe pisze:\n> Cześć\n", "hqq",
       "W dniu 3.06.2024 o 10:12, Jane Doe pisze:"},
      {"Polish, weekday first",
       "Dobrze.\npon., 3 cze 2024 o 10:12 Jane Doe <jane@example.org> napisał(a):\n> Cześć\n", "hqq",
       "pon., 3 cze 2024 o 10:12 Jane Doe <jane@example.org> napisał(a):"},
      {"date first, no verb", "Ok\n2014-03-12 10:00 GMT+01:00 Jane Doe <jane@example.org>:\n> Hi\n", "hqq",
       "2014-03-12 10:00 GMT+01:00 Jane Doe <jane@example.org>:"},
      {"name first", "Ok\nJane Doe <jane@example.org> wrote:\n> Hi\n", "hqq",
       "Jane Doe <jane@example.org> wrote:"},
      {"name alone", "Ok\nJane Doe wrote:\n> Hi\n", "hqq", "Jane Doe wrote:"},
      {"quoting", "Quoting Jane Doe <jane@example.org>:\n> Hi\nOk\n", "qqh",
       "Quoting Jane Doe <jane@example.org>:"},
      {"quoted attribution", "Ok\n> On 3 Jun 2024, at 10:12, Jane Doe <jane@example.org> wrote:\n>\n> Hi\n",
       "hqqq", "On 3 Jun 2024, at 10:12, Jane Doe <jane@example.org> wrote:"},
      {"the first attribution counts",
       "On 3 Jun 2024, at 10:12, Jane Doe <jane@example.org> wrote:\n> On 2 Jun 2024, at 9:00, Sam Roe "
       "<sam@example.org> wrote:\n>> a\n",
       "qqq", "On 3 Jun 2024, at 10:12, Jane Doe <jane@example.org> wrote:"},
      {"no marks behind it",
       "Ok\n\nOn Mon, Jun 3, 2024 at 10:12 AM Jane Doe <jane@example.org> wrote:\nHi Sam\n\nShall we?\n",
       "hhqqqq", "On Mon, Jun 3, 2024 at 10:12 AM Jane Doe <jane@example.org> wrote:"},
      {"verb before the date", "Ok\nJane Doe wrote on Sun, Jun 3, 2024 at 06:18:38PM +0200:\n> Hi\n", "hqq",
       "Jane Doe wrote on Sun, Jun 3, 2024 at 06:18:38PM +0200:"},
      {"words with a number above it", "32k is too low.\nSam\nOn 10/25/21 7:02 PM, Jane Doe wrote:\n> Hi\n",
       "hhqq", "On 10/25/21 7:02 PM, Jane Doe wrote:"},
      {"cut mark above the quote", "On 3 Jun 2024, at 10:12, Jane Doe wrote:\n[...]\n> Hi\n\nYes\n", "qhqqh",
       "On 3 Jun 2024, at 10:12, Jane Doe wrote:"},
      {"no marks, nothing above", "On 3 Jun 2024, at 10:12, Jane <jane@example.org> wrote:\n\nI agree.\n",
       "qqh", "On 3 Jun 2024, at 10:12, Jane <jane@example.org> wrote:"},
      {"a verb is not enough", "As the manual wrote:\nuse the other one\n", "hh"},
      {"a sentence with a date", "On 3 June the board wrote:\nwe agree\n", "hh"},
      {"a sentence before a quote", "I do not follow what the manual of the old press wrote:\n> we agree\n",
       "hq"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("Header blocks and separators start quotes and forwards", "[quoting]") {
  const Row rows[] = {
      {"Outlook, English",
       "Fine.\n\n________________________________\nFrom: Jane Doe <jane@example.org>\nSent: Monday, June 3, "
       "2024 10:12\nTo: Sam\nSubject: Plan\n\nHi\n",
       "hhqqqqqqq", "From: Jane Doe <jane@example.org>"},
      {"Outlook, bold marks", "Ok\n*From:* Jane Doe\n*Sent:* Monday\n*To:* Sam\n*Subject:* Plan\nHi\n",
       "hqqqqq", "*From:* Jane Doe"},
      {"German",
       "Gut\nVon: Jane Doe\nGesendet: Montag, 3. Juni 2024 10:12\nAn: Sam\nBetreff: Plan\n\nHallo\n",
       "hqqqqqq", "Von: Jane Doe"},
      {"French", "Bien\nDe : Jane Doe\nEnvoyé : lundi 3 juin 2024\nÀ : Sam\nObjet : Plan\nSalut\n", "hqqqqq",
       "De : Jane Doe"},
      {"Spanish", "Vale\nDe: Jane Doe\nEnviado el: lunes, 3 de junio\nPara: Sam\nAsunto: Plan\nHola\n",
       "hqqqqq", "De: Jane Doe"},
      {"Italian", "Bene\nDa: Jane Doe\nInviato: lunedì 3 giugno\nA: Sam\nOggetto: Piano\nCiao\n", "hqqqqq",
       "Da: Jane Doe"},
      {"Portuguese", "Bom\nDe: Jane Doe\nEnviada em: segunda-feira\nPara: Sam\nAssunto: Plano\nOi\n",
       "hqqqqq", "De: Jane Doe"},
      {"Dutch", "Goed\nVan: Jane Doe\nVerzonden: maandag 3 juni\nAan: Sam\nOnderwerp: Plan\nHoi\n", "hqqqqq",
       "Van: Jane Doe"},
      {"Polish", "Dobrze\nOd: Jane Doe\nWysłano: poniedziałek\nDo: Sam\nTemat: Plan\nCześć\n", "hqqqqq",
       "Od: Jane Doe"},
      {"folded recipients",
       "Ok\nFrom: Jane\nTo: Sam <sam@example.org>,\n  Kim <kim@example.org>\nSubject: Plan\nHi\n", "hqqqqq",
       "From: Jane"},
      {"doubled line ends", "Ok\nFrom: Jane\n\nSent: Monday\n\nTo: Sam\n\nSubject: Plan\n\nHi\n",
       "hqqqqqqqqq", "From: Jane"},
      {"marks below the block", "From: Jane\nSent: Monday\nTo: Sam\nSubject: Plan\n\n> Hi\n\nBelow.\n",
       "qqqqqqqh", "From: Jane"},
      {"Notes", "Ok\n\nJane Doe@EXAMPLE\n09/01/2000 10:12 AM\nTo: Sam Roe/EXAMPLE\ncc:\nSubject: Plan\nHi\n",
       "hhqqqqqq", "Jane Doe@EXAMPLE"},
      {"opening hours are no header", "Monday\nFrom: 10:00\nTo: 12:00\nDate: 3 June\n", "hhhh"},
      {"author alone is no header", "From: Jane\nwith love\n", "hh"},
      {"original message",
       "Ok\n-----Original Message-----\nFrom: Jane\nSent: Monday\nTo: Sam\nSubject: Plan\n\nHi\n", "hqqqqqqq",
       "From: Jane"},
      {"original message without header", "Ok\n----- Ursprüngliche Nachricht -----\nHallo\n", "hqq"},
      {"original message with marks", "-----Original Message-----\n> Hi\n\nBelow.\n", "qqqh"},
      {"Gmail forward",
       "See below\n\n---------- Forwarded message ---------\nFrom: Jane <jane@example.org>\nDate: Mon, Jun "
       "3, 2024\nSubject: Plan\nTo: Sam\n\nHi\n",
       "hhfffffff", "From: Jane <jane@example.org>"},
      {"Apple forward",
       "See\n\nBegin forwarded message:\n\n> From: Jane\n> Subject: Plan\n> Date: Monday\n>\n> Hi\n\nMine\n",
       "hhffffffffh", "From: Jane"},
      {"German forward", "-------- Weitergeleitete Nachricht --------\nBetreff: Plan\nHallo\n", "fff"},
      {"French forward",
       "Voir\n---------- Message transféré ---------\nDe : Jane\nDate : lundi\nObjet : Plan\n\nSalut\n",
       "hffffff", "De : Jane"},
      {"Spanish forward", "---------- Mensaje reenviado ---------\nHola\n", "ff"},
      {"Italian forward", "---------- Messaggio inoltrato ---------\nCiao\n", "ff"},
      {"Portuguese forward", "---------- Mensagem encaminhada ---------\nOi\n", "ff"},
      {"Dutch forward", "---------- Doorgestuurd bericht ---------\nHoi\n", "ff"},
      {"Polish forward", "---------- Wiadomość przekazana dalej ---------\nHej\n", "ff"},
      {"Notes forward",
       "---------------------- Forwarded by Jane Doe/EXAMPLE on 03/20/2001 08:13 AM ----\nHi\n", "ff"},
      {"the words alone announce nothing", "Original message\nForwarded message\nwas lost\n", "hhh"},
      {"separator at the end", "Ok\n-----Original Message-----\n", "hq"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("Signatures are told from words", "[quoting]") {
  const Row rows[] = {
      {"delimiter", "Hello\n-- \nJane Doe\nExample Works\n", "hsss"},
      {"delimiter without its blank", "Hello\n--\nJane Doe\n", "hss"},
      {"delimiter above the first words", "-- \nHello\nall\n", "hhh"},
      {"delimiter, then quote",
       "Hello\n-- \nJane\n\nOn 3 Jun 2024, at 10:12, Sam <sam@example.org> wrote:\n> Hi\n", "hsssqq",
       "On 3 Jun 2024, at 10:12, Sam <sam@example.org> wrote:"},
      {"postscript below a signature", "Hello\n-- \nJane\n\nP.S. Say stop\nany time\n\nExample Works\n",
       "hssshhhs"},
      {"closing phrase stays", "Hello\n\nBest regards,\nJane Doe\nHead of Nothing\n+49 30 1234567\n",
       "hhhsss"},
      {"closing phrase and a sentence", "Thanks,\nI will look at it tomorrow\n", "hh"},
      {"lower-case name", "Hello\nthanks\njane\n", "hhs"},
      {"name and closing only", "Thanks!\nJane\n", "hs"},
      {"postscript below a card", "Hello\nRegards\nJane Doe\n\nPS: the offer ends soon\n", "hhssh"},
      {"sentence below a card",
       "Hello\nRegards\nJane Doe\nExample Works\n\nDo you still want the other report from us?\n", "hhsssh"},
      {"list below a name", "Thanks\nJane\n\nstill missing are\nthe red ones\n", "hsshh"},
      {"German", "Hallo\n\nMit freundlichen Grüßen\n\nJane Doe\nLeitung\nTel. 030 1234567\n", "hhhhsss"},
      {"French", "Bonjour\n\nCordialement,\nJane Doe\nDirectrice\n", "hhhss"},
      {"Spanish", "Hola\n\nUn saludo,\nJane Doe\n", "hhhs"},
      {"Italian", "Ciao\n\nCordiali saluti\nJane Doe\n", "hhhs"},
      {"Portuguese", "Oi\n\nAtenciosamente,\nJane Doe\n", "hhhs"},
      {"Dutch", "Hoi\n\nMet vriendelijke groet,\nJane Doe\n", "hhhs"},
      {"Polish", "Witam\n\nPozdrawiam\nJane Doe\n", "hhhs"},
      {"contact block without closing", "Can we talk?\n\nJane Doe\nExample Works\njane@example.org\n",
       "hhsss"},
      {"a rule is no name", "Can we talk?\n\n-----\nOnly today for\njane@example.org\n", "hhhhh"},
      {"two lines are no contact block", "Can we talk?\n\nJane Doe\njane@example.org\n", "hhhh"},
      {"telephone's line", "Ok\n\nSent from my iPhone\n", "hhs"},
      {"telephone's line, German", "Ok\nVon meinem iPhone gesendet\n", "hs"},
      {"telephone's line alone", "Sent from my iPhone\n", "h"},
      {"PGP", "Ok\n-----BEGIN PGP SIGNATURE-----\nabcd\n=efgh\n-----END PGP SIGNATURE-----\nmore\n",
       "hssssh"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("A long text behind a delimiter is no signature", "[quoting]") {
  const auto text_of = [](std::string_view delimiter, int lines) {
    std::string text = "Hello\n" + std::string(delimiter) + "\n";
    for (int i = 0; i < lines; ++i) text += "word\n";
    return text;
  };
  CHECK(split_quoted_text(text_of("-- ", 20)).human == "Hello\n");
  CHECK(split_quoted_text(text_of("-- ", 21)).human == text_of("-- ", 21));
  CHECK(split_quoted_text(text_of("--", 10)).human == "Hello\n");
  CHECK(split_quoted_text(text_of("--", 11)).human == text_of("--", 11));
}

TEST_CASE("Legal notices are told from words", "[quoting]") {
  const Row rows[] = {
      {"English", "Hello\n\nThis e-mail is confidential and for the intended recipient.\nElse delete it.\n",
       "hhdd"},
      {"one stem is not enough", "This e-mail is confidential, Sam.\n", "h"},
      {"a stem without an opener", "The intended recipient of the parcel was privileged.\n", "h"},
      {"German",
       "Hallo\n\nDiese E-Mail ist vertraulich. Sind Sie nicht der richtige Adressat, löschen Sie sie.\n",
       "hhd"},
      {"French", "Salut\n\nCe message est confidentiel, réservé à son destinataire.\n", "hhd"},
      {"Spanish", "Hola\n\nEste mensaje es confidencial; solo para su destinatario.\n", "hhd"},
      {"Italian", "Ciao\n\nQuesto messaggio è riservato; se ricevuto per errore, cancellarlo.\n", "hhd"},
      {"Portuguese", "Oi\n\nEsta mensagem é confidencial. Se a recebeu por engano, apague.\n", "hhd"},
      {"Dutch", "Hoi\n\nDit bericht is vertrouwelijk en alleen voor de geadresseerde.\n", "hhd"},
      {"Polish", "Hej\n\nTa wiadomość jest poufna; adresat nie może jej ujawnić.\n", "hhd"},
      {"printing", "Hello\n\nPlease consider the environment before printing.\n", "hhd"},
      {"words behind the notice", "Disclaimer: confidential, for the intended recipient.\n\nNow to us.\n",
       "ddh"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("Footers of lists are told from words", "[quoting]") {
  const Row rows[] = {
      {"Mailman",
       "Hello\n_______________________________________________\nusers mailing "
       "list\nusers@example.org\nhttps://example.org/mailman/listinfo/users\n",
       "hllll"},
      {"Mailman 3",
       "Hello\n_______________________________________________\nusers mailing list -- users@example.org\n",
       "hll"},
      {"Google Groups",
       "Hello\n-- \nYou received this message because you are subscribed to the Google Groups \"users\" "
       "group.\n",
       "hll"},
      {"ezmlm",
       "Hello\n---------------------------------------------------------------------\nTo unsubscribe, "
       "e-mail: users-unsubscribe@example.org\n",
       "hll"},
      {"a seller's own line", "Hello\n-----\nTo unsubscribe reply STOP\n", "hhh"},
      {"a seller's mailing list", "Hello\n-----\nTo be taken off our mailing list\nwrite back\n", "hhhh"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("Any octets are split without loss and in linear time", "[quoting]") {
  const std::string_view unit =
      GENERATE(as<std::string_view>{}, "\n", ">", ">\n", "> a\n", "-- \n", "---\n", "From: a\n", "To: a\n",
               "a wrote:\n", "On 1 Jan 2024 1:23\n", "Regards\nA\n\n", "this e-mail\n", "\xff", "\x01 ",
               "From: a\nSubject: b\n> c\n", "09/01/2000 10:12 AM\n\n", "a\r\n", "A\n\n1@2\n", "_____\n");
  std::string text;
  while (text.size() < 60000) text += unit;
  const QuotedText quoted = split_quoted_text(text);
  check_invariants(quoted, text);
}

TEST_CASE("All lines from the 20,000th on are one", "[quoting]") {
  const auto text = [](std::size_t lines) {
    std::string said;
    for (std::size_t i = 0; i < lines; ++i) said += "> a\n";
    return said + "we sell lists\n";
  };
  for (const std::size_t quoted_lines : {19'998U, 19'999U}) {
    const QuotedText quoted = split_quoted_text(text(quoted_lines));
    check_invariants(quoted, text(quoted_lines));
    CHECK(quoted.human == "we sell lists\n");
  }
  const QuotedText beyond = split_quoted_text(text(20'000));
  check_invariants(beyond, text(20'000));
  CHECK(beyond.segments.size() == 1);  // a line of quote, by its mark
  const QuotedText blank = split_quoted_text(std::string(25'000, '\n') + "we sell lists");
  CHECK(blank.human.ends_with("we sell lists"));
}

TEST_CASE("Kinds have names", "[quoting]") {
  CHECK(to_string(SegmentKind::human) == "human");
  CHECK(to_string(SegmentKind::quote) == "quote");
  CHECK(to_string(SegmentKind::forward) == "forward");
  CHECK(to_string(SegmentKind::signature) == "signature");
  CHECK(to_string(SegmentKind::disclaimer) == "disclaimer");
  CHECK(to_string(SegmentKind::list_footer) == "list-footer");
}

}  // namespace
}  // namespace coldpitch
