// SPDX-License-Identifier: MIT
#include "milter/memory.h"

#include <array>
#include <random>
#include <utility>

namespace coldpitch {
namespace {

/// A memory store forgets with the process, and so may its secret.
std::unique_ptr<Keyring> passing_keyring() {
  std::array<std::uint8_t, Keyring::kSecretOctets> secret{};
  std::random_device source;
  for (std::uint8_t& octet : secret) octet = static_cast<std::uint8_t>(source());
  return std::make_unique<Keyring>(secret);
}

OpenedMemory open_sqlite(const HistorySettings& settings) {
  OpenedMemory opened;
  const std::filesystem::path secret =
      settings.secret.empty() ? std::filesystem::path(settings.path.string() + ".secret") : settings.secret;
  Result<Keyring> keyring = Keyring::open(secret);
  if (!keyring) {
    opened.warning =
        "no history: the secret " + secret.string() + " cannot be used: " + keyring.error().detail;
    return opened;
  }
  SqliteOptions options;
  options.file = settings.path;
  options.limit_ms = static_cast<unsigned>(settings.limit.count());
  Result<std::unique_ptr<Store>> store = open_sqlite_store(options, &opened.warning);
  if (!store) {
    opened.warning = "no history: " + settings.path.string() + " cannot be opened: " + store.error().detail;
    return opened;
  }
  opened.store = std::move(*store);
  opened.keyring = std::make_unique<Keyring>(*keyring);
  return opened;
}

}  // namespace

OpenedMemory open_memory(const HistorySettings& settings) {
  switch (settings.backend) {
    case HistoryBackend::none:
      return {};
    case HistoryBackend::memory:
      return {open_memory_store(), passing_keyring(), {}};
    case HistoryBackend::sqlite:
      return open_sqlite(settings);
  }
  return {};
}

}  // namespace coldpitch
