// SPDX-License-Identifier: MIT
// In place of dkim_verifier.cpp where libopendkim or libunbound is not there.
#include "milter/dkim_verifier.h"

namespace coldpitch {

bool has_dkim_verification() { return false; }

std::shared_ptr<const DkimVerifier> make_dkim_verifier(DkimKeySource /*source*/,
                                                       std::chrono::milliseconds /*dns_timeout*/) {
  return nullptr;
}

std::shared_ptr<const DkimVerifier> make_dkim_verifier(std::chrono::milliseconds /*dns_timeout*/) {
  return nullptr;
}

}  // namespace coldpitch
