// SPDX-License-Identifier: MIT
// Folded text is UTF-8 with a way back; words and language of any octets.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/fold.h"
#include "parsers/language.h"
#include "parsers/text.h"
#include "parsers/words.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const FoldedText folded = fold_text(octets);
  if (!is_valid_utf8(folded.text) || folded.text.starts_with(' ') || folded.text.ends_with(' ')) std::abort();
  std::size_t before = 0;
  for (std::size_t i = 0; i < folded.text.size(); ++i) {
    const Span source = folded.source.source_of(Span{i, i + 1}, size);
    if (source.begin < before || source.end > size || source.end < source.begin) std::abort();
    before = source.begin;
  }
  const std::string text = to_valid_utf8(octets);
  (void)has_words(text);
  (void)words_differ(text, folded.text);
  const std::string language = detect_language(text);
  if (!language.empty() && language != to_ascii_lower(language)) std::abort();
  if (!is_valid_utf8(printable(octets))) std::abort();
  return 0;
}
