// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/verdict.h"

namespace coldpitch {

/// Words for people in one language: a file `messages/XX.yaml`.
struct Catalogue {
  std::string language;  ///< ISO 639-1
  /// What a refusal says, with "{clause}" and "{policy}" for their ids.
  std::string refusal;
  /// Words of policies, by what they are in the policy. A reason that is changed in a policy is said as it stands there.
  std::map<std::string, std::string, std::less<>> reasons;
};

/// Reads a catalogue. Keys: `language`, `refusal`, `reasons`, no others; each text one line of at most 300 octets. nullopt with
/// diagnostics when something is wrong.
[[nodiscard]] std::optional<Catalogue> load_catalogue(const std::string& path,
                                                      std::vector<Diagnostic>& diagnostics);

/// The catalogues in force. Immutable, shared by all threads. English is always there: it is what policies are written in.
class Messages {
 public:
  Messages() = default;
  explicit Messages(std::vector<Catalogue> catalogues);

  /// `reasons` as one line, "; " between: each as the policy has it in `language`, else from the catalogue, else in the policy's
  /// own words. UTF-8.
  [[nodiscard]] std::string reason_line(const std::vector<Reason>& reasons, std::string_view language) const;
  /// Why a message is refused, for its sender: the clause that weighs most and `verdict.reason`. UTF-8, one line.
  [[nodiscard]] std::string refusal(const Verdict& verdict, std::string_view language) const;

 private:
  [[nodiscard]] const Catalogue* find(std::string_view language) const;

  std::vector<Catalogue> catalogues_;
};

}  // namespace coldpitch
