// SPDX-License-Identifier: MIT
#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "cli/recipients.h"
#include "cli/replay.h"
#include "milter/learning.h"
#include "parsers/header.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Messages read ahead for each thread: one in work, one waiting.
constexpr std::size_t kAhead = 2;

/// Results of several threads, taken in the order of their numbers. A thread waits when it is too far ahead.
class Window {
 public:
  Window(std::size_t first, std::size_t end, std::size_t room)
      : next_to_start_(first), next_to_take_(first), end_(end), slots_(room) {}

  /// The number to work at, or nullopt when there is none left.
  std::optional<std::size_t> start() {
    std::unique_lock lock(mutex_);
    room_.wait(lock,
               [&] { return next_to_start_ >= end_ || next_to_start_ < next_to_take_ + slots_.size(); });
    if (next_to_start_ >= end_) return std::nullopt;
    return next_to_start_++;
  }

  void finish(ReplayedMessage message) {
    {
      const std::lock_guard lock(mutex_);
      std::optional<ReplayedMessage>& slot = slots_[message.number % slots_.size()];
      slot = std::move(message);
    }
    ready_.notify_one();
  }

  std::optional<ReplayedMessage> take() {
    std::unique_lock lock(mutex_);
    if (next_to_take_ >= end_) return std::nullopt;
    std::optional<ReplayedMessage>& slot = slots_[next_to_take_ % slots_.size()];
    ready_.wait(lock, [&] { return slot.has_value(); });
    std::optional<ReplayedMessage> message = std::exchange(slot, std::nullopt);
    ++next_to_take_;
    lock.unlock();
    room_.notify_all();
    return message;
  }

  /// No thread gets anything more to do.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      end_ = 0;
    }
    room_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable room_, ready_;
  std::size_t next_to_start_, next_to_take_, end_;
  std::vector<std::optional<ReplayedMessage>> slots_;
};

std::size_t threads_of(const ReplayOptions& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

std::vector<std::string> all_in(const Header& header, std::string_view name, const Limits& limits) {
  Problems ignored;
  std::vector<std::string> found;
  for (const std::string_view body : header.all(name)) {
    for (const Mailbox& mailbox : parse_address_list(body, limits, ignored)) {
      if (!mailbox.domain.empty()) found.push_back(mailbox.address());
    }
  }
  return found;
}

/// Mail a user of ours wrote and kept: from one of our domains, and never received from anywhere.
bool is_own_copy(const Header& header, const Config& config) {
  Problems ignored;
  const std::vector<Mailbox> authors = parse_address_list(header.get("From"), config.limits, ignored);
  return header.find("Received") == nullptr && !authors.empty() &&
         config.is_local_domain(authors.front().domain);
}

/// Of the recipients in a header only our own got this copy.
std::vector<std::string> local_ones(const std::vector<std::string>& recipients, const Config& config) {
  std::vector<std::string> local;
  for (const std::string& recipient : recipients) {
    if (config.is_local_domain(parse_envelope_address(recipient).domain)) local.push_back(recipient);
  }
  return local.empty() ? recipients : local;
}

}  // namespace

ReplayRun::ReplayRun(const MailIndex& index, const ReplayOptions& options, std::vector<ReplaySide>& sides,
                     const Keyring& keyring)
    : index_(index), options_(options), sides_(sides), keyring_(keyring) {
  for (ReplaySide& side : sides_) {
    auto patient = std::make_shared<Snapshot>(*side.snapshot);
    patient->config.limits.evaluation = std::chrono::hours(24);
    side.snapshot = std::move(patient);
  }
}

Envelope ReplayRun::envelope_of(std::size_t number, const std::string& octets, const Config& config) const {
  Problems ignored;
  const HeaderBlock block = parse_header_block(octets, config.limits.header_octets, config.limits, ignored);
  Envelope envelope;
  envelope.time = index_.date(number);
  envelope.envelope_sender = sender_in_header(octets, config.limits);
  if (!index_.is_sent(number) && !is_own_copy(block.header, config)) {
    envelope.recipients = options_.recipients.empty()
                              ? local_ones(recipients_in_header(octets, config.limits), config)
                              : options_.recipients;
    return envelope;
  }
  const std::vector<std::string> authors = all_in(block.header, "From", config.limits);
  if (!authors.empty()) envelope.envelope_sender = authors.front();
  envelope.authenticated_user = envelope.envelope_sender.empty() ? "sent" : envelope.envelope_sender;
  for (const std::string_view name : {"To", "Cc", "Bcc"}) {
    for (std::string& address : all_in(block.header, name, config.limits)) {
      if (envelope.recipients.size() < config.limits.recipients)
        envelope.recipients.push_back(std::move(address));
    }
  }
  return envelope;
}

ReplayedMessage ReplayRun::prepare(std::size_t number) const {
  ReplayedMessage message;
  message.number = number;
  std::size_t most = 0;
  for (const ReplaySide& side : sides_) most = std::max(most, side.snapshot->config.limits.message_octets);
  const Result<std::string> octets = index_.read(number, most + 1);
  if (!octets) {
    message.error = octets.error().detail;
    return message;
  }
  for (const ReplaySide& side : sides_) {
    const Config& config = side.snapshot->config;
    const std::string_view seen = std::string_view(*octets).substr(0, config.limits.message_octets + 1);
    message.sides.push_back(std::make_unique<PreparedMessage>(seen, envelope_of(number, *octets, config),
                                                              *side.snapshot, &keyring_));
    message.sides.back()->look_ahead();
  }
  return message;
}

void ReplayRun::judge(ReplayedMessage& message) {
  for (std::size_t i = 0; i < message.sides.size(); ++i) {
    PreparedMessage& prepared = *message.sides[i];
    const Memory memory{sides_[i].store.get(), &keyring_};
    prepared.judge(memory);
    // A store in memory takes every event.
    (void)remember(prepared.judgement(), prepared.envelope(), *sides_[i].snapshot, memory);
  }
}

void ReplayRun::run(std::size_t first, const std::function<void(ReplayedMessage&)>& judged) {
  const std::size_t threads = threads_of(options_);
  Window window(first, index_.size(), threads * kAhead);
  const auto work = [&] {
    while (const std::optional<std::size_t> number = window.start()) {
      ReplayedMessage message;
      try {
        message = prepare(*number);
      } catch (const std::exception& fault) {
        message = {*number, {}, fault.what()};
      }
      window.finish(std::move(message));
    }
  };
  std::vector<std::jthread> workers;
  workers.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) workers.emplace_back(work);
  try {
    while (std::optional<ReplayedMessage> message = window.take()) {
      judge(*message);
      judged(*message);
    }
  } catch (...) {
    window.stop();
    throw;
  }
}

}  // namespace coldpitch
