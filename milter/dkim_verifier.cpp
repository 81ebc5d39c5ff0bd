// SPDX-License-Identifier: MIT
#include "milter/dkim_verifier.h"

#include <sys/types.h>

#include <opendkim/dkim.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <iterator>
#include <utility>

#include "milter/dns_resolver.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kLeastKeyBits = 1024;

struct LibraryCloser {
  void operator()(DKIM_LIB* library) const { dkim_close(library); }
};
struct HandleFreer {
  void operator()(DKIM* handle) const { dkim_free(handle); }
};

/// What the look-up callback is given for one message.
struct KeyRequests {
  const DkimKeySource* source = nullptr;
  Clock::time_point deadline;
  std::exception_ptr failure;  ///< exceptions must not cross libopendkim's C frames
};

std::string text_of(const unsigned char* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

DKIM_CBSTAT answer(const DkimKeyAnswer& found, unsigned char* buffer, std::size_t size) {
  switch (found.status) {
    case DkimKeyAnswer::Status::none:
      return DKIM_CBSTAT_NOTFOUND;
    case DkimKeyAnswer::Status::temporary:
      return DKIM_CBSTAT_TRYAGAIN;
    case DkimKeyAnswer::Status::found:
      break;
  }
  if (found.record.size() >= size) return DKIM_CBSTAT_NOTFOUND;
  std::memcpy(buffer, found.record.c_str(), found.record.size() + 1);
  return DKIM_CBSTAT_CONTINUE;
}

DKIM_CBSTAT look_up_key(DKIM* handle, DKIM_SIGINFO* signature, unsigned char* buffer, size_t size) noexcept {
  auto* requests = static_cast<KeyRequests*>(dkim_get_user_context(handle));
  try {
    const std::string domain = text_of(dkim_sig_getdomain(signature));
    const std::string selector = text_of(dkim_sig_getselector(signature));
    if (domain.empty() || selector.empty()) return DKIM_CBSTAT_NOTFOUND;
    if (Clock::now() >= requests->deadline) return DKIM_CBSTAT_TRYAGAIN;
    return answer((*requests->source)(selector + "._domainkey." + domain, requests->deadline), buffer, size);
  } catch (...) {
    requests->failure = std::current_exception();
    return DKIM_CBSTAT_TRYAGAIN;
  }
}

/// Octets with CRLF line ends.
std::string with_crlf(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() + octets.size() / 32);
  for (std::size_t at = 0; at < octets.size(); ++at) {
    if (octets[at] == '\n' && (at == 0 || octets[at - 1] != '\r')) text += '\r';
    text += octets[at];
  }
  return text;
}

bool has_bare_line_end(std::string_view octets) {
  for (std::size_t at = octets.find('\n'); at != std::string_view::npos; at = octets.find('\n', at + 1)) {
    if (at == 0 || octets[at - 1] != '\r') return true;
  }
  return false;
}

std::string_view field_name(std::string_view field) {
  return trim(field.substr(0, std::min(field.find(':'), field.size())));
}

/// One message on its way through the library.
class Verification {
 public:
  Verification(DKIM_LIB* library, KeyRequests& requests) {
    DKIM_STAT status = DKIM_STAT_OK;
    handle_.reset(dkim_verify(library, reinterpret_cast<const unsigned char*>("-"), nullptr, &status));
    if (handle_) dkim_set_user_context(handle_.get(), &requests);
  }

  Authentication run(std::string_view octets) {
    Authentication found;
    if (!handle_) return found;
    found.checked = true;
    found.dkim = "none";
    const std::size_t body = give_header(octets);
    if (signatures_ == 0) return found;
    found.dkim = "permerror";
    // A key that is late for one signature must not stop the others: they are tried at the end of the message.
    const DKIM_STAT status = dkim_eoh(handle_.get());
    if (status != DKIM_STAT_OK && status != DKIM_STAT_CBTRYAGAIN) return read_signatures(found);
    give_body(octets.substr(body));
    (void)dkim_eom(handle_.get(), nullptr);
    return read_signatures(found);
  }

 private:
  /// Returns where the body begins.
  std::size_t give_header(std::string_view octets) {
    std::size_t at = 0;
    while (at < octets.size()) {
      std::size_t end = end_of_line(octets, at);
      if (end == at) return std::min(at + 2, octets.size());
      for (std::size_t next = end + 2; next < octets.size() && (octets[next] == ' ' || octets[next] == '\t');
           next = end + 2) {
        end = end_of_line(octets, next);
      }
      give_field(octets.substr(at, end - at));
      at = end + 2;
    }
    return octets.size();
  }

  static std::size_t end_of_line(std::string_view octets, std::size_t from) {
    return std::min(octets.find("\r\n", from), octets.size());
  }

  void give_field(std::string_view field) {
    if (field.find(':') == std::string_view::npos) return;
    if (equals_ignoring_case(field_name(field), "DKIM-Signature") &&
        ++signatures_ > DkimVerifier::kMaxSignatures)
      return;
    std::string writable(field);
    (void)dkim_header(handle_.get(), reinterpret_cast<unsigned char*>(writable.data()), writable.size());
  }

  void give_body(std::string_view body) {
    std::string writable(body);
    if (!writable.empty())
      (void)dkim_body(handle_.get(), reinterpret_cast<unsigned char*>(writable.data()), writable.size());
  }

  Authentication read_signatures(Authentication found) {
    DKIM_SIGINFO** list = nullptr;
    int count = 0;
    if (dkim_getsiglist(handle_.get(), &list, &count) != DKIM_STAT_OK) return found;
    for (int i = 0; i < count; ++i) {
      const std::string_view result = result_of(list[i]);
      if (result == "pass") add_pass(list[i], found);
      // The best result of all stands for the message.
      if (rank(result) > rank(found.dkim)) found.dkim = result;
    }
    return found;
  }

