// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <re2/re2.h>
#include <re2/set.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace coldpitch {
namespace {

/// What one single expression may use while matching: it is run over the texts its set hit in, and needs few states.
constexpr std::int64_t kSingleOctets = std::int64_t{1024} * 1024;

re2::RE2::Options options_with(std::int64_t octets) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(octets);
  return options;
}

/// Expressions of one field that are looked for together.
struct Shard {
  std::unique_ptr<re2::RE2::Set> set;    ///< nullptr: one by one
  std::vector<std::size_t> expressions;  ///< by index in the set
};

std::unique_ptr<re2::RE2::Set> compile_set(const std::vector<Expression>& all,
                                           const std::vector<std::size_t>& chosen, std::size_t octets) {
  auto set =
      std::make_unique<re2::RE2::Set>(options_with(static_cast<std::int64_t>(octets)), re2::RE2::UNANCHORED);
  for (const std::size_t index : chosen) {
    if (set->Add(all[index].text, nullptr) < 0) return nullptr;
  }
  return set->Compile() ? std::move(set) : nullptr;
}

/// One shard, or several smaller ones where its set does not fit in memory.
void add_shards(const std::vector<Expression>& all, std::vector<std::size_t> chosen,
                const Matcher::Options& options, std::vector<Shard>& shards) {
  const bool fits = chosen.size() <= std::max<std::size_t>(options.shard, 1);
  auto set = fits ? compile_set(all, chosen, options.set_octets) : nullptr;
  if (set != nullptr || chosen.size() == 1) {
    shards.push_back({std::move(set), std::move(chosen)});
    return;
  }
  const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(chosen.size() / 2);
  add_shards(all, {chosen.begin(), middle}, options, shards);
  add_shards(all, {middle, chosen.end()}, options, shards);
}

std::optional<Span> find_from(const re2::RE2& expression, std::string_view text, std::size_t from) {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece hit;
  if (!expression.Match(piece, from, text.size(), re2::RE2::UNANCHORED, &hit, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return Span{begin, begin + hit.size()};
}

}  // namespace

struct Matcher::Parts {
  std::vector<Expression> expressions;
  std::vector<const re2::RE2*> singles;  ///< by expression; fields share them
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> by_text;
  std::map<std::string, std::vector<Shard>, std::less<>> by_field;
  std::vector<std::string> fields;

  void compile_singles(std::vector<Refusal>& refusals);
  void compile_sets(const Options& options);
  /// Adds the expressions of `shard` that hit in `text`.
  void add_hits(const Shard& shard, std::string_view text, std::vector<std::size_t>& found) const;
  void add_hits_one_by_one(const Shard& shard, std::string_view text, std::vector<std::size_t>& found) const;
};

void Matcher::Parts::compile_singles(std::vector<Refusal>& refusals) {
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (expressions[index].text.empty()) {
      singles.push_back(nullptr);
      continue;
    }
    std::unique_ptr<re2::RE2>& single = by_text[expressions[index].text];
    if (single == nullptr) {
      single = std::make_unique<re2::RE2>(expressions[index].text, options_with(kSingleOctets));
    }
    if (!single->ok()) refusals.push_back({index, single->error()});
    singles.push_back(single.get());
  }
}

void Matcher::Parts::compile_sets(const Options& options) {
  std::map<std::string, std::vector<std::size_t>> chosen;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (singles[index] != nullptr) chosen[expressions[index].field].push_back(index);
  }
  for (auto& [field, indices] : chosen) {
    fields.push_back(field);
    add_shards(expressions, std::move(indices), options, by_field[field]);
  }
}

void Matcher::Parts::add_hits_one_by_one(const Shard& shard, std::string_view text,
                                         std::vector<std::size_t>& found) const {
  for (const std::size_t index : shard.expressions) {
    if (find_from(*singles[index], text, 0)) found.push_back(index);
  }
}

void Matcher::Parts::add_hits(const Shard& shard, std::string_view text,
                              std::vector<std::size_t>& found) const {
  if (shard.set == nullptr) return add_hits_one_by_one(shard, text, found);
  std::vector<int> hits;
  re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
  const bool any = shard.set->Match(re2::StringPiece(text.data(), text.size()), &hits, &error);
  if (!any && error.kind != re2::RE2::Set::kNoError) return add_hits_one_by_one(shard, text, found);
  for (const int hit : hits) found.push_back(shard.expressions[static_cast<std::size_t>(hit)]);
}

Matcher::Matcher() : parts_(std::make_unique<Parts>()) {}
Matcher::~Matcher() = default;

std::unique_ptr<const Matcher> Matcher::compile(const std::vector<Expression>& expressions,
                                                const Options& options, std::vector<Refusal>& refusals) {
  const std::size_t before = refusals.size();
  std::unique_ptr<Matcher> matcher(new Matcher);
  matcher->parts_->expressions = expressions;
  matcher->parts_->compile_singles(refusals);
  if (refusals.size() != before) return nullptr;
  matcher->parts_->compile_sets(options);
  return matcher;
}

const std::vector<std::string>& Matcher::fields() const { return parts_->fields; }

std::vector<std::size_t> Matcher::hits(std::string_view field, std::string_view text) const {
  std::vector<std::size_t> found;
  const auto shards = parts_->by_field.find(field);
  if (shards == parts_->by_field.end()) return found;
  for (const Shard& shard : shards->second) parts_->add_hits(shard, text, found);
  std::sort(found.begin(), found.end());
  return found;
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
