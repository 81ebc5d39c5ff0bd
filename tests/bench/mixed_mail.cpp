// SPDX-License-Identifier: MIT
#include "tests/bench/mixed_mail.h"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <string_view>

#include "cli/mail_source.h"
#include "cli/recipients.h"
#include "parsers/message.h"
#include "parsers/text.h"
#include "tests/support/linkedin_mail.h"

namespace coldpitch::test {
namespace {

constexpr std::size_t kUsers = 200;
constexpr std::size_t kSenders = 3000;
constexpr std::size_t kMessageOctets = 1U << 20U;

/// What a fixture says, taken out of its layout.
struct Words {
  std::string subject;
  std::vector<std::string> paragraphs;  ///< lines ended by LF
};

struct Library {
  std::vector<Words> ham, pitches;
};

std::vector<std::string> paragraphs_of(std::string_view text) {
  std::vector<std::string> paragraphs(1);
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) {
      if (!paragraphs.back().empty()) paragraphs.emplace_back();
    } else {
      paragraphs.back().append(trim(line)).append("\n");
    }
  }
  if (paragraphs.back().empty()) paragraphs.pop_back();
  return paragraphs;
}

Library read_library(const std::string& folder) {
  Library library;
  const auto keep = [&](const SourceMessage& source) {
    if (source.path.find("/direct-") == std::string::npos) return;
    const Message message = parse_message(source.octets, Limits{});
    Words words{message.subject, paragraphs_of(message.text)};
    if (words.paragraphs.empty()) return;
    const bool is_pitch = source.path.find("/pitch/") != std::string::npos;
    (is_pitch ? library.pitches : library.ham).push_back(std::move(words));
  };
  visit_mail({folder + "/ham", folder + "/pitch"}, kMessageOctets, {keep, [](const auto&, const auto&) {}});
  if (library.ham.empty() || library.pitches.empty()) {
    throw std::runtime_error("no fixtures in " + folder +
                             ": name tests/data/quality of a checkout with --texts");
  }
  return library;
}

std::string base64(std::string_view octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::size_t column = 0;
  for (std::size_t at = 0; at + 3 <= octets.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = (group << 8U) | static_cast<std::uint8_t>(octets[at + i]);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text += kDigits[(group >> shift) & 63U];
    if (++column % 19 == 0) text += "\r\n";
  }
  return text + "\r\n";
}

std::string quoted_printable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  for (const char octet : text) {
    if (octet == '\r') continue;
    if (octet == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    if (column > 70) {
      out += "=\r\n";
      column = 0;
    }
    const auto value = static_cast<std::uint8_t>(octet);
    if (octet == '=' || value >= 0x80) {
      out += '=';
      out += kHex[value >> 4U];
      out += kHex[value & 15U];
      column += 3;
    } else {
      out += octet;
      ++column;
    }
  }
  return out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '\r') continue;
    if (octet == '\n') out += '\r';
    out += octet;
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '<') {
      out += "&lt;";
    } else if (octet == '&') {
      out += "&amp;";
    } else {
      out += octet;
    }
  }
  return out;
}

class Mixer {
 public:
  Mixer(Library library, std::uint32_t seed) : library_(std::move(library)), random_(seed) {}

  LoadMail next(std::size_t number) {
    number_ = number;
    const std::size_t lot = below(100);
    LoadMail mail = start();
    if (lot < 8) return outgoing(std::move(mail));
    if (lot < 34) return personal(std::move(mail));
    if (lot < 42) return list(std::move(mail));
    if (lot < 62) return newsletter(std::move(mail));
    if (lot < 74) return attachment(std::move(mail));
    if (lot < 84) return alternative(std::move(mail));
    if (lot < 91) return linkedin(std::move(mail));
    return pitch(std::move(mail));
  }

 private:
  // Distributions differ between standard libraries; the generator's numbers do not.
  std::size_t below(std::size_t bound) { return random_() % bound; }
  const Words& ham() { return library_.ham[below(library_.ham.size())]; }
  const Words& pitch_words() { return library_.pitches[below(library_.pitches.size())]; }

  std::string octets_of(std::size_t size) {
    std::string octets(size - size % 3, '\0');
    for (char& octet : octets) octet = static_cast<char>(random_() & 0xFFU);
    return octets;
  }

  std::string token(std::size_t size) {
    std::string text = base64(octets_of(size + 3)).substr(0, size);
    std::replace_if(
        text.begin(), text.end(), [](char octet) { return !is_ascii_alnum(octet); }, 'x');
    return text;
  }

