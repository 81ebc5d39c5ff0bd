// SPDX-License-Identifier: MIT
#include "history/refusal.h"

#include <algorithm>
#include <string>

#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("a firm refusal is known in eight languages", "[history]") {
  for (const char* text : {
           "Not interested. Please take me off your list.",
           "I told you before: NEVER write to me again.",
           "This is spam. Never again.",
           "Please don\xE2\x80\x99t contact me again.",
           "Would you kindly remove me from your list?",
           "Remove my address at once.",
           "Do not call me.",
           "Please do not email me any more, thanks",
           "STOP",
           "Unsubscribe please",
           "Unsubscribe me.",
           "I already told you. Go away.",
           "Bitte keine weiteren Mails.",
           "Nein, danke. Schreiben Sie mir nicht mehr.",
           "Bitte nehmen Sie mich aus Ihrem Verteiler.",
           "Das ist Spam!",
           "Merci de ne plus me contacter.",
           "D\xC3\xA9sinscrivez-moi s'il vous pla\xC3\xAEt.",
           "Retirez-moi de votre liste.",
           "No me escriban m\xC3\xA1s.",
           "Por favor, denme de baja.",
           "Non sono interessata, cancellatemi.",
           "Non mi contatti pi\xC3\xB9.",
           "N\xC3\xA3o me contacte mais.",
           "Remova-me da lista.",
           "Geen interesse, schrijf me uit.",
           "Neem geen contact meer op.",
           "Prosz\xC4\x99 mnie usun\xC4\x85\xC4\x87 z listy.",
           "Nie \xC5\xBCycz\xC4\x99 sobie takich wiadomo\xC5\x9B"
           "ci.",
       }) {
    CAPTURE(text);
    CHECK(read_refusal(text) == Refusal::firm);
  }
}

TEST_CASE("a polite refusal is known in eight languages", "[history]") {
  for (const char* text : {
           "No thanks!",
           "No, thank you.",
           "Sorry, we are not interested.",
           "Thanks, but I'm not interested at the moment.",
           "Ich habe kein Interesse.",
           "Nein, danke.",
           "Non merci.",
           "Cela ne nous int\xC3\xA9resse pas.",
           "No me interesa, gracias.",
           "No, gracias.",
           "Non siamo interessati.",
           "N\xC3\xA3o tenho interesse.",
           "N\xC3\xA3o, obrigada.",
           "Nee, bedankt.",
           "Wij hebben geen interesse.",
           "Nie jestem zainteresowany.",
           "Nie, dzi\xC4\x99kuj\xC4\x99.",
       }) {
    CAPTURE(text);
    CHECK(read_refusal(text) == Refusal::polite);
  }
}

TEST_CASE("an answer is no refusal", "[history]") {
  for (const char* text : {
           "",
           "Please send me the audit you offered.",
           "Thanks, Tuesday suits me.",
           "Ja, gern. Bis Dienstag.",
           "We are interested indeed. No further questions.",
           "I have no doubt it works. Thanks for your patience.",
           "Could you remove the second item from the order?",
           "The train does not stop here.",
           "Please don't call me before noon.",
           "Do not email me at the old address, it is closed.",
           "Schreiben Sie mir nicht vor Montag, bitte.",
           "Please remove me as a reviewer of the second file.",
           "Take me off the rota for Friday, I am away.",
           "\xFF\xFE",
       }) {
    CAPTURE(text);
    CHECK(read_refusal(text) == Refusal::none);
  }
}

TEST_CASE("what others may want is no refusal of ours", "[history]") {
  for (const char* text : {
           "If you are not interested, just tell me.",
           "Let me know whether you're interested or not interested at all.",
           "Wenn Sie kein Interesse haben, sagen Sie es einfach.",
           "Si cela ne vous int\xC3\xA9resse pas, dites-le.",
           "The customer says they are not interested in the large plan.",
           "To leave, reply \"remove me\" and we will.",
           "Click to unsubscribe me too.",
           "He wrote \"never contact me again\" to them.",
       }) {
    CAPTURE(text);
    CHECK(read_refusal(text) == Refusal::none);
  }
}

TEST_CASE("who says more than no is not refusing", "[history]") {
  const auto padded = [](std::string text, std::ptrdiff_t words) {
    while (std::count(text.begin(), text.end(), ' ') < words - 1) text += " but";
    return text;
  };
  CHECK(read_refusal(padded("We are not interested in the large plan", 60)) == Refusal::polite);
  CHECK(read_refusal(padded("We are not interested in the large plan", 61)) == Refusal::none);
  CHECK(read_refusal(padded("Please remove me from your list", 200)) == Refusal::firm);
  CHECK(read_refusal(padded("Please remove me from your list", 201)) == Refusal::none);
  CHECK(read_refusal("stop it now then") == Refusal::none);
  CHECK(read_refusal("no thanks" + std::string(9000, ' ')) == Refusal::none);
  CHECK(read_refusal("no thanks" + std::string(50000, 'x')) == Refusal::none);
}

TEST_CASE("mail that only takes one off a list is known", "[history]") {
  for (const char* local :
       {"unsubscribe", "Unsub-4711", "dev-leave", "dev-request", "list+leave", "optout", "remove"}) {
    CAPTURE(local);
    CHECK(is_unsubscribe_address({"", local, "lists.example"}));
  }
  for (const char* local : {"jane", "sales", "leaver", "request", "sunset"}) {
    CAPTURE(local);
    CHECK_FALSE(is_unsubscribe_address({"", local, "lists.example"}));
  }
  CHECK(is_unsubscribe_request("Unsubscribe", ""));
  CHECK(is_unsubscribe_request("unsubscribe me", "please\n"));
  CHECK_FALSE(is_unsubscribe_request("Re: How to unsubscribe from the list", ""));
  CHECK_FALSE(is_unsubscribe_request("Unsubscribe",
                                     "Hello Jane, I wonder how many people leave the list each month."));
  CHECK_FALSE(is_unsubscribe_request("Tuesday", ""));
}
