// SPDX-License-Identifier: MIT
#include "milter/control.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "milter/housekeeping.h"
#include "milter/learning.h"
#include "milter/log.h"
#include "milter/operator_commands.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using namespace std::chrono_literals;

namespace {

ListenAddress at_path(const std::filesystem::path& path) {
  ListenAddress address;
  address.path = path;
  return address;
}

std::unique_ptr<ControlServer> serve(const std::filesystem::path& path, ControlCommands commands,
                                     std::size_t body_octets = 1000, std::chrono::milliseconds limit = 20s) {
  ControlOptions options;
  options.listen = at_path(path);
  options.body_octets = body_octets;
  options.limit = limit;
  auto server = ControlServer::start(std::move(options), std::move(commands));
  if (!server) UNSCOPED_INFO(server.error().detail);
  REQUIRE(server.has_value());
  return std::move(*server);
}

ControlCommands echo() {
  return {{"echo",
           [](const ControlRequest& request) { return "ok " + request.get("word") + " " + request.body; }},
          {"who",
           [](const ControlRequest& request) {
             return "ok " + (request.user ? std::to_string(*request.user) : "nobody");
           }},
          {"fall", [](const ControlRequest&) -> std::string { throw std::runtime_error("fell"); }}};
}

std::string ask(const std::filesystem::path& path, const std::string& line, const std::string& body = "") {
  const Result<std::string> answer = ask_control(at_path(path), line, body, 20s);
  return answer ? *answer : "none: " + answer.error().detail;
}

/// Sends octets as they are, closes for writing and returns what comes back.
std::string send_raw(const std::filesystem::path& path, const std::string& octets,
                     bool close_writing = true) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int peer = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  (void)::send(peer, octets.data(), octets.size(), MSG_NOSIGNAL);
  if (close_writing) ::shutdown(peer, SHUT_WR);
  std::string answer;
  char buffer[512];
  for (ssize_t count = 0; (count = ::recv(peer, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(peer);
  return answer;
}

}  // namespace

TEST_CASE("a control line is a command with words") {
  std::size_t octets = 7;
  const Result<ControlRequest> request =
      parse_control_line("learn as=pitch  recipient=a@b.example octets=12", octets);
  REQUIRE(request.has_value());
  CHECK(request->command == "learn");
  CHECK(request->get("as") == "pitch");
  CHECK(request->get("recipient") == "a@b.example");
  CHECK(request->get("absent").empty());
  CHECK(octets == 12);
  for (const char* line : {"", "   ", "learn pitch", "learn =x", "learn octets=", "learn octets=-1",
                           "learn octets=9x", "learn octets=99999999999999999999999"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_control_line(line, octets).has_value());
  }
}

TEST_CASE("the control socket answers, within its bounds") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "control.sock";
  {
    const auto server = serve(path, echo(), 10, 300ms);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0660U);
    CHECK(ask(path, "echo word=hi", "there") == "ok hi there");
    CHECK(ask(path, "echo", "0123456789") == "ok  0123456789");
    CHECK(ask(path, "echo", "01234567890") == "error too long");
    CHECK(ask(path, "echo", "a\nb\r\n") == "ok  a b  ");
    CHECK(ask(path, "nonsense") == "error unknown command");
    CHECK(ask(path, "who") == "ok " + std::to_string(::geteuid()));
    CHECK(ask(path, "fall") == "error fell");
    CHECK(send_raw(path, "echo octets=5\nab") == "error the request was cut off\n");
    CHECK(send_raw(path, std::string(10000, 'x')) == "error no request\n");
    CHECK(send_raw(path, "") == "error no request\n");
    // One that says nothing is given up, and holds nobody else up.
    std::thread silent([&] { CHECK(send_raw(path, "echo oct", false) == "error no request\n"); });
    CHECK(ask(path, "echo word=still") == "ok still ");
    silent.join();
  }
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(ask(path, "echo").starts_with("none: cannot connect"));
}

TEST_CASE("a live control socket is not taken over, a stale one is") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "control.sock";
  const auto server = serve(path, echo());
  ControlOptions options;
  options.listen = at_path(path);
  const auto second = ControlServer::start(options, echo());
  REQUIRE_FALSE(second.has_value());
  CHECK_THAT(second.error().detail, ContainsSubstring("another coldpitch-milter"));
  CHECK(ask(path, "echo word=first") == "ok first ");

  const std::filesystem::path stale = folder / "stale.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, stale.c_str(), sizeof address.sun_path - 1);
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(left);
  const auto after = serve(stale, echo());
  CHECK(ask(stale, "echo word=new") == "ok new ");
}

TEST_CASE("over TCP only those may ask who are allowed to") {
  const auto ask_from = [](bool allowed) -> std::string {
    ControlOptions options;
    options.listen.kind = ListenAddress::Kind::inet;
    options.listen.host = "127.0.0.1";
    options.is_allowed = [allowed](std::string_view address) { return allowed && address == "127.0.0.1"; };
    for (unsigned port = 20000 + static_cast<unsigned>(::getpid()) % 20000, end = port + 50; port < end;
         ++port) {
      options.listen.port = static_cast<std::uint16_t>(port);
      const auto server = ControlServer::start(options, echo());
      if (!server) continue;
      const Result<std::string> answer = ask_control(options.listen, "echo word=hi", "", 20s);
      if (allowed) CHECK(ask_control(options.listen, "who", "", 20s).value_or("none") == "ok nobody");
      return answer ? *answer : "refused";
    }
    return "no free port";
  };
  CHECK(ask_from(true) == "ok hi ");
  CHECK(ask_from(false) == "refused");
}

