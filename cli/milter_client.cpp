// SPDX-License-Identifier: MIT
#include "cli/milter_client.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

// Numbers of the protocol (Sendmail's include/libmilter/mfdef.h, version 6).
constexpr std::uint32_t kVersion = 6;
constexpr std::uint32_t kAllActions = 0x1FF;
constexpr std::uint32_t kAllSteps = 0x1FFFFF;
constexpr std::uint32_t kNoConnect = 0x1, kNoHelo = 0x2, kNoMail = 0x4, kNoRcpt = 0x8, kNoBody = 0x10,
                        kNoHeaders = 0x20, kNoEoh = 0x40, kNoReplyHeader = 0x80, kNoData = 0x200,
                        kNoReplyConnect = 0x1000, kNoReplyHelo = 0x2000, kNoReplyMail = 0x4000,
                        kNoReplyRcpt = 0x8000, kNoReplyData = 0x10000, kNoReplyEoh = 0x40000,
                        kNoReplyBody = 0x80000, kLeadingSpace = 0x100000;
constexpr std::size_t kBodyChunk = 65535;
constexpr std::size_t kMaxPacket = 16U * 1024U * 1024U;

tl::unexpected<Error> fault(std::string what) {
  return tl::unexpected(Error{Code::temporary, 0, std::move(what)});
}

std::string number(std::uint32_t value) {
  std::string octets;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) octets += static_cast<char>((value >> shift) & 0xFFU);
  return octets;
}

std::uint32_t read_number(std::string_view octets) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4 && i < octets.size(); ++i)
    value = (value << 8U) | static_cast<std::uint8_t>(octets[i]);
  return value;
}

std::string c_string(std::string_view text) { return std::string(text.substr(0, text.find('\0'))) + '\0'; }

/// The next NUL-terminated string of `data`, which it is taken off.
std::string take_string(std::string_view& data) {
  const std::size_t end = std::min(data.find('\0'), data.size());
  std::string text(data.substr(0, end));
  data.remove_prefix(std::min(end + 1, data.size()));
  return text;
}

Result<int> connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return fault("the socket's path is too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fault(std::generic_category().message(errno));
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::generic_category().message(errno);
    ::close(fd);
    return fault("cannot connect to " + path + ": " + why);
  }
  return fd;
}

Result<int> connect_inet(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(address.port);
  if (const int error = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &list); error != 0) {
    return fault(address.host + ": " + ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  std::string why = "no address";
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    const int fd = ::socket(entry->ai_family, entry->ai_socktype | SOCK_CLOEXEC, entry->ai_protocol);
    if (fd < 0) continue;
    if (::connect(fd, entry->ai_addr, entry->ai_addrlen) == 0) return fd;
    why = std::generic_category().message(errno);
    ::close(fd);
  }
  return fault("cannot connect to " + address.host + " port " + port + ": " + why);
}

bool is_final(char command) { return std::string_view("acdrty").find(command) != std::string_view::npos; }

MilterAnswer answer_of(char command) {
  switch (command) {
    case 'a':
      return MilterAnswer::accept;
    case 'd':
      return MilterAnswer::discard;
    case 'r':
      return MilterAnswer::reject;
    case 't':
      return MilterAnswer::tempfail;
    case 'y':
      return MilterAnswer::reply_code;
    default:
      return MilterAnswer::proceed;
  }
}

MilterEdit edit_of(char command, std::string_view data) {
  MilterEdit edit;
  switch (command) {
    case 'h':
      edit.kind = MilterEdit::Kind::add_field;
      break;
    case 'i':
      edit.kind = MilterEdit::Kind::insert_field;
      break;
    case 'm':
      edit.kind = MilterEdit::Kind::change_field;
      break;
    case 'q':
      edit.kind = MilterEdit::Kind::quarantine;
      break;
    case 'b':
      edit.kind = MilterEdit::Kind::replace_body;
      break;
    case '+':
      edit.kind = MilterEdit::Kind::add_recipient;
      break;
    case '-':
      edit.kind = MilterEdit::Kind::delete_recipient;
      break;
    default:
      break;
  }
  if (command == 'i' || command == 'm') {
    edit.index = read_number(data);
    data.remove_prefix(std::min<std::size_t>(4, data.size()));
  }
  if (command == 'h' || command == 'i' || command == 'm') edit.name = take_string(data);
  edit.value = take_string(data);
  return edit;
}

