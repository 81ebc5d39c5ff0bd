// SPDX-License-Identifier: MIT
#include "policies/automata.h"

#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "policies/exact_texts.h"
#include "policies/word_border.h"

namespace coldpitch {
namespace {

/// Memory RE2 may use for one expression, its automaton included. What needs more is refused.
constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;
/// With an automaton. Where it gets full RE2 begins it anew.
constexpr std::int64_t kKeptMemory = std::int64_t{1} << 19;

re2::RE2::Options options(std::int64_t memory) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  return options;
}

/// RE2 takes a quarter of its memory for the program at most. Given no more than that it finds no room for an automaton, and does
/// without.
std::unique_ptr<const re2::RE2> without_automaton(const std::string& text) {
  constexpr std::int64_t kLeast = std::int64_t{1} << 12;
  constexpr std::int64_t kPerOctet = 96;  // nine of ten of the shipped ones need no more
  std::int64_t memory = std::min(kLeast + kPerOctet * static_cast<std::int64_t>(text.size()), kMaxMemory);
  auto compiled = std::make_unique<const re2::RE2>(text, options(memory));
  while (compiled->error_code() == re2::RE2::ErrorPatternTooLarge && memory < kMaxMemory) {
    memory = std::min(memory * 2, kMaxMemory);
    compiled = std::make_unique<const re2::RE2>(text, options(memory));
  }
  return compiled;
}

std::size_t octets_of(std::span<const Span> windows) {
  return std::accumulate(windows.begin(), windows.end(), std::size_t{0},
                         [](std::size_t sum, Span window) { return sum + window.size(); });
}

std::optional<Span> find_within(const re2::RE2& expression, std::string_view text, Span window) {
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece hit;
  if (!expression.Match(piece, window.begin, window.end, re2::RE2::UNANCHORED, &hit, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(hit.data() - text.data());
  return Span{begin, begin + hit.size()};
}

bool has_borders(const AtomFinder::Atom& atom, std::string_view text, std::size_t at) {
  return (!atom.border_before || is_word_border(text, at)) &&
         (!atom.border_behind || is_word_border(text, at + atom.text.size()));
}

/// Where `atom` stands first within `window`, or npos.
std::size_t find_atom(const AtomFinder::Atom& atom, std::string_view text, Span window) {
  const std::string_view until_end = text.substr(0, window.end);
  std::size_t at = until_end.find(atom.text, window.begin);
  while (at != std::string_view::npos && !has_borders(atom, text, at)) at = until_end.find(atom.text, at + 1);
  return at;
}

std::optional<Span> find_first(const std::vector<AtomFinder::Atom>& texts, std::string_view text,
                               Span window) {
  std::optional<Span> first;
  for (const AtomFinder::Atom& atom : texts) {
    const std::size_t size = atom.text.size();
    // One that begins where the first does, or later, is no better.
    const std::size_t end = first ? std::min(window.end, first->begin + size - 1) : window.end;
    const std::size_t at = find_atom(atom, text, {window.begin, end});
    if (at != std::string_view::npos) first = Span{at, at + size};
  }
  return first;
}

/// Of hits that overlap the one that begins first, of those that begin at one place the one preferred.
std::vector<Span> find_all(const std::vector<AtomFinder::Atom>& texts, std::string_view text, Span window) {
  std::vector<std::tuple<std::size_t, std::size_t, Span>> places;  // begin, rank
  for (std::size_t rank = 0; rank < texts.size(); ++rank) {
    std::size_t at = find_atom(texts[rank], text, window);
    while (at != std::string_view::npos) {
      places.emplace_back(at, rank, Span{at, at + texts[rank].text.size()});
      at = find_atom(texts[rank], text, {at + 1, window.end});
    }
  }
  std::sort(places.begin(), places.end(), [](const auto& left, const auto& right) {
    return std::tie(std::get<0>(left), std::get<1>(left)) < std::tie(std::get<0>(right), std::get<1>(right));
  });
  std::vector<Span> spans;
  for (const auto& [begin, rank, span] : places) {
    if (spans.empty() || begin >= spans.back().end) spans.push_back(span);
  }
  return spans;
}

}  // namespace

Automata::Expression::Expression(const std::string& text, Automata& automata)
    : automata_(automata),
      texts_(exact_texts(text)),
      plain_(texts_.empty() ? without_automaton(text) : nullptr) {}
Automata::Expression::~Expression() = default;

std::string Automata::Expression::refusal() const {
  return plain_ == nullptr || plain_->ok() ? "" : plain_->error();
}

std::shared_ptr<const re2::RE2> Automata::Expression::with_automaton() const {
  const std::int64_t memory = std::max(kKeptMemory, 2 * plain_->options().max_mem());
  return std::make_shared<const re2::RE2>(plain_->pattern(), options(memory));
}

/// nullptr: none is worth it.
std::shared_ptr<const re2::RE2> Automata::Expression::automaton_for(std::span<const Span> windows) const {
  const std::size_t octets = octets_of(windows);
  automata_.count(octets);
  const Lock lock(mutex_);
  octets_ += octets;
  if (kept_ != nullptr || octets_ < kWorth) return kept_;
  if (automata_.may_keep()) return kept_ = with_automaton();
  return octets < kWorth ? nullptr : with_automaton();
}

bool Automata::Expression::hits(std::string_view text, std::span<const Span> windows) const {
  if (!texts_.empty()) {
    return std::any_of(windows.begin(), windows.end(),
                       [&](Span window) { return find_first(texts_, text, window).has_value(); });
  }
  const re2::StringPiece piece(text.data(), text.size());
  const std::shared_ptr<const re2::RE2> automaton = automaton_for(windows);
  const re2::RE2& expression = automaton == nullptr ? *plain_ : *automaton;
  return std::any_of(windows.begin(), windows.end(), [&](Span window) {
    return expression.Match(piece, window.begin, window.end, re2::RE2::UNANCHORED, nullptr, 0);
  });
}

std::vector<Span> Automata::Expression::spans(std::string_view text, std::span<const Span> windows,
                                              std::size_t most) const {
  if (!texts_.empty()) return exact_spans(text, windows, most);
  const std::shared_ptr<const re2::RE2> automaton = automaton_for(windows);
  const re2::RE2& expression = automaton == nullptr ? *plain_ : *automaton;
  std::vector<Span> spans;
  for (Span window : windows) {
    while (spans.size() < most && window.begin <= window.end) {
      const std::optional<Span> span = find_within(expression, text, window);
      if (!span) break;
      spans.push_back(*span);
      window.begin = std::max(span->end, window.begin + 1);
    }
  }
  return spans;
}

std::vector<Span> Automata::Expression::exact_spans(std::string_view text, std::span<const Span> windows,
                                                    std::size_t most) const {
  std::vector<Span> spans;
  for (const Span window : windows) {
    if (spans.size() >= most) break;
    if (most == 1) {
      if (const std::optional<Span> first = find_first(texts_, text, window)) spans.push_back(*first);
    } else {
      const std::vector<Span> all = find_all(texts_, text, window);
      const auto kept = std::min(all.size(), most - spans.size());
      spans.insert(spans.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept));
    }
  }
  return spans;
}

void Automata::Expression::cool() {
  const Lock lock(mutex_);
  octets_ /= 2;
  if (kept_ == nullptr || octets_ >= kWorth / 4) return;
  kept_ = nullptr;
  automata_.give_back();
}

const Automata::Expression& Automata::add(const std::string& text) {
  return *expressions_.emplace_back(std::make_unique<Expression>(text, *this));
}

bool Automata::may_keep() {
  if (kept_.fetch_add(1) < kMost) return true;
  --kept_;
  return false;
}

void Automata::count(std::size_t octets) {
  const std::uint64_t before = read_.fetch_add(octets);
  if (before / kRound == (before + octets) / kRound) return;
  for (const std::unique_ptr<Expression>& expression : expressions_) expression->cool();
}

}  // namespace coldpitch
