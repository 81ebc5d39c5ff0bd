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

Result<std::unique_ptr<Store>> open_sqlite(const HistorySettings& settings, std::string& warning) {
  SqliteOptions options;
  options.file = settings.path;
  options.limit_ms = static_cast<unsigned>(settings.limit.count());
  options.queue_events = settings.queue_events;
  return open_sqlite_store(options, &warning);
}

Result<std::unique_ptr<Store>> open_postgres(const HistorySettings& settings, const Keyring& keyring) {
  PostgresOptions options;
  options.uri = settings.uri;
  options.limit_ms = static_cast<unsigned>(settings.limit.count());
  options.queue_events = settings.queue_events;
  options.connections = settings.connections;
  options.secret_mark = keyring.key("coldpitch: mark of this secret");
  return open_postgres_store(options);
}

/// What is kept from one run to the next is of use only with the secret it was made with.
OpenedMemory open_lasting(const HistorySettings& settings) {
  OpenedMemory opened;
  const std::filesystem::path secret =
      settings.secret.empty() ? std::filesystem::path(settings.path.string() + ".secret") : settings.secret;
  Result<Keyring> keyring = Keyring::open(secret);
  if (!keyring) {
    opened.warning =
        "no history: the secret " + secret.string() + " cannot be used: " + keyring.error().detail;
    return opened;
  }
  const bool is_file = settings.backend == HistoryBackend::sqlite;
  Result<std::unique_ptr<Store>> store =
      is_file ? open_sqlite(settings, opened.warning) : open_postgres(settings, *keyring);
  if (!store) {
    const std::string place = is_file ? settings.path.string() : "history.uri";
    opened.warning = "no history: " + place + " cannot be opened: " + store.error().detail;
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
    case HistoryBackend::postgresql:
      return open_lasting(settings);
  }
  return {};
}

}  // namespace coldpitch