/// Header block and body of a message; the empty line between them belongs to neither.
std::pair<std::string_view, std::string_view> halves(std::string_view octets) {
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t end = octets.find('\n', at);
    if (end == std::string_view::npos) break;
    const std::string_view line = octets.substr(at, end - at);
    if (line.empty() || line == "\r") return {octets.substr(0, at), octets.substr(end + 1)};
    at = end + 1;
  }
  return {octets, {}};
}

/// Line ends as SMTP has them.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 40);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

}  // namespace

std::string_view to_string(MilterAnswer answer) {
  switch (answer) {
    case MilterAnswer::accept:
      return "accept";
    case MilterAnswer::proceed:
      return "continue";
    case MilterAnswer::discard:
      return "discard";
    case MilterAnswer::reject:
      return "reject";
    case MilterAnswer::tempfail:
      return "tempfail";
    case MilterAnswer::reply_code:
      return "reply";
  }
  return "continue";
}

Result<MilterClient> MilterClient::connect(const ListenAddress& address, std::chrono::milliseconds timeout) {
  const Result<int> fd =
      address.kind == ListenAddress::Kind::unix_socket ? connect_unix(address.path) : connect_inet(address);
  if (!fd) return tl::unexpected(fd.error());
  MilterClient client(*fd, timeout);
  if (auto negotiated = client.negotiate(); !negotiated) return tl::unexpected(negotiated.error());
  return client;
}

