// SPDX-License-Identifier: MIT
#include "policies/policy_words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "parsers/text.h"
#include "policies/diagnostic.h"
#include "policies/subject_matter.h"

namespace coldpitch {
namespace {

constexpr std::array<std::string_view, 9> kFields{"subject",  "body",     "human", "sender", "from",
                                                  "reply-to", "headline", "links", "hidden"};
constexpr std::string_view kHeaderPrefix = "header ";
constexpr std::array<Channel, 3> kJudgedChannels{Channel::direct, Channel::linkedin, Channel::list};

/// ISO 639-1, sorted, a blank behind each.
constexpr std::string_view kLanguages =
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz "
    "ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it "
    "iu ja jv ka "
    "kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng "
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq "
    "sr ss st su "
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/// ftext of RFC 5322: printable ASCII but the colon.
bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= 76 && std::all_of(name.begin(), name.end(), [](char octet) {
    return octet > ' ' && octet < '\x7F' && octet != ':';
  });
}

bool is_known_signal(std::string_view name) {
  const std::vector<std::string>& known = known_signals();
  return std::any_of(known.begin(), known.end(), [&](std::string_view entry) {
    if (!entry.ends_with('.')) return entry == name;
    return name.size() > entry.size() && name.starts_with(entry);
  });
}

/// A suggestion where one is near, else all that may stand there: " (a, b or c)".
std::string suggestion_or_all(std::string_view word, std::vector<std::string_view> known,
                              std::string_view besides = "") {
  std::string near = suggestion(word, known);
  if (!near.empty()) return near;
  if (!besides.empty()) known.push_back(besides);
  std::string all;
  for (std::size_t at = 0; at < known.size(); ++at) {
    if (at > 0) all += at + 1 == known.size() ? " or " : ", ";
    all += known[at];
  }
  return " (" + all + ")";
}

/// The number `digits` are, or -1.
int number_of(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) {
    if (!is_ascii_digit(digit)) return -1;
    value = value * 10 + (digit - '0');
  }
  return value;
}

}  // namespace

std::vector<std::string> field_names() { return {kFields.begin(), kFields.end()}; }

std::vector<std::string> language_codes() {
  std::vector<std::string> codes;
  for (std::size_t at = 0; at < kLanguages.size(); at += 3) codes.emplace_back(kLanguages.substr(at, 2));
  return codes;
}

std::vector<std::string> judged_channel_names() {
  std::vector<std::string> names;
  for (const Channel channel : kJudgedChannels) names.emplace_back(to_string(channel));
  return names;
}

std::string field_fault(std::string_view name) {
  if (name.starts_with(kHeaderPrefix)) {
    if (is_field_name(name.substr(kHeaderPrefix.size()))) return "";
    return quote(name) + " names no header field (write 'header X-Name')";
  }
  if (name.starts_with("header-") && is_field_name(name.substr(7)))
    return "unknown field " + quote(name) + " (write 'header " + std::string(name.substr(7)) + "')";
  if (std::find(kFields.begin(), kFields.end(), name) != kFields.end()) return "";
  if (name == "header") return "'header' must name a header field (write 'header X-Name')";
  const std::vector<std::string_view> known(kFields.begin(), kFields.end());
  return "unknown field " + quote(name) + suggestion_or_all(name, known, "header NAME");
}

std::string signal_fault(std::string_view name) {
  if (is_known_signal(name)) return "";
  const std::vector<std::string>& known = known_signals();
  if (name.ends_with('.') && std::find(known.begin(), known.end(), name) != known.end()) {
    return "signal " + quote(name) + " needs a name behind its dot";
  }
  return "unknown signal " + quote(name) + suggestion(name, {known.begin(), known.end()});
}

std::string language_fault(std::string_view code) {
  const std::size_t place =
      code.size() == 2 ? kLanguages.find(std::string(code) + " ") : std::string_view::npos;
  if (place != std::string_view::npos) return "";
  const std::string lower = to_ascii_lower(code);
  if (lower != code && language_fault(lower).empty())
    return "unknown language " + quote(code) + " (did you mean '" + lower + "'?)";
  return "unknown language " + quote(code) + " (a code of ISO 639-1, such as en or de)";
}

std::string channel_fault(std::string_view name) {
  if (judged_channel_from(name)) return "";
  std::vector<std::string_view> known;
  known.reserve(kJudgedChannels.size());
  for (const Channel channel : kJudgedChannels) known.push_back(to_string(channel));
  return "unknown channel " + quote(name) + suggestion_or_all(name, known);
}

std::optional<Channel> judged_channel_from(std::string_view name) {
  for (const Channel channel : kJudgedChannels) {
    if (to_string(channel) == name) return channel;
  }
  return std::nullopt;
}

bool is_identifier(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char octet) {
    return (octet >= 'a' && octet <= 'z') || is_ascii_digit(octet) || octet == '-';
  });
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = number_of(text.substr(0, 4));
  const int month = number_of(text.substr(5, 2));
  const int day = number_of(text.substr(8, 2));
  if (year < 0 || month < 0 || day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

}  // namespace coldpitch
