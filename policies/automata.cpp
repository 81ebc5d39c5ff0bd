// SPDX-License-Identifier: MIT
#include "policies/automata.h"

#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace coldpitch {
namespace {

/// Memory RE2 may use for one expression, its automaton included. What needs more is refused.
constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;
/// With an automaton. Where it gets full RE2 begins it anew.
constexpr std::int64_t kKeptMemory = std::int64_t{1} << 17;

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

}  // namespace

Automata::Expression::Expression(const std::string& text, Automata& automata)
    : automata_(automata), plain_(without_automaton(text)) {}
Automata::Expression::~Expression() = default;

std::string Automata::Expression::refusal() const { return plain_->ok() ? "" : plain_->error(); }

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
  const re2::StringPiece piece(text.data(), text.size());
  const std::shared_ptr<const re2::RE2> automaton = automaton_for(windows);
  const re2::RE2& expression = automaton == nullptr ? *plain_ : *automaton;
  return std::any_of(windows.begin(), windows.end(), [&](Span window) {
    return expression.Match(piece, window.begin, window.end, re2::RE2::UNANCHORED, nullptr, 0);
  });
}

std::vector<Span> Automata::Expression::spans(std::string_view text, std::span<const Span> windows,
                                              std::size_t most) const {
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
