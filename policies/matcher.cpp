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

/// Expressions that are looked for together, in one or more fields.
struct Shard {
  std::unique_ptr<re2::RE2::Set> set;  ///< nullptr: one by one
  std::vector<const re2::RE2*> items;  ///< by index in the set
};

std::unique_ptr<re2::RE2::Set> compile_set(const std::vector<const re2::RE2*>& items, std::size_t octets) {
  auto set =
      std::make_unique<re2::RE2::Set>(options_with(static_cast<std::int64_t>(octets)), re2::RE2::UNANCHORED);
  for (const re2::RE2* item : items) {
    if (set->Add(item->pattern(), nullptr) < 0) return nullptr;
  }
  return set->Compile() ? std::move(set) : nullptr;
}

/// One shard, or several smaller ones where there are too many for one, or its set does not fit in memory.
void add_shards(std::vector<const re2::RE2*> items, const Matcher::Options& options,
                std::vector<Shard>& shards) {
  const bool fits = items.size() <= std::max<std::size_t>(options.shard, 1);
  auto set = fits ? compile_set(items, options.set_octets) : nullptr;
  if (set != nullptr || items.size() == 1) {
    shards.push_back({std::move(set), std::move(items)});
    return;
  }
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  add_shards({items.begin(), middle}, options, shards);
  add_shards({middle, items.end()}, options, shards);
}

std::optional<Span> find_from(const re2::RE2& expression, std::string_view text, std::size_t from) {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece hit;
  if (!expression.Match(piece, from, text.size(), re2::RE2::UNANCHORED, &hit, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return Span{begin, begin + hit.size()};
}

/// The items of `shard` that hit in `text`.
std::vector<std::size_t> find_items_one_by_one(const Shard& shard, std::string_view text) {
  std::vector<std::size_t> found;
  for (std::size_t item = 0; item < shard.items.size(); ++item) {
    if (find_from(*shard.items[item], text, 0)) found.push_back(item);
  }
  return found;
}

std::vector<std::size_t> find_items(const Shard& shard, std::string_view text) {
  if (shard.set == nullptr) return find_items_one_by_one(shard, text);
  std::vector<int> hits;
  re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
  const bool any = shard.set->Match(re2::StringPiece(text.data(), text.size()), &hits, &error);
  if (!any && error.kind != re2::RE2::Set::kNoError) return find_items_one_by_one(shard, text);
  return {hits.begin(), hits.end()};
}

/// Where the same expressions are looked for, in mail of the same languages: they share their sets.
struct Group {
  std::vector<std::string> fields, languages;
  auto operator<=>(const Group&) const = default;
};

}  // namespace

struct Matcher::Parts {
  /// A shard as one field sees it.
  struct Use {
    const Shard* shard;
    std::vector<std::size_t> expressions;  ///< by item of the shard
    std::vector<std::string> languages;
  };

  std::vector<Expression> expressions;
  std::vector<const re2::RE2*> singles;  ///< by expression; fields share them
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> by_text;
  std::map<Group, std::vector<Shard>> groups;
  std::map<std::string, std::vector<Use>, std::less<>> by_field;
  std::vector<std::string> fields;

  void compile_singles(std::vector<Refusal>& refusals);
  void compile_sets(const Options& options);
  void add_uses(const Group& group, const std::vector<Shard>& shards);
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
  // Fields of each expression and its languages, in the order in which they first come.
  std::map<std::pair<const re2::RE2*, std::vector<std::string>>, std::vector<std::string>> fields_of;
  std::vector<std::pair<const re2::RE2*, std::vector<std::string>>> order;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (singles[index] == nullptr) continue;
    const std::pair key{singles[index], expressions[index].languages};
    std::vector<std::string>& its_fields = fields_of[key];
    if (its_fields.empty()) order.push_back(key);
    its_fields.push_back(expressions[index].field);
  }
  std::map<Group, std::vector<const re2::RE2*>> items;
  for (const auto& key : order) {
    std::vector<std::string>& its_fields = fields_of[key];
    std::sort(its_fields.begin(), its_fields.end());
    items[{its_fields, key.second}].push_back(key.first);
  }
  for (auto& [group, its_items] : items) {
    std::vector<Shard>& shards = groups[group];
    add_shards(std::move(its_items), options, shards);
    add_uses(group, shards);
  }
  for (const auto& [field, uses] : by_field) fields.push_back(field);
}

void Matcher::Parts::add_uses(const Group& group, const std::vector<Shard>& shards) {
  std::map<std::pair<std::string_view, const re2::RE2*>, std::size_t> indices;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (expressions[index].languages == group.languages) {
      indices[{expressions[index].field, singles[index]}] = index;
    }
  }
  for (const std::string& field : group.fields) {
    for (const Shard& shard : shards) {
      Use use{&shard, {}, group.languages};
      for (const re2::RE2* item : shard.items) use.expressions.push_back(indices.at({field, item}));
      by_field[field].push_back(std::move(use));
    }
  }
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

std::vector<std::size_t> Matcher::hits(std::string_view field, std::string_view text,
                                       std::string_view language) const {
  std::vector<std::size_t> found;
  const auto uses = parts_->by_field.find(field);
  if (uses == parts_->by_field.end()) return found;
  for (const Parts::Use& use : uses->second) {
    const bool speaks =
        use.languages.empty() || language.empty() ||
        std::find(use.languages.begin(), use.languages.end(), language) != use.languages.end();
    if (!speaks) continue;
    for (const std::size_t item : find_items(*use.shard, text)) found.push_back(use.expressions[item]);
  }
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
