// SPDX-License-Identifier: MIT
#include "milter/result_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "milter/encoded_words.h"
#include "parsers/ascii_text.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kColumns = 77;
constexpr std::size_t kMaxLine = 990;
constexpr std::size_t kMaxLevelMarks = 50;
constexpr std::size_t kMaxEvidence = 20;

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::string verdict_text(const Judgement& judgement) {
  const Verdict& verdict = judgement.verdict();
  std::string text(to_string(verdict.level));
  text += "; score=" + format_score(verdict.score);
  if (verdict.threshold > 0) text += "; threshold=" + format_score(verdict.threshold);
  text += "; channel=" + std::string(to_string(judgement.channel));
  if (!verdict.exempt_because.empty()) text += "; exempt=" + verdict.exempt_because;
  return text;
}

/// "commercial, unwanted (direct-outreach)", one group a policy.
std::string clauses_text(const Verdict& verdict) {
  std::vector<std::string> groups;
  std::vector<std::string> seen;
  for (const ClauseScore& first : verdict.clauses) {
    if (std::find(seen.begin(), seen.end(), first.policy) != seen.end()) continue;
    seen.push_back(first.policy);
    std::vector<std::string> ids;
    for (const ClauseScore& clause : verdict.clauses) {
      if (clause.policy == first.policy) ids.push_back(clause.id);
    }
    groups.push_back(joined(ids, ", ") + " (" + first.policy + ")");
  }
  return joined(groups, ", ");
}

std::string evidence_text(const Verdict& verdict) {
  std::vector<std::string> items;
  for (const Evidence& evidence : verdict.evidence) {
    if (evidence.shadow || evidence.weight == 0) continue;
    if (items.size() == kMaxEvidence) break;
    items.push_back(evidence.rule + " " + format_score(evidence.weight));
  }
  return joined(items, ", ");
}

/// An address as it may stand in a field, or "" when it may not: blanks, quotes and the like could be read as something else.
/// One that is not ASCII (RFC 6531) becomes an encoded-word, followed by a blank as RFC 2047 wants it.
std::string shown_address(const std::string& address) {
  bool is_ascii = true;
  for (const char octet : address) {
    if (static_cast<unsigned char>(octet) <= ' ' || octet == '\x7F') return "";
    if (std::string_view("<>()[]\",;:\\").find(octet) != std::string_view::npos) return "";
    is_ascii = is_ascii && static_cast<unsigned char>(octet) < 0x80;
  }
  if (is_ascii) return address;
  return is_valid_utf8(address) ? encode_words(address) + " " : "";
}

void add_field(std::vector<ResultField>& fields, std::string_view name, std::string_view text) {
  if (!text.empty()) fields.push_back({std::string(name), fold_field(name, text)});
}

}  // namespace

bool is_result_field(std::string_view name) {
  constexpr std::string_view kPrefix = "X-Cold-Pitch";
  return starts_with_ignoring_case(name, kPrefix);
}

std::string format_score(double score) {
  std::array<char, 32> buffer{};
  const double shown = std::abs(score) < 0.05 ? 0.0 : score;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), shown, std::chars_format::fixed, 1);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0.0");
}

std::string fold_field(std::string_view name, std::string_view text) {
  std::string folded;
  std::size_t column = name.size() + 2;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!folded.empty()) {
      const bool fits = column + 1 + word.size() <= kColumns;
      folded += fits ? " " : "\n ";
      column = fits ? column + 1 : 1;
    }
    for (const char octet : word.substr(0, kMaxLine)) {
      folded += octet > ' ' && octet < '\x7F' ? octet : '?';
    }
    column += std::min(word.size(), kMaxLine);
  }
  return folded;
}

std::vector<ResultField> result_fields(const Judgement& judgement) {
  if (judgement.channel == Channel::outbound) return {};
  std::vector<ResultField> fields;
  const Verdict& verdict = judgement.verdict();
  add_field(fields, "X-Cold-Pitch", verdict_text(judgement));
  if (verdict.score >= 1) {
    const auto marks = std::min(static_cast<std::size_t>(verdict.score), kMaxLevelMarks);
    add_field(fields, "X-Cold-Pitch-Level", std::string(marks, '*'));
  }
  if (verdict.level >= Level::suspect) {
    add_field(fields, "X-Cold-Pitch-Clauses", clauses_text(verdict));
    add_field(fields, "X-Cold-Pitch-Evidence", evidence_text(verdict));
    add_field(fields, "X-Cold-Pitch-Reason",
              to_ascii(verdict.reason, judgement.recipients[judgement.mildest].language));
  }
  if (judgement.action() > Mode::annotate) {
    add_field(fields, "X-Cold-Pitch-Action", to_string(judgement.action()));
  }
  for (const RecipientVerdict& recipient : judgement.recipients) {
    if (!recipient.visible) continue;
    const std::string address = shown_address(recipient.address);
    if (address.empty()) continue;
    add_field(fields, "X-Cold-Pitch-Recipient",
              address + "; verdict=" + std::string(to_string(recipient.verdict.level)) +
                  "; action=" + std::string(to_string(recipient.action)));
  }
  return fields;
}

ResultField original_recipients_field(const Judgement& judgement) {
  std::vector<std::string> shown;
  std::size_t blind = 0;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    const std::string address = recipient.visible ? shown_address(recipient.address) : "";
    if (address.empty()) {
      ++blind;
    } else {
      shown.push_back(address);
    }
  }
  std::string text = joined(shown, ", ");
  if (blind > 0) text += (text.empty() ? "blind=" : "; blind=") + std::to_string(blind);
  constexpr std::string_view kName = "X-Cold-Pitch-Original-Recipients";
  return {std::string(kName), fold_field(kName, text)};
}

}  // namespace coldpitch
