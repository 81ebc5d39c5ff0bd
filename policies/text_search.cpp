// SPDX-License-Identifier: MIT
#include "policies/text_search.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "policies/saturating.h"

namespace coldpitch {
namespace {

/// Of windows that rise; those that touch become one.
void add_window(Span window, std::vector<Span>& windows) {
  if (!windows.empty() && window.begin <= windows.back().end) {
    windows.back().end = std::max(windows.back().end, window.end);
  } else {
    windows.push_back(window);
  }
}

std::size_t octets_of(const std::vector<Span>& windows) {
  return std::accumulate(windows.begin(), windows.end(), std::size_t{0},
                         [](std::size_t sum, Span window) { return sum + window.size(); });
}

}  // namespace

TextSearch::TextSearch(const Matcher& matcher, std::string_view text, const Matcher::Candidates* candidates,
                       const std::vector<ListFinder::Found>& listed)
    : matcher_(matcher), text_(text), candidates_(candidates), listed_(listed) {}

const ListFinder::Found* TextSearch::listed(std::size_t index) const {
  const auto found = std::find_if(listed_.begin(), listed_.end(),
                                  [&](const ListFinder::Found& one) { return one.index == index; });
  return found == listed_.end() ? nullptr : &*found;
}

bool TextSearch::may_hit(std::size_t index) const {
  if (!matcher_.has(index)) return listed(index) != nullptr;
  return candidates_ == nullptr || matcher_.is_always_candidate(index) || candidates_->contains(index);
}

/// Whether nothing says where it may hit.
bool TextSearch::is_anywhere(std::size_t index) const {
  return matcher_.has(index) && (candidates_ == nullptr || matcher_.is_always_candidate(index));
}

std::vector<Span> TextSearch::spans(std::size_t index, std::size_t most) const {
  if (candidates_ != nullptr) return matcher_.spans(index, text_, *candidates_, most);
  const Span whole{0, text_.size()};
  return matcher_.spans(index, text_, {&whole, 1}, most);
}

std::optional<Span> TextSearch::first(std::size_t index) const {
  if (const ListFinder::Found* entries = listed(index)) return entries->spans.front();
  const std::vector<Span> found = spans(index, 1);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

bool TextSearch::is_hit(std::size_t index) const {
  if (listed(index) != nullptr) return true;
  if (!matcher_.has(index)) return false;
  const Span whole{0, text_.size()};
  return matcher_.is_hit(index, text_, {&whole, 1});
}

const std::vector<Span>& TextSearch::places(std::size_t index) {
  const auto [entry, is_new] = places_.try_emplace(index);
  if (!is_new) return entry->second;
  if (const ListFinder::Found* entries = listed(index)) {
    entry->second = entries->spans;
  } else {
    entry->second = spans(index, kMaxHits);
  }
  return entry->second;
}

void TextSearch::count_words() {
  if (has_counted_) return;
  has_counted_ = true;
  for (std::size_t at = text_.find(' '); at != std::string_view::npos; at = text_.find(' ', at + 1))
    blanks_.push_back(static_cast<std::uint32_t>(at));
}

std::size_t TextSearch::word_at(std::size_t offset) const {
  return static_cast<std::size_t>(std::lower_bound(blanks_.begin(), blanks_.end(), offset) - blanks_.begin());
}

std::size_t TextSearch::begin_of_word(std::size_t word) const {
  return word == 0 ? 0 : std::size_t{blanks_[word - 1]} + 1;
}

std::size_t TextSearch::end_of_word(std::size_t word) const {
  return word < blanks_.size() ? blanks_[word] : text_.size();
}

std::size_t TextSearch::octets_to_search(std::size_t index) const {
  if (listed(index) != nullptr || places_.contains(index)) return 0;
  return candidates_ == nullptr ? text_.size() : matcher_.octets_to_search(index, text_, *candidates_);
}

/// The one of `expressions` that is found with the least work. One that stands in every text is no help even where the text is short.
std::size_t TextSearch::anchor_of(const std::vector<std::size_t>& expressions) const {
  std::size_t best = 0;
  std::pair<bool, std::size_t> least{true, 0};
  for (std::size_t part = 0; part < expressions.size(); ++part) {
    const std::pair cost{is_anywhere(expressions[part]), octets_to_search(expressions[part])};
    if (part > 0 && cost >= least) continue;
    least = cost;
    best = part;
  }
  return best;
}

/// Where hits of that extent are that begin at most `words` words before or behind one of `anchors`. The hits that begin before, and
/// may take what such a one would begin with, are in them.
std::vector<Span> TextSearch::beside(const std::vector<Span>& anchors, std::size_t words,
                                     const HitExtent& extent) {
  if (extent.blanks == HitExtent::kUnbounded) return {{0, text_.size()}};
  std::vector<Span> windows;
  const std::size_t reach = saturating_add(words, extent.blanks);
  for (const Span anchor : anchors) {
    const std::size_t word = word_at(anchor.begin);
    add_window({begin_of_word(word - std::min(word, reach)), end_of_word(saturating_add(word, reach))},
               windows);
  }
  return windows;
}

/// The hits of an expression that may be near `anchors`, and perhaps others.
std::vector<Span> TextSearch::hits_beside(std::size_t index, const std::vector<Span>& anchors,
                                          std::size_t words) {
  if (listed(index) != nullptr || places_.contains(index)) return places(index);
  const std::vector<Span> windows = beside(anchors, words, matcher_.extent(index));
  if (octets_to_search(index) <= octets_of(windows)) return places(index);
  return matcher_.spans(index, text_, windows, kMaxHits * kMaxHits);
}

std::optional<TextSearch::Stretch> TextSearch::near(const std::vector<std::size_t>& expressions,
                                                    std::size_t words) {
  const auto may = [this](std::size_t index) { return may_hit(index); };
  if (!std::all_of(expressions.begin(), expressions.end(), may)) return std::nullopt;
  const std::size_t anchor = anchor_of(expressions);
  const std::vector<Span> anchors = places(expressions[anchor]);
  if (anchors.empty()) return std::nullopt;
  count_words();
  std::vector<Hit> hits;
  const auto add = [&](std::size_t part, const std::vector<Span>& spans) {
    for (const Span span : spans) hits.push_back({word_at(span.begin), part, span});
    return !spans.empty();
  };
  add(anchor, anchors);
  for (const bool anywhere : {false, true}) {  // mostly a rare one is missing
    for (std::size_t part = 0; part < expressions.size(); ++part) {
      const std::size_t index = expressions[part];
      if (part == anchor || is_anywhere(index) != anywhere) continue;
      if (!add(part, hits_beside(index, anchors, words))) return std::nullopt;
    }
  }
  return stretch_of(std::move(hits), expressions.size(), words);
}

std::optional<TextSearch::Stretch> TextSearch::stretch_of(std::vector<Hit> hits, std::size_t parts,
                                                          std::size_t words) const {
  std::sort(hits.begin(), hits.end(), [](const Hit& left, const Hit& right) {
    return std::tie(left.word, left.part, left.span.begin) <
           std::tie(right.word, right.part, right.span.begin);
  });
  std::vector<std::size_t> seen(parts);  // hits of each part between left and right
  std::size_t different = 0, left = 0;
  for (std::size_t right = 0; right < hits.size(); ++right) {
    if (seen[hits[right].part]++ == 0) ++different;
    for (; different == parts; ++left) {
      if (hits[right].word - hits[left].word <= words) {
        const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(left);
        const auto last =
            std::max_element(begin, hits.begin() + static_cast<std::ptrdiff_t>(right) + 1,
                             [](const Hit& one, const Hit& other) { return one.span.end < other.span.end; });
        return Stretch{begin->span, last->span};
      }
      if (--seen[hits[left].part] == 0) --different;
    }
  }
  return std::nullopt;
}

}  // namespace coldpitch
