// SPDX-License-Identifier: MIT
#include "milter/config_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 100;

/// Hidden files and what editors and package managers leave behind.
bool is_leftover(std::string_view name) {
  constexpr std::array<std::string_view, 7> kEnds{"~",         ".bak",     ".orig",     ".rpmnew",
                                                  ".dpkg-old", ".rpmsave", ".dpkg-dist"};
  return name.starts_with('.') || name.starts_with('#') || name.starts_with("README") ||
         std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return name.ends_with(end); });
}

Diagnostic about(const std::string& file, Diagnostic::Severity severity, std::string message) {
  return {severity, {file, 0, 0}, std::move(message), ""};
}

/// The files of `folder` to be read, sorted.
std::vector<std::string> files_of(const fs::path& folder, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> files;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return files;
  fs::directory_iterator entries(folder, error);
  if (error) {
    diagnostics.push_back(
        about(folder.string(), Diagnostic::Severity::error, "cannot be read: " + error.message()));
    return files;
  }
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (is_leftover(name)) continue;
    if (name.ends_with(".yaml")) {
      files.push_back(entries->path().string());
    } else {
      diagnostics.push_back(about(entries->path().string(), Diagnostic::Severity::warning,
                                  "is not read: its name does not end in .yaml"));
    }
  }
  std::sort(files.begin(), files.end());
  if (files.size() > kMaxFiles) {
    diagnostics.push_back(about(folder.string(), Diagnostic::Severity::error,
                                "holds more than " + std::to_string(kMaxFiles) + " files"));
    files.clear();
  }
  return files;
}

/// Lays `document` over what is in `whole` so far; false when it is no map.
bool add(YamlDocument document, ConfigFiles& whole, std::vector<Diagnostic>& diagnostics) {
  const bool is_map = document.root().kind == YamlNode::Kind::map;
  if (!is_map) {
    const YamlMap refused(document, document.root(), "configuration", diagnostics);  // says so
    return false;
  }
  whole.files.push_back(document.file());
  YamlNode root = whole.document.adopt(std::move(document));
  merge_maps(whole.document, whole.document.root(), std::move(root), whole.overridden);
  return true;
}

}  // namespace

std::optional<ConfigFiles> read_config_files(const std::string& file, std::vector<Diagnostic>& diagnostics,
                                             bool despite_errors) {
  std::error_code error;
  const bool is_default = file.empty();
  const std::string first = is_default ? std::string(kDefaultConfigFile) : file;
  std::vector<std::string> names;
  if (!is_default || fs::exists(first, error)) names.push_back(first);
  std::vector<Diagnostic> found;
  const fs::path folder = fs::absolute(first).parent_path() / "conf.d";
  for (std::string& name : files_of(folder, found)) names.push_back(std::move(name));
  bool is_whole = !has_errors(found);

  std::optional<YamlDocument> empty = YamlDocument::parse("", first, found);
  ConfigFiles whole{std::move(*empty), {}, {}};
  for (const std::string& name : names) {
    if (std::optional<YamlDocument> document = YamlDocument::read(name, found, /*despite_duplicates=*/true)) {
      is_whole = add(std::move(*document), whole, found) && is_whole;
    } else {
      is_whole = false;
    }
  }
  std::move(found.begin(), found.end(), std::back_inserter(diagnostics));
  if (!is_whole && !despite_errors) return std::nullopt;
  return whole;
}

}  // namespace coldpitch