MilterClient::MilterClient(MilterClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      timeout_(other.timeout_),
      unsent_(std::move(other.unsent_)),
      steps_(other.steps_) {}

MilterClient::~MilterClient() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> MilterClient::negotiate() {
  if (auto sent = send('O', number(kVersion) + number(kAllActions) + number(kAllSteps)); !sent) return sent;
  const Result<Packet> answer = receive();
  if (!answer) return tl::unexpected(answer.error());
  if (answer->command != 'O' || answer->data.size() < 12)
    return fault("the peer does not speak the milter protocol");
  steps_ = read_number(std::string_view(answer->data).substr(8));
  return {};
}

Result<void> MilterClient::send(char command, std::string_view data) {
  unsent_ += number(static_cast<std::uint32_t>(data.size() + 1));
  unsent_ += command;
  unsent_ += data;
  return unsent_.size() < kBodyChunk ? Result<void>() : flush();
}

Result<void> MilterClient::flush() {
  std::string_view rest = unsent_;
  while (!rest.empty()) {
    const ssize_t sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      unsent_.clear();
      return fault(std::string("the milter closed the connection: ") +
                   std::generic_category().message(errno));
    }
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  unsent_.clear();
  return {};
}

Result<MilterClient::Packet> MilterClient::receive() {
  if (auto sent = flush(); !sent) return tl::unexpected(sent.error());
  std::string octets;
  std::size_t wanted = 4;
  while (octets.size() < wanted) {
    pollfd watched{fd_, POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(timeout_.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return fault("the milter did not answer in time");
    std::string block(std::min<std::size_t>(wanted - octets.size(), 65536), '\0');
    const ssize_t got = ::recv(fd_, block.data(), block.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fault("the milter closed the connection");
    octets.append(block, 0, static_cast<std::size_t>(got));
    if (octets.size() == 4) {
      const std::size_t length = read_number(octets);
      if (length == 0 || length > kMaxPacket) return fault("the peer does not speak the milter protocol");
      wanted = 4 + length;
    }
  }
  return Packet{octets[4], octets.substr(5)};
}

Result<MilterClient::Packet> MilterClient::ask(char command, std::string_view data, std::uint32_t no_reply) {
  if (auto sent = send(command, data); !sent) return tl::unexpected(sent.error());
  if ((steps_ & no_reply) != 0) return Packet{'c', {}};
  return receive();
}

Result<void> MilterClient::begin_session(const Envelope& envelope) {
  if ((steps_ & kNoConnect) == 0) {
    const std::string name =
        envelope.client_name.empty() ? "[" + envelope.client_address + "]" : envelope.client_name;
    const bool is_ipv6 = envelope.client_address.find(':') != std::string::npos;
    std::string data = c_string(name);
    data += is_ipv6 ? '6' : '4';
    data += std::string(1, '\0') + '\x19';  // port 25
    data += c_string(is_ipv6 ? "IPv6:" + envelope.client_address : envelope.client_address);
    if (auto answer = ask('C', data, kNoReplyConnect); !answer) return tl::unexpected(answer.error());
  }
  if ((steps_ & kNoHelo) == 0) {
    const std::string helo = envelope.helo.empty() ? "client.invalid" : envelope.helo;
    if (auto answer = ask('H', c_string(helo), kNoReplyHelo); !answer) return tl::unexpected(answer.error());
  }
  return {};
}

Result<MilterClient::Packet> MilterClient::send_header(std::string_view header) {
  Packet last{'c', {}};
  for (std::size_t at = 0; at < header.size();) {
    std::size_t end = at;
    do {
      end = std::min(header.find('\n', end), header.size() - 1) + 1;
    } while (end < header.size() && (header[end] == ' ' || header[end] == '\t'));
    std::string_view field = header.substr(at, end - at);
    at = end;
    while (!field.empty() && (field.back() == '\n' || field.back() == '\r')) field.remove_suffix(1);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;  // an MTA hands on fields only
    std::string_view body = field.substr(colon + 1);
    if ((steps_ & kLeadingSpace) == 0 && !body.empty() && body.front() == ' ') body.remove_prefix(1);
    std::string folded;
    for (const char octet : body) {
      if (octet != '\r') folded += octet;
    }
    Result<Packet> answer =
        ask('L', c_string(trim(field.substr(0, colon))) + c_string(folded), kNoReplyHeader);
    if (!answer || answer->command != 'c') return answer;
    last = *answer;
  }
  return last;
}

Result<MilterClient::Packet> MilterClient::send_body(std::string_view body) {
  const std::string crlf = with_crlf(body);
  const std::string_view all = crlf;
  for (std::size_t at = 0; at < all.size(); at += kBodyChunk) {
    Result<Packet> answer = ask('B', all.substr(at, kBodyChunk), kNoReplyBody);
    if (!answer || answer->command != 'c') return answer;
  }
  return Packet{'c', {}};
}

Result<MilterOutcome> MilterClient::finish_message(const std::string& queue_id) {
  if (!queue_id.empty()) {
    if (auto sent = send('D', "E" + c_string("i") + c_string(queue_id)); !sent)
      return tl::unexpected(sent.error());
  }
  if (auto sent = send('E', {}); !sent) return tl::unexpected(sent.error());
  MilterOutcome outcome;
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const Result<Packet> packet = receive();
    if (!packet) return tl::unexpected(packet.error());
    if (is_final(packet->command)) {
      outcome.answer = answer_of(packet->command);
      std::string_view data = packet->data;
      if (packet->command == 'y') outcome.reply = take_string(data);
      outcome.end_of_message = std::chrono::steady_clock::now() - start;
      return outcome;
    }
    if (packet->command != 'p') outcome.edits.push_back(edit_of(packet->command, packet->data));
  }
}

Result<MilterOutcome> MilterClient::send_message(const Envelope& envelope, std::string_view octets) {
  const auto early = [](const Packet& packet) {
    MilterOutcome outcome;
    outcome.answer = answer_of(packet.command);
    return outcome;
  };
  std::string macros = "M" + c_string("{mail_addr}") + c_string(envelope.envelope_sender);
  if (!envelope.authenticated_user.empty())
    macros += c_string("{auth_authen}") + c_string(envelope.authenticated_user);
  if (auto sent = send('D', macros); !sent) return tl::unexpected(sent.error());
  if ((steps_ & kNoMail) == 0) {
    std::string mail = c_string("<" + envelope.envelope_sender + ">");
    if (envelope.smtputf8) mail += c_string("SMTPUTF8");
    const Result<Packet> answer = ask('M', mail, kNoReplyMail);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command != 'c') return early(*answer);
  }
  for (const std::string& recipient : envelope.recipients) {
    if ((steps_ & kNoRcpt) != 0) break;
    const Result<Packet> answer = ask('R', c_string("<" + recipient + ">"), kNoReplyRcpt);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command == 'a' || answer->command == 'd') return early(*answer);
  }
  if ((steps_ & kNoData) == 0) {
    const Result<Packet> answer = ask('T', {}, kNoReplyData);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command != 'c') return early(*answer);
  }
  const auto [header, body] = halves(octets);
  if ((steps_ & kNoHeaders) == 0) {
    const Result<Packet> answer = send_header(header);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command != 'c') return early(*answer);
  }
  if ((steps_ & kNoEoh) == 0) {
    const Result<Packet> answer = ask('N', {}, kNoReplyEoh);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command != 'c') return early(*answer);
  }
  if ((steps_ & kNoBody) == 0) {
    const Result<Packet> answer = send_body(body);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->command != 'c' && answer->command != 's') return early(*answer);
  }
  return finish_message(envelope.queue_id);
}

void MilterClient::quit() {
  // The peer may be gone already, which is what quitting is after.
  if (!send('Q', {}) || !flush()) return;
}

}  // namespace coldpitch
