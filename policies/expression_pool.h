// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policies/atom_finder.h"
#include "policies/automata.h"
#include "policies/hit_extent.h"

namespace coldpitch {

/// The expressions of all policies that are loaded together: each is compiled once, and once looked at for what is wrong with it,
/// however many rules and policies have it. Not thread-safe.
class ExpressionPool {
 public:
  struct Entry {
    const Automata::Expression* compiled = nullptr;  ///< the pool's; nullptr when RE2 refuses it
    std::string refusal;                             ///< RE2's words, of a refused one
    std::vector<AtomFinder::Atom> pieces;  ///< of a compiled one: all its texts, else expression_pieces()
    HitExtent extent;                      ///< of a compiled one
    std::optional<std::vector<std::string>> faults = std::nullopt;  ///< once asked for: expression_faults()
    std::optional<bool> is_broad = std::nullopt;  ///< once asked for: hits_almost_any_text()
  };

  ExpressionPool();
  ~ExpressionPool();
  ExpressionPool(ExpressionPool&& other) noexcept;
  ExpressionPool& operator=(ExpressionPool&& other) noexcept;

  /// The entry of `expression`, compiled now if it was not. Valid as long as the pool.
  Entry& add(const std::string& expression);

 private:
  std::unique_ptr<Automata> automata_ = std::make_unique<Automata>();
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace coldpitch
