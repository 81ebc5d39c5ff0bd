// SPDX-License-Identifier: MIT
#include "parsers/encoded_word.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "parsers/charset.h"
#include "parsers/encoded_word_scan.h"
#include "parsers/text.h"
#include "parsers/transfer_encoding.h"

namespace coldpitch {
namespace {

class Decoder {
 public:
  Decoder(std::string_view body, Problems& problems)
      : body_(body), scanner_(body), raw_is_utf8_(is_valid_utf8(body)), problems_(problems) {}

  std::string decode() {
    std::size_t plain = 0;
    for (std::size_t at = body_.find("=?"); at != std::string_view::npos; at = body_.find("=?", at)) {
      if (const auto word = scanner_.word_at(at)) {
        put_plain(body_.substr(plain, at - plain));
        put_word(*word);
        at += word->octets;
        plain = at;
      } else {
        if (scanner_.resembles_word(at)) problems_.add("encoded-word-malformed");
        at += 2;
      }
    }
    put_plain(body_.substr(plain));
    flush_words();
    return std::move(out_);
  }

 private:
  void put_word(const EncodedWordParts& word) {
    // Octets of neighbours are joined: writers cut their text anywhere, inside a character too.
    if (!equals_ignoring_case(charset_, word.charset)) flush_words();
    charset_ = word.charset;
    Problems flaws;
    octets_ += word.encoding == 'b' ? decode_base64(word.text, flaws)
                                    : decode_quoted_printable(word.text, flaws, /*underscore_is_space=*/true);
    if (!flaws.names().empty()) problems_.add("encoded-word-malformed");
    behind_word_ = true;
  }

  /// `text` stands before a word or at the end.
  void put_plain(std::string_view text) {
    const bool is_end = text.data() + text.size() == body_.data() + body_.size();
    if (text.empty() || (behind_word_ && !is_end && trim(text).empty())) return;
    flush_words();
    behind_word_ = false;
    if (raw_is_utf8_) {
      out_ += text;
      return;
    }
    if (!is_valid_utf8(text)) problems_.add("header-8bit");
    out_ += to_utf8(text, "windows-1252", problems_);
  }

  void flush_words() {
    if (!octets_.empty()) out_ += to_utf8(octets_, charset_, problems_);
    octets_.clear();
  }

  std::string_view body_;
  EncodedWordScanner scanner_;
  bool raw_is_utf8_;
  Problems& problems_;
  std::string out_;
  std::string octets_;        ///< decoded words that wait for the end of their run
  std::string_view charset_;  ///< of `octets_`
  bool behind_word_ = false;
};

}  // namespace

std::string decode_encoded_words(std::string_view body, Problems& problems) {
  std::string text = Decoder(body, problems).decode();
  std::replace_if(
      text.begin(), text.end(),
      [](char octet) { return octet == '\r' || octet == '\n' || octet == '\t' || octet == '\0'; }, ' ');
  return text;
}

}  // namespace coldpitch
