// SPDX-License-Identifier: MIT
#include "parsers/quoting.h"

#include <optional>
#include <utility>

#include "parsers/quoting_closing.h"
#include "parsers/quoting_lines.h"
#include "parsers/quoting_marks.h"

namespace coldpitch {
namespace {

/// Marks what earlier messages left in the text.
class QuoteMarker {
 public:
  explicit QuoteMarker(TextLines& lines) : lines_(lines) {}

  void run() {
    for (std::size_t at = 0; at < lines_.size();) at = step(at);
    if (attribution_.empty() && only_arrows()) unmark_quotes();
  }

  [[nodiscard]] std::string take_attribution() { return std::move(attribution_); }

 private:
  std::size_t step(std::size_t at) {
    if (lines_[at].depth > 0) return quoted_line(at);
    if (lines_[at].blank()) return at + 1;
    if (const std::optional<Attribution> found = read_attribution(lines_, at)) {
      note_attribution(found->words);
      mark(at, found->end, SegmentKind::quote);
      // Without ">" marks the quote goes on to the end, if anything was said above it: else the reply may stand below.
      const bool unmarked =
          found->stands_alone && has_words_ && !quote_marks_follow(found->end, kMarksWithin);
      return unmarked ? mark_rest(found->end, SegmentKind::quote) : found->end;
    }
    const Separator separator = read_separator(lines_[at].folded);
    if (separator != Separator::none) return behind_separator(at, separator);
    const std::size_t behind = behind_header_block(at, SegmentKind::quote);
    has_words_ = has_words_ || lines_[at].kind == SegmentKind::human;
    return behind;
  }

  std::size_t quoted_line(std::size_t at) {
    lines_[at].kind = SegmentKind::quote;
    if (attribution_.empty() && !lines_[at].blank()) {
      if (const std::optional<Attribution> found = read_attribution(lines_, at)) {
        note_attribution(found->words);
      } else if (const std::optional<QuotedHeader> block = read_header_block(lines_, at)) {
        note_attribution(block->author);
      }
    }
    return at + 1;
  }

  std::size_t behind_separator(std::size_t at, Separator separator) {
    const bool forwarded = separator == Separator::forward;
    const SegmentKind kind = forwarded ? SegmentKind::forward : SegmentKind::quote;
    mark(at, at + 1, kind);
    const std::size_t next = skip_blank_lines(lines_, at + 1);
    if (next >= lines_.size()) return next;
    if (lines_[next].depth > 0) return forwarded ? mark_quoted(next, kind) : next;
    const std::size_t behind = behind_header_block(next, kind);
    return lines_[next].kind == kind ? behind : mark_rest(next, kind);
  }

  /// Marks the header block at `at` and, without ">" marks below it, all that follows; `at + 1` when there is none.
  std::size_t behind_header_block(std::size_t at, SegmentKind kind) {
    const std::optional<QuotedHeader> block = read_header_block(lines_, at);
    if (!block) return at + 1;
    note_attribution(block->author);
    mark(at, block->end, kind);
    return quote_marks_follow(block->end, 1) ? block->end : mark_rest(block->end, kind);
  }

  /// True when a line with ">" is among the next `filled` lines that are not blank.
  [[nodiscard]] bool quote_marks_follow(std::size_t at, std::size_t filled) const {
    for (at = skip_blank_lines(lines_, at); at < lines_.size() && filled > 0;
         at = skip_blank_lines(lines_, at + 1)) {
      if (lines_[at].depth > 0) return true;
      --filled;
    }
    return false;
  }

  void mark(std::size_t begin, std::size_t end, SegmentKind kind) {
    for (; begin < end; ++begin) lines_[begin].kind = kind;
  }

  std::size_t mark_rest(std::size_t at, SegmentKind kind) {
    mark(at, lines_.size(), kind);
    return lines_.size();
  }

  /// Marks the lines with ">" from `at` on.
  std::size_t mark_quoted(std::size_t at, SegmentKind kind) {
    for (; at < lines_.size() && (lines_[at].depth > 0 || lines_[at].blank()); ++at) {
      if (lines_[at].depth > 0) static_cast<void>(quoted_line(at));
      lines_[at].kind = kind;
    }
    return at;
  }

  void note_attribution(std::string_view words) {
    if (attribution_.empty()) attribution_ = words;
  }

  /// ">> Read more" and ">>> print(1)" are no quotes: nobody quotes at depth two without naming whom.
  [[nodiscard]] bool only_arrows() const {
    for (const TextLine& line : lines_) {
      if (line.depth == 1 || (line.depth == 0 && line.kind != SegmentKind::human)) return false;
    }
    return true;
  }

  void unmark_quotes() {
    for (TextLine& line : lines_) {
      line.kind = SegmentKind::human;
      line.depth = 0;
    }
  }

  static constexpr std::size_t kMarksWithin = 5;

  TextLines& lines_;
  std::string attribution_;
  bool has_words_ = false;
};

/// An empty line belongs to what stands above it; those on top to what stands below.
void join_blank_lines(TextLines& lines) {
  const std::size_t first = skip_blank_lines(lines, 0);
  for (std::size_t i = 0; first < lines.size() && i < first; ++i) lines[i].kind = lines[first].kind;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].blank() && lines[i].depth == 0) lines[i].kind = lines[i - 1].kind;
  }
}

void add_line(QuotedText& result, const TextLine& line) {
  if (!result.segments.empty() && result.segments.back().kind == line.kind) {
    result.segments.back().span.end = line.span.end;
  } else {
    result.segments.push_back({line.kind, line.span});
  }
}

}  // namespace

std::string_view to_string(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::human:
      return "human";
    case SegmentKind::quote:
      return "quote";
    case SegmentKind::forward:
      return "forward";
    case SegmentKind::signature:
      return "signature";
    case SegmentKind::disclaimer:
      return "disclaimer";
    case SegmentKind::list_footer:
      return "list-footer";
  }
  return "";
}

QuotedText split_quoted_text(std::string_view utf8) {
  QuotedText result;
  std::string folded;
  TextLines lines = split_text_lines(utf8, folded);
  QuoteMarker quotes(lines);
  quotes.run();
  result.attribution = quotes.take_attribution();
  mark_list_footers(lines);
  mark_disclaimers(lines);
  mark_signatures(lines);
  join_blank_lines(lines);
  for (const TextLine& line : lines) {
    add_line(result, line);
    result.has_quote = result.has_quote || line.kind == SegmentKind::quote;
    result.has_forward = result.has_forward || line.kind == SegmentKind::forward;
  }
  for (const Segment& segment : result.segments) {
    if (segment.kind != SegmentKind::human) continue;
    result.human_source.add(result.human.size(), segment.span.begin);
    result.human.append(utf8.substr(segment.span.begin, segment.span.size()));
  }
  return result;
}

}  // namespace coldpitch
