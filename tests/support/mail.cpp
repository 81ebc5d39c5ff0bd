// SPDX-License-Identifier: MIT
#include "tests/support/mail.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace coldpitch::test {
namespace {

std::string source_folder() {
  const char* folder = std::getenv("COLDPITCH_SOURCE");
  return folder == nullptr ? "." : folder;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '\n') out += '\r';
    out += octet;
  }
  return out;
}

std::shared_ptr<const Snapshot> load_shipped(const std::string& configuration) {
  const std::string text =
      "authentication: { trusted_authserv_ids: [mx.example.net] }\n"
      "local_domains: [example.net]\n"
      "policies: [" +
      source_folder() + "/policies/rules/linkedin-professional-community.yaml, " + source_folder() +
      "/policies/rules/direct-outreach.yaml]\n" + configuration;
  std::vector<Diagnostic> diagnostics;
  std::optional<Config> config = parse_config(text, "test.yaml", diagnostics);
  std::shared_ptr<const Snapshot> snapshot;
  if (config) snapshot = make_snapshot(std::move(*config), diagnostics);
  if (!snapshot) throw std::runtime_error(format(diagnostics));
  return snapshot;
}

}  // namespace

std::string plain_mail(std::string_view author, std::string_view subject, std::string_view body,
                       std::string_view more_fields) {
  std::string text;
  text.append("From: ").append(author).append("\nTo: alex@example.net\nSubject: ").append(subject);
  text.append("\nDate: Tue, 13 Oct 2026 07:02:10 +0000\nMessage-ID: <test@outside.example>\n");
  text.append("Content-Type: text/plain; charset=utf-8\n")
      .append(more_fields)
      .append("\n")
      .append(body)
      .append("\n");
  return with_crlf(text);
}

std::string sample_mail(const std::string& name) {
  std::ifstream file(source_folder() + "/tests/data/samples/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no sample " + name);
  return with_crlf(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::shared_ptr<const Snapshot> shipped_snapshot(const std::string& configuration) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Snapshot>> loaded;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const Snapshot>& snapshot = loaded[configuration];
  if (!snapshot) snapshot = load_shipped(configuration);
  return snapshot;
}

}  // namespace coldpitch::test