TEST_CASE("the daemon learns over its control socket") {
  static constexpr TimePoint kNow{1'760'340'000s};
  Service service(test::shipped_snapshot(), open_memory_store(),
                  std::make_unique<Keyring>(std::array<std::uint8_t, 32>{}), [] { return kNow; });
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "control.sock";
  const auto server = serve(path, make_control_commands(service), 100'000);
  const std::string message = test::plain_mail("pat@partner.example", "Rota", "See you on Friday.");
  CHECK(ask(path, "learn as=pitch recipient=alex@example.net", message) == "ok learned=pitch");
  CHECK(ask(path, "learn as=spam recipient=alex@example.net", message).starts_with("error as must be"));
  CHECK(ask(path, "learn as=pitch recipient=alex", message) == "error the recipient is no mail address");
  CHECK(ask(path, "learn as=pitch recipient=alex@example.net", "\n\nno header") ==
        "error the message names no sender");
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  envelope.client_address = "192.0.2.44";
  envelope.time = kNow + 60s;
  const auto snapshot = service.snapshot();
  CHECK(judge_message(message, envelope, *snapshot, service.memory()).verdict().level == Level::pitch);
  CHECK(ask(path, "learn as=wanted recipient=alex@example.net", message) == "ok learned=wanted");
  CHECK(judge_message(message, envelope, *snapshot, service.memory()).verdict().level == Level::none);
}

TEST_CASE("an operator asks how the daemon is, and has it read its configuration again") {
  static constexpr TimePoint kNow{1'760'340'000s};
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "coldpitch.yaml";
  const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
  write("history: { backend: none }\npolicies: [direct-outreach]\n");
  std::vector<Diagnostic> diagnostics;
  Service service(load_snapshot(file.string(), diagnostics), nullptr, nullptr, [] { return kNow; });
  std::vector<std::string> told;
  Reloader reloader(service, file.string(), [&told](const std::string& state) { told.push_back(state); });
  ControlCommands commands = make_operator_commands(service, reloader);
  const ControlCommand reload_as = commands["reload"];
  const std::filesystem::path path = folder / "control.sock";
  const auto server = serve(path, std::move(commands));

  CHECK_THAT(ask(path, "status"), ContainsSubstring("\"state\":\"running\"") &&
                                      ContainsSubstring("\"load\":\"ok\"") &&
                                      ContainsSubstring("\"policies\":[\"direct-outreach\"]") &&
                                      ContainsSubstring("\"started\":\"2025-10-13T07:20:00Z\""));
  write("history: { backend: none }\npolicies: [direct-outreach]\nlog: { level: warning }\n");
  CHECK(ask(path, "reload") == "ok");
  CHECK(service.snapshot()->config.log_level == "warning");
  CHECK(told == std::vector<std::string>{"RELOADING=1", "READY=1\nSTATUS=running"});

  write("history: { backend: none }\nnonsense: 1\n");
  const std::string refused = ask(path, "reload");
  CHECK_THAT(refused,
             ContainsSubstring("error " + file.string() + ":2:1: ") && ContainsSubstring("nonsense"));
  CHECK_THAT(told.back(), ContainsSubstring("READY=1\nSTATUS=the new configuration was refused") &&
                              ContainsSubstring(":2:1: ") && ContainsSubstring("nonsense"));
  CHECK_THAT(ask(path, "status"), ContainsSubstring("\"load\":\"refused\"") && ContainsSubstring("nonsense"));
  CHECK(service.snapshot()->config.log_level == "warning");

  // Another user, and whoever comes over TCP.
  ControlRequest request;
  CHECK(reload_as(request).starts_with("error only root"));
  request.user = ::geteuid() + 4242;
  CHECK(reload_as(request).starts_with("error only root"));
  set_log_level("info");
}

TEST_CASE("the daemon forgets what is too old by itself") {
  static constexpr TimePoint kNow{1'760'340'000s};
  Service service(test::shipped_snapshot("history: { retention: 10 d }\n"), open_memory_store(),
                  std::make_unique<Keyring>(std::array<std::uint8_t, 32>{}), [] { return kNow; });
  Store& store = *service.memory().store;
  for (const auto age : {24h * 11, 24h * 9}) {
    Event event;
    event.user = "u";
    event.person = "p";
    event.time = kNow - age;
    REQUIRE(store.record(event).has_value());
  }
  {
    const Housekeeping housekeeping(service, 1ms, 1h);
    for (int i = 0; i < 2000 && store.stats()->events[0] != 1; ++i) std::this_thread::sleep_for(5ms);
  }
  const Result<StoreStats> stats = store.stats();
  REQUIRE(stats.has_value());
  CHECK(stats->events[0] == 1);
  CHECK(stats->oldest == kNow - 24h * 9);
}
