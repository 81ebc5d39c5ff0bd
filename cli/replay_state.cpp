// SPDX-License-Identifier: MIT
#include "cli/replay_state.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "milter/version.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

Json event_json(const Event& event) {
  // A member that is added to Event does not compile here until it is kept too.
  const auto& [kind, time, user, person, organisation, message_id, verdict, score, authenticated, source,
               traces, routes, sketch] = event;
  Json json =
      Json::array({static_cast<int>(kind), time.time_since_epoch().count(), user, person, organisation,
                   message_id, verdict, score, authenticated, static_cast<int>(source), traces, routes});
  if (sketch) json.push_back({sketch->bits, sketch->bands});
  return json;
}

Event event_from(const Json& json) {
  Event event;
  event.kind = static_cast<EventKind>(json.at(0).get<int>());
  event.time = TimePoint(std::chrono::seconds(json.at(1).get<std::int64_t>()));
  event.user = json.at(2);
  event.person = json.at(3);
  event.organisation = json.at(4);
  event.message_id = json.at(5);
  event.verdict = json.at(6);
  event.score = json.at(7);
  event.authenticated = json.at(8);
  event.source = static_cast<EventSource>(json.at(9).get<int>());
  event.traces = json.at(10).get<std::vector<std::string>>();
  event.routes = json.at(11).get<std::vector<std::string>>();
  if (json.size() > 12) {
    event.sketch = TextSketch{json.at(12).at(0), json.at(12).at(1).get<std::array<std::uint64_t, 4>>()};
  }
  return event;
}

Json side_json(const SideResult& side) {
  return Json::array({static_cast<int>(side.level), side.score, static_cast<int>(side.action), side.exempt,
                      side.reason, side.rules, side.clauses});
}

SideResult side_from(const Json& json) {
  SideResult side;
  side.level = static_cast<Level>(json.at(0).get<int>());
  side.score = json.at(1);
  side.action = static_cast<Mode>(json.at(2).get<int>());
  side.exempt = json.at(3);
  side.reason = json.at(4);
  side.rules = json.at(5).get<std::vector<std::pair<std::string, double>>>();
  side.clauses = json.at(6).get<std::vector<std::string>>();
  return side;
}

Json record_json(const ReplayRecord& record) {
  const ReplayRow& row = record.row;
  Json sides = Json::array();
  for (const SideResult& side : row.sides) sides.push_back(side_json(side));
  return {{"n", row.number},
          {"path", row.path},
          {"folder", row.folder},
          {"sender", row.sender},
          {"subject", row.subject},
          {"date", row.date.time_since_epoch().count()},
          {"channel", static_cast<int>(row.channel)},
          {"sides", std::move(sides)},
          {"cause", static_cast<int>(row.cause)},
          {"page", row.page},
          {"unproved", row.unproved ? Json(*row.unproved) : Json(nullptr)},
          {"json", record.json},
          {"error", record.error},
          {"told", record.is_told}};
}

