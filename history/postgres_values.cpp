// SPDX-License-Identifier: MIT
// Values on their way to the server and back.
#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cmath>

#include "history/packed_key.h"
#include "history/postgres_connection.h"

namespace coldpitch {
namespace {

/// A key that is none of Keyring's: longer than a packed one, so that it never looks like one.
std::string odd_key(std::string_view key) {
  std::string octets(kPackedKeyOctets, '\0');
  return octets.append(key);
}

std::string key_octets(std::string_view key) {
  const auto packed = pack_key(key);
  if (!packed) return odd_key(key);
  return {reinterpret_cast<const char*>(packed->data()), packed->size()};
}

std::string hexadecimal(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text.push_back(kDigits[octet >> 4U]);
    text.push_back(kDigits[octet & 0xFU]);
  }
  return text;
}

/// The octets of BYTEA in text form ("\x00ff").
std::string octets_of(std::string_view text) {
  if (!text.starts_with("\\x")) return {};
  text.remove_prefix(2);
  std::string octets;
  octets.reserve(text.size() / 2);
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
    unsigned octet = 0;
    std::from_chars(text.data() + at, text.data() + at + 2, octet, 16);
    octets.push_back(static_cast<char>(octet));
  }
  return octets;
}

template <class Number>
std::string decimal(Number number) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

}  // namespace

PostgresParameters& PostgresParameters::integer(std::int64_t value) {
  values_.push_back({decimal(value), false, false});
  return *this;
}

PostgresParameters& PostgresParameters::text(std::string_view value) {
  values_.push_back({std::string(value), false, false});
  return *this;
}

PostgresParameters& PostgresParameters::key(std::string_view key) {
  values_.push_back({key.empty() ? std::string() : key_octets(key), key.empty(), true});
  return *this;
}

std::string& PostgresArray::next() {
  if (text_.size() > 1) text_ += ',';
  return text_;
}

void PostgresArray::quoted(std::string_view value) {
  next() += '"';
  for (const char octet : value) {
    if (octet == '"' || octet == '\\') text_ += '\\';
    text_ += octet;
  }
  text_ += '"';
}

void PostgresArray::null() { next() += "NULL"; }
void PostgresArray::integer(std::int64_t value) { next() += decimal(value); }
void PostgresArray::real(double value) { next() += decimal(std::isfinite(value) ? value : 0.0); }
void PostgresArray::text(std::string_view value) { quoted(value); }

void PostgresArray::key(std::string_view key, Absent absent) {
  if (key.empty() && absent == Absent::null) return null();
  quoted("\\x" + (key.empty() ? std::string() : hexadecimal(key_octets(key))));
}

void PostgresArray::keys(const std::vector<std::string>& keys) {
  std::string digits;
  for (const std::string& key : keys) {
    if (pack_key(key)) digits += key;
  }
  if (digits.empty()) return null();
  quoted("\\x" + digits);
}

std::string PostgresArray::take() && { return std::move(text_ += '}'); }

std::string postgres_key_array(const std::vector<std::string>& keys) {
  PostgresArray array;
  for (const std::string& key : keys) array.key(key);
  return std::move(array).take();
}

PostgresRows::PostgresRows(pg_result* result) : result_(result) {}
void PostgresRows::Clear::operator()(pg_result* result) const noexcept { PQclear(result); }

int PostgresRows::size() const { return PQntuples(result_.get()); }

std::size_t PostgresRows::changes() const {
  const std::string_view count = PQcmdTuples(result_.get());
  std::size_t changes = 0;
  std::from_chars(count.data(), count.data() + count.size(), changes);
  return changes;
}

std::optional<std::int64_t> PostgresRows::integer(int row, int column) const {
  if (PQgetisnull(result_.get(), row, column) != 0) return std::nullopt;
  const std::string digits = text(row, column);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string PostgresRows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

double PostgresRows::real(int row, int column) const {
  const std::string digits = text(row, column);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string PostgresRows::key(int row, int column) const {
  const std::string octets = octets_of(text(row, column));
  if (octets.size() == kPackedKeyOctets) {
    return unpack_key(reinterpret_cast<const unsigned char*>(octets.data()));
  }
  return octets.size() > kPackedKeyOctets ? octets.substr(kPackedKeyOctets) : std::string();
}

std::vector<std::string> PostgresRows::keys(int row, int column) const {
  const std::string octets = octets_of(text(row, column));
  std::vector<std::string> found;
  for (std::size_t at = 0; at + kPackedKeyOctets <= octets.size(); at += kPackedKeyOctets) {
    found.push_back(unpack_key(reinterpret_cast<const unsigned char*>(octets.data()) + at));
  }
  return found;
}

}  // namespace coldpitch
