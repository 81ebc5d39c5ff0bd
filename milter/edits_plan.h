// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/result_fields.h"

namespace coldpitch {

/// How the milter answers at end of message.
enum class Disposition : std::uint8_t { accept, reject, discard, tempfail };

/// What an MTA agreed to at negotiation.
struct MtaOffer {
  bool leading_space = false, skip = false, add_fields = false, change_fields = false, quarantine = false,
       add_recipients = false, delete_recipients = false;

  [[nodiscard]] static MtaOffer everything() { return {true, true, true, true, true, true, true}; }
};

/// The facts about a received message that edits depend on.
struct ReceivedMessage {
  std::vector<std::string> field_names;    ///< of its header fields, in order
  std::optional<std::string> raw_subject;  ///< body of its first Subject field, as the MTA holds it
  std::vector<std::string>
      recipient_paths;  ///< RCPT TO as written, brackets and all; the same as Judgement::recipients, in order
  bool smtputf8 = false;  ///< the client takes replies in UTF-8
};

/// One incoming field to be taken out: its name as written and which of that name (from 1), as SMFIF_CHGHDRS counts.
struct FieldRemoval {
  std::string name;
  std::size_t index = 1;

  bool operator==(const FieldRemoval&) const = default;
};

/// Everything to be done to one message, collected before anything is done.
///
/// Applied in the order of the members. An MTA that loses the milter half-way may deliver what was done so far, so every prefix of it
/// is a sound message: forged fields go first; X-Cold-Pitch comes last of the fields, and nothing acts without it; a recipient is
/// added before any is taken away.
struct EditsPlan {
  std::vector<FieldRemoval>
      removals;  ///< highest index of a name first: Sendmail and Postfix then agree on what they mean
  std::vector<ResultField> additions;           ///< on top, in this order
  std::string subject;                          ///< new body of the first Subject field; "" leaves it
  bool subject_absent = false;                  ///< `subject` is to be added: there is no such field
  std::vector<std::string> added_recipients;    ///< with angle brackets
  std::vector<std::string> deleted_recipients;  ///< as in ReceivedMessage::recipient_paths
  std::string quarantine;                       ///< reason to hold it for, printable ASCII; "" for none
  Disposition disposition = Disposition::accept;
  std::string
      reply;  ///< text behind "550 5.7.1 ", under 400 octets; '%' not yet doubled; ASCII unless the client takes UTF-8

  bool operator==(const EditsPlan&) const = default;
};

/// Lowers the action of every recipient to what `offer` can do: an action the MTA did not agree to becomes `annotate`. Chooses the
/// mildest anew. Returns what was missing ("quarantine", "add-recipients", ...), each once; also "add-fields" and "change-fields"
/// where they are, since plan_edits() then leaves those edits out.
std::vector<std::string_view> degrade(Judgement& judgement, const MtaOffer& offer);

/// The plan for a judged message. Outbound mail is left as it is: an empty plan. A message that is refused or thrown away is not
/// edited. Pure.
[[nodiscard]] EditsPlan plan_edits(const Judgement& judgement, const Config& config,
                                   const ReceivedMessage& received, const MtaOffer& offer);

/// Just the removal of forged result fields.
[[nodiscard]] std::vector<FieldRemoval> plan_removals(const std::vector<std::string>& incoming);

/// What is wrong with `plan` ("" for nothing): edits that contradict each other, or texts no MTA may be given (CR, NUL, a line feed that
/// is no fold, a line over 998 octets). A plan of plan_edits() has none; this is the last look before anything is done.
[[nodiscard]] std::string conflict_in(const EditsPlan& plan);

}  // namespace coldpitch
