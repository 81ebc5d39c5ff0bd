// SPDX-License-Identifier: MIT
#include "policies/text_features.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::string words_in(const std::string& text, std::size_t most = 100) {
  std::string listed;
  for (const TextWord& word : text_words(text, most))
    listed += (listed.empty() ? "" : "|") + std::string(word.text);
  return listed;
}

TEST_CASE("words are runs of letters, numbers, telling signs, links and addresses", "[text-features]") {
  const struct {
    const char* text;
    const char* words;
  } kRows[] = {
      {"", ""},
      {"  ", ""},
      {"we help you", "we|help|you"},
      {"don't (stop)", "don|t|stop"},
      {"20-30% of 1,500", "0|0|%|of|0|0"},
      {"worth a chat?!", "worth|a|chat|?|!"},
      {"für größere zürich", "für|größere|zürich"},
      {"see https://a.example/x?y=1 now", "see|<link>|now"},
      {"(www.a.example)", "<link>"},
      {"to jane@a.example, please", "to|<address>|please"},
      {"@home a@b", "home|a|b"},
      {"a1b2", "a|0|b|0"},
      {"продвижение сайтов", "продвижение|сайтов"},
  };
  for (const auto& row : kRows) {
    INFO(row.text);
    CHECK(words_in(row.text) == row.words);
  }
  CHECK(words_in(std::string(41, 'x') + " y") == "<long>|y");
  CHECK(words_in(std::string(40, 'x')) == std::string(40, 'x'));
}

TEST_CASE("words say where they stand, and no more are read than wanted", "[text-features]") {
  const std::string text = "up 30% at http://a.example/";
  const auto words = text_words(text, 100);
  REQUIRE(words.size() == 5);
  CHECK(words[1].span == Span{3, 5});
  CHECK(words[2].span == Span{5, 6});
  CHECK(words[4].span == Span{10, text.size()});
  CHECK_FALSE(words[4].spelled);
  CHECK(text_words(text, 2).size() == 2);
  CHECK(text_words(text, 0).empty());
}

TEST_CASE("features: a word, its pair and its runs", "[text-features]") {
  // Runs of "<help>": 4 + 3 + 2; the word.
  CHECK(text_features("", "help").present.size() == 10);
  // A number has no runs.
  CHECK(text_features("", "42").present.size() == 1);
  CHECK(text_features("", "42").present == text_features("", "7").present);
  // Said twice is said once, but for the pair.
  CHECK(text_features("", "help help").present.size() == 11);
  // Code points, not octets: runs of "<für>" are 3 + 2 + 1.
  CHECK(text_features("", "für").present.size() == 7);
  CHECK(text_features("", "a").present.size() == 2);
  CHECK(text_features("", "").present.empty());
}

TEST_CASE("it is counted how often a feature is there", "[text-features]") {
  const auto times_of = [](const std::string& subject, const std::string& human) {
    const TextFeatures features = text_features(subject, human);
    REQUIRE(features.times.size() == features.present.size());
    std::map<std::uint16_t, std::size_t> counts;  // times -> features that are there so often
    for (const std::uint16_t times : features.times) ++counts[times];
    return counts;
  };
  // The word and its nine runs thrice; the pair twice.
  CHECK(times_of("", "help help help") == std::map<std::uint16_t, std::size_t>{{2, 1}, {3, 10}});
  // The subject's word is another, its runs are not.
  CHECK(times_of("help", "help") == std::map<std::uint16_t, std::size_t>{{1, 2}, {2, 9}});
  CHECK(count_value(1) == 1);
  CHECK(count_value(3) == 1 + std::log(3.0));
  CHECK(count_value(600) == 1 + std::log(600.0));
}

TEST_CASE("the subject's words are told from the others'", "[text-features]") {
  const auto subject = text_features("help", "");
  const auto human = text_features("", "help");
  CHECK(subject.words == 0);
  CHECK(human.words == 1);
  CHECK(subject.present != human.present);
  // The runs are the same.
  std::vector<std::uint32_t> shared;
  std::set_intersection(subject.present.begin(), subject.present.end(), human.present.begin(),
                        human.present.end(), std::back_inserter(shared));
  CHECK(shared.size() == 9);
}

TEST_CASE("features are bounded and rise", "[text-features]") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "word" + std::string(1, static_cast<char>('a' + i % 26)) + " ";
  const auto features = text_features("", text);
  CHECK(features.words == kMostHumanWords);
  CHECK(std::is_sorted(features.present.begin(), features.present.end()));
  CHECK(std::adjacent_find(features.present.begin(), features.present.end()) == features.present.end());
  CHECK(features.present.back() < kFeatures);
  // What a word is worth does not depend on the machine: the numbers are part of every model file.
  CHECK(text_features("", "42").present == std::vector<std::uint32_t>{29967});
}

TEST_CASE("the features of a text are what they were: every model file is made of them", "[text-features]") {
  const auto features =
      text_features("quick question: calls?",
                    "we help (small) teams answer 100% of their calls, and teams answer us: see "
                    "www.example.org or write to "
                    "joe@example.org! f\u00fcr gr\u00f6\u00dfere teams 24/7 \u2013 don't wait_for calls");
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&hash](std::uint64_t number) { hash = (hash ^ number) * 1099511628211U; };
  for (std::size_t i = 0; i < features.present.size(); ++i) {
    add(features.present[i]);
    add(features.times[i]);
  }
  CHECK(features.present.size() == 247);
  CHECK(features.words == 31);
  CHECK(hash == 0x5F2CA5CACBA76488U);
}

TEST_CASE("any octets are words or none", "[text-features]") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK_FALSE(text_features(all, all + all).present.empty());
  CHECK_FALSE(text_features("", "\xff\xfe\xfd \x80\x80").present.empty());
}

}  // namespace
}  // namespace coldpitch
