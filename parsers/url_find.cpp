// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "parsers/text.h"
#include "parsers/url.h"
#include "parsers/url_reader.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// White space, quotes, invisible characters and punctuation beyond ASCII that no written URL holds.
bool is_stop_beyond_ascii(char32_t value) {
  return value <= 0xA0 || value == 0xAB || value == 0xBB || value == 0x1680 ||
         (value >= 0x2000 && value <= 0x206F) || (value >= 0x3000 && value <= 0x3003) ||
         (value >= 0x3008 && value <= 0x3011) || (value >= 0x3014 && value <= 0x301F) || value == 0xFEFF ||
         value == 0xFF01 || (value >= 0xFF08 && value <= 0xFF09) || value == 0xFF0C || value == 0xFF1A ||
         value == 0xFF1B || value == 0xFF1F || value == kReplacementCharacter;
}

bool is_stop(char32_t value) {
  if (value >= 0x80) return is_stop_beyond_ascii(value);
  return value <= ' ' || value == 0x7F ||
         std::string_view("<>\"`{}|\\^").find(static_cast<char>(value)) != kNone;
}

/// `url` without the punctuation of the sentence around it. A closing bracket belongs to the URL when its
/// opening one does.
std::string_view without_closing_punctuation(std::string_view url) {
  const auto surplus = [&](char opening, char closing) {
    return std::count(url.begin(), url.end(), closing) - std::count(url.begin(), url.end(), opening);
  };
  auto round = surplus('(', ')');
  auto square = surplus('[', ']');
  while (!url.empty()) {
    const char last = url.back();
    const bool is_surplus = (last == ')' && round > 0) || (last == ']' && square > 0);
    if (!is_surplus && std::string_view(".,;:!?'*([").find(last) == kNone) break;
    if (last == ')' || last == '(') round += last == ')' ? -1 : 1;
    if (last == ']' || last == '[') square += last == ']' ? -1 : 1;
    url.remove_suffix(1);
  }
  return url;
}

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  /// The next URL, from front to back.
  std::optional<TextUrl> next() {
    for (;;) {
      if (scheme_ < at_ || at_ == 0) scheme_ = find_scheme();
      if (www_ < at_ || at_ == 0) www_ = find_www();
      const std::size_t begin = std::min(scheme_, www_);
      if (begin == kNone) return std::nullopt;
      at_ = written_end(begin);
      // What was no URL is passed as a whole: looking for one inside could take quadratic time.
      const std::string_view written = without_closing_punctuation(text_.substr(begin, at_ - begin));
      if (auto url = read(written, begin == scheme_))
        return TextUrl{{begin, begin + written.size()}, *std::move(url)};
    }
  }

 private:
  std::size_t find_scheme() const {
    for (std::size_t found = text_.find("://", at_); found != kNone; found = text_.find("://", found + 3)) {
      const std::string_view before = text_.substr(at_, found - at_);
      if (ends_with_ignoring_case(before, "https")) return found - 5;
      if (ends_with_ignoring_case(before, "http")) return found - 4;
    }
    return kNone;
  }

  std::size_t find_www() const {
    constexpr std::string_view kWww = "www.";
    std::size_t found = find_ignoring_case(text_, kWww, at_);
    while (found != kNone && found > 0 && continues_a_name(text_[found - 1])) {
      found = find_ignoring_case(text_, kWww, found + 1);
    }
    return found;
  }

  static bool continues_a_name(char octet) {
    return is_ascii_alnum(octet) || std::string_view("./@-_").find(octet) != kNone;
  }

  std::size_t written_end(std::size_t begin) const {
    std::size_t end = begin;
    while (end < text_.size()) {
      const CodePoint c = code_point_at(text_, end);
      if (is_stop(c.value)) break;
      end += c.octets;
    }
    return end;
  }

  std::optional<Url> read(std::string_view written, bool has_scheme) {
    if (has_scheme) return reader_.read(written);
    auto url = reader_.read("http://" + std::string(written));
    const bool is_name =
        url && !url->registrable_domain.empty() && std::count(url->host.begin(), url->host.end(), '.') > 1;
    return is_name ? std::move(url) : std::nullopt;
  }

  std::string_view text_;
  UrlReader reader_;
  std::size_t at_ = 0;
  std::size_t scheme_ = 0;
  std::size_t www_ = 0;
};

}  // namespace

std::vector<TextUrl> find_urls(std::string_view text, const Limits& limits, Problems& problems) {
  std::vector<TextUrl> found;
  Finder finder(text);
  while (auto url = finder.next()) {
    if (found.size() >= limits.urls) {
      problems.add("urls");
      break;
    }
    found.push_back(*std::move(url));
  }
  return found;
}

}  // namespace coldpitch
