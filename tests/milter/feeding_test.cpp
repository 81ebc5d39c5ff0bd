// SPDX-License-Identifier: MIT
// What is judged does not depend on how the MTA cuts the body: whole, in odd pieces or octet by octet; and it is what `coldpitch check`
// judges of the same octets. Read are the messages of our own writing and, where there is a corpus, every 40th of its torture folders.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "milter/transaction.h"
#include "parsers/header.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::shipped_snapshot;

namespace {

namespace fs = std::filesystem;

constexpr TimePoint kNow{std::chrono::seconds(1'792'000'000)};

std::string setting(const char* name, const std::string& otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::string read_with_crlf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string octets;
  for (std::istreambuf_iterator<char> at(file), end; at != end; ++at) {
    if (*at == '\n' && (octets.empty() || octets.back() != '\r')) octets += '\r';
    octets += *at;
  }
  return octets;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".eml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Envelope outside() {
  Envelope envelope;
  envelope.client_address = "192.0.2.44";
  envelope.envelope_sender = "jane@outside.example";
  envelope.known = true;
  return envelope;
}

/// What a transaction came to.
struct Outcome {
  EditsPlan plan;
  std::string text, hidden_text, plain, subject;
  Problems problems;
  std::vector<Evidence> evidence;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const Judgement& judgement, EditsPlan plan) {
  const Message& message = judgement.message;
  return {std::move(plan), message.text,     message.hidden_text,         message.plain,
          message.subject, message.problems, judgement.verdict().evidence};
}

Service make_service(const std::string& configuration = "") {
  return {shipped_snapshot(configuration), nullptr, nullptr, [] { return kNow; }};
}

/// Hands a message over with its body in pieces of so many octets.
Outcome feed(Service& service, std::string_view octets, std::size_t piece) {
  Problems ignored;
  const HeaderBlock block = parse_header_block(octets, octets.size(), Limits{}, ignored);
  Transaction transaction(service, outside());
  transaction.add_recipient("<alex@example.net>");
  for (const HeaderField& field : block.header.fields()) transaction.add_field(field.name, field.body, false);
  transaction.end_header();
  const std::string_view body = octets.substr(block.octets);
  for (std::size_t at = 0; at < body.size(); at += piece) {
    // A heap block of exactly its size, so that a sanitizer sees whoever reads past it.
    const std::vector<char> chunk(
        body.begin() + static_cast<std::ptrdiff_t>(at),
        body.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, body.size())));
    if (!transaction.add_body({chunk.data(), chunk.size()})) break;
  }
  EditsPlan plan = transaction.finish("4QID");
  return outcome_of(*transaction.judgement(), std::move(plan));
}

}  // namespace

TEST_CASE("how the body is cut makes no difference") {
  Service service = make_service();
  std::vector<fs::path> files = files_below(setting("COLDPITCH_SOURCE", ".") + "/tests/data");
  REQUIRE(files.size() > 20);
  const fs::path corpus = setting("COLDPITCH_CORPUS", setting("COLDPITCH_SOURCE", ".") + "/../shared/corpus");
  if (!fs::is_directory(corpus)) WARN("SKIPPED: there is no corpus at " + corpus.string());
  const std::vector<fs::path> mail = files_below(corpus);
  for (std::size_t i = 0; i < mail.size(); i += 40) {
    if (mail[i].parent_path().filename().string().starts_with("torture-")) files.push_back(mail[i]);
  }
  for (const fs::path& path : files) {
    CAPTURE(path);
    const std::string octets = read_with_crlf(path);
    const Outcome whole = feed(service, octets, octets.size() + 1);
    CHECK(feed(service, octets, 1) == whole);
    CHECK(feed(service, octets, 1021) == whole);
  }
}

TEST_CASE("a message handed over in pieces is judged as from a file") {
  Service service = make_service();
  for (const char* const folder : {"/tests/data/bodies", "/tests/data/samples"}) {
    for (const fs::path& path : files_below(setting("COLDPITCH_SOURCE", ".") + folder)) {
      CAPTURE(path);
      const std::string octets = read_with_crlf(path);
      const Outcome fed = feed(service, octets, 7);
      Envelope envelope = outside();
      envelope.recipients = {"alex@example.net"};
      envelope.time = kNow;
      const Outcome read = outcome_of(judge_message(octets, envelope, *service.snapshot(), {}), fed.plan);
      CHECK(fed == read);
    }
  }
}

TEST_CASE("at the message limit the cut makes no difference either") {
  Service service = make_service("limits: { message: 1 KiB }\n");
  const std::string header = "Subject: Plans\r\nFrom: jane@outside.example\r\n\r\n";
  for (const std::size_t size : {1023U, 1024U, 1025U, 1030U, 3000U}) {
    CAPTURE(size);
    std::string octets = header;
    while (octets.size() < size) octets += "word ";
    octets.resize(size);
    const Outcome whole = feed(service, octets, size);
    CHECK(whole.problems.has("message-octets") == (size > 1024));
    for (const std::size_t piece : {1U, 2U, 1000U}) CHECK(feed(service, octets, piece) == whole);
  }
}
