// SPDX-License-Identifier: MIT
// Header fields on their own: encoded-words, addresses, parameters, dates, message ids.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/address.h"
#include "parsers/content_type.h"
#include "parsers/date.h"
#include "parsers/encoded_word.h"
#include "parsers/fold.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  Problems problems;
  const std::string decoded = decode_encoded_words(body, problems);
  if (!is_valid_utf8(decoded) || decoded.find('\n') != std::string::npos) std::abort();
  const FoldedText folded = fold_text(decoded);
  if (!is_valid_utf8(folded.text)) std::abort();
  const Span whole = folded.source.source_of(Span{0, folded.text.size()}, decoded.size());
  if (whole.end > decoded.size() || whole.begin > whole.end) std::abort();
  for (const Mailbox& mailbox : parse_address_list(body, Limits{}, problems)) {
    if (!is_valid_utf8(mailbox.display_name)) std::abort();
    if (mailbox.domain.find('>') != std::string::npos) std::abort();
  }
  (void)parse_envelope_address(body);
  for (const auto& [name, value] : parse_parameterised(body, problems).parameters) {
    if (name != to_ascii_lower(name)) std::abort();
  }
  if (parse_message_ids(body).size() > 200) std::abort();
  (void)parse_date(body);
  return 0;
}
