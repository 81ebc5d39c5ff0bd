// SPDX-License-Identifier: MIT
#include "history/store.h"

#include <array>

namespace coldpitch {
namespace {

constexpr std::array<EventKind, kEventKinds> kKinds = {EventKind::inbound,  EventKind::outbound,
                                                       EventKind::stop,     EventKind::cleared,
                                                       EventKind::accepted, EventKind::reported};

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
    case EventKind::reported:
      return "reported";
  }
  return "";
}

std::optional<EventKind> event_kind_from(std::string_view name) {
  for (const EventKind kind : kKinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(EventSource source) {
  switch (source) {
    case EventSource::mail:
      return "mail";
    case EventSource::user:
      return "user";
  }
  return "";
}

std::string_view to_string(StopScope scope) {
  switch (scope) {
    case StopScope::person:
      return "person";
    case StopScope::organisation:
      return "organisation";
    case StopScope::sibling:
      return "sibling";
  }
  return "";
}

}  // namespace coldpitch
