// SPDX-License-Identifier: MIT
#include "parsers/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// Longer ones name no charset.
constexpr std::size_t kMaxLabelOctets = 64;

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

/// The label without what mail wraps around it: blanks, quotes, "charset=", a comment or parameter behind.
std::string clean_label(std::string_view label) {
  constexpr std::string_view kPrefix = "charset=";
  const auto skip_junk = [&] {
    while (!label.empty() && !is_ascii_alnum(label.front())) label.remove_prefix(1);
  };
  skip_junk();
  while (starts_with_ignoring_case(label, kPrefix)) {
    label.remove_prefix(kPrefix.size());
    skip_junk();
  }
  const auto is_inside = [](char octet) {
    return is_ascii_alnum(octet) || std::string_view("-_.:+").find(octet) != std::string_view::npos;
  };
  const auto end = std::find_if_not(label.begin(), label.end(), is_inside);
  label = label.substr(0, static_cast<std::size_t>(end - label.begin()));
  return label.size() > kMaxLabelOctets ? std::string() : to_ascii_lower(label);
}

/// Names ICU does not know, and names whose mail is written in a larger set than they say.
std::string_view converter_name(std::string_view label) {
  using Alias = std::pair<std::string_view, std::string_view>;
  static constexpr std::array kAliases{
      Alias{"ansi", "windows-1252"},
      Alias{"cn-gb", "gb18030"},
      Alias{"cp65001", "utf-8"},
      Alias{"cp949", "windows-949"},
      Alias{"euc-cn", "gb18030"},
      Alias{"euc-kr", "windows-949"},
      Alias{"euc_kr", "windows-949"},
      Alias{"gb2312", "gb18030"},
      Alias{"gb_2312-80", "gb18030"},
      Alias{"gbk", "gb18030"},
      Alias{"iso-8859-11", "windows-874"},
      Alias{"iso-8859-9", "windows-1254"},
      Alias{"iso-gb2312", "gb18030"},
      Alias{"iso8859-9", "windows-1254"},
      Alias{"ksc5601", "windows-949"},
      Alias{"utf-8-mac", "utf-8"},
      Alias{"utf-8-sig", "utf-8"},
      Alias{"utf-8mb4", "utf-8"},
      Alias{"utf8mb4", "utf-8"},
      Alias{"win-1250", "windows-1250"},
      Alias{"win-1251", "windows-1251"},
      Alias{"win-1252", "windows-1252"},
      Alias{"win1250", "windows-1250"},
      Alias{"win1251", "windows-1251"},
      Alias{"win1252", "windows-1252"},
      Alias{"windows-936", "gb18030"},
      Alias{"x-cp1250", "windows-1250"},
      Alias{"x-cp1251", "windows-1251"},
      Alias{"x-cp1252", "windows-1252"},
      Alias{"x-gbk", "gb18030"},
      Alias{"x-windows-949", "windows-949"},
  };
  const auto* const found =
      std::find_if(kAliases.begin(), kAliases.end(), [&](const auto& alias) { return alias.first == label; });
  return found == kAliases.end() ? label : found->second;
}

/// The converter for a cleaned label, or null. The alias table is asked first: ICU would look for a
/// file of that name otherwise.
Converter open_converter(const std::string& label) {
  if (label.empty()) return nullptr;
  const std::string name(converter_name(label));
  UErrorCode status = U_ZERO_ERROR;
  if (ucnv_countAliases(name.c_str(), &status) == 0 || U_FAILURE(status)) return nullptr;
  status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status));
  return U_SUCCESS(status) ? std::move(converter) : nullptr;
}

/// Writes U+FFFD for octets that do not fit (ICU's own callback writes U+001A for single ones). `context` is
/// the flag to raise. Irregular are only shifts without text between them (UTR 36), as two joined
/// encoded-words of ISO-2022-JP have: they stand for nothing.
void substitute(const void* context, UConverterToUnicodeArgs* arguments, const char* /*octets*/,
                int32_t /*length*/, UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;
  *status = U_ZERO_ERROR;
  if (reason == UCNV_IRREGULAR) return;
  constexpr UChar kReplacement = 0xFFFD;
  **static_cast<bool* const*>(context) = true;
  ucnv_cbToUWriteUChars(arguments, &kReplacement, 1, 0, status);
}

