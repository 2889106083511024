#include "session/line_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace genlock::session {
namespace {

Error closed() {
  return Error(Errc::disconnected, "the other process closed the connection");
}

Status send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return closed();
    if (sent < 0) return error_from_errno(errno, "sending to another process");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

/// Whether there is something to read before so much time has passed.
Result<bool> wait_readable(int socket, HostDuration patience) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  pollfd source{socket, POLLIN, 0};
  const int ready = poll(&source, 1, patience < HostDuration::zero() ? -1 : static_cast<int>(ms));
  if (ready < 0 && errno != EINTR) return error_from_errno(errno, "waiting for another process");
  return ready != 0;
}

}  // namespace

Status LineSocket::send(std::string_view line) {
  return send_all(socket_.get(), std::string(line) + '\n');
}

std::optional<std::string> LineSocket::take_line() {
  const std::size_t end = received_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = received_.size();
    return std::nullopt;
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  searched_ = 0;
  return line;
}

Result<std::optional<std::string>> LineSocket::receive(HostDuration patience) {
  while (true) {
    if (auto line = take_line()) return line;
    if (received_.size() > kLongestLine) return Error(Errc::corrupt, "a message has no end");
    GENLOCK_ASSIGN(const bool ready, wait_readable(socket_.get(), patience));
    if (!ready) return std::optional<std::string>();
    std::array<char, 65536> chunk;
    const ssize_t n = recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (n > 0)
      received_.append(chunk.data(), static_cast<std::size_t>(n));
    else if (n == 0 || errno == ECONNRESET)
      return closed();
    else if (errno != EAGAIN && errno != EINTR)
      return error_from_errno(errno, "receiving from another process");
  }
}

void LineSocket::shut_down() {
  shutdown(socket_.get(), SHUT_RDWR);
}

Result<std::pair<UniqueFd, UniqueFd>> connected_sockets() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return error_from_errno(errno, "connecting two processes");
  return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

}  // namespace genlock::session
