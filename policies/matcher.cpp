// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "policies/atom_finder.h"

namespace coldpitch {
namespace {

constexpr Matcher::Languages kAllLanguages = ~Matcher::Languages{0};
/// The bit of mail in languages that no expression names.
constexpr Matcher::Languages kOtherLanguages = Matcher::Languages{1} << 63U;

/// Farther from a piece blanks are not looked for: a text without any would be gone through again and again.
constexpr std::size_t kMaxReach = 500;

/// Behind the blank number `blanks` + 1 before `end`; nothing where that is too far.
std::optional<std::size_t> reach_before(std::string_view text, std::size_t end, std::size_t blanks) {
  const std::size_t stop = end > kMaxReach ? end - kMaxReach : 0;
  for (std::size_t at = end; at > stop; --at) {
    if (text[at - 1] == ' ' && blanks-- == 0) return at;
  }
  return stop == 0 ? std::optional(stop) : std::nullopt;
}

/// Before the blank number `blanks` + 1 from `begin` on; nothing where that is too far.
std::optional<std::size_t> reach_behind(std::string_view text, std::size_t begin, std::size_t blanks) {
  const std::size_t stop = std::min(text.size(), begin + kMaxReach);
  for (std::size_t at = begin; at < stop; ++at) {
    if (text[at] == ' ' && blanks-- == 0) return at;
  }
  return stop == text.size() ? std::optional(stop) : std::nullopt;
}

/// How far a hit of that extent reaches at most that holds the octets `piece`; nothing where that is not known.
std::optional<Span> reach(std::string_view text, Span piece, const HitExtent& extent) {
  if (extent.octets != HitExtent::kUnbounded) {
    const std::size_t more = extent.octets - std::min(extent.octets, piece.size());
    return Span{piece.begin - std::min(piece.begin, more),
                piece.end + std::min(text.size() - piece.end, more)};
  }
  if (extent.blanks == HitExtent::kUnbounded) return std::nullopt;
  const auto own = text.substr(piece.begin, piece.size());
  const auto blanks_within = static_cast<std::size_t>(std::count(own.begin(), own.end(), ' '));
  const std::size_t more = extent.blanks - std::min(extent.blanks, blanks_within);
  const auto begin = reach_before(text, piece.begin, more);
  const auto end = reach_behind(text, piece.end, more);
  return begin && end ? std::optional(Span{*begin, *end}) : std::nullopt;
}

}  // namespace

struct Matcher::Parts {
  /// An expression that needs an atom or another.
  struct Use {
    std::uint32_t expression;
    std::uint32_t rank;  ///< of the atom among those of the expression
  };
  struct Piece {
    const AtomFinder::Atom* atom;
    Use use;
  };
  /// The atoms of some expressions of a field.
  struct Atoms {
    AtomFinder finder;
    std::vector<std::uint32_t> begins;  ///< by atom, and the end of the last: where in `uses`
    std::vector<Use> uses;
  };
  /// The expressions of a field.
  struct Field {
    std::map<Languages, Atoms> atoms;  ///< of mail in one language, and of all languages together
    std::vector<std::size_t> always;   ///< that need no atom

    [[nodiscard]] const Atoms& of(Languages spoken) const {
      const auto own = atoms.find(spoken);
      return own == atoms.end() ? atoms.find(kAllLanguages)->second : own->second;
    }
  };

  std::vector<Expression> expressions;
  ExpressionPool pool;
  std::vector<const ExpressionPool::Entry*> entries;  ///< by expression, of the pool; fields share them
  std::map<std::string, Languages, std::less<>> languages;
  std::vector<Languages> languages_of;  ///< by expression
  std::vector<std::string> fields;
  std::map<std::string, Field, std::less<>> by_field;

  void compile(std::vector<Refusal>& refusals);
  void index_languages();
  void index_atoms();
  [[nodiscard]] Field field_of(const std::vector<std::size_t>& indices) const;
  [[nodiscard]] std::vector<Piece> pieces_of(const std::vector<std::size_t>& indices) const;
  [[nodiscard]] Atoms atoms_of(const std::vector<Piece>& pieces, Languages spoken) const;
  [[nodiscard]] std::optional<std::vector<Span>> exact_spans(std::size_t index, const Candidates& candidates,
                                                             std::size_t most) const;
  [[nodiscard]] bool add_reaches(std::size_t index, std::string_view text, const Candidates& candidates,
                                 std::vector<Span>& windows) const;
};

void Matcher::Parts::compile(std::vector<Refusal>& refusals) {
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    entries.push_back(nullptr);
    if (expressions[index].text.empty()) continue;
    const ExpressionPool::Entry& entry = pool.add(expressions[index].text);
    if (entry.compiled == nullptr) refusals.push_back({index, entry.refusal});
    entries.back() = &entry;
  }
  if (!refusals.empty()) return;
  index_languages();
  index_atoms();
}

