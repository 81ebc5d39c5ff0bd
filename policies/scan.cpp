// SPDX-License-Identifier: MIT
#include "policies/scan.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kHeaderPrefix = "header ";

std::string words_of(std::string_view text, Span span) {
  const Span shown = shown_span(text, span);
  return std::string(text.substr(shown.begin, shown.size()));
}

PatternHits::Hit make_hit(const MatchText& text, Span folded, std::size_t word) {
  if (text.seen.empty()) return {text.where, {}, words_of(text.folded, folded), word};
  const Span span = shown_span(text.seen, text.to_seen.source_of(folded, text.seen.size()));
  return {text.where, span, words_of(text.seen, span), word};
}

/// Adds hits at `spans`, which rise, counting the words before them.
void add_hits(const MatchText& text, const std::vector<Span>& spans, std::size_t first_word,
              std::vector<PatternHits::Hit>& hits) {
  std::size_t word = first_word;
  auto counted = text.folded.begin();
  for (const Span& span : spans) {
    const auto begin = text.folded.begin() + static_cast<std::ptrdiff_t>(span.begin);
    word += static_cast<std::size_t>(std::count(counted, begin, ' '));
    counted = begin;
    hits.push_back(make_hit(text, span, word));
  }
}

std::vector<ListFinder::Use> list_uses(const ExpressionTable& table) {
  std::vector<ListFinder::Use> uses;
  for (std::size_t index = 0; index < table.lists.size(); ++index) {
    if (table.lists[index] != nullptr)
      uses.push_back({index, table.expressions[index].field, table.lists[index]});
  }
  return uses;
}

const ListFinder::Found* find_use(const std::vector<ListFinder::Found>& listed, std::size_t index) {
  const auto found = std::find_if(listed.begin(), listed.end(),
                                  [&](const ListFinder::Found& one) { return one.index == index; });
  return found == listed.end() ? nullptr : &*found;
}

}  // namespace

Scanner::Scanner(const ExpressionTable& table, std::unique_ptr<const Matcher> matcher)
    : matcher_(std::move(matcher)),
      lists_(list_uses(table)),
      fields_(matcher_->fields()),
      alone_(table.alone),
      nears_(table.nears),
      nears_of_(table.expressions.size()) {
  // What stands in every text is looked for last: mostly another part is missing.
  for (std::vector<std::size_t>& near : nears_) {
    std::stable_partition(near.begin(), near.end(),
                          [&](std::size_t part) { return !matcher_->is_always_candidate(part); });
  }
  for (std::size_t near = 0; near < nears_.size(); ++near) nears_of_[nears_[near].front()].push_back(near);
  for (std::string& field : lists_.fields()) {
    if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
      fields_.push_back(std::move(field));
  }
}

/// By item of `candidates`: how many hits of the expression are wanted. Those of a `near` are of use only where all its parts
/// hit: where one is no candidate the others are not looked for.
std::vector<std::size_t> Scanner::hits_wanted(const Matcher::Candidates& candidates,
                                              const std::vector<ListFinder::Found>& listed,
                                              std::string_view folded) const {
  const std::vector<Matcher::Candidate>& all = candidates.expressions;
  std::vector<std::size_t> wanted(all.size());
  std::vector<std::optional<bool>> known(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) wanted[i] = alone_[all[i].index] ? 1 : 0;
  const auto place_of = [&](std::size_t index) {
    const auto place = std::lower_bound(
        all.begin(), all.end(), index,
        [](const Matcher::Candidate& one, std::size_t sought) { return one.index < sought; });
    const bool is_there = place != all.end() && place->index == index;
    return is_there ? static_cast<std::size_t>(place - all.begin()) : all.size();
  };
  const auto is_candidate = [&](std::size_t index) { return place_of(index) < all.size(); };
  const auto has_hit = [&](std::size_t index) {
    const std::size_t place = place_of(index);
    std::optional<bool>& hit = known[place];
    if (!hit) {
      hit = find_use(listed, index) != nullptr ||
            matcher_->is_hit(index, folded, candidates.windows_of(all[place]));
    }
    return *hit;
  };
  for (const Matcher::Candidate& candidate : all) {
    for (const std::size_t near : nears_of_[candidate.index]) {
      const std::vector<std::size_t>& parts = nears_[near];
      if (!std::all_of(parts.begin(), parts.end(), is_candidate)) continue;
      if (!std::all_of(parts.begin(), parts.end(), has_hit)) continue;
      for (const std::size_t part : parts) wanted[place_of(part)] = kMaxHits;
    }
  }
  return wanted;
}

