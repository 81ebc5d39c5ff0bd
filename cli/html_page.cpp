// SPDX-License-Identifier: MIT
#include "cli/html_page.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "cli/html_style.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// The style sheet is the only thing the policy lets in, by its hash: not even a style attribute would count.
std::string style_hash() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned octets = 0;
  if (EVP_Digest(kPageStyle.data(), kPageStyle.size(), digest.data(), &octets, EVP_sha256(), nullptr) != 1)
    return {};
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(octets));
  return {text.begin(), text.begin() + length};
}

/// Characters that are not seen or that turn the line around would let a message hide or forge what is beside it.
bool is_shown(char32_t point) {
  const bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
  const bool bidi = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
  return !control && !bidi;
}

constexpr std::array<std::string_view, 7> kClauses{"commercial",   "untargeted", "irrelevant", "unwanted",
                                                   "unauthorized", "repetitive", "invitation"};

}  // namespace

std::string html_text(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string html;
  html.reserve(valid.size() + valid.size() / 8);
  for (std::size_t at = 0; at < valid.size();) {
    const CodePoint scalar = code_point_at(valid, at);
    const std::string_view octets = std::string_view(valid).substr(at, scalar.octets);
    at += scalar.octets;
    if (scalar.value == '&') {
      html += "&amp;";
    } else if (scalar.value == '<') {
      html += "&lt;";
    } else if (scalar.value == '>') {
      html += "&gt;";
    } else if (scalar.value == '"') {
      html += "&quot;";
    } else if (scalar.value == '\'') {
      html += "&#39;";
    } else if (scalar.value == '\r' && valid.substr(at, 1) == "\n") {
      continue;
    } else if (is_shown(scalar.value)) {
      html += octets;
    } else {
      html += "\uFFFD";
    }
  }
  return html;
}

std::string html_page(std::string_view title, std::string_view body) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" +
      style_hash() +
      "'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"robots\" content=\"noindex\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  page += html_text(title);
  page.append("</title>\n<style>").append(kPageStyle).append("</style></head>\n<body><main>\n");
  return page.append(body).append("\n</main></body></html>\n");
}

std::string clause_class(std::string_view clause) {
  const bool known = std::find(kClauses.begin(), kClauses.end(), clause) != kClauses.end();
  return "c-" + std::string(known ? clause : "other");
}

std::string clause_chip(std::string_view clause) {
  return "<span class=\"chip " + clause_class(clause) + "\">" + html_text(clause) + "</span>";
}

std::string verdict_chip(std::string_view verdict) {
  return "<span class=\"verdict v-" + html_text(verdict) + "\">" + html_text(verdict) + "</span>";
}

HtmlTable::HtmlTable(std::vector<std::string> headings, std::vector<std::size_t> numeric,
                     WhenNarrow when_narrow)
    : headings_(std::move(headings)), numeric_(std::move(numeric)), when_narrow_(when_narrow) {}

std::string HtmlTable::cell(const char* tag, std::size_t column, const std::string& content) const {
  const bool right = std::find(numeric_.begin(), numeric_.end(), column) != numeric_.end();
  std::string html = '<' + std::string(tag);
  if (right) html += " class=\"n\"";
  if (when_narrow_ == WhenNarrow::stack && tag == std::string_view("td") && !headings_[column].empty()) {
    html += " data-l=\"" + html_text(headings_[column]) + '"';
  }
  return html + '>' + content + "</" + tag + '>';
}

void HtmlTable::add(const std::vector<std::string>& cells) {
  rows_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) rows_ += cell("td", i, cells[i]);
  rows_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  std::string html = when_narrow_ == WhenNarrow::stack
                         ? "<div><table class=\"stack\"><thead><tr>"
                         : "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>";
  for (std::size_t i = 0; i < headings_.size(); ++i) html += cell("th", i, html_text(headings_[i]));
  return html + "</tr></thead><tbody>\n" + rows_ + "</tbody></table></div>\n";
}

}  // namespace coldpitch
