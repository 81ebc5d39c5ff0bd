// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"
#include "policies/policy.h"

namespace coldpitch {

/// What is wrong with an entry of a list of that kind, or "". Pure.
[[nodiscard]] std::string list_entry_fault(WordList::Kind kind, std::string_view entry);

/// Finds the entries of lists in folded texts. Immutable once made; thread-safe.
///
/// An entry of words is found where its words stand one after the other, whatever parts them ("acme tools" in "acme-tools,
/// inc."); a domain where a host name or an address is that domain or below it. Cost: linear in the text, whatever the lists' length.
class ListFinder {
 public:
  /// A list looked for in a field; `index` names the pair in the answers.
  struct Use {
    std::size_t index;
    std::string field;
    const WordList* list;
  };
  struct Found {
    std::size_t index;
    std::vector<Span> spans;  ///< rising, in the text
  };
  /// The lists need not outlive the result.
  explicit ListFinder(const std::vector<Use>& uses);
  ~ListFinder();
  ListFinder(const ListFinder&) = delete;
  ListFinder& operator=(const ListFinder&) = delete;

  [[nodiscard]] bool looks_in(std::string_view field) const;
  [[nodiscard]] std::vector<std::string> fields() const;
  /// The uses whose lists have an entry in `text`, by rising index, with the first `most` places of each.
  [[nodiscard]] std::vector<Found> find(std::string_view field, std::string_view text,
                                        std::size_t most) const;

 private:
  struct Index;
  std::map<std::string, std::unique_ptr<const Index>, std::less<>> by_field_;
};

}  // namespace coldpitch
