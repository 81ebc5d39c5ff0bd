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

  /// Applies `plan` in the order documented there. On an error (`temporary`: the MTA is gone or refused an edit) the message must be
  /// answered with a temporary failure, so that no half-edited message is delivered.
  [[nodiscard]] Result<void> apply(const EditsPlan& plan);

 private:
  [[nodiscard]] Result<void> change(const char* name, std::size_t index, const std::string* body);
  [[nodiscard]] Result<void> insert_on_top(const std::string& name, const std::string& body);

  smfi_str* context_;
  bool leading_space_kept_;
};

}  // namespace coldpitch
