// SPDX-License-Identifier: MIT
#include "policies/scan.h"

#include <algorithm>
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
  for (std::size_t near = 0; near < nears_.size(); ++near) nears_of_[nears_[near].front()].push_back(near);
  for (std::string& field : lists_.fields()) {
    if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
      fields_.push_back(std::move(field));
  }
}

/// By item of `found` (rising): how many hits of the expression are wanted.
std::vector<std::size_t> Scanner::hits_wanted(const std::vector<std::size_t>& found) const {
  std::vector<std::size_t> wanted(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) wanted[i] = alone_[found[i]] ? 1 : 0;
  const auto has_hit = [&](std::size_t index) {
    return std::binary_search(found.begin(), found.end(), index);
  };
  for (const std::size_t expression : found) {
    for (const std::size_t near : nears_of_[expression]) {
      if (!std::all_of(nears_[near].begin(), nears_[near].end(), has_hit)) continue;
      for (const std::size_t part : nears_[near]) {
        const auto place = std::lower_bound(found.begin(), found.end(), part);
        wanted[static_cast<std::size_t>(place - found.begin())] = kMaxHits;
      }
    }
  }
  return wanted;
}

void Scanner::scan_text(std::string_view field, const MatchText& text, std::string_view language,
                        std::size_t first_word, PatternHits& hits) const {
  std::vector<std::size_t> found = matcher_->hits(field, text.folded, language);
  const std::vector<ListFinder::Found> listed = lists_.find(field, text.folded, kMaxHits);
  for (const ListFinder::Found& one : listed) found.push_back(one.index);
  if (!listed.empty()) std::sort(found.begin(), found.end());
  const std::vector<std::size_t> wanted = hits_wanted(found);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::vector<PatternHits::Hit>& known = hits.hits[found[i]];
    const std::size_t most = std::min(wanted[i], kMaxHits - known.size());
    if (most == 0) continue;
    if (const ListFinder::Found* of_list = find_use(listed, found[i])) {
      const std::size_t kept = std::min(most, of_list->spans.size());
      const auto end = of_list->spans.begin() + static_cast<std::ptrdiff_t>(kept);
      add_hits(text, {of_list->spans.begin(), end}, first_word, known);
    } else {
      add_hits(text, matcher_->spans(found[i], text.folded, most), first_word, known);
    }
  }
}

void Scanner::scan_header(std::string_view field, const SubjectMatter& matter, PatternHits& hits) const {
  if (matter.header == nullptr) return;
  std::size_t first_word = 0;
  for (const std::string_view body : matter.header->all(field.substr(kHeaderPrefix.size()))) {
    const MatchText text{{}, "header", fold_text(body).text, {}};
    scan_text(field, text, matter.language, first_word, hits);
    first_word += kWordsBetweenTexts;
  }
}

PatternHits Scanner::scan(const SubjectMatter& matter) const {
  PatternHits hits;
  hits.hits.resize(expressions());
  for (const std::string& field : fields_) {
    if (field.starts_with(kHeaderPrefix)) {
      scan_header(field, matter, hits);
      continue;
    }
    const auto text = matter.fields.find(field);
    if (text != matter.fields.end()) scan_text(field, text->second, matter.language, 0, hits);
  }
  return hits;
}

Span shown_span(std::string_view seen, Span span) {
  const std::size_t begin = std::min(span.begin, seen.size());
  const std::size_t end = std::clamp(span.end, begin, seen.size());
  const std::string_view words = utf8_prefix(seen.substr(begin, end - begin), kEvidenceOctets);
  return {begin, begin + words.size()};
}

}  // namespace coldpitch
