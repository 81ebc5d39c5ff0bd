// SPDX-License-Identifier: MIT
#pragma once

#include "milter/edits_plan.h"
#include "parsers/result.h"

struct smfi_str;

namespace coldpitch {

/// Proof that the MTA waits at end of message, the only point where it takes edits (xxfi_eom).
class EndOfMessage {
 public:
  /// To be made by the end-of-message callback alone, and not kept beyond it.
  EndOfMessage(smfi_str* context, bool leading_space_kept) noexcept
      : context_(context), leading_space_kept_(leading_space_kept) {}
  EndOfMessage(const EndOfMessage&) = delete;
  EndOfMessage& operator=(const EndOfMessage&) = delete;

  /// Applies `plan` in the order documented there. Errors: `permanent` when the plan contradicts itself (conflict_in()): nothing was
  /// done; `temporary` when the MTA is gone or refused an edit: the message must be answered with a temporary failure, so that no
  /// half-edited one is delivered.
  [[nodiscard]] Result<void> apply(const EditsPlan& plan);

 private:
  [[nodiscard]] Result<void> edit_fields(const EditsPlan& plan);
  [[nodiscard]] Result<void> edit_recipients(const EditsPlan& plan);
  [[nodiscard]] Result<void> change(const char* name, std::size_t index, const std::string* body);
  [[nodiscard]] Result<void> insert_on_top(const std::string& name, const std::string& body);
  void set_reply(const std::string& text);

  smfi_str* context_;
  bool leading_space_kept_;
};

}  // namespace coldpitch
