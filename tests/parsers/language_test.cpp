// SPDX-License-Identifier: MIT
#include "parsers/language.h"

#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using std::string_literals::operator""s;

struct Case {
  const char* name;
  std::string text;
  const char* language;
};

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

constexpr std::size_t kReadOctets = 4096;
const std::string kEnglish = "Would you be free for a short call about our new product next week? ";
const std::string kGerman =
    "Hätten Sie nächste Woche Zeit für ein kurzes Gespräch über unser neues Produkt? ";

TEST_CASE("detect_language names the language of a mail", "[language]") {
  const Case cases[] = {
      {"English", kEnglish, "en"},
      {"German", kGerman, "de"},
      {"French", "Auriez-vous un moment la semaine prochaine pour parler de notre nouveau produit ?", "fr"},
      {"Spanish", "¿Tendría un momento la semana que viene para hablar de nuestro producto?", "es"},
      {"Italian", "Avrebbe un momento la prossima settimana per parlare del nostro nuovo prodotto?", "it"},
      {"Portuguese", "Você teria um momento na próxima semana para falar sobre o nosso produto?", "pt"},
      {"Dutch", "Heeft u volgende week even tijd om over ons nieuwe product te praten?", "nl"},
      {"Polish", "Czy znajdzie Pan chwilę w przyszłym tygodniu, aby porozmawiać o naszym produkcie?", "pl"},
      {"Hebrew has its new code", "האם יש לך זמן לשיחה קצרה בשבוע הבא על המוצר החדש שלנו?", "he"},
      {"Chinese without script", "您下周有时间谈谈我们的新产品吗？", "zh"},
      {"traditional Chinese too", "您下週有時間談談我們的新產品嗎？", "zh"},
      {"five words, English", "Please stop writing to me", "en"},
      {"four words, English", "Hope you are well", "en"},
      {"four words, German", "Bitte nicht mehr schreiben", "de"},
      {"four words, Spanish", "No me interesa, gracias", "es"},
      {"five words, French", "Merci de ne plus m'écrire", "fr"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(detect_language(c.text) == c.language);
  }
}

TEST_CASE("detect_language says nothing where nothing is sure", "[language]") {
  const Case cases[] = {
      {"no text", "", ""},
      {"white space", " \r\n\t ", ""},
      {"one word", "ok", ""},
      {"numbers", "12345 67890 +49 30 000000", ""},
      {"no words of any language", "asdkjh qwoieu zxmcn", ""},
      {"a link alone", "https://www.example.org/this/is/the/page/about/our/company", ""},
      {"a code of three letters", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏂᏴᏫᏯ ᎤᎾᏙᏢᏒ ᏣᎳᎩᎯ ᎠᏰᎵ", ""},
      {"ill-formed UTF-8 alone", "\xff\xfe\xc3\xed\xa0\x80", ""},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(detect_language(c.text) == c.language);
  }
}

TEST_CASE("detect_language reads words, not addresses and odd octets", "[language]") {
  const std::string link =
      "https://www.example.org/the/very/long/page/about/your/offer/and/what/you/should/know ";
  const Case cases[] = {
      {"German between English links", link + kGerman + link, "de"},
      {"mail addresses", "Bitte nicht mehr schreiben the.sales.team@the.company.example", "de"},
      {"ill-formed octet",
       "W\xe4re n\xc3\xa4"
       "chste Woche ein Gespr\xc3\xa4"
       "ch m\xc3\xb6glich?",
       "de"},
      {"control octets", "Hope\x01 you are\x02 very well today", "en"},
      {"NUL", "Hope you\0 are very well"s, "en"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(detect_language(c.text) == c.language);
  }
}

TEST_CASE("detect_language reads 4 KiB and no more", "[language]") {
  const std::string german = repeated(kGerman, kReadOctets / kGerman.size() + 1);
  REQUIRE(german.size() > kReadOctets);
  CHECK(detect_language(german + repeated(kEnglish, 2000)) == "de");
  CHECK(detect_language(repeated(kGerman, 2) + repeated(kEnglish, 200)) == "en");
  CHECK(detect_language(std::string(kReadOctets - 1, ' ') + "ä" + german).empty());
  CHECK(detect_language(std::string(5'000'000, 'a')).empty());
}

TEST_CASE("detect_language reads a stretch from the start and one from the middle", "[language]") {
  const std::string german = repeated(kGerman, kReadOctets / kGerman.size() + 1);
  const std::string link = "https://www.example.org/" + std::string(900, 'x') + ' ';
  const std::string chinese = repeated("您下周有时间谈谈我们的新产品吗？", 60);
  CHECK(detect_language(repeated(kEnglish, 5) + german) == "de");
  CHECK(detect_language(german.substr(0, 3700) + repeated(kEnglish, 6)) == "de");
  CHECK(detect_language(link + kGerman + link + kGerman) == "de");
  CHECK(detect_language(chinese) == "zh");
}

}  // namespace
}  // namespace coldpitch
