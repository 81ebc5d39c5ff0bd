// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "milter/snapshot.h"

namespace coldpitch::test {

/// A plain text message from `author` to alex@example.net, with CRLF line ends.
[[nodiscard]] std::string plain_mail(std::string_view author, std::string_view subject, std::string_view body,
                                     std::string_view more_fields = "");

/// The sample message `name` of tests/data/samples, with CRLF line ends.
[[nodiscard]] std::string sample_mail(const std::string& name);

/// The shipped policies with a configuration text on top, loaded once in a process; fails the test when something is wrong with either.
[[nodiscard]] std::shared_ptr<const Snapshot> shipped_snapshot(const std::string& configuration = "");

}  // namespace coldpitch::test
