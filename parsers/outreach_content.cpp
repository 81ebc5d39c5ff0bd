// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/fold.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kLongTextWords = 400;
constexpr std::size_t kVeryLongTextWords = 1000;
constexpr std::size_t kShortTextWords = 12;
constexpr std::size_t kReceiptOctets = 16U * 1024U;
constexpr std::size_t kPatchLineOctets = 200;

/// Folded words of subjects that speak of a sale already made.
constexpr auto kReceiptWords = std::to_array<std::string_view>({
    "receipt",
    "invoice",
    "order confirmation",
    "your order",
    "booking confirmation",
    "reservation",
    "payment received",
    "shipping confirmation",
    "has shipped",
    "rechnung",
    "bestellbestätigung",
    "ihre bestellung",
    "deine bestellung",
    "zahlungsbestätigung",
    "auftragsbestätigung",
    "buchungsbestätigung",
    "facture",
    "votre commande",
    "confirmation de commande",
    "reçu",
    "factura",
    "su pedido",
    "tu pedido",
    "confirmación de",
    "recibo",
    "fattura",
    "tuo ordine",
    "suo ordine",
    "conferma d'ordine",
    "ricevuta",
    "fatura",
    "seu pedido",
    "confirmação de",
    "factuur",
    "uw bestelling",
    "je bestelling",
    "orderbevestiging",
    "faktura",
    "zamówieni",
    "paragon",
});

constexpr auto kCurrencies =
    std::to_array<std::string_view>({"€", "$", "£", "eur", "usd", "gbp", "chf", "pln", "zł", "brl", "r$"});

/// What stands before the number of an order or invoice.
constexpr auto kNumberWords = std::to_array<std::string_view>(
    {"#",       "no.",     "no:",     "nr",      "nr.",     "number", "number:",  "nummer",
     "nummer:", "numéro",  "número",  "numero",  "numer",   "order",  "invoice",  "rechnung",
     "facture", "factura", "fattura", "factuur", "faktura", "pedido", "commande", "n°"});

/// What an octet of a text does for counting words, each 0 or 1.
struct OctetRole {
  std::uint8_t is_word = 0;    ///< makes a word count
  std::uint8_t is_inside = 1;  ///< ends no word
};

constexpr std::array<OctetRole, 256> make_octet_roles() {
  std::array<OctetRole, 256> roles{};
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const char octet = static_cast<char>(i);
    roles[i].is_word = i >= 0x80 || is_ascii_alnum(octet) ? 1 : 0;
    roles[i].is_inside = is_ascii_space(octet) ? 0 : 1;
  }
  return roles;
}

constexpr std::array<OctetRole, 256> kOctetRoles = make_octet_roles();

/// Words that hold a letter or digit. Without branches, since where a word ends cannot be guessed.
std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  unsigned counted = 0;
  for (const char octet : text) {
    const OctetRole role = kOctetRoles[static_cast<unsigned char>(octet)];
    const unsigned is_counted = counted | role.is_word;
    words += is_counted ^ counted;
    counted = is_counted & role.is_inside;
  }
  return words;
}

void find_length(const Message& message, TraitList& traits) {
  const std::size_t words = count_words(message.quoted.human);
  if (words > kLongTextWords) traits.add("long-text", "body", std::to_string(words));
  if (words > kVeryLongTextWords) traits.add("very-long-text", "body", std::to_string(words));
  if (words < kShortTextWords) traits.add("short-text", "body", std::to_string(words));
}

bool starts_patch(std::string_view line) {
  return line.starts_with("diff --git ") || line.starts_with("--- a/") || line.starts_with("+++ b/") ||
         line.starts_with("Index: ") ||
         (line.starts_with("@@ -") && line.find(" @@") != std::string_view::npos);
}

/// The second line of a diff makes sure that the first was no chance.
void find_patch(const Message& message, TraitList& traits) {
  const std::size_t tag = find_ignoring_case(utf8_prefix(message.subject, 64), "[patch");
  if (tag != std::string_view::npos) return traits.add("patch", "subject", "[PATCH", {tag, tag + 6});
  const std::string_view text = message.text;
  std::size_t found = 0;
  Span span;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, std::min(end - at, kPatchLineOctets));
    if (starts_patch(line)) {
      if (++found == 1) span = {at, end};
      if (found == 2) return traits.add("patch", "body", text.substr(span.begin, span.size()), span);
    }
    at = end + 1;
  }
}

