// SPDX-License-Identifier: MIT
#include "milter/snapshot.h"

#include <filesystem>
#include <system_error>

#include "policies/policy_loader.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

/// Folder of the shipped policies beside the running program, or "".
fs::path shipped_policies() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  return (program.parent_path() / ".." / "share" / "coldpitch" / "policies").lexically_normal();
}

std::optional<fs::path> find_policy(const std::string& name, const Config& config) {
  std::error_code error;
  if (name.find('/') != std::string::npos) return fs::path(name);
  const std::string file = name + ".yaml";
  std::vector<fs::path> folders;
  if (!config.file.empty()) folders.push_back(fs::absolute(config.file).parent_path() / "policies");
  folders.push_back(shipped_policies());
  for (const fs::path& folder : folders) {
    if (fs::is_regular_file(folder / file, error)) return folder / file;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<const Snapshot> make_snapshot(Config config, std::vector<Diagnostic>& diagnostics) {
  std::vector<Policy> policies;
  std::vector<std::string> files;
  bool complete = true;
  for (const std::string& name : config.policies) {
    const std::optional<fs::path> path = find_policy(name, config);
    std::optional<Policy> policy;
    if (path) {
      policy = load_policy_file(path->string(), diagnostics, {shipped_policies().string()});
      files.push_back(path->string());
    } else {
      Diagnostic diagnostic;
      diagnostic.location.file = config.file.empty() ? "defaults" : config.file;
      diagnostic.message = "no policy called '" + name + "' in policies/ beside the configuration or in " +
                           shipped_policies().string();
      diagnostics.push_back(std::move(diagnostic));
    }
    if (policy) {
      policies.push_back(std::move(*policy));
    } else {
      complete = false;
    }
  }
  if (!complete) return nullptr;
  std::shared_ptr<const Engine> engine = Engine::compile(std::move(policies), diagnostics);
  if (!engine) return nullptr;
  return std::make_shared<const Snapshot>(Snapshot{std::move(config), std::move(engine), std::move(files)});
}

std::shared_ptr<const Snapshot> load_snapshot(const std::string& file, std::vector<Diagnostic>& diagnostics) {
  std::optional<Config> config = load_config(file, diagnostics);
  if (!config) return nullptr;
  return make_snapshot(std::move(*config), diagnostics);
}

}  // namespace coldpitch
