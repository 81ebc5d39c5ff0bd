// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/limits.h"

namespace coldpitch {

/// Whom a message without an envelope is for: Delivered-To when there is one, else all of To and Cc. At most limits.recipients. Pure.
[[nodiscard]] std::vector<std::string> recipients_in_header(std::string_view octets, const Limits& limits);

/// Address of the Return-Path field, else of From, without brackets; "" for none. Pure.
[[nodiscard]] std::string sender_in_header(std::string_view octets, const Limits& limits);

}  // namespace coldpitch
