// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "milter/config.h"
#include "milter/dkim_verifier.h"
#include "parsers/linkedin_knowledge.h"
#include "policies/engine.h"
#include "policies/messages.h"
#include "policies/text_model.h"

namespace coldpitch {

/// A configuration with its compiled policies: what one message is judged by, from its first octet to its last. Immutable.
struct Snapshot {
  Config config;
  std::shared_ptr<const Engine> engine;
  std::vector<std::string> policy_files;  ///< as found, in the order of Config::policies
  std::shared_ptr<const LinkedInKnowledge> linkedin;
  Messages messages;                                      ///< in the languages of the profiles
  std::shared_ptr<const DkimVerifier> dkim{};             ///< null unless Config::verify_dkim
  std::shared_ptr<const TextModel> text_model = nullptr;  ///< nullptr: words are judged by the rules alone
  std::string text_model_file{};                          ///< "" without one
};

/// Loads `config`'s policies, what is known of LinkedIn's mail and the words for people, and compiles them. nullptr, with all errors in `diagnostics`, when
/// something is wrong.
///
/// A bare name is looked for as `policies/<name>.yaml` (`linkedin/<name>.yaml`, `messages/<language>.yaml`) beside the configuration file (without one,
/// where kDefaultConfigFile would be), then among the shipped files:
/// `../share/coldpitch/policies/` (`.../linkedin/`) as seen from the running program, installed or built. The shipped text
/// model stands beside them as `text.model`; when it is not there everything works without it, while one that is configured must be there.
/// What came of the rules' examples goes to `examples` where that is given; else an example that fails is an error.
[[nodiscard]] std::shared_ptr<const Snapshot> make_snapshot(Config config,
                                                            std::vector<Diagnostic>& diagnostics,
                                                            std::vector<ExampleResult>* examples = nullptr);

/// The file of a policy.
struct PolicyFile {
  std::string path;
  std::vector<std::string>
      folders;  ///< where what it includes or extends is looked for, as load_policy() takes them
};

/// The files of Config::policies, in their order. One that is not found is left out, and told in `diagnostics`.
[[nodiscard]] std::vector<PolicyFile> find_policy_files(const Config& config,
                                                        std::vector<Diagnostic>& diagnostics);

/// load_config() and make_snapshot(). An empty `file` means kDefaultConfigFile when that exists, else the defaults. The policies are looked
/// at even when something is wrong with the configuration, so that all errors are said at once.
[[nodiscard]] std::shared_ptr<const Snapshot> load_snapshot(const std::string& file,
                                                            std::vector<Diagnostic>& diagnostics,
                                                            std::vector<ExampleResult>* examples = nullptr);

/// The same without policies, for what judges nothing: Snapshot::engine is nullptr, and messages and the text model are left out.
[[nodiscard]] std::shared_ptr<const Snapshot> load_snapshot_without_policies(
    const std::string& file, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
