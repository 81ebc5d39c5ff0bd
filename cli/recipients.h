// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/date.h"
#include "parsers/limits.h"

namespace coldpitch {

/// Whom a message without an envelope is for: Delivered-To when there is one, else all of To and Cc. At most limits.recipients. Pure.
[[nodiscard]] std::vector<std::string> recipients_in_header(std::string_view octets, const Limits& limits);

/// Address of the Return-Path field, else of From, without brackets; "" for none. Pure.
[[nodiscard]] std::string sender_in_header(std::string_view octets, const Limits& limits);

/// When a message was received, as far as its header tells: Date, unless that lies more than a day after the topmost Received field (its clock
/// was wrong, or it lies), which holds then. nullopt when neither names a time. Pure.
[[nodiscard]] std::optional<TimePoint> date_in_header(std::string_view octets, const Limits& limits);

}  // namespace coldpitch
