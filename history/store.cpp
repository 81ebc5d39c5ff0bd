// SPDX-License-Identifier: MIT
#include "history/store.h"

#include <array>

namespace coldpitch {
namespace {

constexpr std::array kKinds = {EventKind::inbound, EventKind::outbound, EventKind::stop, EventKind::cleared,
                               EventKind::accepted};

}  // namespace

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::inbound:
      return "inbound";
    case EventKind::outbound:
      return "outbound";
    case EventKind::stop:
      return "stop";
    case EventKind::cleared:
      return "cleared";
    case EventKind::accepted:
      return "accepted";
  }
  return "";
}

std::optional<EventKind> event_kind_from(std::string_view name) {
  for (const EventKind kind : kKinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace coldpitch
