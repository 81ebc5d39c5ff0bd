// SPDX-License-Identifier: MIT
#include "milter/callbacks.h"

#include <arpa/inet.h>
#include <libmilter/mfapi.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "milter/edits.h"
#include "milter/libmilter_socket.h"
#include "milter/log.h"
#include "milter/transaction.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// smfi_setmaxdatasize: the library's 64 KiB would end the session at a header field Postfix still takes.
constexpr std::size_t kMaxPacketOctets = 2U * 1024U * 1024U;

constexpr unsigned long kWantedActions =
    SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_ADDRCPT | SMFIF_DELRCPT | SMFIF_QUARANTINE;
constexpr unsigned long kWantedSteps = SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NR_HELO | SMFIP_NR_RCPT |
                                       SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_SKIP | SMFIP_HDR_LEADSPC;

// What libmilter's interface forces to be global: it hands no argument of ours to the first callback of a connection.
std::atomic<Service*> the_service{nullptr};
std::atomic<std::size_t> open_connections{0};
// Sendmail may reuse a connection for another client without negotiating again (SMFIC_QUIT_NC).
std::atomic<unsigned long> last_actions{0};
std::atomic<unsigned long> last_steps{0};

/// Of the process's file descriptors, those that are not for connections: history, metrics, control, name servers.
constexpr std::size_t kOtherDescriptors = 64;
std::atomic<std::size_t> most_connections{SIZE_MAX};

/// True once a minute at most: for what one line of the log is enough.
class Seldom {
 public:
  bool is_time() noexcept {
    using std::chrono::steady_clock;
    const auto now = steady_clock::now().time_since_epoch().count();
    auto last = last_.load();
    if (last != 0 && now - last < steady_clock::duration(std::chrono::minutes(1)).count()) return false;
    return last_.compare_exchange_strong(last, now);
  }

 private:
  std::atomic<std::chrono::steady_clock::rep> last_{0};
};

Seldom too_many;
Seldom no_descriptors;

