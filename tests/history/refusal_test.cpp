// SPDX-License-Identifier: MIT
#include "history/refusal.h"

#include <algorithm>
#include <string>

#include "tests/support/catch.h"

using coldpitch::is_refusal;

TEST_CASE("a refusal is known in eight languages") {
  for (const char* text : {
           "Not interested. Please take me off your list.",
           "No thanks!",
           "I told you before: NEVER write to me again.",
           "Nein, danke. Ich habe kein Interesse.",
           "Merci de ne plus me contacter.",
           "No me interesa, gracias.",
           "Non sono interessata, cancellatemi.",
           "Não tenho interesse.",
           "Geen interesse, schrijf me uit.",
           "Proszę mnie usunąć z listy.",
       }) {
    CAPTURE(text);
    CHECK(is_refusal(text));
  }
}

TEST_CASE("an answer is no refusal") {
  for (const char* text : {
           "",
           "Please send me the audit you offered.",
           "Thanks, Tuesday suits me.",
           "Ja, gern. Bis Dienstag.",
           "\xFF\xFE",
       }) {
    CAPTURE(text);
    CHECK_FALSE(is_refusal(text));
  }
}

TEST_CASE("who says more than no is not refusing") {
  std::string words = "We are not interested in the large plan";
  CHECK(is_refusal(words));
  while (std::count(words.begin(), words.end(), ' ') < 59) words += " but";
  CHECK(is_refusal(words));
  words += " but";
  CHECK_FALSE(is_refusal(words));
  CHECK_FALSE(is_refusal("no thanks" + std::string(5000, 'x')));
}
