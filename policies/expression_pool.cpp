// SPDX-License-Identifier: MIT
#include "policies/expression_pool.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "policies/atom_finder.h"

namespace coldpitch {
namespace {

/// Memory RE2 may use for one expression, its automaton included; shipped ones need a few KB.
constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  return options;
}

/// Of one expression: whether a text that holds of its atoms only `present` may hit.
bool may_hit(const re2::FilteredRE2& expression, const std::vector<int>& present) {
  std::vector<int> passed;
  expression.AllPotentials(present, &passed);
  return !passed.empty();
}

/// RE2 tells which atoms stand in a hit by a formula of "all of" and "one of", which it answers but does not show. Of its atoms the
/// shortest are left out as long as no text without the others passes.
std::vector<std::string> pieces_of(re2::FilteredRE2& expression) {
  std::vector<std::string> atoms;
  expression.Compile(&atoms);
  if (atoms.empty() || may_hit(expression, {})) return {};
  std::vector<std::size_t> order(atoms.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return atoms[left].size() < atoms[right].size();
  });
  std::vector<int> left_out;
  std::vector<std::string> pieces;
  for (const std::size_t atom : order) {
    left_out.push_back(static_cast<int>(atom));
    if (!may_hit(expression, left_out)) continue;
    left_out.pop_back();
    pieces.push_back(std::move(atoms[atom]));
  }
  return pieces;
}

}  // namespace

ExpressionPool::ExpressionPool() = default;
ExpressionPool::~ExpressionPool() = default;
ExpressionPool::ExpressionPool(ExpressionPool&& other) noexcept = default;
ExpressionPool& ExpressionPool::operator=(ExpressionPool&& other) noexcept = default;

ExpressionPool::Entry& ExpressionPool::add(const std::string& expression) {
  const auto [place, is_new] = entries_.try_emplace(expression);
  Entry& entry = place->second;
  if (!is_new) return entry;
  auto filtered = std::make_unique<re2::FilteredRE2>(static_cast<int>(AtomFinder::kMinOctets));
  int index = 0;
  if (filtered->Add(expression, options(), &index) == re2::RE2::NoError) {
    entry.pieces = pieces_of(*filtered);
    entry.extent = hit_extent(expression);
    entry.compiled = &filtered->GetRE2(index);
    compiled_.push_back(std::move(filtered));
  } else {
    entry.refusal = re2::RE2(expression, options()).error();
  }
  return entry;
}

}  // namespace coldpitch