  static int rank(std::string_view result) {
    constexpr std::array<std::string_view, 5> kRising{"none", "permerror", "fail", "temperror", "pass"};
    return static_cast<int>(std::find(kRising.begin(), kRising.end(), result) - kRising.begin());
  }

  /// PASSED alone is not enough: it may stand beside a body that does not match.
  std::string_view result_of(DKIM_SIGINFO* signature) {
    const unsigned flags = dkim_sig_getflags(signature);
    const int error = dkim_sig_geterror(signature);
    if (error == DKIM_SIGERROR_KEYFAIL || error == DKIM_SIGERROR_UNKNOWN) return "temperror";
    if (error != DKIM_SIGERROR_OK && error != DKIM_SIGERROR_BADSIG) return "permerror";
    const bool verified = (flags & DKIM_SIGFLAG_PASSED) != 0 && (flags & DKIM_SIGFLAG_IGNORE) == 0 &&
                          error == DKIM_SIGERROR_OK && dkim_sig_getbh(signature) == DKIM_SIGBH_MATCH;
    return verified && is_strong(signature, flags) && covers_body(signature) ? "pass" : "fail";
  }

  static bool is_strong(DKIM_SIGINFO* signature, unsigned flags) {
    unsigned bits = 0;
    dkim_alg_t algorithm = DKIM_SIGN_UNKNOWN;
    if (dkim_sig_getsignalg(signature, &algorithm) != DKIM_STAT_OK || algorithm == DKIM_SIGN_RSASHA1)
      return false;
    const bool is_rsa = algorithm == DKIM_SIGN_RSASHA256;
    if (is_rsa && (dkim_sig_getkeysize(signature, &bits) != DKIM_STAT_OK || bits < kLeastKeyBits))
      return false;
    return (flags & DKIM_SIGFLAG_TESTKEY) == 0;
  }

  /// With l= anybody may write more below the body.
  bool covers_body(DKIM_SIGINFO* signature) {
    ssize_t message = 0;
    ssize_t canonical = 0;
    ssize_t wanted = 0;
    if (dkim_sig_getcanonlen(handle_.get(), signature, &message, &canonical, &wanted) != DKIM_STAT_OK)
      return false;
    return wanted < 0 || canonical >= message;
  }

  static void add_pass(DKIM_SIGINFO* signature, Authentication& found) {
    DkimPass pass;
    pass.domain = to_ascii_lower(text_of(dkim_sig_getdomain(signature)));
    pass.selector = text_of(dkim_sig_getselector(signature));
    unsigned char octets[] = "b";
    const std::string value = text_of(dkim_sig_gettagvalue(signature, false, octets));
    std::copy_if(value.begin(), value.end(), std::back_inserter(pass.signature),
                 [](char c) { return !is_ascii_space(c); });
    auto& domains = found.dkim_domains;
    if (std::find(domains.begin(), domains.end(), pass.domain) == domains.end())
      domains.push_back(pass.domain);
    found.dkim_passed.push_back(std::move(pass));
  }

  std::unique_ptr<DKIM, HandleFreer> handle_;
  std::size_t signatures_ = 0;
};

class OpenDkimVerifier : public DkimVerifier {
 public:
  OpenDkimVerifier(std::unique_ptr<DKIM_LIB, LibraryCloser> library, DkimKeySource source,
                   std::chrono::milliseconds dns_timeout)
      : library_(std::move(library)), source_(std::move(source)), dns_timeout_(dns_timeout) {}

  [[nodiscard]] Authentication verify(std::string_view octets) const override {
    KeyRequests requests;
    requests.source = &source_;
    requests.deadline = Clock::now() + dns_timeout_;
    Verification verification(library_.get(), requests);
    Authentication found =
        has_bare_line_end(octets) ? verification.run(with_crlf(octets)) : verification.run(octets);
    if (requests.failure) std::rethrow_exception(requests.failure);
    return found;
  }

 private:
  std::unique_ptr<DKIM_LIB, LibraryCloser> library_;
  DkimKeySource source_;
  std::chrono::milliseconds dns_timeout_;
};

std::unique_ptr<DKIM_LIB, LibraryCloser> open_library() {
  std::unique_ptr<DKIM_LIB, LibraryCloser> library(dkim_init(nullptr, nullptr));
  if (!library) return nullptr;
  unsigned bits = kLeastKeyBits;
  (void)dkim_options(library.get(), DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
  if (dkim_set_key_lookup(library.get(), look_up_key) != DKIM_STAT_OK) return nullptr;
  return library;
}

}  // namespace

bool has_dkim_verification() { return true; }

std::shared_ptr<const DkimVerifier> make_dkim_verifier(DkimKeySource source,
                                                       std::chrono::milliseconds dns_timeout) {
  auto library = open_library();
  if (!library) return nullptr;
  return std::make_shared<const OpenDkimVerifier>(std::move(library), std::move(source), dns_timeout);
}

std::shared_ptr<const DkimVerifier> make_dkim_verifier(std::chrono::milliseconds dns_timeout) {
  const std::shared_ptr<DnsResolver> resolver = DnsResolver::open();
  if (!resolver) return nullptr;
  return make_dkim_verifier(
      [resolver](const std::string& name, Clock::time_point deadline) {
        return resolver->find_text(name, deadline);
      },
      dns_timeout);
}

}  // namespace coldpitch
