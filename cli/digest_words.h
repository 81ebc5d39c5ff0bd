// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace coldpitch {

/// What a digest says, in one language. "{count}", "{from}" and "{to}" stand for numbers and days.
struct DigestWords {
  std::string_view language;
  std::string_view subject_one, subject_many;  ///< "{count}"
  std::string_view greeting;                   ///< what this mail is; "{from}", "{to}"
  std::string_view folder;                     ///< heads the list
  std::string_view no_subject;
  std::string_view more;                ///< "{count}" are not listed
  std::string_view keep_title, keep;    ///< how to go on getting a sender's mail
  std::string_view never_title, never;  ///< how never to see a sender again
  std::string_view closing;             ///< nothing was deleted
};

/// The words in `language` (ISO 639-1): en, de, fr, es, it, pt, nl, pl; English for any other.
[[nodiscard]] const DigestWords& digest_words(std::string_view language);

}  // namespace coldpitch
