// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "policies/atom_finder.h"

namespace coldpitch {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

std::optional<Span> find_from(const re2::RE2& expression, std::string_view text, std::size_t from) {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece hit;
  if (!expression.Match(piece, from, text.size(), re2::RE2::UNANCHORED, &hit, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return Span{begin, begin + hit.size()};
}

bool speaks(const Expression& expression, std::string_view language) {
  return language.empty() || expression.languages.empty() ||
         std::find(expression.languages.begin(), expression.languages.end(), language) !=
             expression.languages.end();
}

}  // namespace

struct Matcher::Parts {
  std::vector<Expression> expressions;
  ExpressionPool pool;
  std::vector<const re2::RE2*> singles;  ///< by expression; fields share them
  std::map<std::string, std::vector<std::size_t>, std::less<>>
      by_field;  ///< expressions by index in the pool's filter, or kNone
  std::vector<std::string> fields;
  std::vector<bool> always;  ///< by expression
  std::optional<AtomFinder> atoms;

  void compile(std::vector<Refusal>& refusals);
};

void Matcher::Parts::compile(std::vector<Refusal>& refusals) {
  std::vector<std::size_t> in_filter(expressions.size(), kNone);
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    singles.push_back(nullptr);
    if (expressions[index].text.empty()) continue;
    const ExpressionPool::Entry& entry = pool.add(expressions[index].text);
    if (entry.compiled == nullptr) refusals.push_back({index, entry.refusal});
    singles.back() = entry.compiled;
    in_filter[index] = entry.index;
  }
  if (!refusals.empty() || pool.size() == 0) return;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (in_filter[index] == kNone) continue;
    std::vector<std::size_t>& of_field = by_field[expressions[index].field];
    of_field.resize(pool.size(), kNone);
    of_field[in_filter[index]] = index;
  }
  for (const auto& [field, of_field] : by_field) fields.push_back(field);
  std::vector<std::string> pieces;
  pool.filter().Compile(&pieces);
  atoms.emplace(std::move(pieces));
  std::vector<int> unfiltered;
  pool.filter().AllPotentials({}, &unfiltered);
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    always.push_back(in_filter[index] != kNone && std::binary_search(unfiltered.begin(), unfiltered.end(),
                                                                     static_cast<int>(in_filter[index])));
  }
}

Matcher::Matcher() : parts_(std::make_unique<Parts>()) {}
Matcher::~Matcher() = default;

std::unique_ptr<const Matcher> Matcher::compile(const std::vector<Expression>& expressions,
                                                std::vector<Refusal>& refusals, ExpressionPool pool) {
  std::unique_ptr<Matcher> matcher(new Matcher);
  matcher->parts_->expressions = expressions;
  matcher->parts_->pool = std::move(pool);
  std::vector<Refusal> found;
  matcher->parts_->compile(found);
  if (found.empty()) return matcher;
  std::move(found.begin(), found.end(), std::back_inserter(refusals));
  return nullptr;
}

const std::vector<std::string>& Matcher::fields() const { return parts_->fields; }

bool Matcher::has(std::size_t index) const { return parts_->singles[index] != nullptr; }

bool Matcher::is_always_candidate(std::size_t index) const {
  return index < parts_->always.size() && parts_->always[index];
}

std::vector<std::size_t> Matcher::candidates(std::string_view field, std::string_view text,
                                             std::string_view language) const {
  std::vector<std::size_t> found;
  const auto of_field = parts_->by_field.find(field);
  if (of_field == parts_->by_field.end()) return found;
  std::vector<int> passed;
  parts_->pool.filter().AllPotentials(parts_->atoms->find(text), &passed);
  for (const int in_filter : passed) {
    const std::size_t index = of_field->second[static_cast<std::size_t>(in_filter)];
    if (index != kNone && speaks(parts_->expressions[index], language)) found.push_back(index);
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool Matcher::is_hit(std::size_t index, std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  return parts_->singles[index]->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::vector<Span> Matcher::spans(std::size_t index, std::string_view text, std::size_t most) const {
  std::vector<Span> spans;
  std::size_t from = 0;
  while (spans.size() < most && from <= text.size()) {
    const std::optional<Span> span = find_from(*parts_->singles[index], text, from);
    if (!span) break;
    spans.push_back(*span);
    from = std::max(span->end, from + 1);
  }
  return spans;
}

}  // namespace coldpitch
