// SPDX-License-Identifier: MIT
// URLs, hosts and registrable domains of any octets, and URLs in running text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/text.h"
#include "parsers/url.h"
#include "parsers/url_host.h"

using namespace coldpitch;

namespace {

void check_url(const Url& url) {
  if (url.scheme == "mailto") return;
  if (url.host.empty() || url.host != to_ascii_lower(url.host)) std::abort();
  if (url.host.find_first_of("/\\@ \t\r\n<>") != std::string::npos) std::abort();
  if (!url.registrable_domain.empty() && !is_domain_or_below(url.host, url.registrable_domain)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (const auto url = parse_url(octets)) check_url(*url);
  if (const auto host = read_host(octets)) {
    if (read_host(*host) != host) std::abort();
    (void)is_ip_address(*host);
  }
  if (registrable_domain(octets).size() > size * 8 + 8) std::abort();
  const std::string text = to_valid_utf8(octets);
  Limits limits;
  limits.urls = 6;
  Problems problems;
  std::size_t at = 0;
  for (const TextUrl& found : find_urls(text, limits, problems)) {
    if (found.span.begin < at || found.span.end <= found.span.begin || found.span.end > text.size())
      std::abort();
    at = found.span.end;
    check_url(found.url);
  }
  return 0;
}