/// What of `field` may hit in a text, with the lists' entries that do, by rising index.
Matcher::Candidates Scanner::candidates(std::string_view field, std::string_view folded, const Wanted& wanted,
                                        const std::vector<ListFinder::Found>& listed) const {
  Matcher::Candidates candidates;
  if (wanted.selected == nullptr) {
    candidates = matcher_->candidates(field, folded, wanted.language);
    for (const ListFinder::Found& one : listed) candidates.expressions.push_back({one.index, 0, 0});
    if (listed.empty()) return candidates;
    std::sort(candidates.expressions.begin(), candidates.expressions.end(),
              [](const Matcher::Candidate& left, const Matcher::Candidate& right) {
                return left.index < right.index;
              });
    return candidates;
  }
  candidates.windows.push_back({0, folded.size()});
  for (const std::size_t index : wanted.selected->find(field)->second) {
    if (matcher_->has(index) || find_use(listed, index) != nullptr)
      candidates.expressions.push_back({index, 0, 1});
  }
  return candidates;
}

void Scanner::scan_text(std::string_view field, const MatchText& text, const Wanted& wanted,
                        std::size_t first_word, PatternHits& hits) const {
  const std::vector<ListFinder::Found> listed = lists_.find(field, text.folded, kMaxHits);
  const Matcher::Candidates candidates = this->candidates(field, text.folded, wanted, listed);
  const std::vector<std::size_t> counts = hits_wanted(candidates, listed, text.folded);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::size_t index = candidates.expressions[i].index;
    const std::span<const Span> windows = candidates.windows_of(candidates.expressions[i]);
    std::vector<PatternHits::Hit>& known = hits.hits[index];
    const std::size_t most = std::min(counts[i], kMaxHits - known.size());
    if (most == 0) continue;
    if (const ListFinder::Found* of_list = find_use(listed, index)) {
      const std::size_t kept = std::min(most, of_list->spans.size());
      const auto end = of_list->spans.begin() + static_cast<std::ptrdiff_t>(kept);
      add_hits(text, {of_list->spans.begin(), end}, first_word, known);
    } else {
      // Whether one counts alone is known without its place, for which RE2 would have to compile it backwards.
      const bool place_is_wanted = wanted.selected == nullptr || most > 1;
      if (place_is_wanted) {
        add_hits(text, matcher_->spans(index, text.folded, windows, most), first_word, known);
      } else if (matcher_->is_hit(index, text.folded, windows)) {
        known.push_back({text.where, {}, {}, first_word});
      }
    }
  }
}

void Scanner::scan_header(std::string_view field, const SubjectMatter& matter, const Wanted& wanted,
                          PatternHits& hits) const {
  if (matter.header == nullptr) return;
  std::size_t first_word = 0;
  for (const std::string_view body : matter.header->all(field.substr(kHeaderPrefix.size()))) {
    const MatchText text{{}, "header", fold_text(body).text, {}};
    scan_text(field, text, wanted, first_word, hits);
    first_word += kWordsBetweenTexts;
  }
}

void Scanner::scan_field(std::string_view field, const SubjectMatter& matter, const Wanted& wanted,
                         PatternHits& hits) const {
  if (field.starts_with(kHeaderPrefix)) return scan_header(field, matter, wanted, hits);
  const auto text = matter.fields.find(field);
  if (text != matter.fields.end()) scan_text(field, text->second, wanted, 0, hits);
}

PatternHits Scanner::scan(const SubjectMatter& matter) const {
  PatternHits hits;
  hits.hits.resize(expressions());
  for (const std::string& field : fields_) scan_field(field, matter, {matter.language, nullptr}, hits);
  return hits;
}

PatternHits Scanner::scan(const SubjectMatter& matter, const Selection& selected) const {
  PatternHits hits;
  hits.hits.resize(expressions());
  for (const auto& [field, expressions] : selected) scan_field(field, matter, {{}, &selected}, hits);
  return hits;
}

Span shown_span(std::string_view seen, Span span) {
  const std::size_t begin = std::min(span.begin, seen.size());
  const std::size_t end = std::clamp(span.end, begin, seen.size());
  const std::string_view words = utf8_prefix(seen.substr(begin, end - begin), kEvidenceOctets);
  return {begin, begin + words.size()};
}

}  // namespace coldpitch