ReplayRecord record_from(const Json& json) {
  ReplayRecord record;
  ReplayRow& row = record.row;
  row.number = json.at("n");
  row.path = json.at("path");
  row.folder = json.at("folder");
  row.sender = json.at("sender");
  row.subject = json.at("subject");
  row.date = TimePoint(std::chrono::seconds(json.at("date").get<std::int64_t>()));
  row.channel = static_cast<Channel>(json.at("channel").get<int>());
  for (const Json& side : json.at("sides")) row.sides.push_back(side_from(side));
  row.cause = static_cast<ChangeCause>(json.at("cause").get<int>());
  row.page = json.at("page");
  if (const Json& host = json.at("unproved"); host.is_string()) row.unproved = host.get<std::string>();
  record.json = json.at("json");
  record.error = json.at("error");
  record.is_told = json.at("told");
  return record;
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string header_of(const std::string& fingerprint) {
  return line_of({{"coldpitch_replay", 2}, {"fingerprint", fingerprint}});
}

Error error_of(const std::string& path, const std::string& reason) {
  return {Code::permanent, 0, path + ": " + reason};
}

/// SHA-256 of what is added.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (context_) EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view text) {
    const std::string framed = std::to_string(text.size()) + ':';
    EVP_DigestUpdate(context_.get(), framed.data(), framed.size());
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
  }
  void add_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    add(path);
    add(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
    unsigned count = 0;
    EVP_DigestFinal_ex(context_.get(), octets.data(), &count);
    std::string text;
    for (unsigned i = 0; i < count; ++i) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      text += kDigits[octets[i] >> 4U];
      text += kDigits[octets[i] & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

Result<ReplayState> ReplayState::open(const std::string& path, const std::string& fingerprint) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return tl::unexpected(error_of(path, std::generic_category().message(errno)));
  ::close(descriptor);
  ReplayState state(path);
  std::string first;
  std::getline(std::ifstream(path, std::ios::binary), first);
  const std::string header = header_of(fingerprint);
  state.file_.open(path, std::ios::binary | std::ios::app);
  if (first.empty()) {
    state.file_ << header << std::flush;
  } else if (first + '\n' != header) {
    return tl::unexpected(
        error_of(path,
                 "belongs to another replay: archive, options, configuration or version have changed. "
                 "Remove it to begin anew, or name another file"));
  }
  if (!state.file_) return tl::unexpected(error_of(path, "cannot be written"));
  return state;
}

Result<std::size_t> ReplayState::restore(
    const std::function<void(const ReplayRecord&, const std::vector<std::vector<Event>>&)>& record) {
  std::ifstream file(path_, std::ios::binary);
  std::string line;
  std::getline(file, line);
  std::streamoff whole = file.tellg();
  std::size_t count = 0;
  while (std::getline(file, line) && !file.eof()) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) break;
    try {
      std::vector<std::vector<Event>> events;
      for (const Json& side : json.at("events")) {
        events.emplace_back();
        for (const Json& event : side) events.back().push_back(event_from(event));
      }
      record(record_from(json), events);
    } catch (const Json::exception& fault) {
      return tl::unexpected(error_of(path_, std::string("is damaged: ") + fault.what()));
    }
    ++count;
    whole = file.tellg();
  }
  std::error_code error;
  std::filesystem::resize_file(path_, static_cast<std::uintmax_t>(whole), error);
  if (error) return tl::unexpected(error_of(path_, error.message()));
  return count;
}

Result<void> ReplayState::append(const ReplayRecord& record, const std::vector<std::vector<Event>>& events) {
  Json json = record_json(record);
  Json sides = Json::array();
  for (const std::vector<Event>& side : events) {
    Json list = Json::array();
    for (const Event& event : side) list.push_back(event_json(event));
    sides.push_back(std::move(list));
  }
  json["events"] = std::move(sides);
  file_ << line_of(json) << std::flush;
  if (!file_) return tl::unexpected(error_of(path_, "cannot be written"));
  return {};
}

std::string replay_fingerprint(const ReplayOptions& options, const std::vector<ReplaySide>& sides,
                               const MailIndex& index) {
  Digest digest;
  digest.add(kVersion);
  digest.add(options.html);
  digest.add(options.json ? (options.all ? "all" : "json") : "text");
  digest.add(options.since ? format_rfc3339(*options.since) : "");
  for (const std::string& recipient : options.recipients) digest.add(recipient);
  for (const ReplaySide& side : sides) {
    digest.add("side");
    for (const std::string& id : side.snapshot->config.trusted_authserv_ids) digest.add(id);
    std::set<std::string> files(side.snapshot->config.files.begin(), side.snapshot->config.files.end());
    files.insert(side.snapshot->policy_files.begin(), side.snapshot->policy_files.end());
    for (const Policy& policy : side.snapshot->engine->policies()) {
      for (const Rule& rule : policy.rules) files.insert(rule.location.file);
    }
    for (const std::string& file : files) digest.add_file(file);
  }
  for (std::size_t i = 0; i < index.size(); ++i) {
    digest.add(index.path(i));
    digest.add(std::to_string(index.date(i).time_since_epoch().count()) + ' ' +
               std::to_string(index.octets(i)));
  }
  return digest.hex();
}

}  // namespace coldpitch
