// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
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
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const auto* octets = reinterpret_cast<const unsigned char*>(identity.data());
  // Without a digest nobody is known, which leans to delivery.
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), octets, identity.size(),
           digest.data(), nullptr) == nullptr) {
    return "";
  }
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
