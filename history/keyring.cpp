// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "history/identity.h"

namespace coldpitch {
namespace {

using Secret = std::array<std::uint8_t, Keyring::kSecretOctets>;

/// A file descriptor, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// A name that goes away at the end of its scope.
class TemporaryName {
 public:
  explicit TemporaryName(std::string name) : name_(std::move(name)) {}
  ~TemporaryName() { ::unlink(name_.c_str()); }
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  [[nodiscard]] const char* c_str() const { return name_.c_str(); }

 private:
  std::string name_;
};

tl::unexpected<Error> refused(const std::filesystem::path& file, const std::string& why) {
  return tl::unexpected(Error{Code::permanent, 0, "secret " + file.string() + ": " + why});
}

tl::unexpected<Error> failed(const std::filesystem::path& file, int error_number) {
  return tl::unexpected(Error{
      Code::temporary, 0, "secret " + file.string() + ": " + std::generic_category().message(error_number)});
}

/// Octets read before the end of the file, at most `size`; nothing after an error (see errno).
std::optional<std::size_t> read_fully(int descriptor, std::uint8_t* into, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(descriptor, into + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

bool write_fully(int descriptor, const Secret& secret) {
  std::size_t done = 0;
  while (done < secret.size()) {
    const ssize_t count = ::write(descriptor, secret.data() + done, secret.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return ::fsync(descriptor) == 0;
}

/// The secret, or nothing when there is no such file.
Result<std::optional<Secret>> read_secret(const std::filesystem::path& file) {
  // Non-blocking, so that a pipe in its place cannot hold us up.
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    return failed(file, errno);
  }
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return failed(file, errno);
  if (!S_ISREG(status.st_mode)) return refused(file, "no regular file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return refused(file, "permissions wider than 0600");
  if (status.st_size != static_cast<off_t>(Keyring::kSecretOctets))
    return refused(file, "not 32 octets long");
  Secret secret{};
  const std::optional<std::size_t> size = read_fully(descriptor.get(), secret.data(), secret.size());
  if (!size) return failed(file, errno);
  if (*size != secret.size()) return refused(file, "not 32 octets long");
  return secret;
}

/// Writes a fresh secret beside `file` and then gives it that name, unless another process was first.
Result<void> make_secret(const std::filesystem::path& file) {
  Secret secret{};
  if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) return failed(file, EAGAIN);
  std::string name = file.string() + ".new-XXXXXX";
  const Descriptor descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!descriptor.is_open()) return failed(file, errno);
  const TemporaryName temporary(name);
  if (::fchmod(descriptor.get(), S_IRUSR | S_IWUSR) != 0 || !write_fully(descriptor.get(), secret)) {
    return failed(file, errno);
  }
  if (::link(temporary.c_str(), file.c_str()) != 0 && errno != EEXIST) return failed(file, errno);
  // Else the name could be lost with the power, and all that was keyed with it. Not every file system can.
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) ::fsync(directory.get());
  return {};
}

struct MacFreer {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

/// HMAC-SHA-256 with one secret after the other. What libcrypto makes of a secret is kept until there is another one: finding the algorithm
/// and taking in the secret is most of the work for words as short as ours.
class KeyedHash {
 public:
  using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

  /// False when libcrypto fails.
  bool compute(const Secret& secret, std::string_view words, Digest& digest) {
    std::size_t size = 0;
    const auto* octets = reinterpret_cast<const unsigned char*>(words.data());
    return take(secret) && EVP_MAC_update(context_.get(), octets, words.size()) == 1 &&
           EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1;
  }

 private:
  bool take(const Secret& secret) {
    if (context_ != nullptr && secret == secret_)
      return EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
    context_.reset();
    const std::unique_ptr<EVP_MAC, MacFreer> hmac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
    if (hmac == nullptr) return false;
    std::unique_ptr<EVP_MAC_CTX, MacFreer> context(EVP_MAC_CTX_new(hmac.get()));
    std::string digest = OSSL_DIGEST_NAME_SHA2_256;
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                OSSL_PARAM_construct_end()};
    if (context == nullptr ||
        EVP_MAC_init(context.get(), secret.data(), secret.size(), parameters.data()) != 1) {
      return false;
    }
    secret_ = secret;
    context_ = std::move(context);
    return true;
  }

  Secret secret_{};
  std::unique_ptr<EVP_MAC_CTX, MacFreer> context_;
};

}  // namespace

Result<Keyring> Keyring::open(const std::filesystem::path& file) {
  Result<std::optional<Secret>> secret = read_secret(file);
  if (secret && !*secret) {
    if (Result<void> made = make_secret(file); !made) return tl::unexpected(std::move(made.error()));
    secret = read_secret(file);
  }
  if (!secret) return tl::unexpected(std::move(secret.error()));
  if (!*secret) return failed(file, ENOENT);
  return Keyring(**secret);
}

std::string Keyring::key(std::string_view identity) const {
  constexpr std::size_t kKeyOctets = 16;
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (identity.empty()) return "";
  thread_local KeyedHash hash;  // it has a state
  KeyedHash::Digest digest{};
  // Without a digest nobody is known, which leans to delivery.
  if (!hash.compute(secret_, identity, digest)) return "";
  std::string key;
  key.reserve(2 * kKeyOctets);
  for (std::size_t i = 0; i < kKeyOctets; ++i) {
    key.push_back(kDigits[digest[i] >> 4U]);
    key.push_back(kDigits[digest[i] & 0xFU]);
  }
  return key;
}

std::uint64_t Keyring::sketch_seed() const {
  constexpr std::size_t kDigits = 16;
  const std::string digits = key("sketch").substr(0, kDigits);
  std::uint64_t seed = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seed, kDigits);
  return seed;
}

}  // namespace coldpitch
