// SPDX-License-Identifier: MIT
#pragma once

#include "policies/schema.h"

namespace coldpitch {

/// The keys of coldpitch.yaml, map by map. What the loader reads, and docs/configuration.md lists.
[[nodiscard]] const MapSchema& config_schema();
[[nodiscard]] const MapSchema& authentication_schema();
[[nodiscard]] const MapSchema& history_schema();
[[nodiscard]] const MapSchema& site_schema();
[[nodiscard]] const MapSchema& linkedin_schema();
[[nodiscard]] const MapSchema& profile_schema();
[[nodiscard]] const MapSchema& profile_actions_schema();
[[nodiscard]] const MapSchema& profile_thresholds_schema();
[[nodiscard]] const MapSchema& limits_schema();
[[nodiscard]] const MapSchema& digest_schema();
[[nodiscard]] const MapSchema& metrics_schema();
[[nodiscard]] const MapSchema& control_schema();
[[nodiscard]] const MapSchema& log_schema();

}  // namespace coldpitch
