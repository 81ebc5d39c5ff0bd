// SPDX-License-Identifier: MIT
#include "parsers/linkedin_links.h"

#include <algorithm>
#include <cstdint>

#include "parsers/text.h"
#include "parsers/transfer_encoding.h"

namespace coldpitch::linkedin {
namespace {

constexpr std::size_t kMaxIdentifier = 300;

int hex_value(char digit) {
  if (is_ascii_digit(digit)) return digit - '0';
  const char lower = ascii_lower(digit);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        at += 2;
        continue;
      }
    }
    decoded += text[at];
  }
  return decoded;
}

std::string parameter(std::string_view query, std::string_view name) {
  for (const std::string_view piece : split(query, '&')) {
    const std::size_t equals = piece.find('=');
    if (equals != std::string_view::npos && piece.substr(0, equals) == name) {
      return percent_decoded(piece.substr(equals + 1));
    }
  }
  return "";
}

bool is_template_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxIdentifier &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_ascii_alnum(c) || c == '_'; });
}

/// "eml-<template>-<module>-<number>-<control>", of which older mail has only some.
struct Tracking {
  std::string_view template_name, module, control;
};

Tracking parse_tracking(std::string_view tracking) {
  constexpr std::string_view kPrefix = "eml-";
  if (tracking.substr(0, kPrefix.size()) != kPrefix) return {};
  const std::vector<std::string_view> pieces = split(tracking.substr(kPrefix.size(), kMaxIdentifier), '-');
  const auto piece = [&](std::size_t at) { return at < pieces.size() ? pieces[at] : std::string_view(); };
  return {piece(0), piece(1), piece(3)};
}

/// "email_x_01" of "urn:li:page:email_email_x_01;...": the page name carries one "email_" of its own.
std::string_view template_of_page(std::string_view page) {
  constexpr std::string_view kPrefix = "urn:li:page:email_";
  if (page.substr(0, kPrefix.size()) != kPrefix) return {};
  page.remove_prefix(kPrefix.size());
  return page.substr(0, page.find(';'));
}

std::string template_of_query(std::string_view query, std::string_view tracking) {
  const std::string key = parameter(query, "ek");
  if (is_template_name(key)) return to_ascii_lower(key);
  const std::string page = parameter(query, "lipi");
  if (is_template_name(template_of_page(page))) return to_ascii_lower(template_of_page(page));
  const std::string longer = parameter(query, "trkEmail");
  for (const std::string_view one : {std::string_view(longer), tracking}) {
    const std::string_view name = parse_tracking(one).template_name;
    if (is_template_name(name)) return to_ascii_lower(name);
  }
  return "";
}

bool is_linkedin_url(const Url& url) {
  return (url.scheme == "https" || url.scheme == "http") && is_domain_or_below(url.host, "linkedin.com");
}

MemberLink member_link(const Url& url, Span text, const LinkedInKnowledge& known) {
  MemberLink link;
  link.path = url.path;
  const std::string tracking = parameter(url.query, "trk");
  const Tracking parsed = parse_tracking(tracking);
  link.module = parsed.module;
  link.control = to_ascii_lower(parsed.control);
  link.template_name = template_of_query(url.query, tracking);
  link.role = known.role_of(link.module);
  link.text = text;
  return link;
}

bool is_vanity_octet(char octet) {
  return is_ascii_alnum(octet) || octet == '-' || octet == '_' || octet == '%' || octet == '.' ||
         static_cast<std::uint8_t>(octet) >= 0x80;
}

/// What stands behind `prefix` up to the next slash, "" when `path` starts otherwise.
std::string_view segment_behind(std::string_view path, std::string_view prefix) {
  if (path.substr(0, prefix.size()) != prefix) return {};
  path.remove_prefix(prefix.size());
  return path.substr(0, path.find('/'));
}

std::string_view without_comm(std::string_view path) {
  constexpr std::string_view kComm = "/comm";
  return path.substr(0, kComm.size() + 1) == "/comm/" ? path.substr(kComm.size()) : path;
}

}  // namespace

bool MemberLink::is_name() const {
  return control.starts_with("prof") && control.ends_with("name") &&
         role != LinkedInKnowledge::Role::recipient && role != LinkedInKnowledge::Role::suggestion;
}

std::vector<MemberLink> member_links(const Message& message, const LinkedInKnowledge& known) {
  std::vector<MemberLink> links;
  const std::size_t end = message.text.size();
  const auto clamped = [&](Span span) {
    const std::size_t begin = std::min(span.begin, end);
    return Span{begin, std::clamp(span.end, begin, end)};
  };
  if (message.source == BodySource::html) {
    for (const HtmlLink& link : message.html.links) {
      const auto url = parse_url(link.href);
      if (url && is_linkedin_url(*url)) links.push_back(member_link(*url, clamped(link.text), known));
    }
    return links;
  }
  for (const Link& link : message.links) {
    if (is_linkedin_url(link.url)) links.push_back(member_link(link.url, clamped(link.text), known));
  }
  return links;
}

std::string template_of_pixel(const Message& message) {
  constexpr std::string_view kPath = "/emimp/ip_";
  constexpr std::size_t kLongest = 1000;
  for (auto image = message.html.images.rbegin(); image != message.html.images.rend(); ++image) {
    const auto url = parse_url(image->source);
    if (!url || !is_linkedin_url(*url) || !url->path.starts_with(kPath)) continue;
    Problems unused;
    const std::string_view name = std::string_view(url->path).substr(kPath.size(), kLongest);
    const std::string pair = decode_base64(percent_decoded(name.substr(0, name.find('.'))), unused);
    // <base64 id>:<base64 template>:
    const std::vector<std::string_view> pieces = split(pair, ':');
    if (pieces.size() < 2) continue;
    const std::string found = decode_base64(pieces[1], unused);
    if (is_template_name(found)) return to_ascii_lower(found);
  }
  return "";
}

std::string profile_of(std::string_view path) {
  const std::string_view vanity = segment_behind(without_comm(path), "/in/");
  if (vanity.empty() || vanity.size() > kMaxIdentifier) return "";
  if (!std::all_of(vanity.begin(), vanity.end(), is_vanity_octet)) return "";
  return "https://www.linkedin.com/in/" + to_ascii_lower(vanity);
}

std::string profile_of_url(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && is_linkedin_url(*parsed) ? profile_of(parsed->path) : "";
}

std::string thread_of(std::string_view path) {
  const std::string thread = percent_decoded(segment_behind(without_comm(path), "/messaging/thread/"));
  const auto is_octet = [](char c) {
    return is_ascii_alnum(c) || c == '-' || c == '_' || c == '=' || c == '+';
  };
  if (thread.size() <= 2 || thread.size() > kMaxIdentifier || thread.substr(0, 2) != "2-") return "";
  return std::all_of(thread.begin(), thread.end(), is_octet) ? thread : "";
}

}  // namespace coldpitch::linkedin
