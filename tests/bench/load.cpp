// SPDX-License-Identifier: MIT
#include "tests/bench/load.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <utility>

namespace coldpitch::test {
namespace {

using Clock = std::chrono::steady_clock;

float in_seconds(Clock::duration time) { return std::chrono::duration<float>(time).count(); }

}  // namespace

void Latencies::add(std::vector<float>&& times) {
  times_.insert(times_.end(), times.begin(), times.end());
  std::sort(times_.begin(), times_.end());
}

double Latencies::percentile(double share) const {
  if (times_.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times_.size())));
  return times_[std::clamp<std::size_t>(rank, 1, times_.size()) - 1];
}

/// What all threads of a run share.
struct Load::Phase {
  std::size_t messages = 0;
  Clock::time_point start;
  std::optional<Clock::time_point> until;
  std::atomic<std::size_t> next{0};
};

/// What one thread of a run found.
struct Load::Part {
  std::vector<float> whole, end;
  std::size_t failures = 0, edits = 0;
  std::string failure;
  double octets = 0;
  std::map<std::string, std::size_t> answers;
};

Load::Load(LoadOptions options, const std::vector<LoadMail>& mail)
    : options_(std::move(options)), mail_(mail), workers_(options_.connections) {
  for (Worker& worker : workers_) {
    std::string failure;
    if (!connect(worker, failure)) throw std::runtime_error(failure);
  }
}

bool Load::connect(Worker& worker, std::string& failure) const {
  worker.client.reset();
  worker.sent = 0;
  Result<MilterClient> client = MilterClient::connect(options_.socket, options_.timeout);
  if (!client) {
    failure = client.error().detail;
    return false;
  }
  worker.client.emplace(std::move(*client));
  return true;
}

void Load::send(Worker& worker, std::size_t number, Clock::time_point due, Part& part) {
  LoadMail mail = mail_[number % mail_.size()];
  mail.set_serial(number);
  mail.envelope.queue_id = "LOAD" + std::to_string(number);
  if (worker.client && options_.per_connection > 0 && worker.sent >= options_.per_connection) {
    worker.client->quit();
    worker.client.reset();
  }
  const Clock::time_point start = options_.rate > 0 ? due : Clock::now();
  std::string failure;
  const bool is_connected = worker.client || connect(worker, failure);
  if (is_connected && worker.sent == 0) {
    if (auto begun = worker.client->begin_session(mail.envelope); !begun) failure = begun.error().detail;
  }
  Result<MilterOutcome> outcome = tl::unexpected(Error{Code::temporary, 0, failure});
  if (failure.empty()) outcome = worker.client->send_message(mail.envelope, mail.octets);
  if (!outcome) {
    worker.client.reset();
    if (part.failures++ == 0) part.failure = outcome.error().detail;
    return;
  }
  ++worker.sent;
  part.whole.push_back(in_seconds(Clock::now() - start));
  part.end.push_back(in_seconds(outcome->end_of_message));
  part.octets += static_cast<double>(mail.octets.size());
  part.edits += outcome->edits.size();
  ++part.answers[std::string(to_string(outcome->answer))];
}

void Load::work(Worker& worker, Phase& phase, Part& part) {
  constexpr std::size_t kMostFailures = 10;
  while (part.failures < kMostFailures) {
    const std::size_t number = phase.next++;
    if (number >= phase.messages) return;
    Clock::time_point due = phase.start;
    if (options_.rate > 0) {
      due += std::chrono::duration_cast<Clock::duration>(
          std::chrono::duration<double>(static_cast<double>(number) / options_.rate));
      std::this_thread::sleep_until(due);
    }
    if (phase.until && Clock::now() >= *phase.until) return;
    send(worker, serial_ + number, due, part);
  }
}

LoadResult Load::run(std::size_t messages, std::optional<double> seconds) {
  Phase phase;
  phase.messages = messages;
  phase.start = Clock::now();
  if (seconds) {
    phase.until =
        phase.start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(*seconds));
  }
  std::vector<Part> parts(workers_.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    threads.emplace_back(
        [this, &phase, &worker = workers_[i], &part = parts[i]] { work(worker, phase, part); });
  }
  for (std::thread& thread : threads) thread.join();
  LoadResult result;
  result.seconds = in_seconds(Clock::now() - phase.start);
  std::vector<float> whole;
  std::vector<float> end;
  for (Part& part : parts) {
    whole.insert(whole.end(), part.whole.begin(), part.whole.end());
    end.insert(end.end(), part.end.begin(), part.end.end());
    result.failures += part.failures;
    if (result.failure.empty()) result.failure = part.failure;
    result.octets += part.octets;
    result.edits += part.edits;
    for (const auto& [answer, count] : part.answers) result.answers[answer] += count;
  }
  result.messages = whole.size();
  result.whole.add(std::move(whole));
  result.end.add(std::move(end));
  serial_ += std::min(phase.next.load(), messages);
  return result;
}

}  // namespace coldpitch::test
