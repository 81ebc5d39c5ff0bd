// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

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

/// Farther from a piece blanks are not looked for: a text without any would be gone through again and again.
constexpr std::size_t kMaxReach = 500;

std::optional<Span> find_within(const re2::RE2& expression, std::string_view text, Span window) {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece hit;
  if (!expression.Match(piece, window.begin, window.end, re2::RE2::UNANCHORED, &hit, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return Span{begin, begin + hit.size()};
}

bool speaks(const Expression& expression, std::string_view language) {
  return language.empty() || expression.languages.empty() ||
         std::find(expression.languages.begin(), expression.languages.end(), language) !=
             expression.languages.end();
}

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
  /// The expressions of a field.
  struct Field {
    std::optional<AtomFinder> atoms;
    std::vector<std::uint32_t> begins;     ///< by atom, and the end of the last: where in `expressions`
    std::vector<std::size_t> expressions;  ///< that need the atom or another
    std::vector<std::size_t> always;       ///< that need none
  };
  /// An atom in the text that an expression needs.
  struct Need {
    std::size_t expression;
    const AtomFinder::Found* found;  ///< nullptr: none is needed
  };

  std::vector<Expression> expressions;
  ExpressionPool pool;
  std::vector<const ExpressionPool::Entry*> entries;  ///< by expression, of the pool; fields share them
  std::vector<std::string> fields;
  std::map<std::string, Field, std::less<>> by_field;

  void compile(std::vector<Refusal>& refusals);
  void index_atoms();
  [[nodiscard]] Field field_of(const std::vector<std::size_t>& indices) const;
  [[nodiscard]] std::vector<Need> needs(const Field& field, const AtomFinder::Finds& finds) const;
  void add_windows(std::string_view text, const Field& field, const AtomFinder::Finds& finds,
                   std::span<const Need> needs, std::vector<Span>& windows) const;
  [[nodiscard]] bool add_reaches(std::string_view text, const Field& field, const AtomFinder::Finds& finds,
                                 std::span<const Need> needs, std::vector<Span>& windows) const;
};

void Matcher::Parts::compile(std::vector<Refusal>& refusals) {
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    entries.push_back(nullptr);
    if (expressions[index].text.empty()) continue;
    const ExpressionPool::Entry& entry = pool.add(expressions[index].text);
    if (entry.compiled == nullptr) refusals.push_back({index, entry.refusal});
    entries.back() = &entry;
  }
  if (refusals.empty()) index_atoms();
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
  std::map<AtomFinder::Atom, std::size_t> known;
  std::vector<AtomFinder::Atom> distinct;
  std::vector<std::pair<std::size_t, std::size_t>> uses;  // atom, expression
  for (const std::size_t index : indices) {
    if (entries[index]->pieces.empty()) field.always.push_back(index);
    for (const AtomFinder::Atom& piece : entries[index]->pieces) {
      const auto [place, is_new] = known.try_emplace(piece, distinct.size());
      if (is_new) distinct.push_back(piece);
      uses.emplace_back(place->second, index);
    }
  }
  std::sort(uses.begin(), uses.end());
  field.begins.assign(distinct.size() + 1, 0);
  for (const auto& [atom, expression] : uses) {
    ++field.begins[atom + 1];
    field.expressions.push_back(expression);
  }
  for (std::size_t atom = 0; atom < distinct.size(); ++atom) field.begins[atom + 1] += field.begins[atom];
  field.atoms.emplace(distinct);
  return field;
}

/// By rising expression.
std::vector<Matcher::Parts::Need> Matcher::Parts::needs(const Field& field,
                                                        const AtomFinder::Finds& finds) const {
  std::vector<Need> needs;
  for (const AtomFinder::Found& found : finds.atoms) {
    for (std::size_t use = field.begins[found.atom]; use < field.begins[found.atom + 1]; ++use)
      needs.push_back({field.expressions[use], &found});
  }
  for (const std::size_t expression : field.always) needs.push_back({expression, nullptr});
  std::sort(needs.begin(), needs.end(),
            [](const Need& left, const Need& right) { return left.expression < right.expression; });
  return needs;
}

/// Adds how far hits of an expression reach around the atoms; false where that is not known.
bool Matcher::Parts::add_reaches(std::string_view text, const Field& field, const AtomFinder::Finds& finds,
                                 std::span<const Need> needs, std::vector<Span>& windows) const {
  const HitExtent& extent = entries[needs.front().expression]->extent;
  for (const Need& need : needs) {
    if (need.found == nullptr || need.found->has_more) return false;
    const std::size_t size = field.atoms->octets(need.found->atom);
    for (std::size_t place = need.found->begin; place < need.found->end; ++place) {
      const std::size_t begin = finds.places[place];
      const std::optional<Span> around = reach(text, {begin, begin + size}, extent);
      if (!around) return false;
      windows.push_back(*around);
    }
  }
  return true;
}

/// Adds the windows of the expression of all `needs`. Two that touch become one: what hits first in both must be found first.
void Matcher::Parts::add_windows(std::string_view text, const Field& field, const AtomFinder::Finds& finds,
                                 std::span<const Need> needs, std::vector<Span>& windows) const {
  const std::size_t first = windows.size();
  if (!add_reaches(text, field, finds, needs, windows)) {
    windows.resize(first);
    windows.push_back({0, text.size()});
    return;
  }
  const auto begin = windows.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, windows.end(), [](Span left, Span right) { return left.begin < right.begin; });
  auto last = begin;
  for (auto next = begin + 1; next != windows.end(); ++next) {
    if (next->begin <= last->end) {
      last->end = std::max(last->end, next->end);
    } else {
      *++last = *next;
    }
  }
  windows.erase(last + 1, windows.end());
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

Matcher::Candidates Matcher::candidates(std::string_view field, std::string_view text,
                                        std::string_view language) const {
  Candidates found;
  const auto of_field = parts_->by_field.find(field);
  if (of_field == parts_->by_field.end()) return found;
  const Parts::Field& own = of_field->second;
  const AtomFinder::Finds finds = own.atoms->find(text);
  const std::vector<Parts::Need> needs = parts_->needs(own, finds);
  for (std::size_t first = 0, next = 0; first < needs.size(); first = next) {
    const std::size_t expression = needs[first].expression;
    while (next < needs.size() && needs[next].expression == expression) ++next;
    if (!speaks(parts_->expressions[expression], language)) continue;
    const std::size_t begin = found.windows.size();
    parts_->add_windows(text, own, finds, std::span(needs).subspan(first, next - first), found.windows);
    found.expressions.push_back({expression, begin, found.windows.size()});
  }
  return found;
}

bool Matcher::is_hit(std::size_t index, std::string_view text, std::span<const Span> windows) const {
  const re2::StringPiece piece(text.data(), text.size());
  const re2::RE2& expression = *parts_->entries[index]->compiled;
  return std::any_of(windows.begin(), windows.end(), [&](Span window) {
    return expression.Match(piece, window.begin, window.end, re2::RE2::UNANCHORED, nullptr, 0);
  });
}

std::vector<Span> Matcher::spans(std::size_t index, std::string_view text, std::span<const Span> windows,
                                 std::size_t most) const {
  std::vector<Span> spans;
  for (Span window : windows) {
    while (spans.size() < most && window.begin <= window.end) {
      const std::optional<Span> span = find_within(*parts_->entries[index]->compiled, text, window);
      if (!span) break;
      spans.push_back(*span);
      window.begin = std::max(span->end, window.begin + 1);
    }
  }
  return spans;
}

}  // namespace coldpitch
