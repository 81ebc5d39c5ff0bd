// SPDX-License-Identifier: MIT
#include "parsers/fold.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "parsers/fold_code_point.h"
#include "parsers/fold_look_alikes.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// ASCII in lower case, white space as a blank.
constexpr std::array<char, 128> make_ascii_fold() {
  std::array<char, 128> fold{};
  for (std::size_t i = 0; i < fold.size(); ++i) {
    const char octet = static_cast<char>(i);
    fold[i] = is_ascii_space(octet) ? ' ' : ascii_lower(octet);
  }
  return fold;
}

constexpr std::array<char, 128> kAsciiFold = make_ascii_fold();

bool is_ascii(char octet) { return static_cast<std::uint8_t>(octet) < 0x80; }

/// Eight octets folded at once.
struct FoldedEight {
  std::uint64_t octets = 0;
  std::uint64_t blanks = 0;  ///< the high bit of each that is one
};

/// kAsciiFold for eight octets of ASCII: no sum below leaves its octet.
FoldedEight fold_eight(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x80 * kOnes;
  const auto at_least = [eight](char least) {
    return eight + (0x80 - static_cast<std::uint64_t>(least)) * kOnes;  // in the high bits
  };
  const std::uint64_t capitals = at_least('A') & ~at_least('Z' + 1) & kHighBits;
  const std::uint64_t controls = at_least('\t') & ~at_least('\r' + 1);
  const std::uint64_t spaces = at_least(' ') & ~at_least(' ' + 1);
  const std::uint64_t blanks = (controls | spaces) & kHighBits;
  const std::uint64_t all_of_blanks = (blanks >> 7U) * 0xFF;
  const std::uint64_t lower = eight | (capitals >> 2U);
  return {(lower & ~all_of_blanks) | (kOnes * ' ' & all_of_blanks), blanks};
}

constexpr std::size_t kEight = sizeof(std::uint64_t);

/// Folds eight octets of ASCII at `from`, with `previous` before them, unless a blank repeats one.
bool fold_eight_to(const char* from, char previous, char* to) {
  if constexpr (std::endian::native != std::endian::little)
    return false;  // the first octet must be the lowest
  std::uint64_t octets = 0;
  std::memcpy(&octets, from, kEight);
  const FoldedEight folded = fold_eight(octets);
  const std::uint64_t behind_blanks = (folded.blanks << 8U) | (previous == ' ' ? 0x80U : 0U);
  if ((folded.blanks & behind_blanks) != 0) return false;
  std::memcpy(to, &folded.octets, kEight);
  return true;
}

class Folder {
 public:
  explicit Folder(std::string_view in) : in_(in) {}

  FoldedText run() {
    out_.reserve(in_.size() + 16);
    while (at_ < in_.size()) {
      fold_ascii(ascii_end());
      if (at_ < in_.size()) fold_segment();
    }
    if (!out_.empty() && out_.back() == ' ') out_.pop_back();
    FoldedText folded{std::move(out_), std::move(map_)};
    return mixes_scripts_ ? replace_look_alikes(std::move(folded), in_) : std::move(folded);
  }

 private:
  /// End of the ASCII that no mark behind it composes with.
  std::size_t ascii_end() const {
    const std::size_t end = find_non_ascii(in_, at_);
    if (end == in_.size() || end == at_ || is_ascii_space(in_[end - 1])) return end;
    return fold_.starts_segment(code_point_at(in_, end).value) ? end : end - 1;
  }