struct Session {
  explicit Session(Service& service) : connection(service) { count(1); }
  ~Session() { count(static_cast<std::size_t>(-1)); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Connection connection;
  unsigned long steps = 0;
  bool has_failed = false;  ///< the message under way

 private:
  static void count(std::size_t change) {
    const std::size_t now = open_connections.fetch_add(change) + change;
    if (Service* service = the_service.load()) service->metrics().set_connections(now);
  }
};

Session* session_of(SMFICTX* ctx) { return static_cast<Session*>(smfi_getpriv(ctx)); }

/// Frees the session of `ctx`, if any. smfi_setpriv first, so that no path can see a freed one.
void drop_session(SMFICTX* ctx) {
  const std::unique_ptr<Session> session(session_of(ctx));
  smfi_setpriv(ctx, nullptr);
}

Session& make_session(SMFICTX* ctx, unsigned long actions, unsigned long steps) {
  drop_session(ctx);
  auto session = std::make_unique<Session>(*the_service.load());
  session->steps = steps;
  MtaOffer& offer = session->connection.offer;
  offer.leading_space = (steps & SMFIP_HDR_LEADSPC) != 0;
  offer.skip = (steps & SMFIP_SKIP) != 0;
  offer.add_fields = (actions & SMFIF_ADDHDRS) != 0;
  offer.change_fields = (actions & SMFIF_CHGHDRS) != 0;
  offer.quarantine = (actions & SMFIF_QUARANTINE) != 0;
  offer.add_recipients = (actions & SMFIF_ADDRCPT) != 0;
  offer.delete_recipients = (actions & SMFIF_DELRCPT) != 0;
  smfi_setpriv(ctx, session.get());
  return *session.release();
}

sfsistat fault_status() noexcept {
  Service* service = the_service.load();
  if (service == nullptr) return SMFIS_ACCEPT;
  return service->snapshot()->config.on_fault == OnFault::accept ? SMFIS_ACCEPT : SMFIS_TEMPFAIL;
}

void note_fault(std::string_view what) noexcept {
  if (Service* service = the_service.load()) service->note_exception(what);
}

void note_stranger() noexcept {
  try {
    log_debug("event=stranger detail=\"a client left without having spoken the milter protocol\"");
  } catch (...) {
    return;  // it is worth no more
  }
}

/// Every callback goes through here: no exception may reach libmilter's C code, where it would end the process. Where the MTA agreed to wait for
/// no answer (`no_reply_step`), a fault is told at the end of the message: libmilter would take another answer for the last one, send nothing,
/// and leave the MTA waiting.
template <class Step>
sfsistat guard(SMFICTX* ctx, unsigned long no_reply_step, Step&& step) noexcept {
  Session* session = session_of(ctx);
  if (session == nullptr) return SMFIS_ACCEPT;
  try {
    return step(*session);
  } catch (const std::exception& fault) {
    note_fault(fault.what());
  } catch (...) {
    note_fault("unknown exception");
  }
  session->connection.end();
  session->has_failed = true;
  return (session->steps & no_reply_step) != 0 ? SMFIS_NOREPLY : fault_status();
}

template <class Step>
sfsistat guard(SMFICTX* ctx, Step&& step) noexcept {
  return guard(ctx, 0, std::forward<Step>(step));
}

/// The answer "go on", left out where the MTA agreed to wait for none.
sfsistat go_on(const Session& session, unsigned long no_reply_step) {
  return (session.steps & no_reply_step) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

std::string address_text(const _SOCK_ADDR* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address == nullptr) return {};
  if (address->sa_family == AF_INET) {
    const auto* inet = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &inet->sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    const auto* inet6 = reinterpret_cast<const sockaddr_in6*>(address);
    inet_ntop(AF_INET6, &inet6->sin6_addr, text.data(), text.size());
  }
  return text.data();
}

std::string_view macro(SMFICTX* ctx, const char* name) {
  std::string writable(name);
  const char* value = smfi_getsymval(ctx, writable.data());
  return value == nullptr ? std::string_view() : std::string_view(value);
}

/// Each one that is counted is told of in the log, too, though not each time.
void note_connections(Seldom& seldom, std::string_view kind, const std::string& detail) {
  the_service.load()->metrics().count_fault(kind);
  if (seldom.is_time()) log_warning("event=fault kind=" + std::string(kind) + " detail=" + log_value(detail));
}

void note_no_descriptor() noexcept {
  try {
    if (the_service.load() == nullptr) return;
    note_connections(no_descriptors, "descriptors",
                     "the limit of open files (LimitNOFILE) is reached: who connects now has to wait");
  } catch (...) {
    return;  // it is tried again soon
  }
}

/// Without a descriptor left libmilter cannot accept. Better to be away for some, who go on at once, than for all.
bool has_no_descriptors() {
  if (open_connections < most_connections) return false;
  note_connections(no_descriptors, "descriptors",
                   std::to_string(most_connections) +
                       " connections are open, and the limit of open files (LimitNOFILE) allows no more: "
                       "further ones are closed");
  return true;
}

sfsistat on_negotiate(SMFICTX* ctx, unsigned long actions, unsigned long steps, unsigned long /*unused*/,
                      unsigned long /*unused*/, unsigned long* wanted_actions, unsigned long* wanted_steps,
                      unsigned long* unused2, unsigned long* unused3) noexcept {
  *wanted_actions = actions & kWantedActions;
  *wanted_steps = steps & kWantedSteps;
  *unused2 = 0;
  *unused3 = 0;
  last_actions = *wanted_actions;
  last_steps = *wanted_steps;
  try {
    if (has_no_descriptors()) return SMFIS_REJECT;  // here: the MTA goes on without this milter
    make_session(ctx, *wanted_actions, *wanted_steps);
  } catch (...) {
    note_fault("no memory for a session");
    return SMFIS_REJECT;
  }
  return SMFIS_CONTINUE;
}

sfsistat on_connect(SMFICTX* ctx, char* host_name, _SOCK_ADDR* address) noexcept {
  if (session_of(ctx) == nullptr) {
    try {
      make_session(ctx, last_actions, last_steps);
    } catch (...) {
      note_fault("no memory for a session");
      return fault_status();
    }
  }
  return guard(ctx, [&](Session& session) {
    const std::size_t limit = the_service.load()->snapshot()->config.limits.connections;
    if (open_connections > limit) {
      note_connections(too_many, "connections",
                       "more than " + std::to_string(limit) +
                           " connections (limits.connections): mail of further ones passes unjudged");
      return SMFIS_ACCEPT;
    }
    // Local submission has no address: it comes from this host.
    const std::string client = address_text(address);
    session.connection.set_client(host_name == nullptr ? "" : host_name,
                                  client.empty() ? "127.0.0.1" : client);
    return SMFIS_CONTINUE;
  });
}

sfsistat on_helo(SMFICTX* ctx, char* helo) noexcept {
  return guard(ctx, SMFIP_NR_HELO, [&](Session& session) {
    session.connection.set_helo(helo == nullptr ? "" : helo);
    return go_on(session, SMFIP_NR_HELO);
  });
}

sfsistat on_envfrom(SMFICTX* ctx, char** arguments) noexcept {
  return guard(ctx, [&](Session& session) {
    session.has_failed = false;
    std::vector<std::string_view> words;
    for (char** argument = arguments; *argument != nullptr; ++argument) words.emplace_back(*argument);
    const bool judged = session.connection.begin(words, macro(ctx, "{auth_authen}"));
    return judged ? SMFIS_CONTINUE : SMFIS_ACCEPT;
  });
}

sfsistat on_envrcpt(SMFICTX* ctx, char** arguments) noexcept {
  return guard(ctx, SMFIP_NR_RCPT, [&](Session& session) {
    if (Transaction* transaction = session.connection.transaction()) transaction->add_recipient(arguments[0]);
    return go_on(session, SMFIP_NR_RCPT);
  });
}

sfsistat on_header(SMFICTX* ctx, char* name, char* body) noexcept {
  return guard(ctx, SMFIP_NR_HDR, [&](Session& session) {
    if (Transaction* transaction = session.connection.transaction()) {
      transaction->add_field(name, body, session.connection.offer.leading_space);
    }
    return go_on(session, SMFIP_NR_HDR);
  });
}

sfsistat on_eoh(SMFICTX* ctx) noexcept {
  return guard(ctx, SMFIP_NR_EOH, [&](Session& session) {
    if (Transaction* transaction = session.connection.transaction()) transaction->end_header();
    return go_on(session, SMFIP_NR_EOH);
  });
}

sfsistat on_body(SMFICTX* ctx, unsigned char* chunk, std::size_t octets) noexcept {
  return guard(ctx, [&](Session& session) {
    Transaction* transaction = session.connection.transaction();
    const std::string_view text(reinterpret_cast<const char*>(chunk), octets);
    const bool more = transaction != nullptr && transaction->add_body(text);
    return more || !session.connection.offer.skip ? SMFIS_CONTINUE : SMFIS_SKIP;
  });
}

sfsistat status_of(Disposition disposition) {
  switch (disposition) {
    case Disposition::accept:
      return SMFIS_ACCEPT;
    case Disposition::reject:
      return SMFIS_REJECT;
    case Disposition::discard:
      return SMFIS_DISCARD;
    case Disposition::tempfail:
      return SMFIS_TEMPFAIL;
  }
  return SMFIS_ACCEPT;
}

sfsistat on_eom(SMFICTX* ctx) noexcept {
  return guard(ctx, [&](Session& session) -> sfsistat {
    Transaction* transaction = session.connection.transaction();
    if (transaction == nullptr) return session.has_failed ? fault_status() : SMFIS_ACCEPT;
    const EditsPlan plan = transaction->finish(std::string(macro(ctx, "i")), false);
    EndOfMessage end(ctx, session.connection.offer.leading_space);
    const Result<void> applied = end.apply(plan);
    session.connection.end();
    if (!applied) {
      log_error("event=fault kind=edit detail=" + log_value(applied.error().detail));
      the_service.load()->metrics().count_fault("edit");
      return applied.error().code == Code::permanent ? fault_status() : SMFIS_TEMPFAIL;
    }
    return status_of(plan.disposition);
  });
}

sfsistat on_abort(SMFICTX* ctx) noexcept {
  return guard(ctx, [](Session& session) {
    session.connection.end();
    return SMFIS_CONTINUE;
  });
}

/// Called for every connection, also one that never negotiated: a scan, a probe, a TLS client.
sfsistat on_close(SMFICTX* ctx) noexcept {
  if (session_of(ctx) == nullptr) note_stranger();
  drop_session(ctx);
  return SMFIS_CONTINUE;
}

}  // namespace

