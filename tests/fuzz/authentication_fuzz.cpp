// SPDX-License-Identifier: MIT
// Authentication-Results and DKIM-Signature on any octets.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/authentication.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const AuthenticationResults results = parse_authentication_results(body);
  if (results.results.size() > 100) std::abort();
  if (results.authserv_id != to_ascii_lower(results.authserv_id)) std::abort();
  const DkimSignature signature = parse_dkim_signature(body);
  if (signature.domain != to_ascii_lower(signature.domain)) std::abort();
  const Header header({{"Authentication-Results", std::string(body)}});
  const Authentication nobody = trusted_authentication(header, {});
  if (nobody.checked) std::abort();
  return 0;
}