/// A bit for each language, the last for those beyond and for mail in others.
void Matcher::Parts::index_languages() {
  constexpr std::size_t kLast = 63;
  for (const Expression& expression : expressions) {
    for (const std::string& language : expression.languages)
      languages.try_emplace(language, Languages{1} << std::min(languages.size(), kLast));
  }
  for (const Expression& expression : expressions) {
    Languages all = expression.languages.empty() ? kAllLanguages : 0;
    for (const std::string& language : expression.languages) all |= languages.find(language)->second;
    languages_of.push_back(all);
  }
}

void Matcher::Parts::index_atoms() {
  std::map<std::string, std::vector<std::size_t>> of_field;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    if (entries[index] != nullptr) of_field[expressions[index].field].push_back(index);
  }
  for (const auto& [name, indices] : of_field) {
    fields.push_back(name);
    by_field.try_emplace(name, field_of(indices));
  }
}

Matcher::Parts::Field Matcher::Parts::field_of(const std::vector<std::size_t>& indices) const {
  Field field;
  std::set<Languages> single{kOtherLanguages};
  for (const std::size_t index : indices) {
    if (entries[index]->pieces.empty()) field.always.push_back(index);
    for (const std::string& language : expressions[index].languages)
      single.insert(languages.find(language)->second);
  }
  const std::vector<Piece> pieces = pieces_of(indices);
  // Mail is mostly in one language: what the others ask for is the greater part.
  for (const Languages language : single) field.atoms.try_emplace(language, atoms_of(pieces, language));
  field.atoms.try_emplace(kAllLanguages, atoms_of(pieces, kAllLanguages));
  return field;
}

/// Sorted by atom, then by expression.
std::vector<Matcher::Parts::Piece> Matcher::Parts::pieces_of(const std::vector<std::size_t>& indices) const {
  std::vector<Piece> pieces;
  for (const std::size_t index : indices) {
    const std::vector<AtomFinder::Atom>& own = entries[index]->pieces;
    for (std::uint32_t rank = 0; rank < own.size(); ++rank)
      pieces.push_back({&own[rank], {static_cast<std::uint32_t>(index), rank}});
  }
  std::sort(pieces.begin(), pieces.end(), [](const Piece& left, const Piece& right) {
    return std::tie(*left.atom, left.use.expression) < std::tie(*right.atom, right.use.expression);
  });
  return pieces;
}

/// Those of the expressions that are looked for in mail of the languages `spoken`.
Matcher::Parts::Atoms Matcher::Parts::atoms_of(const std::vector<Piece>& pieces, Languages spoken) const {
  std::vector<AtomFinder::Atom> distinct;
  std::vector<std::uint32_t> begins;
  std::vector<Use> users;
  for (const auto& [atom, use] : pieces) {
    if ((languages_of[use.expression] & spoken) == 0) continue;
    if (distinct.empty() || distinct.back() != *atom) {
      distinct.push_back(*atom);
      begins.push_back(static_cast<std::uint32_t>(users.size()));
    }
    users.push_back(use);
  }
  begins.push_back(static_cast<std::uint32_t>(users.size()));
  return {AtomFinder(distinct), std::move(begins), std::move(users)};
}

