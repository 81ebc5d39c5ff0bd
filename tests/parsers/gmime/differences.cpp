// SPDX-License-Identifier: MIT
#include "tests/parsers/gmime/differences.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "parsers/header.h"
#include "parsers/text.h"

namespace coldpitch::test {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool same_place(const ReadPart& left, const ReadPart& right) {
  return left.depth == right.depth && left.type == right.type;
}

bool same_tree(const Comparison& c) {
  return std::equal(c.ours.parts.begin(), c.ours.parts.end(), c.gmime.parts.begin(), c.gmime.parts.end(),
                    same_place);
}

bool same_text(const Comparison& c) {
  return std::equal(c.ours.parts.begin(), c.ours.parts.end(), c.gmime.parts.begin(), c.gmime.parts.end(),
                    [](const ReadPart& left, const ReadPart& right) { return left.text == right.text; });
}

/// True when `rest` is `text` with characters left out.
bool is_left_of(std::string_view rest, std::string_view text) {
  for (const char octet : text) {
    if (!rest.empty() && rest.front() == octet) rest.remove_prefix(1);
  }
  return rest.empty();
}

/// U+0080 to U+009F: what windows-1252 has in places where ISO 8859-1 has control octets nobody writes.
bool holds_c1(std::string_view utf8) {
  for (std::size_t at = utf8.find('\xC2'); at != std::string_view::npos; at = utf8.find('\xC2', at + 1)) {
    if (at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) <= 0x9F) return true;
  }
  return false;
}

std::size_t count_fields(std::string_view octets, std::string_view name) {
  Problems ignored;
  return parse_header_block(octets, Limits{}.header_octets, Limits{}, ignored).header.all(name).size();
}

/// Without what either writes for octets that are no characters.
std::string without_replacements(std::string_view text) {
  std::string plain;
  for (; !text.empty(); text.remove_prefix(text.starts_with(kReplacement) ? kReplacement.size() : 1)) {
    if (!text.starts_with(kReplacement) && text.front() != '?') plain += text.front();
  }
  return plain;
}

/// What iconv and ICU disagree about in Japanese and Chinese sets, as ICU (and every browser) has it.
std::string with_browser_forms(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
      {"\u301C", "\uFF5E"}, {"\u2212", "\uFF0D"}, {"\u2016", "\u2225"},
      {"\u00A2", "\uFFE0"}, {"\u00A3", "\uFFE1"}, {"\u00AC", "\uFFE2"}};
  for (const auto& [one, other] : kPairs) {
    for (std::size_t at = text.find(one); at != std::string::npos; at = text.find(one, at + other.size())) {
      text.replace(at, one.size(), other);
    }
  }
  return text;
}

std::string without_question_marks(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '?');
  return plain;
}

std::string only_ascii(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, [](char octet) { return (octet & '\x80') != 0; });
  return plain;
}

std::string_view explain_parts(const Comparison& c) {
  if (c.gmime.parts.empty() && c.problems.has("header-junk")) return "no-header";
  if (c.problems.has("mime-depth")) return "nesting";
  if (c.problems.has("encoded-message")) return "encoded-message";
  if (c.problems.has("encoded-multipart")) return "encoded-multipart";
  if (count_fields(c.octets, "Content-Type") > 1) return "repeated-field";
  if (holds(c.octets, "\r\r\n")) return "line-ends";
  const std::size_t both = std::min(c.ours.parts.size(), c.gmime.parts.size());
  std::size_t at = 0;
  while (at < both && same_place(c.ours.parts[at], c.gmime.parts[at])) ++at;
  // The first place where the trees part.
  const ReadPart none;
  const ReadPart& ours = at < c.ours.parts.size() ? c.ours.parts[at] : none;
  const ReadPart& gmime = at < c.gmime.parts.size() ? c.gmime.parts[at] : none;
  if (gmime.type == "application/octet-stream" && ours.type == "text/plain") return "no-type";
  const bool is_childless = at + 1 >= c.gmime.parts.size() || c.gmime.parts[at + 1].depth <= gmime.depth;
  if (gmime.type.starts_with("multipart/") && ours.type == "text/plain" && is_childless)
    return "empty-multipart";
  if (gmime.type.starts_with("multipart/") && c.problems.has("boundary-missing")) return "empty-boundary";
  const bool has_parent = at > 0 && at <= both;
  const ReadPart& before = has_parent ? c.ours.parts[at - 1] : none;
  if (before.type == "message/rfc822" && ours.depth == before.depth + 1) return "empty-message";
  if (ours.type == "text/plain" && ours.octets.empty()) return "empty-part";
  if (c.problems.has("header-junk")) return "header-junk";
  if (c.problems.has("boundary-unclosed")) return "unclosed";
  return c.problems.has("parameter-malformed") ? "parameter" : "";
}

