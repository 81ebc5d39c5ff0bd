// SPDX-License-Identifier: MIT
#include "milter/dns_resolver.h"

#include <fcntl.h>
#include <poll.h>
#include <unbound.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "history/locks.h"

namespace coldpitch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTypeText = 16;
constexpr int kClassInternet = 1;

/// One look-up, shared by who waits for it and the thread that asks.
struct Lookup : std::enable_shared_from_this<Lookup> {
  explicit Lookup(std::string wanted) : name(std::move(wanted)) {}

  const std::string name;
  Mutex mutex;
  std::condition_variable changed;
  bool done GUARDED_BY(mutex) = false;
  DkimKeyAnswer answer GUARDED_BY(mutex);
  std::set<std::shared_ptr<Lookup>>* asked = nullptr;  ///< where it stands while the library has it

  void finish(DkimKeyAnswer found) {
    {
      const Lock lock(mutex);
      done = true;
      answer = std::move(found);
    }
    changed.notify_all();
  }
};

struct ContextDeleter {
  void operator()(ub_ctx* context) const { ub_ctx_delete(context); }
};
struct ResultFreer {
  void operator()(ub_result* result) const { ub_resolve_free(result); }
};

/// RFC 1035 §3.3.14: strings, each behind its length.
std::string joined_strings(const char* data, int size) {
  std::string text;
  for (int at = 0; at < size;) {
    const int length = static_cast<unsigned char>(data[at++]);
    const int kept = std::min(length, size - at);
    text.append(data + at, static_cast<std::size_t>(kept));
    at += kept;
  }
  return text;
}

DkimKeyAnswer answer_of(int error, const ub_result* result) {
  if (error != 0 || result == nullptr || result->bogus) return {DkimKeyAnswer::Status::temporary, {}};
  constexpr int kNoSuchName = 3;
  if (result->nxdomain || result->rcode == kNoSuchName) return {DkimKeyAnswer::Status::none, {}};
  if (result->rcode != 0) return {DkimKeyAnswer::Status::temporary, {}};
  if (!result->havedata || result->data[0] == nullptr || result->data[1] != nullptr)
    return {DkimKeyAnswer::Status::none, {}};
  return {DkimKeyAnswer::Status::found, joined_strings(result->data[0], result->len[0])};
}

/// `data` is the look-up, which stands in its set of those the library was asked for.
void on_answer(void* data, int error, ub_result* result) noexcept {
  const std::unique_ptr<ub_result, ResultFreer> freed(result);
  const std::shared_ptr<Lookup> lookup = static_cast<Lookup*>(data)->shared_from_this();
  lookup->asked->erase(lookup);
  try {
    lookup->finish(answer_of(error, result));
  } catch (...) {
    lookup->changed.notify_all();  // who waits meets the deadline
  }
}

}  // namespace

class DnsResolver::Loop {
 public:
  static std::unique_ptr<Loop> start(const std::string& forwarder) {
    std::unique_ptr<Loop> loop(new Loop);
    if (!loop->prepare(forwarder)) return nullptr;
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      loop->thread_ = std::thread([raw = loop.get()] { raw->run(); });
    } catch (const std::system_error&) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      return nullptr;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return loop;
  }

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    if (thread_.joinable()) {
      {
        const Lock lock(mutex_);
        stopping_ = true;
      }
      wake();
      thread_.join();
    }
    for (const int end : wake_) {
      if (end >= 0) close(end);
    }
  }

  DkimKeyAnswer find(const std::string& name, Clock::time_point deadline) {
    if (Clock::now() >= deadline) return {};
    const auto lookup = std::make_shared<Lookup>(name);
    {
      const Lock lock(mutex_);
      if (stopping_ || under_way_ >= kMaxLookups) return {};
      ++under_way_;
      asked_.push_back(lookup);
    }
    wake();
    DkimKeyAnswer found;
    {
      Lock lock(lookup->mutex);
      const auto is_done = [&]() REQUIRES(lookup->mutex) { return lookup->done; };
      if (lookup->changed.wait_until(lock.waiting(), deadline, is_done)) found = lookup->answer;
    }
    const Lock lock(mutex_);
    --under_way_;
    return found;
  }

 private:
  Loop() = default;

  bool prepare(const std::string& forwarder) {
    if (pipe2(wake_.data(), O_CLOEXEC | O_NONBLOCK) != 0) return false;
    context_.reset(ub_ctx_create());
    if (!context_) return false;
    // Else libunbound asks from a process of its own.
    if (ub_ctx_async(context_.get(), 1) != 0) return false;
    if (!forwarder.empty()) {
      (void)ub_ctx_set_option(context_.get(), "do-not-query-localhost:", "no");
      return ub_ctx_set_fwd(context_.get(), forwarder.c_str()) == 0;
    }
    // Without name servers of its own the library asks the root's.
    (void)ub_ctx_resolvconf(context_.get(), nullptr);
    return true;
  }

  void wake() {
    const char octet = 0;
    // A full pipe wakes as well.
    [[maybe_unused]] const ssize_t written = write(wake_[1], &octet, 1);
  }

  void run() {
    while (true) {
      std::array<pollfd, 2> ends{{{wake_[0], POLLIN, 0}, {ub_fd(context_.get()), POLLIN, 0}}};
      if (poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) return;
      std::array<char, 64> octets;
      while (read(wake_[0], octets.data(), octets.size()) > 0) continue;
      {
        const Lock lock(mutex_);
        if (stopping_) return;
      }
      ask_all();
      (void)ub_process(context_.get());
    }
  }

  void ask_all() {
    std::deque<std::shared_ptr<Lookup>> asked;
    {
      const Lock lock(mutex_);
      asked.swap(asked_);
    }
    for (std::shared_ptr<Lookup>& lookup : asked) {
      lookup->asked = &library_has_;
      library_has_.insert(lookup);
      if (ub_resolve_async(context_.get(), lookup->name.c_str(), kTypeText, kClassInternet, lookup.get(),
                           on_answer, nullptr) != 0) {
        library_has_.erase(lookup);
        lookup->finish({});
      }
    }
  }

  // What the library was asked and has not answered; it never calls back for what is left when it is closed. Of the thread alone.
  std::set<std::shared_ptr<Lookup>> library_has_;
  std::unique_ptr<ub_ctx, ContextDeleter> context_;
  std::array<int, 2> wake_{-1, -1};
  Mutex mutex_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::size_t under_way_ GUARDED_BY(mutex_) = 0;
  std::deque<std::shared_ptr<Lookup>> asked_ GUARDED_BY(mutex_);
  std::thread thread_;
};

DnsResolver::DnsResolver(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
DnsResolver::~DnsResolver() = default;

std::shared_ptr<DnsResolver> DnsResolver::open(const std::string& forwarder) {
  std::unique_ptr<Loop> loop = Loop::start(forwarder);
  return loop ? std::shared_ptr<DnsResolver>(new DnsResolver(std::move(loop))) : nullptr;
}

DkimKeyAnswer DnsResolver::find_text(const std::string& name, Clock::time_point deadline) {
  return loop_->find(name, deadline);
}

}  // namespace coldpitch