  /// Paragraphs of several fixtures until there are `octets` of them.
  std::string prose(const Words& first, std::size_t octets) {
    std::string text;
    for (const std::string& paragraph : first.paragraphs) text += paragraph + "\n";
    while (text.size() < octets) {
      const Words& more = ham();
      text += more.paragraphs[below(more.paragraphs.size())] + "\n";
    }
    return text;
  }

  static std::string quoted(std::string_view text) {
    std::string out;
    for (const std::string_view line : split(text, '\n')) out.append("> ").append(line).append("\n");
    return out;
  }

  LoadMail start() {
    const std::size_t sender = below(kSenders);
    domain_ = "firm" + std::to_string(sender % 700) + ".example";
    author_ = "person" + std::to_string(sender) + "@" + domain_;
    user_ = "user" + std::to_string(below(kUsers)) + "@example.net";
    LoadMail mail;
    mail.envelope.known = true;
    mail.envelope.client_address = "192.0.2." + std::to_string(1 + sender % 250);
    mail.envelope.client_name = "mx." + domain_;
    mail.envelope.helo = mail.envelope.client_name;
    mail.envelope.envelope_sender = author_;
    mail.envelope.recipients = {user_};
    if (below(12) == 0)
      mail.envelope.recipients.push_back("user" + std::to_string(below(kUsers)) + "@example.net");
    return mail;
  }

  std::string date() {
    constexpr std::array<std::string_view, 5> kDays = {"Mon, 02", "Tue, 03", "Wed, 04", "Thu, 05", "Fri, 06"};
    const std::string minute = std::to_string(10 + number_ % 50);
    return std::string(kDays[number_ % 5]) + " Nov 2026 09:" + minute + ":" + minute + " +0000";
  }

  /// Trace, signature and the fields all mail has; lines end with LF.
  std::string header(std::string_view subject, const std::string& more) {
    std::string text = "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=" + author_ +
                       ";\n dkim=pass header.d=" + domain_ + "; dmarc=pass header.from=" + domain_ + "\n";
    text += "Received: from mx." + domain_ + " (mx." + domain_ +
            " [192.0.2.7])\n\tby mx.example.net with ESMTPS id " + token(11) + ";\n\t" + date() + "\n";
    text += "Received: from desk.local (unknown [198.51.100.4])\n\tby mx." + domain_ + " with ESMTPSA id " +
            token(11) + ";\n\t" + date() + "\n";
    text += "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain_ +
            "; s=mail;\n\th=from:to:subject:date:message-id:mime-version;\n\tbh=" + token(43) +
            "=;\n\tb=" + token(60) + "\n\t " + token(68) + "\n\t " + token(40) + "==\n";
    text += "From: Person " + std::to_string(number_ % kSenders) + " <" + author_ + ">\nTo: " + user_ +
            "\nSubject: =?utf-8?q?" + encoded(subject) + "?=\nDate: " + date() + "\nMessage-ID: <" +
            std::string(LoadMail::kSerialDigits, '0') + "." + token(12) + "@" + domain_ +
            ">\nMIME-Version: 1.0\n";
    return text + more;
  }

  static std::string encoded(std::string_view subject) {
    std::string out;
    for (const char octet : quoted_printable(utf8_prefix(subject, 20))) {
      if (octet == '?' || octet == '_') {
        out += '-';
      } else if (octet != '\r' && octet != '\n') {
        out += octet == ' ' ? '_' : octet;
      }
    }
    return out;
  }

  static LoadMail finish(LoadMail mail, std::string_view kind, std::string octets) {
    mail.kind = kind;
    mail.octets = std::move(octets);
    const std::size_t at = mail.octets.find("\r\nMessage-ID: <");
    if (at != std::string::npos &&
        mail.octets.compare(at + 15, LoadMail::kSerialDigits, std::string(LoadMail::kSerialDigits, '0')) == 0)
      mail.serial_at = at + 15;
    return mail;
  }

