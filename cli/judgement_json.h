// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "milter/pipeline.h"

namespace coldpitch {

/// One judged message as one line of JSON, without a line end (docs/json.md): the form other tools rely on. Fields may be
/// added, never renamed. Ill-formed UTF-8 becomes U+FFFD. Offsets and lengths count octets of the field's UTF-8 text.
[[nodiscard]] std::string to_json(const Judgement& judgement, const std::string& path);

/// The same as an object, for those who add to it.
[[nodiscard]] nlohmann::ordered_json judgement_object(const Judgement& judgement, const std::string& path);

/// A message that could not be read, in the same form: path, "error", verdict null.
[[nodiscard]] std::string unreadable_to_json(const std::string& path, const std::string& reason);

}  // namespace coldpitch
