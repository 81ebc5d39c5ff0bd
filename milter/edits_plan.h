// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "milter/result_fields.h"

namespace coldpitch {

/// How the milter answers at end of message.
enum class Disposition : std::uint8_t { accept, reject, tempfail };

/// One incoming field to be taken out: its name as written and which of that name (from 1), as SMFIF_CHGHDRS counts.
struct FieldRemoval {
  std::string name;
  std::size_t index = 1;

  bool operator==(const FieldRemoval&) const = default;
};

/// Everything to be done to one message, collected before anything is done. Applied in this order: removals, subject, additions,
/// quarantine, answer.
struct EditsPlan {
  std::vector<FieldRemoval>
      removals;         ///< highest index of a name first: Sendmail and Postfix then agree on what they mean
  std::string subject;  ///< new body of the first Subject field; "" leaves it
  bool subject_absent = false;         ///< `subject` is to be added: there is no such field
  std::vector<ResultField> additions;  ///< on top, in this order
  std::string quarantine;              ///< reason; "" for none
  Disposition disposition = Disposition::accept;
  std::string reply;  ///< text behind "550 5.7.1 "; printable ASCII without '%', under 400 octets

  bool operator==(const EditsPlan&) const = default;
};

/// The plan for a judged message. `incoming` are the names of its header fields in order, `raw_subject` the body of its first
/// Subject field (nullptr: none). Pure.
[[nodiscard]] EditsPlan plan_edits(const Judgement& judgement, const Config& config,
                                   const std::vector<std::string>& incoming, const std::string* raw_subject);

/// Just the removal of forged result fields: what outbound and unjudged mail gets too.
[[nodiscard]] std::vector<FieldRemoval> plan_removals(const std::vector<std::string>& incoming);

}  // namespace coldpitch