std::string_view explain_octets(const Comparison& c, const ReadPart& ours, const ReadPart& gmime) {
  if (c.problems.has("header-junk")) return "header-junk";
  if (!holds(c.octets, "\n")) return "line-ends";
  if (c.problems.has("base64-after-padding")) return "after-base64";
  if (ours.octets.size() == gmime.octets.size() + 1 && ours.octets.starts_with(gmime.octets))
    return "base64-bits";
  if (holds(gmime.octets, "=")) return "soft-break";
  return c.problems.has("boundary-missing") ? "not-split" : "";
}

/// The octets are the same.
std::string_view explain_charset(const Comparison& c, const ReadPart& ours, const ReadPart& gmime) {
  if (holds_c1(gmime.text) && is_valid_utf8(gmime.text)) return "windows-1252";
  if (gmime.text.starts_with("\xEF\xBB\xBF")) return "byte-order-mark";
  if (!is_valid_utf8(gmime.text)) return "gmime-undecoded";
  if (without_replacements(ours.text) == without_replacements(gmime.text)) return "replacement";
  if (is_left_of(without_question_marks(gmime.text), ours.text)) return "gmime-drops";
  if (with_browser_forms(gmime.text) == with_browser_forms(ours.text)) return "browser-forms";
  if (gmime.text == gmime.octets) return "gmime-unknown";
  if (holds(gmime.text, "+A") && !holds(ours.text, "+A")) return "utf-7";
  return c.problems.has("charset-8bit") || c.problems.has("charset-malformed") ? "charset-guess" : "";
}

/// Every part that differs must be explained; the first tells the class.
std::string_view explain_text(const Comparison& c) {
  if (!same_tree(c)) return "other-parts";
  std::string_view reason;
  for (std::size_t i = 0; i < c.ours.parts.size(); ++i) {
    const ReadPart& ours = c.ours.parts[i];
    const ReadPart& gmime = c.gmime.parts[i];
    if (ours.text == gmime.text) continue;
    const auto why =
        ours.octets == gmime.octets ? explain_charset(c, ours, gmime) : explain_octets(c, ours, gmime);
    if (why.empty()) return why;
    if (reason.empty()) reason = why;
  }
  return reason;
}

std::string_view explain_subject(const Comparison& c) {
  if (count_fields(c.octets, "Subject") > 1) return "repeated-field";
  if (c.gmime.subject.empty() && c.problems.has("header-junk")) return "no-header";
  if (c.problems.has("field-octets")) return "field-octets";
  if (holds_c1(c.gmime.subject) && !holds_c1(c.ours.subject)) return "windows-1252";
  if (without_replacements(c.ours.subject) == without_replacements(c.gmime.subject)) return "replacement";
  if (is_left_of(without_question_marks(c.gmime.subject), c.ours.subject)) return "gmime-drops";
  if (!holds(c.octets, "\n")) return "line-ends";
  if (holds(c.gmime.subject, "~{") || holds(c.gmime.subject, "+A")) return "7bit-charset";
  if (c.problems.has("header-8bit")) return "raw-8bit";
  return only_ascii(c.gmime.subject) == only_ascii(c.ours.subject) ? "charset-name" : "";
}

std::string joined(const std::vector<std::string>& mailboxes) {
  std::string all;
  for (const std::string& mailbox : mailboxes) all += mailbox + "; ";
  return all;
}

