// SPDX-License-Identifier: MIT
// What the parts cost over the mixed set (see mixed_mail.h), by kind of mail: octets a second, and what a message allocates. `octets` are those
// of the messages throughout, so that the parts of a kind compare. `whole` is all the daemon does with a message, history in SQLite included.
//
//   parts_benchmark --benchmark_filter=newsletter
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "milter/learning.h"
#include "milter/pipeline.h"
#include "parsers/fold.h"
#include "policies/text_signals.h"
#include "tests/bench/counting_heap.h"
#include "tests/bench/mixed_mail.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/mail.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMessages = 400;
constexpr std::size_t kOfKind = 20;

using Mails = std::vector<test::LoadMail>;

std::string source_folder() {
  const char* folder = std::getenv("COLDPITCH_SOURCE");
  return folder == nullptr ? "." : folder;
}

/// By kind; "all" is the set itself.
const std::map<std::string, Mails>& mails() {
  static const std::map<std::string, Mails> by_kind = [] {
    std::map<std::string, Mails> sorted;
    for (test::LoadMail& mail : test::mixed_mail(source_folder() + "/tests/data/quality", kMessages, 1)) {
      if (Mails& kind = sorted[mail.kind]; kind.size() < kOfKind) kind.push_back(mail);
      sorted["all"].push_back(std::move(mail));
    }
    return sorted;
  }();
  return by_kind;
}

const Snapshot& snapshot() {
  static const auto shipped = test::shipped_snapshot();
  return *shipped;
}

/// A history in SQLite in a folder of its own.
struct History {
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  Keyring keyring{std::array<std::uint8_t, Keyring::kSecretOctets>{1}};

  History() {
    SqliteOptions options;
    options.file = folder / "history.db";
    store = std::move(open_sqlite_store(options).value());
  }
  [[nodiscard]] Memory memory() const { return {store.get(), &keyring}; }
};

const History& history() {
  static const History one;
  return one;
}

/// Runs `part` over the mails of a kind, as often as asked.
template <class Part>
void over(benchmark::State& state, const Mails& mails, Part part) {
  for (std::size_t i = 0; i < mails.size(); ++i) part(i);  // what is made once
  std::size_t messages = 0;
  std::size_t octets = 0;
  const test::HeapUse before = test::heap_use();
  for (auto _ : state) {
    for (std::size_t i = 0; i < mails.size(); ++i) part(i);
    messages += mails.size();
    for (const test::LoadMail& mail : mails) octets += mail.octets.size();
  }
  const test::HeapUse after = test::heap_use();
  const auto count = static_cast<double>(messages);
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.SetBytesProcessed(static_cast<std::int64_t>(octets));
  state.counters["allocations"] = static_cast<double>(after.allocations - before.allocations) / count;
  state.counters["allocated"] =
      benchmark::Counter(static_cast<double>(after.octets - before.octets) / count,
                         benchmark::Counter::kDefaults, benchmark::Counter::kIs1024);
}

void parse(benchmark::State& state, const Mails& mails) {
  over(state, mails, [&](std::size_t i) {
    benchmark::DoNotOptimize(parse_message(mails[i].octets, snapshot().config.limits));
  });
}

void mime(benchmark::State& state, const Mails& mails) {
  over(state, mails, [&](std::size_t i) {
    Problems problems;
    benchmark::DoNotOptimize(parse_mime(mails[i].octets, snapshot().config.limits, problems));
  });
}

/// Parsed, with all that the pipeline finds before it looks at words.
struct Read {
  explicit Read(const test::LoadMail& mail)
      : message(parse_message(mail.octets, snapshot().config.limits)),
        authentication(trusted_authentication(message.header(), snapshot().config.trusted_authserv_ids)),
        linkedin(read_linkedin(message, authentication, mail.envelope.envelope_sender, *snapshot().linkedin)),
        traits(find_outreach_traits(message, {})),
        channel(linkedin.authenticity == LinkedInAuthenticity::authentic ? Channel::linkedin
                                                                         : Channel::direct) {}
  Message message;
  Authentication authentication;
  LinkedInMail linkedin;
  std::vector<Trait> traits;
  Channel channel;
};

