// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"

namespace coldpitch {

/// Mild to severe; the order is meant.
enum class Level : std::uint8_t { none, suspect, pitch, repeat_pitch };

/// How a message reached us, which decides what may judge it.
enum class Channel : std::uint8_t { linkedin, direct, list, outbound, exempt };

[[nodiscard]] std::string_view to_string(Level level);
[[nodiscard]] std::optional<Level> level_from(std::string_view name);
[[nodiscard]] std::string_view to_string(Channel channel);

/// One thing that counted, with the words that show it.
struct Evidence {
  std::string rule, clause, policy, group;
  double weight =
      0;  ///< as counted: 0 for a shadow rule, a rule whose group was counted already, and further words of one rule
  bool shadow = false;
  std::string where;  ///< "subject", "body", "sender", "headline", "links", "header", "history", "envelope"
  std::size_t offset = 0,
              length = 0;  ///< octets in the text of `where` (subject, body, sender, headline), else 0
  std::string text;        ///< the words as they stand there; "" for facts that are no words

  bool operator==(const Evidence&) const = default;
};

/// What a clause came to.
struct ClauseScore {
  std::string id, policy;
  double score = 0;
  bool operator==(const ClauseScore&) const = default;
};

/// Why, in a few words for people.
struct Reason {
  std::string text;  ///< as the policy has it; English unless the policy is in another language
  std::map<std::string, std::string, std::less<>>
      in;                ///< by language (ISO 639-1), where the policy gives several
  std::string detail{};  ///< what stands for kDetailPlace in the words: a date or a count, "" for none

  bool operator==(const Reason&) const = default;
};
inline constexpr std::string_view kDetailPlace = "{detail}";

/// `words`, the text of `reason` in some language, with its detail filled in; "?" where there is none.
[[nodiscard]] std::string with_detail(std::string words, const Reason& reason);

/// The judgement of one message for one recipient.
struct Verdict {
  Level level = Level::none;
  Channel channel = Channel::direct;
  double score = 0;
  double threshold = 0;              ///< of `pitch`
  std::vector<ClauseScore> clauses;  ///< positive ones, highest first
  std::vector<Evidence> evidence;    ///< highest weight first, counter-evidence and shadows last
  std::vector<Reason> reasons;       ///< of the heaviest rules; none below `suspect`
  std::string reason;                ///< these as one line, in the recipient's language; "" for none
  std::string exempt_because;  ///< why it was not judged ("authenticated-user", "known-contact" ...), else ""

  bool operator==(const Verdict&) const = default;
};

}  // namespace coldpitch