  LoadMail plain(LoadMail mail, std::string_view kind, std::string_view subject, const std::string& more,
                 const std::string& text) {
    return finish(
        std::move(mail), kind,
        with_crlf(header(subject, more) +
                  "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text));
  }

  LoadMail personal(LoadMail mail) {
    const Words& words = ham();
    std::string text = prose(words, 300 + below(2500));
    std::string more = "User-Agent: Mozilla Thunderbird\n";
    if (below(2) == 0) {
      more += "In-Reply-To: <" + token(14) + "@example.net>\n";
      text += "On Mon, 2 Nov 2026, " + user_ + " wrote:\n" + quoted(prose(ham(), 500 + below(4000)));
    }
    return plain(std::move(mail), "personal", words.subject, more, text);
  }

  LoadMail outgoing(LoadMail mail) {
    std::swap(author_, user_);
    domain_ = "example.net";
    mail.envelope.client_address = "198.51.100.20";
    mail.envelope.authenticated_user = author_;
    mail.envelope.envelope_sender = author_;
    mail.envelope.recipients = {user_};
    const Words& words = ham();
    return plain(std::move(mail), "outgoing", words.subject, "User-Agent: Mozilla Thunderbird\n",
                 prose(words, 200 + below(1500)));
  }

  LoadMail list(LoadMail mail) {
    const std::string name = "talk" + std::to_string(below(20));
    const std::string more = "List-Id: <" + name + ".lists.example>\nList-Post: <mailto:" + name +
                             "@lists.example>\nList-Unsubscribe: <mailto:" + name +
                             "-request@lists.example?subject=unsubscribe>\nPrecedence: list\nReferences: <" +
                             token(14) + "@" + domain_ + ">\n";
    mail.envelope.envelope_sender = name + "-bounces@lists.example";
    const Words& words = ham();
    std::string text = "Somebody wrote:\n" + quoted(prose(ham(), 800 + below(5000))) + "\n" +
                       prose(words, 600 + below(4000));
    return plain(std::move(mail), "list", words.subject, more, text);
  }

  /// Tables, styles, images and links with long names around the words, as senders of newsletters write them.
  std::string page(const std::string& text, std::size_t octets) {
    std::string html = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><style>\n";
    for (std::size_t i = 0; i < 40; ++i) {
      html += ".c" + std::to_string(i) + " { padding: " + std::to_string(i) +
              "px; font-family: Arial, sans-serif; line-height: 1.5; color: #333333 }\n";
    }
    html +=
        "@media (max-width: 600px) { .wide { width: 100% !important } }\n</style></head><body "
        "bgcolor=\"#f4f4f4\">\n"
        "<div style=\"display:none;max-height:0;overflow:hidden\">" +
        escaped(text.substr(0, text.find('\n'))) + "</div>\n";
    const std::vector<std::string> paragraphs = paragraphs_of(text);
    for (std::size_t i = 0; html.size() < octets; ++i) {
      const std::string link = "https://click." + domain_ + "/t/" + token(90);
      html += "<table width=\"600\" class=\"wide c" + std::to_string(i % 40) +
              "\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" align=\"center\"><tr><td class=\"c" +
              std::to_string(i % 40) +
              "\" style=\"padding:12px 24px;font:14px "
              "Arial,sans-serif;color:#333333;background-color:#ffffff\">\n<a href=\"" +
              link + "\"><img src=\"https://img." + domain_ + "/" + token(30) +
              ".png\" width=\"552\" height=\"120\" alt=\"\"></a>\n<p>" +
              escaped(paragraphs[i % paragraphs.size()]) + "</p>\n<a href=\"" + link +
              "\" style=\"color:#1155cc;text-decoration:underline\">Read on</a></td></tr></table>\n";
    }
    return html + "<p class=\"c1\">You get this because you asked for it. <a href=\"https://click." +
           domain_ + "/u/" + token(40) + "\">Unsubscribe</a></p><img src=\"https://click." + domain_ + "/o/" +
           token(40) + "\" width=\"1\" height=\"1\"></body></html>\n";
  }

  std::string two_bodies(const std::string& text, const std::string& html) {
    const std::string boundary = "=-" + token(20);
    return "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
           "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
           "quoted-printable\r\n\r\n" +
           quoted_printable(text) + "\r\n--" + boundary +
           "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
           "quoted-printable\r\n\r\n" +
           quoted_printable(html) + "\r\n--" + boundary + "--\r\n";
  }

  LoadMail newsletter(LoadMail mail) {
    const Words& words = ham();
    const std::string text = prose(words, 2000 + below(5000));
    mail.envelope.envelope_sender = "bounce-" + token(12) + "@mail." + domain_;
    const std::string more =
        "List-Unsubscribe: <https://click." + domain_ + "/u/" + token(40) +
        ">\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: bulk\nFeedback-ID: " + token(10) +
        ":news\n";
    return finish(
        std::move(mail), "newsletter",
        with_crlf(header(words.subject, more)) + two_bodies(text, page(text, 15000 + below(28000))));
  }

  LoadMail attachment(LoadMail mail) {
    const Words& words = ham();
    const std::string boundary = "=-" + token(20);
    std::string octets = with_crlf(header(words.subject, "X-Mailer: Apple Mail (2.3826)\n")) +
                         "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
                         "\r\n" +
                         two_bodies(prose(words, 300),
                                    "<html><body><p>" + escaped(prose(words, 300)) + "</p></body></html>\n");
    octets += "\r\n--" + boundary + "\r\nContent-Type: application/pdf; name=\"offer " + token(4) +
              ".pdf\"\r\nContent-Disposition: attachment; "
              "filename=\"offer.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
              base64(octets_of(12000 + below(100000))) + "\r\n--" + boundary + "--\r\n";
    return finish(std::move(mail), "attachment", std::move(octets));
  }

  LoadMail alternative(LoadMail mail) {
    const Words& words = ham();
    const std::string text = prose(words, 600 + below(3000));
    return finish(std::move(mail), "alternative",
                  with_crlf(header(words.subject, "X-Mailer: Microsoft Outlook 16.0\n")) +
                      two_bodies(text, "<html><body style=\"font-family:Calibri\"><div>" + escaped(text) +
                                           "</div></body></html>\n"));
  }

  LoadMail linkedin(LoadMail mail) {
    test::LinkedInMailOptions options;
    const auto& layouts = test::all_linkedin_layouts();
    options.layout = layouts[below(layouts.size())];
    const Words& words = below(2) == 0 ? pitch_words() : ham();
    options.text = prose(words, 0);
    options.recipient = user_;
    options.vanity = "member-" + std::to_string(below(kSenders));
    options.serial = static_cast<unsigned>(number_ + 1);
    mail.envelope.envelope_sender = test::linkedin_envelope_sender(options);
    mail.envelope.client_name = "mailc-fd.linkedin.com";
    mail.envelope.helo = mail.envelope.client_name;
    return finish(std::move(mail), "linkedin", test::linkedin_mail(options));
  }

  LoadMail pitch(LoadMail mail) {
    const Words& words = pitch_words();
    const std::string text = prose(words, 0);
    if (below(2) == 0) return plain(std::move(mail), "pitch", words.subject, "", text);
    return finish(std::move(mail), "pitch",
                  with_crlf(header(words.subject, "")) +
                      two_bodies(text, "<html><body><div>" + escaped(text) + "</div></body></html>\n"));
  }

  Library library_;
  std::mt19937 random_;
  std::size_t number_ = 0;
  std::string domain_, author_, user_;
};

}  // namespace

void LoadMail::set_serial(std::size_t serial) {
  if (serial_at == std::string::npos) return;
  for (std::size_t i = kSerialDigits; i-- > 0; serial /= 10)
    octets[serial_at + i] = static_cast<char>('0' + serial % 10);
}

std::vector<LoadMail> mixed_mail(const std::string& texts, std::size_t messages, std::uint32_t seed) {
  Mixer mixer(read_library(texts), seed);
  std::vector<LoadMail> mail;
  mail.reserve(messages);
  for (std::size_t i = 0; i < messages; ++i) mail.push_back(mixer.next(i));
  return mail;
}

std::vector<LoadMail> mail_of(const std::string& folder) {
  std::vector<LoadMail> all;
  const auto keep = [&](const SourceMessage& source) {
    LoadMail mail;
    mail.kind = "corpus";
    mail.octets = with_crlf(source.octets);
    mail.envelope.known = true;
    mail.envelope.client_address = "192.0.2.1";
    mail.envelope.client_name = mail.envelope.helo = "mx.outside.example";
    mail.envelope.envelope_sender = sender_in_header(source.octets, Limits{});
    mail.envelope.recipients = recipients_in_header(source.octets, Limits{});
    if (mail.envelope.recipients.empty()) mail.envelope.recipients = {"postmaster"};
    all.push_back(std::move(mail));
  };
  visit_mail({folder}, kMessageOctets, {keep, [](const auto&, const auto&) {}});
  if (all.empty()) throw std::runtime_error("no mail in " + folder);
  return all;
}

double mean_size(const std::vector<LoadMail>& mail) {
  double octets = 0;
  for (const LoadMail& each : mail) octets += static_cast<double>(each.octets.size());
  return mail.empty() ? 0 : octets / static_cast<double>(mail.size());
}

}  // namespace coldpitch::test