/// Everything through `source`, at most `limit` octets of UTF-8.
std::string convert(std::string_view octets, UConverter* source, std::size_t limit, Problems& problems) {
  UErrorCode status = U_ZERO_ERROR;
  const Converter target(ucnv_open("UTF-8", &status));
  bool malformed = false;
  bool* flag = &malformed;
  ucnv_setToUCallBack(source, substitute, &flag, nullptr, nullptr, &status);
  if (U_FAILURE(status)) return to_valid_utf8(octets);

  std::string utf8;
  std::array<char, 4096> piece{};
  std::array<UChar, 1024> pivot{};
  UChar* pivot_from = pivot.data();
  UChar* pivot_to = pivot.data();
  const char* from = octets.data();
  bool first = true;
  do {
    status = U_ZERO_ERROR;
    char* to = piece.data();
    ucnv_convertEx(target.get(), source, &to, piece.data() + piece.size(), &from,
                   octets.data() + octets.size(), pivot.data(), &pivot_from, &pivot_to,
                   pivot.data() + pivot.size(), static_cast<UBool>(first), true, &status);
    utf8.append(piece.data(), to);
    first = false;
  } while (status == U_BUFFER_OVERFLOW_ERROR && utf8.size() <= limit);
  if (malformed || (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR))
    problems.add("charset-malformed");
  if (utf8.size() > limit) {
    problems.add("charset-output");
    utf8.resize(utf8_prefix(utf8, limit).size());
  }
  return utf8;
}

bool is_ascii(std::string_view octets) { return find_non_ascii(octets, 0) == octets.size(); }

std::string decode_utf8(std::string_view octets, Problems& problems) {
  if (is_valid_utf8(octets)) return std::string(octets);
  problems.add("charset-malformed");
  return to_valid_utf8(octets);
}

std::string decode_windows_1252(std::string_view octets, std::size_t limit, Problems& problems) {
  if (is_ascii(octets)) return std::string(octets);
  const Converter converter = open_converter("windows-1252");
  return converter ? convert(octets, converter.get(), limit, problems) : decode_utf8(octets, problems);
}

/// For octets whose label says nothing true about them.
std::string decode_by_guess(std::string_view octets, std::size_t limit, Problems& problems) {
  if (is_valid_utf8(octets)) return std::string(octets);
  return decode_windows_1252(octets, limit, problems);
}

std::string decode_ascii(std::string_view octets, std::size_t limit, Problems& problems) {
  if (is_ascii(octets)) return std::string(octets);
  problems.add("charset-8bit");
  return decode_by_guess(octets, limit, problems);
}

/// Text that does not fit its label, but is UTF-8 throughout, is UTF-8: gateways convert the text and leave the label.
std::string decode_or_utf8(std::string_view octets, UConverter* source, std::size_t limit,
                           Problems& problems) {
  std::string text = convert(octets, source, limit, problems);
  const bool fits = text.find("\xEF\xBF\xBD") == std::string::npos;
  return fits || is_ascii(octets) || !is_valid_utf8(octets) ? std::move(text) : std::string(octets);
}

/// "utf-16" says nothing about the order of octets. RFC 2781 takes big-endian where no byte order mark tells, but what writes no
/// mark is little-endian, mostly: the order in which more characters are ASCII counts, little-endian when both are equal.
std::string_view utf16_order(std::string_view octets) {
  if (octets.starts_with("\xFE\xFF") || octets.starts_with("\xFF\xFE")) return "utf-16";
  std::size_t high_first = 0;
  std::size_t low_first = 0;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    if (octets[i] == '\0') ++high_first;
    if (octets[i + 1] == '\0') ++low_first;
  }
  return high_first > low_first ? "utf-16be" : "utf-16le";
}

bool is_utf16_without_order(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "utf-16", "utf16", "utf_16"});
  return std::binary_search(kNames.begin(), kNames.end(), name);
}

std::string decode(std::string_view octets, std::string_view label, Problems& problems) {
  const std::size_t limit = 4 * octets.size() + 16;
  if (trim(label).empty()) return decode_ascii(octets, limit, problems);
  std::string name = clean_label(label);
  if (is_utf16_without_order(name)) name = utf16_order(octets);
  // The two names most mail has need no converter.
  if (name == "us-ascii") return decode_ascii(octets, limit, problems);
  if (name == "utf-8") return decode_utf8(octets, problems);

  const Converter converter = open_converter(name);
  if (!converter) {
    problems.add("charset-unknown");
    return decode_by_guess(octets, limit, problems);
  }
  switch (ucnv_getType(converter.get())) {
    case UCNV_US_ASCII:
      return decode_ascii(octets, limit, problems);
    case UCNV_UTF8:
      return decode_utf8(octets, problems);
    case UCNV_LATIN_1:
      // Mail programs put curly quotes of windows-1252 under this label, and all readers show them.
      return decode_windows_1252(octets, limit, problems);
    default:
      return decode_or_utf8(octets, converter.get(), limit, problems);
  }
}

}  // namespace

std::string to_utf8(std::string_view octets, std::string_view label, Problems& problems) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string utf8 = decode(octets, label, problems);
  if (utf8.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0) utf8.erase(0, kByteOrderMark.size());
  return utf8;
}

}  // namespace coldpitch
