// SPDX-License-Identifier: MIT
#include "milter/metrics_server.h"

#include <CivetServer.h>

#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace coldpitch {
namespace {

struct HttpAnswer {
  int status = 200;
  const char* reason = "OK";
  const char* type = "text/plain; charset=utf-8";
  std::string body;
};

/// One path, answered by a function. An exception must not reach the C code that calls.
class Page final : public CivetHandler {
 public:
  explicit Page(std::function<HttpAnswer()> answer) : answer_(std::move(answer)) {}

  bool handleGet(CivetServer* /*server*/, mg_connection* connection) override {
    HttpAnswer answer;
    try {
      answer = answer_();
    } catch (const std::exception&) {
      answer = {500, "Internal Server Error", "text/plain; charset=utf-8", "fault\n"};
    }
    mg_printf(connection,
              "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
              "Connection: close\r\n\r\n",
              answer.status, answer.reason, answer.type, answer.body.size());
    mg_write(connection, answer.body.data(), answer.body.size());
    return true;
  }

 private:
  std::function<HttpAnswer()> answer_;
};

}  // namespace

struct MetricsServer::Parts {
  explicit Parts(Answers answers)
      : metrics([read = std::move(answers.metrics)] {
          return HttpAnswer{200, "OK", "text/plain; version=0.0.4; charset=utf-8", read()};
        }),
        health([] {
          return HttpAnswer{200, "OK", "text/plain; charset=utf-8", "ok\n"};
        }),
        readiness([is_ready = std::move(answers.is_ready)] {
          if (is_ready()) return HttpAnswer{200, "OK", "text/plain; charset=utf-8", "ready\n"};
          return HttpAnswer{503, "Service Unavailable", "text/plain; charset=utf-8", "not ready\n"};
        }) {}

  Page metrics, health, readiness;
  // Last, so that it stops answering before the pages go.
  std::unique_ptr<CivetServer> server;
};

MetricsServer::MetricsServer() = default;
MetricsServer::~MetricsServer() = default;

Result<std::unique_ptr<MetricsServer>> MetricsServer::open(const std::string& address, Answers answers) {
  std::unique_ptr<MetricsServer> opened(new MetricsServer);
  opened->parts_ = std::make_unique<Parts>(std::move(answers));
  const std::vector<std::string> options{"listening_ports",    address, "num_threads",      "2",
                                         "request_timeout_ms", "5000",  "max_request_size", "8192"};
  try {
    opened->parts_->server = std::make_unique<CivetServer>(options);
  } catch (const std::exception& fault) {
    return tl::unexpected(
        Error{Code::permanent, 0, "metrics: cannot listen on " + address + ": " + fault.what()});
  }
  opened->parts_->server->addHandler("/metrics$", opened->parts_->metrics);
  opened->parts_->server->addHandler("/healthz$", opened->parts_->health);
  opened->parts_->server->addHandler("/readyz$", opened->parts_->readiness);
  return opened;
}

}  // namespace coldpitch