std::string_view explain_from(const Comparison& c) {
  if (count_fields(c.octets, "From") > 1) return "repeated-field";
  if (c.gmime.from.empty() && c.problems.has("header-junk")) return "no-header";
  if (!holds(c.octets, "\n")) return "line-ends";
  if (c.gmime.from.empty()) return "gmime-none";
  if (c.problems.has("address-malformed")) return "malformed";
  if (c.problems.has("header-8bit")) return "raw-8bit";
  const std::string ours = joined(c.ours.from);
  const std::string gmime = joined(c.gmime.from);
  if (holds(ours, "@xn--")) return "idn";
  if (without_replacements(ours) == without_replacements(gmime)) return "replacement";
  if (gmime.starts_with('|') && ours.ends_with(gmime)) return "comment-name";
  return is_left_of(gmime, ours) ? "gmime-drops" : "";
}

// As counted in the corpus, and a tenth.
constexpr DifferenceClass kClasses[] = {
    {Aspect::parts, "empty-boundary", 2},   {Aspect::parts, "empty-message", 7},
    {Aspect::parts, "empty-multipart", 65}, {Aspect::parts, "empty-part", 13},
    {Aspect::parts, "encoded-message", 13}, {Aspect::parts, "encoded-multipart", 4},
    {Aspect::parts, "header-junk", 4},      {Aspect::parts, "line-ends", 4},
    {Aspect::parts, "nesting", 5},          {Aspect::parts, "no-header", 33},
    {Aspect::parts, "no-type", 33},         {Aspect::parts, "parameter", 2},
    {Aspect::parts, "repeated-field", 2},   {Aspect::text, "after-base64", 5},
    {Aspect::text, "base64-bits", 4},       {Aspect::text, "browser-forms", 7},
    {Aspect::text, "byte-order-mark", 5},   {Aspect::text, "charset-guess", 2},
    {Aspect::text, "gmime-drops", 41},      {Aspect::text, "gmime-undecoded", 62},
    {Aspect::text, "gmime-unknown", 4},     {Aspect::text, "header-junk", 70},
    {Aspect::text, "line-ends", 10},        {Aspect::text, "other-parts", 132},
    {Aspect::text, "replacement", 31},      {Aspect::text, "soft-break", 7},
    {Aspect::text, "windows-1252", 24},     {Aspect::subject, "7bit-charset", 3},
    {Aspect::subject, "charset-name", 2},   {Aspect::subject, "field-octets", 3},
    {Aspect::subject, "gmime-drops", 46},   {Aspect::subject, "no-header", 18},
    {Aspect::subject, "raw-8bit", 8},       {Aspect::subject, "repeated-field", 9},
    {Aspect::subject, "replacement", 4},    {Aspect::subject, "windows-1252", 5},
    {Aspect::from, "comment-name", 2},      {Aspect::from, "gmime-drops", 2},
    {Aspect::from, "gmime-none", 134},      {Aspect::from, "idn", 2},
    {Aspect::from, "line-ends", 10},        {Aspect::from, "malformed", 27},
    {Aspect::from, "no-header", 17},        {Aspect::from, "raw-8bit", 3},
    {Aspect::from, "repeated-field", 14},   {Aspect::from, "replacement", 2},
};

}  // namespace

bool Comparison::agrees(Aspect aspect) const {
  switch (aspect) {
    case Aspect::parts:
      return same_tree(*this);
    case Aspect::text:
      return same_text(*this);
    case Aspect::subject:
      return ours.subject == gmime.subject;
    case Aspect::from:
      break;
  }
  return ours.from == gmime.from;
}

std::span<const DifferenceClass> difference_classes() { return kClasses; }

std::string_view explain(const Comparison& comparison, Aspect aspect) {
  switch (aspect) {
    case Aspect::parts:
      return explain_parts(comparison);
    case Aspect::text:
      return explain_text(comparison);
    case Aspect::subject:
      return explain_subject(comparison);
    case Aspect::from:
      break;
  }
  return explain_from(comparison);
}

}  // namespace coldpitch::test