/// Adds how far hits of an expression reach around its atoms; false where that is not known.
bool Matcher::Parts::add_reaches(std::size_t index, std::string_view text, const Candidates& candidates,
                                 std::vector<Span>& windows) const {
  for (std::uint32_t need = candidates.needs_of_[index]; need != 0;
       need = candidates.needs_[need - 1].before) {
    const AtomFinder::Found& found = candidates.finds_.atoms[candidates.needs_[need - 1].found];
    if (found.has_more) return false;
    const std::size_t size = candidates.atoms_->octets(found.atom);
    for (std::size_t place = found.begin; place < found.end; ++place) {
      const std::size_t begin = candidates.finds_.places[place];
      const std::optional<Span> around = reach(text, {begin, begin + size}, entries[index]->extent);
      if (!around) return false;
      windows.push_back(*around);
    }
  }
  return true;
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

bool Matcher::has(std::size_t index) const { return parts_->entries[index] != nullptr; }

bool Matcher::is_always_candidate(std::size_t index) const {
  return has(index) && parts_->entries[index]->pieces.empty();
}

bool Matcher::is_exact(std::size_t index) const { return !parts_->entries[index]->compiled->texts().empty(); }

std::span<const std::size_t> Matcher::always_candidates(std::string_view field) const {
  const auto of_field = parts_->by_field.find(field);
  return of_field == parts_->by_field.end() ? std::span<const std::size_t>() : of_field->second.always;
}

const HitExtent& Matcher::extent(std::size_t index) const { return parts_->entries[index]->extent; }

Matcher::Languages Matcher::languages(std::string_view language) const {
  if (language.empty()) return kAllLanguages;
  const auto known = parts_->languages.find(language);
  return known == parts_->languages.end() ? kOtherLanguages : known->second;
}

Matcher::Languages Matcher::languages(const std::vector<std::string>& languages) const {
  Languages all = languages.empty() ? kAllLanguages : 0;
  for (const std::string& language : languages) all |= this->languages(language);
  return all;
}

bool Matcher::speaks(std::size_t index, Languages languages) const {
  return (parts_->languages_of[index] & languages) != 0;
}

void Matcher::find_candidates(std::string_view field, std::string_view text, Languages languages,
                              Candidates& candidates) const {
  for (const std::size_t expression : candidates.expressions_) candidates.needs_of_[expression] = 0;
  candidates.expressions_.clear();
  candidates.needs_.clear();
  candidates.needs_of_.resize(parts_->expressions.size());
  const auto of_field = parts_->by_field.find(field);
  if (of_field == parts_->by_field.end()) return;
  const Parts::Atoms& own = of_field->second.of(languages);
  candidates.atoms_ = &own.finder;
  candidates.finds_ = own.finder.find(text);
  const std::vector<AtomFinder::Found>& found = candidates.finds_.atoms;
  for (std::uint32_t at = 0; at < found.size(); ++at) {
    for (std::size_t use = own.begins[found[at].atom]; use < own.begins[found[at].atom + 1]; ++use) {
      const auto [expression, rank] = own.uses[use];
      if (!speaks(expression, languages)) continue;
      std::uint32_t& last = candidates.needs_of_[expression];
      if (last == 0) candidates.expressions_.push_back(expression);
      candidates.needs_.push_back({at, rank, last});
      last = static_cast<std::uint32_t>(candidates.needs_.size());
    }
  }
}

/// Two windows that touch become one: what hits first in both must be found first.
std::vector<Span> Matcher::windows(std::size_t index, std::string_view text,
                                   const Candidates& candidates) const {
  std::vector<Span> windows;
  if (!candidates.contains(index)) {
    if (is_always_candidate(index)) windows.push_back({0, text.size()});
    return windows;
  }
  if (!parts_->add_reaches(index, text, candidates, windows)) return {{0, text.size()}};
  std::sort(windows.begin(), windows.end(), [](Span left, Span right) { return left.begin < right.begin; });
  auto last = windows.begin();
  for (auto next = windows.begin() + 1; next != windows.end(); ++next) {
    if (next->begin <= last->end) {
      last->end = std::max(last->end, next->end);
    } else {
      *++last = *next;
    }
  }
  windows.erase(last + 1, windows.end());
  return windows;
}

/// The hits of an expression whose pieces are all that it hits; nothing where there are too many.
std::optional<std::vector<Span>> Matcher::Parts::exact_spans(std::size_t index, const Candidates& candidates,
                                                             std::size_t most) const {
  struct Place {
    std::size_t begin;
    std::uint32_t rank;
    std::size_t end;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for (std::uint32_t at = candidates.needs_of_[index]; at != 0; at = candidates.needs_[at - 1].before) {
    const Candidates::Need& need = candidates.needs_[at - 1];
    const AtomFinder::Found& found = candidates.finds_.atoms[need.found];
    if (found.has_more) return std::nullopt;
    const std::size_t size = candidates.atoms_->octets(found.atom);
    for (std::size_t place = found.begin; place < found.end; ++place) {
      const std::size_t begin = candidates.finds_.places[place];
      places.push_back({begin, need.rank, begin + size});
    }
  }
  std::sort(places.begin(), places.end());
  std::vector<Span> spans;
  for (const Place& place : places) {
    if (spans.size() == most) break;
    if (spans.empty() || place.begin >= spans.back().end) spans.push_back({place.begin, place.end});
  }
  return spans;
}

std::size_t Matcher::octets_to_search(std::size_t index, std::string_view text,
                                      const Candidates& candidates) const {
  std::size_t octets = 0;
  if (is_exact(index) && candidates.contains(index)) {
    for (std::uint32_t at = candidates.needs_of_[index]; at != 0; at = candidates.needs_[at - 1].before) {
      const AtomFinder::Found& found = candidates.finds_.atoms[candidates.needs_[at - 1].found];
      if (found.has_more) return text.size();
      octets += found.end - found.begin;
    }
    return octets;
  }
  for (const Span window : windows(index, text, candidates)) octets += window.size();
  return octets;
}

bool Matcher::is_hit(std::size_t index, std::string_view text, std::span<const Span> windows) const {
  return parts_->entries[index]->compiled->hits(text, windows);
}

std::vector<Span> Matcher::spans(std::size_t index, std::string_view text, std::span<const Span> windows,
                                 std::size_t most) const {
  return parts_->entries[index]->compiled->spans(text, windows, most);
}

std::vector<Span> Matcher::spans(std::size_t index, std::string_view text, const Candidates& candidates,
                                 std::size_t most) const {
  if (is_exact(index) && candidates.contains(index)) {
    if (auto known = parts_->exact_spans(index, candidates, most)) return std::move(*known);
  }
  return spans(index, text, windows(index, text, candidates), most);
}

}  // namespace coldpitch
