// SPDX-License-Identifier: MIT
// Traits of a direct mail: a subject on the first line, the text below; bounded in number, spans inside.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "parsers/outreach.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t subject = std::min(input.find('\n'), input.size());
  const std::string octets =
      "From: Ann <ann@get-sales.example>\nTo: bob.miller@example.org\nSubject: " + input.substr(0, subject) +
      "\nContent-Type: text/plain; charset=utf-8\n\n" + input.substr(std::min(subject + 1, input.size()));
  const Message message = parse_message(octets, Limits{});
  const std::vector<Trait> traits = find_outreach_traits(message, {{"", "bob.miller", "example.org"}});
  if (traits.size() > 100) std::abort();
  std::map<std::string, int> counts;
  for (const Trait& trait : traits) {
    if (++counts[trait.name] > 5 || trait.span.begin > trait.span.end) std::abort();
    if (trait.where == "body" && trait.span.end > message.text.size()) std::abort();
    if (trait.where == "subject" && trait.span.end > message.subject.size()) std::abort();
    if (find_trait(traits, trait.name) == nullptr) std::abort();
  }
  return 0;
}
