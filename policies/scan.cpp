// SPDX-License-Identifier: MIT
#include "policies/scan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kHeaderPrefix = "header ";
/// In a shorter text all expressions together take less time than matters.
constexpr std::size_t kLongText = 4096;

std::string words_of(std::string_view text, Span span) {
  const Span shown = shown_span(text, span);
  return std::string(text.substr(shown.begin, shown.size()));
}

PatternHits::Hit make_hit(const MatchText& text, Span folded) {
  if (text.seen.empty()) return {text.where, {}, words_of(text.folded, folded)};
  const Span span = shown_span(text.seen, text.to_seen.source_of(folded, text.seen.size()));
  return {text.where, span, words_of(text.seen, span)};
}

std::vector<ListFinder::Use> list_uses(const ExpressionTable& table) {
  std::vector<ListFinder::Use> uses;
  for (std::size_t index = 0; index < table.lists.size(); ++index) {
    if (table.lists[index] != nullptr)
      uses.push_back({index, table.expressions[index].field, table.lists[index]});
  }
  return uses;
}

}  // namespace

Scanner::Scanner(const ExpressionTable& table, std::unique_ptr<const Matcher> matcher)
    : matcher_(std::move(matcher)),
      lists_(list_uses(table)),
      fields_(matcher_->fields()),
      alone_(table.alone),
      nears_of_(table.expressions.size()) {
  index_nears(table);
  for (std::string& field : lists_.fields()) {
    if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
      fields_.push_back(std::move(field));
  }
}

bool Scanner::Run::stops() {
  is_stopped = is_stopped || (is_over && is_over());
  return is_stopped;
}

/// Each is looked for when one of its expressions may hit that not every text may hold.
void Scanner::index_nears(const ExpressionTable& table) {
  for (const ExpressionTable::Near& near : table.nears) {
    const auto rare =
        std::find_if(near.expressions.begin(), near.expressions.end(),
                     [this](std::size_t index) { return !matcher_->is_always_candidate(index); });
    if (rare == near.expressions.end()) {
      always_[near.field].push_back(nears_.size());
    } else {
      nears_of_[*rare].push_back(nears_.size());
    }
    nears_.push_back({near.expressions, near.words, matcher_->languages(near.languages)});
  }
}

void Scanner::look_for(const Near& near, std::size_t index, TextSearch& search, const MatchText& text,
                       Run& run) const {
  if ((near.languages & run.languages) == 0 || run.hits.near(index) != nullptr) return;
  const auto found = search.near(near.expressions, near.words);
  if (found) run.hits.add_near(index, {make_hit(text, found->first), make_hit(text, found->last)});
}

void Scanner::scan_all(std::string_view field, const MatchText& text, Run& run) const {
  const std::vector<ListFinder::Found> listed = lists_.find(field, text.folded, kMaxHits);
  matcher_->find_candidates(field, text.folded, run.languages, run.candidates);
  TextSearch search(*matcher_, text.folded, &run.candidates, listed);
  const auto look_alone = [&](std::size_t index) {
    if (!alone_[index] || run.hits.of(index) != nullptr) return;
    if (const std::optional<Span> hit = search.first(index)) run.hits.add(index, make_hit(text, *hit));
  };
  const auto look_for_nears = [&](const std::vector<std::size_t>& nears) {
    for (const std::size_t near : nears) look_for(nears_[near], near, search, text, run);
  };
  for (const ListFinder::Found& one : listed) {
    look_alone(one.index);
    look_for_nears(nears_of_[one.index]);
  }
  const auto stops = [&] { return text.folded.size() >= kLongText && run.stops(); };
  for (const std::size_t index : run.candidates.expressions()) {
    if (stops()) return;
    look_alone(index);
    look_for_nears(nears_of_[index]);
  }
  for (const std::size_t index : matcher_->always_candidates(field)) {
    if (stops()) return;
    if (matcher_->speaks(index, run.languages)) look_alone(index);
  }
  const auto always = always_.find(field);
  if (always != always_.end()) look_for_nears(always->second);
}

/// Whether one counts alone is known without its place, and mostly that a `near` has no hit.
void Scanner::scan_selected(std::string_view field, const MatchText& text, Run& run) const {
  const std::vector<ListFinder::Found> listed = lists_.find(field, text.folded, kMaxHits);
  TextSearch search(*matcher_, text.folded, nullptr, listed);
  const Selected& selected = run.selected->find(field)->second;
  for (const std::size_t index : selected.expressions) {
    if (run.hits.of(index) == nullptr && search.is_hit(index)) run.hits.add(index, {text.where, {}, {}});
  }
  for (const std::size_t index : selected.nears) {
    const Near& near = nears_[index];
    const auto is_hit = [&](std::size_t part) { return search.is_hit(part); };
    if (std::all_of(near.expressions.begin(), near.expressions.end(), is_hit))
      look_for(near, index, search, text, run);
  }
}

void Scanner::scan_text(std::string_view field, const MatchText& text, Run& run) const {
  if (run.stops()) return;
  if (run.selected == nullptr) {
    scan_all(field, text, run);
  } else {
    scan_selected(field, text, run);
  }
}

void Scanner::scan_header(std::string_view field, Run& run) const {
  if (run.matter.header == nullptr) return;
  for (const std::string_view body : run.matter.header->all(field.substr(kHeaderPrefix.size())))
    scan_text(field, {{}, "header", fold_text(body).text, {}}, run);
}

void Scanner::scan_field(std::string_view field, Run& run) const {
  if (field.starts_with(kHeaderPrefix)) return scan_header(field, run);
  const auto text = run.matter.fields.find(field);
  if (text != run.matter.fields.end()) scan_text(field, text->second, run);
}

PatternHits Scanner::scan(const SubjectMatter& matter, const StopCheck& is_over) const {
  Run run{
      matter, nullptr, matcher_->languages(matter.language), {}, PatternHits(expressions(), nears_.size()),
      is_over};
  for (const std::string& field : fields_) scan_field(field, run);
  return std::move(run.hits);
}

PatternHits Scanner::scan(const SubjectMatter& matter, const Selection& selected) const {
  const StopCheck never;
  Run run{matter, &selected, matcher_->languages(""), {}, PatternHits(expressions(), nears_.size()), never};
  for (const auto& [field, expressions] : selected) scan_field(field, run);
  return std::move(run.hits);
}

Span shown_span(std::string_view seen, Span span) {
  const std::size_t begin = std::min(span.begin, seen.size());
  const std::size_t end = std::clamp(span.end, begin, seen.size());
  const std::string_view words = utf8_prefix(seen.substr(begin, end - begin), kEvidenceOctets);
  return {begin, begin + words.size()};
}

}  // namespace coldpitch