std::vector<std::unique_ptr<Read>> read_all(const Mails& mails) {
  std::vector<std::unique_ptr<Read>> read;
  read.reserve(mails.size());
  for (const test::LoadMail& mail : mails) read.push_back(std::make_unique<Read>(mail));
  return read;
}

void linkedin(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  over(state, mails, [&](std::size_t i) {
    benchmark::DoNotOptimize(read_linkedin(read[i]->message, read[i]->authentication,
                                           mails[i].envelope.envelope_sender, *snapshot().linkedin));
  });
}

void traits(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  over(state, mails,
       [&](std::size_t i) { benchmark::DoNotOptimize(find_outreach_traits(read[i]->message, {})); });
}

void fold(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  over(state, mails, [&](std::size_t i) { benchmark::DoNotOptimize(fold_text(read[i]->message.text)); });
}

std::vector<SubjectMatter> matters_of(const std::vector<std::unique_ptr<Read>>& read) {
  std::vector<SubjectMatter> matters;
  for (const auto& one : read)
    matters.push_back(make_subject_matter(one->message, one->linkedin, one->traits, one->channel));
  return matters;
}

void match(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  const std::vector<SubjectMatter> matters = matters_of(read);
  over(state, mails, [&](std::size_t i) { benchmark::DoNotOptimize(snapshot().engine->scan(matters[i])); });
}

void text_model(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  std::vector<SubjectMatter> matters = matters_of(read);
  if (!snapshot().text_model) return state.SkipWithError("no text model");
  over(state, mails, [&](std::size_t i) { add_text_signals(matters[i], *snapshot().text_model); });
}

void keys(benchmark::State& state, const Mails& mails) {
  const auto read = read_all(mails);
  over(state, mails, [&](std::size_t i) {
    const Read& one = *read[i];
    const SenderIdentity sender = identify_sender(one.message, one.linkedin, one.authentication);
    benchmark::DoNotOptimize(make_contact_keys(one.message, one.linkedin, sender, history().keyring));
    benchmark::DoNotOptimize(sketch_words(one.message, one.linkedin, history().keyring));
  });
}

void ask_history(benchmark::State& state, const Mails& mails) {
  std::vector<ContactQuestion> questions;
  for (const auto& one : read_all(mails)) {
    const SenderIdentity sender = identify_sender(one->message, one->linkedin, one->authentication);
    ContactKeys known = make_contact_keys(one->message, one->linkedin, sender, history().keyring);
    known.sketch = sketch_words(one->message, one->linkedin, history().keyring);
    questions.push_back(make_question(known, {user_key(history().keyring, "user@example.net")}, {},
                                      snapshot().config.history));
  }
  over(state, mails,
       [&](std::size_t i) { benchmark::DoNotOptimize(history().store->ask(questions[i]).value()); });
}

void whole(benchmark::State& state, const Mails& mails) {
  const Memory memory = history().memory();
  over(state, mails, [&](std::size_t i) {
    const Judgement judgement = judge_message(mails[i].octets, mails[i].envelope, snapshot(), memory);
    benchmark::DoNotOptimize(remember(judgement, mails[i].envelope, snapshot(), memory));
  });
}

void add_benchmarks() {
  using Function = void (*)(benchmark::State&, const Mails&);
  const std::pair<const char*, Function> parts[] = {{"whole", whole},   {"parse", parse},
                                                    {"mime", mime},     {"linkedin", linkedin},
                                                    {"traits", traits}, {"fold", fold},
                                                    {"match", match},   {"text_model", text_model},
                                                    {"keys", keys},     {"ask_history", ask_history}};
  for (const auto& [name, function] : parts) {
    for (const auto& [kind, mail] : mails()) {
      benchmark::RegisterBenchmark((std::string(name) + "/" + kind).c_str(), [function = function,
                                                                              &mail = mail](
                                                                                 benchmark::State& state) {
        function(state, mail);
      })->Unit(benchmark::kMicrosecond);
    }
  }
}

}  // namespace
}  // namespace coldpitch

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  coldpitch::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
