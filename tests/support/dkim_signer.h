// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coldpitch::test {

/// Signs messages with a key made for this run, as another server would (libopendkim).
class DkimSigner {
 public:
  explicit DkimSigner(unsigned bits = 2048);
  ~DkimSigner();
  DkimSigner(const DkimSigner&) = delete;
  DkimSigner& operator=(const DkimSigner&) = delete;

  /// The TXT record that goes with the key.
  [[nodiscard]] const std::string& record() const { return record_; }

  struct Options {
    std::string domain = "linkedin.com";
    std::string selector = "s1";
    bool simple = false;                       ///< canonicalisation simple/simple, else relaxed/relaxed
    std::optional<long> body_octets;           ///< l=
    std::optional<std::uint64_t> signed_at{};  ///< t=, with one second to x=; absent: now, without x=
  };
  /// `octets`, with CRLF line ends, behind a DKIM-Signature field.
  [[nodiscard]] std::string sign(std::string_view octets, const Options& options) const;
  [[nodiscard]] std::string sign(std::string_view octets) const { return sign(octets, Options{}); }

 private:
  std::string private_key_;
  std::string record_;
};

}  // namespace coldpitch::test
