// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace coldpitch {

/// The closed set of error kinds; the only part of an Error a caller may branch on.
enum class Code : std::uint8_t {
  syntax,     ///< the input fits no production of the grammar
  limit,      ///< a limit of Limits was passed
  temporary,  ///< trying again later may succeed
  permanent,  ///< trying again will not help
};

/// Why a function could not give its result.
///
/// `offset` counts octets from the start of the input. `detail` is for people; it may hold octets of
/// hostile mail, so whoever prints it quotes it.
struct Error {
  Code code = Code::syntax;
  std::size_t offset = 0;
  std::string detail;

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

}  // namespace coldpitch