  void fold_ascii(std::size_t end) {
    if (end == at_) return;
    const std::size_t old_size = out_.size();
    map_.add(old_size, at_);
    char previous = old_size == 0 ? ' ' : out_.back();
    out_.resize(old_size + (end - at_));
    char* const begin = out_.data();
    char* to = begin + old_size;
    std::size_t from = at_;
    while (from < end) {
      if (from + kEight <= end && fold_eight_to(in_.data() + from, previous, to)) {
        from += kEight;
        to += kEight;
        previous = to[-1];
        continue;
      }
      const char folded = folded_ascii(from++);
      // One test for both, so that the blank between two words costs no wrong guess of the branch.
      const bool repeats_blank = (folded == ' ') & (previous == ' ');
      if (repeats_blank) {
        while (from < end && folded_ascii(from) == ' ') ++from;
        map_.add(static_cast<std::size_t>(to - begin), from);
        continue;
      }
      *to++ = folded;
      previous = folded;
    }
    out_.resize(static_cast<std::size_t>(to - begin));
    at_ = end;
    note_ascii(std::string_view(out_).substr(old_size));
  }

  char folded_ascii(std::size_t at) const { return kAsciiFold[static_cast<std::uint8_t>(in_[at])]; }

  void fold_segment() {
    const std::size_t begin = at_;
    const CodePoint first = code_point_at(in_, at_);
    at_ += first.octets;
    segment_.assign(1, first.value);
    while (at_ < in_.size() && segment_.size() < CodePointFold::kMaxSegment && !is_ascii(in_[at_])) {
      const CodePoint next = code_point_at(in_, at_);
      if (fold_.starts_segment(next.value)) break;
      segment_ += next.value;
      at_ += next.octets;
    }
    const Span source{begin, at_};
    if (segment_.size() == 1) {
      const FoldedCodePoint alone = fold_.fold_alone(first.value);
      if (alone.kind == FoldedCodePoint::Kind::one) put(alone.value, source);
      if (alone.kind != FoldedCodePoint::Kind::needs_segment) return;
    }
    folded_.clear();
    fold_.fold_segment(segment_, folded_);
    for (const char32_t value : folded_) put_of_many(value, source);
  }

  /// The whole of what `source` became.
  void put(char32_t value, Span source) {
    if (utf8_size(value) != source.size()) return put_of_many(value, source);
    if (is_spare_blank(value)) return;
    note(value);
    map_.add(out_.size(), source.begin);
    append_utf8(value, out_);
  }

  /// A part of what `source` became, or of another size.
  void put_of_many(char32_t value, Span source) {
    if (is_spare_blank(value)) return;
    note(value);
    map_.add_block(out_.size(), source);
    append_utf8(value, out_);
  }

  bool is_spare_blank(char32_t value) const { return value == ' ' && (out_.empty() || out_.back() == ' '); }

  /// Watches for words that hold Latin letters and letters of a look-alike script. Only the words at both
  /// ends of an ASCII stretch can.
  void note_ascii(std::string_view folded) {
    const auto first_break = std::find_if_not(folded.begin(), folded.end(), is_ascii_alnum);
    note_word_part(folded.begin(), first_break);
    if (first_break == folded.end()) return;
    word_has_latin_ = word_has_look_alike_ = false;
    note_word_part(std::find_if_not(folded.rbegin(), folded.rend(), is_ascii_alnum).base(), folded.end());
  }

  void note_word_part(std::string_view::iterator begin, std::string_view::iterator end) {
    if (std::any_of(begin, end, is_ascii_alpha)) note('a');
  }

  void note(char32_t value) {
    if (value < 0x80 && !is_ascii_alnum(static_cast<char>(value))) {
      word_has_latin_ = word_has_look_alike_ = false;
    }
    word_has_latin_ = word_has_latin_ || is_latin_letter(value);
    word_has_look_alike_ = word_has_look_alike_ || is_of_look_alike_script(value);
    mixes_scripts_ = mixes_scripts_ || (word_has_latin_ && word_has_look_alike_);
  }

  const CodePointFold& fold_ = CodePointFold::instance();
  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  OffsetMap map_;
  std::u32string segment_;
  std::vector<char32_t> folded_;
  bool word_has_latin_ = false;
  bool word_has_look_alike_ = false;
  bool mixes_scripts_ = false;
};

}  // namespace

FoldedText fold_text(std::string_view utf8) { return Folder(utf8).run(); }

}  // namespace coldpitch
