// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace coldpitch {

/// Numbers by address, by domain with all below it, or by "*" for all. Looking one up takes the same time however many there are.
class AddressMap {
 public:
  struct Match {
    std::size_t value;
    std::size_t rank;  ///< 1 by "*"; more for a domain, the longer the more; kAddressRank for an address
  };
  static constexpr std::size_t kAddressRank = std::size_t{1} << 20U;

  /// What is wrong with an entry, or "". An entry is "user@example.net", "example.net" (also written "@example.net"), "*", or
  /// "linkedin.com/in/NAME": one person on LinkedIn.
  [[nodiscard]] static std::string fault_of(std::string_view entry);

  /// Letters are taken without case. False when the entry is there already; it keeps its value.
  bool add(std::string_view entry, std::size_t value = 0);
  /// The most exact entry for `address` (lower case, or "").
  [[nodiscard]] std::optional<Match> find(std::string_view address) const;
  /// The entry of a person on LinkedIn, by the last part of the profile's address.
  [[nodiscard]] std::optional<Match> find_person(std::string_view name) const;
  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> values_;
};

}  // namespace coldpitch
