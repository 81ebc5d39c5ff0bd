// SPDX-License-Identifier: MIT
#include "parsers/enriched_text.h"

#include <algorithm>
#include <array>

#include "parsers/html_writer.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// RFC 1896: command names have at most so many characters.
constexpr std::size_t kMaxNameOctets = 60;

/// Commands that set lines apart from those around them.
constexpr auto kBlocks = std::to_array<std::string_view>(
    {"center", "flushboth", "flushleft", "flushright", "indent", "indentright", "paraindent"});

class EnrichedReader {
 public:
  EnrichedReader(std::string_view text, std::size_t max_octets) : rest_(text), writer_(max_octets) {}

  std::string run() && {
    while (!rest_.empty()) {
      const std::size_t plain = std::min(rest_.find_first_of("<\n"), rest_.size());
      writer_.write(rest_.substr(0, plain), false);
      rest_.remove_prefix(plain);
      if (rest_.starts_with('\n')) {
        read_line_ends();
      } else if (!rest_.empty()) {
        read_command();
      }
    }
    return writer_.take();
  }

 private:
  void read_line_ends() {
    const std::size_t count = std::min(rest_.find_first_not_of('\n'), rest_.size());
    const std::size_t breaks = fills_ ? count - 1 : count;
    for (std::size_t i = 0; i < breaks; ++i) writer_.line_break();
    if (breaks == 0) writer_.blank();
    rest_.remove_prefix(count);
  }

  /// At a "<".
  void read_command() {
    const std::string_view name = command_name();
    if (name.empty()) {
      writer_.write("<", false);
      rest_.remove_prefix(rest_.starts_with("<<") ? 2 : 1);
      return;
    }
    rest_.remove_prefix(name.size() + 2);
    const bool is_end = name.starts_with('/');
    apply(to_ascii_lower(is_end ? name.substr(1) : name), is_end);
  }

  /// What stands between "<" and ">", or "" where that is no command.
  [[nodiscard]] std::string_view command_name() const {
    const std::string_view inside = rest_.substr(1, kMaxNameOctets + 2);
    const std::string_view name = inside.substr(0, inside.find('>'));
    const std::string_view letters = name.starts_with('/') ? name.substr(1) : name;
    const bool is_name =
        !letters.empty() && letters.size() <= kMaxNameOctets && name.size() < inside.size() &&
        std::all_of(letters.begin(), letters.end(), [](char c) { return is_ascii_alnum(c) || c == '-'; });
    return is_name ? name : std::string_view();
  }

  void apply(std::string_view name, bool is_end) {
    if (name == "param" && !is_end) {
      skip_parameter();
    } else if (name == "nofill") {
      writer_.block();
      fills_ = is_end;
    } else if (name == "excerpt") {
      writer_.block();
      is_end ? writer_.unquote() : writer_.quote();
    } else if (std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end()) {
      writer_.block();
    }
  }

  void skip_parameter() {
    constexpr std::string_view kEnd = "</param>";
    const std::size_t end = parameters_end_ ? find_ignoring_case(rest_, kEnd) : std::string_view::npos;
    parameters_end_ = end != std::string_view::npos;
    if (parameters_end_) rest_.remove_prefix(end + kEnd.size());
  }

  std::string_view rest_;
  HtmlWriter writer_;
  bool fills_ = true;
  bool parameters_end_ =
      true;  ///< false once one does not: the rest is not searched again for each of its likes
};

}  // namespace

std::string enriched_to_text(std::string_view utf8, std::size_t max_octets) {
  return EnrichedReader(utf8, max_octets).run();
}

}  // namespace coldpitch
