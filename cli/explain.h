// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/explanation.h"
#include "cli/terminal.h"
#include "parsers/date.h"

namespace coldpitch {

struct ExplainOptions {
  std::string path;
  std::string config_file;
  std::vector<std::string> recipients;
  std::string authenticated_user;
  std::optional<TimePoint> at;   ///< judge as of then; absent: the message's own date
  std::string history = "none";  ///< "none", or a store's path
  std::string html;              ///< file to write, "-" for standard output; "": text
  bool json = false;
};

/// `coldpitch explain`: shows why a message was judged as it was, on the terminal, as JSON or as an HTML page.
[[nodiscard]] int run_explain(const ExplainOptions& options);

/// The explanation for a terminal. Nothing of the message reaches it as a control character.
[[nodiscard]] std::string explanation_as_text(const Explanation& explanation, const Terminal& terminal);

/// The explanation as a part of a page (no <html>, see html_page()). Nothing of the message is taken for HTML.
[[nodiscard]] std::string explanation_as_html(const Explanation& explanation);

}  // namespace coldpitch