/// "... | beyond yourself F8NWHHW": mails that mailboxes of a warm-up service send each other end their subject so. The last word is
/// 7 capitals and digits, both among them. Order and ticket numbers may look the same: a hint, no proof.
void find_warm_up(const Message& message, TraitList& traits) {
  constexpr std::size_t kCodeOctets = 7;
  constexpr std::size_t kTokenOctets = 32;
  const std::string_view subject = message.subject;
  const std::size_t bar = subject.rfind('|');
  const std::size_t blank = subject.rfind(' ');
  if (bar == std::string_view::npos || blank == std::string_view::npos || blank < bar) return;
  const std::string_view token = trim(subject.substr(bar + 1, blank - bar - 1));
  const std::string_view code = subject.substr(blank + 1);
  const auto is_capital = [](char octet) { return octet >= 'A' && octet <= 'Z'; };
  const auto is_code_octet = [&](char octet) { return is_capital(octet) || is_ascii_digit(octet); };
  const bool is_code = code.size() == kCodeOctets && std::all_of(code.begin(), code.end(), is_code_octet) &&
                       std::any_of(code.begin(), code.end(), is_capital) &&
                       std::any_of(code.begin(), code.end(), is_ascii_digit);
  if (is_code && !token.empty() && token.size() <= kTokenOctets) {
    traits.add("warm-up", "subject", subject.substr(bar), {bar, subject.size()});
  }
}

void find_attachments(const Message& message, TraitList& traits) {
  for (const MimePart& part : message.mime.parts) {
    if (!part.is_attachment()) continue;
    const std::string_view name = part.disposition.parameter("filename");
    const std::string detail =
        name.empty() ? part.content_type.value : part.content_type.value + " " + std::string(name);
    traits.add("attachment", "header", detail);
  }
}

bool holds_amount(std::string_view folded) {
  for (const std::string_view sign : kCurrencies) {
    for (std::size_t at = folded.find(sign); at != std::string_view::npos; at = folded.find(sign, at + 1)) {
      const std::string_view before = trim(folded.substr(at < 2 ? 0 : at - 2, std::min<std::size_t>(at, 2)));
      const std::string_view behind = trim(folded.substr(at + sign.size(), 2));
      if (!before.empty() && is_ascii_digit(before.back())) return true;
      if (!behind.empty() && is_ascii_digit(behind.front())) return true;
    }
  }
  return false;
}

/// "invoice 20240017", "no. A-4711".
bool holds_reference_number(std::string_view folded) {
  constexpr std::ptrdiff_t kFewestDigits = 3;
  std::string_view previous;
  for (const std::string_view word : split(folded, ' ')) {
    const auto digits = std::count_if(word.begin(), word.end(), is_ascii_digit);
    const bool announced =
        std::find(kNumberWords.begin(), kNumberWords.end(), previous) != kNumberWords.end();
    if (digits >= kFewestDigits && (announced || word.front() == '#')) return true;
    previous = word;
  }
  return false;
}

void find_receipt(const Message& message, TraitList& traits) {
  const FoldedText subject = fold_text(message.subject);
  for (const std::string_view words : kReceiptWords) {
    const std::size_t at = subject.text.find(words);
    if (at == std::string::npos) continue;
    const std::string body = fold_text(utf8_prefix(message.text, kReceiptOctets)).text;
    if (!holds_amount(body) || !(holds_reference_number(body) || holds_reference_number(subject.text)))
      return;
    return traits.add("receipt-like", "subject", words,
                      subject.source.source_of({at, at + words.size()}, message.subject.size()));
  }
}

}  // namespace

void find_content_traits(const OutreachSubject& subject, TraitList& traits) {
  find_length(subject.message, traits);
  find_patch(subject.message, traits);
  find_warm_up(subject.message, traits);
  find_attachments(subject.message, traits);
  find_receipt(subject.message, traits);
}

}  // namespace coldpitch