// In place of the C library's, for the whole process. libmilter accepts again at once when no file descriptor is left, and would keep a
// processor busy until some client goes.
extern "C" __attribute__((visibility("default"))) int accept(int listening, sockaddr* address,
                                                             socklen_t* size) {
  constexpr std::chrono::milliseconds kPause{100};
  const int accepted = accept4(listening, address, size, 0);
  if (accepted >= 0 || (errno != EMFILE && errno != ENFILE)) return accepted;
  const int error = errno;
  note_no_descriptor();
  std::this_thread::sleep_for(kPause);
  errno = error;
  return -1;
}

Result<void> register_callbacks(Service& service, std::size_t descriptors) {
  the_service = &service;
  most_connections = connections_within(descriptors);
  // Shown from the start: when they happen nothing is left to make them with.
  for (const char* kind : {"connections", "descriptors"}) service.metrics().count_faults(kind, 0);
  std::string name = "coldpitch";
  smfiDesc descriptor{};
  descriptor.xxfi_name = name.data();
  descriptor.xxfi_version = SMFI_VERSION;
  descriptor.xxfi_flags = kWantedActions;
  descriptor.xxfi_connect = on_connect;
  descriptor.xxfi_helo = on_helo;
  descriptor.xxfi_envfrom = on_envfrom;
  descriptor.xxfi_envrcpt = on_envrcpt;
  descriptor.xxfi_header = on_header;
  descriptor.xxfi_eoh = on_eoh;
  descriptor.xxfi_body = on_body;
  descriptor.xxfi_eom = on_eom;
  descriptor.xxfi_abort = on_abort;
  descriptor.xxfi_close = on_close;
  descriptor.xxfi_negotiate = on_negotiate;
  if (smfi_register(descriptor) != MI_SUCCESS) {
    return tl::unexpected(Error{Code::permanent, 0, "libmilter refused the registration"});
  }
  if (smfi_setmaxdatasize(kMaxPacketOctets) == 0) {
    return tl::unexpected(Error{Code::permanent, 0, "libmilter refused the packet size"});
  }
  return {};
}

std::size_t connections_within(std::size_t descriptors) {
  return descriptors > kOtherDescriptors ? descriptors - kOtherDescriptors : 1;
}

bool libmilter_open_socket(const std::string& address) {
  std::string writable = address;
  if (smfi_setconn(writable.data()) != MI_SUCCESS) return false;
  return smfi_opensocket(true) == MI_SUCCESS;
}

bool libmilter_run() { return smfi_main() == MI_SUCCESS; }

}  // namespace coldpitch
