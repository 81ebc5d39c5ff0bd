// SPDX-License-Identifier: MIT
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <functional>

#include "cli/digest.h"
#include "cli/digest_words.h"
#include "cli/html_page.h"
#include "cli/terminal.h"
#include "milter/encoded_words.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kColumns = 72;

std::string filled(std::string_view text, std::string_view name, std::string_view value) {
  std::string out(text);
  const std::string mark = '{' + std::string(name) + '}';
  if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), value);
  return out;
}

std::string day_of(TimePoint time) { return format_rfc3339(time).substr(0, 10); }

std::string one_line(std::string_view text) {
  std::string line = terminal_text(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string subject_of(const Digest& digest, const DigestWords& words) {
  const std::size_t count = digest.items.size() + digest.more;
  return count == 1 ? std::string(words.subject_one)
                    : filled(words.subject_many, "count", std::to_string(count));
}

std::string greeting_of(const Digest& digest, const DigestWords& words) {
  return filled(filled(words.greeting, "from", day_of(digest.from)), "to", day_of(digest.to));
}

std::string plain_part(const Digest& digest, const DigestWords& words) {
  std::string text = wrapped(greeting_of(digest, words), kColumns, 0) + '\n';
  for (const DigestItem& item : digest.items) {
    text += day_of(item.time) + "  " + one_line(item.sender) + '\n';
    text += wrapped(item.subject.empty() ? words.no_subject : one_line(item.subject), kColumns, 4);
    if (!item.reason.empty()) text += wrapped("- " + one_line(item.reason), kColumns, 4);
    text += '\n';
  }
  if (digest.more > 0) text += filled(words.more, "count", std::to_string(digest.more)) + "\n\n";
  const auto paragraph = [&](std::string_view title, std::string_view what) {
    text.append(title).append("\n").append(wrapped(what, kColumns, 4)).append("\n");
  };
  paragraph(words.keep_title, words.keep);
  paragraph(words.never_title, words.never);
  text += wrapped(words.closing, kColumns, 0);
  if (!digest.note.empty()) text += '\n' + wrapped(one_line(digest.note), kColumns, 0);
  return text;
}

/// Mail programs know little CSS: none is needed to read it, and its colours are the reader's own.
std::string html_part(const Digest& digest, const DigestWords& words) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"" + html_text(words.language) +
      "\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"></head>\n"
      "<body style=\"font-family:sans-serif;line-height:1.45;max-width:42em\">\n<p>" +
      html_text(greeting_of(digest, words)) + "</p>\n<h3>" + html_text(words.folder) + "</h3>\n";
  for (const DigestItem& item : digest.items) {
    html += "<p style=\"margin:.9em 0\"><b dir=\"auto\">" + html_text(one_line(item.sender)) +
            "</b> <small>" + day_of(item.time) + "</small><br>\n<span dir=\"auto\">" +
            html_text(item.subject.empty() ? std::string(words.no_subject) : one_line(item.subject)) +
            "</span>";
    if (!item.reason.empty())
      html += "<br>\n<small dir=\"auto\">" + html_text(one_line(item.reason)) + "</small>";
    html += "</p>\n";
  }
  if (digest.more > 0)
    html += "<p>" + html_text(filled(words.more, "count", std::to_string(digest.more))) + "</p>\n";
  const auto paragraph = [&](std::string_view title, std::string_view what) {
    html += "<h3>" + html_text(title) + "</h3>\n<p>" + html_text(what) + "</p>\n";
  };
  paragraph(words.keep_title, words.keep);
  paragraph(words.never_title, words.never);
  html += "<hr>\n<p><small>" + html_text(words.closing) + "</small></p>\n";
  if (!digest.note.empty()) html += "<p><small>" + html_text(digest.note) + "</small></p>\n";
  return html + "</body></html>\n";
}

/// RFC 2045 §6.8, in lines of 76.
std::string base64_lines(std::string_view text) {
  constexpr std::size_t kOctetsInLine = 57;
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += kOctetsInLine) {
    const std::string_view piece = text.substr(at, kOctetsInLine);
    std::array<unsigned char, 80> line{};
    const int length = EVP_EncodeBlock(line.data(), reinterpret_cast<const unsigned char*>(piece.data()),
                                       static_cast<int>(piece.size()));
    lines.append(line.begin(), line.begin() + length).append("\n");
  }
  return lines;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char octet) { return static_cast<unsigned char>(octet) < 0x80; });
}

/// ASCII in lines that mail may have (RFC 5322 §2.1.1), none of which might be taken for a boundary: it can be read as it stands.
bool is_plain(std::string_view text) {
  constexpr std::size_t kMaxLine = 998;
  if (text.starts_with("--") || text.find("\n--") != std::string_view::npos) return false;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
    if (end - begin > kMaxLine) return false;
    begin = end + 1;
  }
  return begin == text.size() && is_ascii(text);
}

std::string part(const char* type, std::string_view text) {
  if (is_plain(text))
    return "Content-Type: " + std::string(type) + "; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\n" +
           std::string(text);
  return "Content-Type: " + std::string(type) + "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
         base64_lines(text);
}

/// RFC 5322 §3.3, in UTC.
std::string date_field(TimePoint time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::string number = std::to_string(static_cast<unsigned>(date.day()));
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " + number + ' ' +
         kMonths[static_cast<unsigned>(date.month()) - 1] + ' ' +
         std::to_string(static_cast<int>(date.year())) + ' ' + format_rfc3339(time).substr(11, 8) + " +0000";
}

}  // namespace

std::string compose_digest(const Digest& digest) {
  const DigestWords& words = digest_words(digest.language);
  const std::string subject = subject_of(digest, words);
  const std::string domain = digest.sender.substr(digest.sender.rfind('@') + 1);
  // The same digest made twice has one identity.
  const std::string identity = std::to_string(digest.to.time_since_epoch().count()) + '.' +
                               std::to_string(std::hash<std::string>()(digest.recipient));
  const std::string boundary = "=_coldpitch_" + identity;
  return "From: <" + digest.sender + ">\nTo: <" + digest.recipient +
         ">\nSubject: " + (is_ascii(subject) ? subject : encode_words(subject)) +
         "\nDate: " + date_field(digest.to) + "\nMessage-ID: <coldpitch.digest." + identity + '@' + domain +
         ">\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n" +
         "Content-Language: " + std::string(words.language) +
         "\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\n\n--" + boundary + '\n' +
         part("text/plain", plain_part(digest, words)) + "--" + boundary + '\n' +
         part("text/html", html_part(digest, words)) + "--" + boundary + "--\n";
}

}  // namespace coldpitch
