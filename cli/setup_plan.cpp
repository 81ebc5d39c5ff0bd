// SPDX-License-Identifier: MIT
#include "cli/setup_plan.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "parsers/text.h"

namespace coldpitch {

namespace fs = std::filesystem;

fs::path below_root(const SetupOptions& options, const fs::path& path) {
  if (options.root.empty()) return path;
  const fs::path root = fs::absolute(options.root).lexically_normal();
  const std::string prefix = root.string() + (root.string().ends_with('/') ? "" : "/");
  return path.string().starts_with(prefix) ? path : root / path.relative_path();
}

fs::path config_file(const SetupOptions& options) {
  return options.config.empty() ? below_root(options, "/etc/coldpitch/coldpitch.yaml")
                                : fs::absolute(options.config);
}

Result<std::string> read_whole(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return tl::unexpected(Error{Code::permanent, 0, "cannot read " + path.string()});
  return text;
}

Result<void> add_change(SetupPlan& plan, const fs::path& path, const std::string& text) {
  Result<std::string> before = read_whole(path);
  if (!before) return tl::unexpected(before.error());
  std::error_code error;
  if (*before == text) return {};
  plan.files.push_back({path, fs::exists(path, error), std::move(*before), text});
  return {};
}

std::string with_listen(const std::string& text, const std::string& address) {
  const std::string line = "listen: " + address;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view current = std::string_view(text).substr(at, end - at);
    if (current.starts_with("listen:")) {
      const std::string_view value = trim(current.substr(7));
      if (value == address || value.starts_with(address + " ")) return text;
      return text.substr(0, at) + line + text.substr(end);
    }
    at = end + 1;
  }
  const bool closed = text.empty() || text.ends_with('\n');
  return text + (closed ? "" : "\n") + line + "\n";
}

std::vector<std::string> postfix_list(const std::string& text) {
  std::vector<std::string> items;
  std::string item;
  int depth = 0;
  const auto close = [&] {
    if (!item.empty()) items.push_back(std::move(item));
    item.clear();
  };
  for (const char octet : text) {
    if (octet == '{') ++depth;
    if (depth == 0 && (is_ascii_space(octet) || octet == ',')) {
      close();
      continue;
    }
    item += octet;
    if (octet == '}' && depth > 0 && --depth == 0) close();
  }
  close();
  return items;
}

std::string with_milter(const std::string& milters, const std::string& endpoint) {
  const std::string entry = "{ " + endpoint + ", default_action=accept }";
  const auto is_ours = [&](const std::string& item) {
    if (item == endpoint) return true;
    if (!item.starts_with('{')) return false;
    const std::vector<std::string> words = postfix_list(item.substr(1, item.size() - 2));
    return !words.empty() && words.front() == endpoint;
  };
  const std::vector<std::string> items = postfix_list(milters);
  std::size_t ours = 0;
  for (const std::string& item : items) ours += is_ours(item) ? 1U : 0U;
  if (ours == 0) {
    const std::string_view others = trim(milters);
    return others.empty() ? entry : std::string(others) + (others.ends_with(',') ? " " : ", ") + entry;
  }
  // An entry at the end that says what becomes of mail without us is as its administrator wants it.
  if (ours == 1 && is_ours(items.back()) && items.back().find("default_action") != std::string::npos)
    return milters;
  std::string list;
  for (const std::string& item : items) {
    if (!is_ours(item)) list += item + ", ";
  }
  return list + entry;
}

std::string with_mail_filter(const std::string& text, const std::string& socket) {
  const std::string line = "INPUT_MAIL_FILTER(`coldpitch', `S=" + socket + ", T=C:10s;S:10s;R:10s;E:1m')dnl";
  const std::string ours = "INPUT_MAIL_FILTER(`coldpitch'";
  std::vector<std::string> lines;
  std::size_t place = std::string::npos;
  for (const std::string_view view : split(text, '\n')) {
    const std::string current(view);
    if (current.starts_with(ours)) {
      if (current.starts_with(line)) return text;
      continue;
    }
    if (place == std::string::npos && current.starts_with("MAILER(")) place = lines.size();
    lines.push_back(current);
    if (current.starts_with("INPUT_MAIL_FILTER(")) place = lines.size();
  }
  if (place == std::string::npos) place = lines.size() - (lines.back().empty() ? 1 : 0);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), line);
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) result += (i == 0 ? "" : "\n") + lines[i];
  return result;
}

}  // namespace coldpitch
