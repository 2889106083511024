#include "rig/mark_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

constexpr int kPatienceMs = 5000;  // of who marks, for the answer
constexpr std::string_view kDone = "ok ";
constexpr std::string_view kRefused = "no ";

UniqueFd new_socket() {
  return UniqueFd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

/// The address of the socket in a folder. By way of the folder's descriptor, since an address is shorter than
/// a path may be; the descriptor stays open while the address is used.
struct Address {
  UniqueFd folder;
  sockaddr_un name{};
  socklen_t size = 0;
};

Result<Address> address_in(const fs::path& folder) {
  Address address{.folder = UniqueFd(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))};
  if (!address.folder) return error_from_errno(errno, "opening " + folder.string());
  const std::string path = fmt::format("/proc/self/fd/{}/{}", address.folder.get(), kMarkSocket);
  address.name.sun_family = AF_UNIX;
  path.copy(address.name.sun_path, sizeof address.name.sun_path - 1);
  address.size = sizeof address.name;
  return address;
}

/// A socket that sends to the take's and gets its answers; the kernel names it.
Result<UniqueFd> connected_to(const fs::path& folder) {
  GENLOCK_ASSIGN(const Address address, address_in(folder));
  UniqueFd socket = new_socket();
  const sa_family_t any = AF_UNIX;
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
    return error_from_errno(errno, "making a socket");
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.name), address.size) != 0)
    return Error(Errc::not_found, fmt::format("no take is being recorded into {}", folder.string()));
  return socket;
}

std::string answer_to(const Result<take::Marker>& marker) {
  if (!marker) return fmt::format("{}{}", kRefused, marker.error().message());
  return fmt::format("{}{}", kDone, marker->pulse);
}

Result<std::int64_t> pulse_in(std::string_view answer) {
  std::int64_t pulse = 0;
  if (answer.starts_with(kDone)) {
    const std::string_view digits = answer.substr(kDone.size());
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), pulse);
    if (failed == std::errc{} && end == digits.data() + digits.size()) return pulse;
  }
  if (answer.starts_with(kRefused)) return Error(Errc::state, std::string(answer.substr(kRefused.size())));
  return Error(Errc::corrupt, "the recorder's answer makes no sense: is it of another version?");
}

}  // namespace

Result<std::unique_ptr<MarkServer>> MarkServer::start(const fs::path& folder, Mark mark) {
  GENLOCK_ASSIGN(const Address address, address_in(folder));
  UniqueFd socket = new_socket();
  UniqueFd quit(eventfd(0, EFD_CLOEXEC));
  if (!socket || !quit) return error_from_errno(errno, "making a socket");
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address.name), address.size) != 0)
    return error_from_errno(errno, fmt::format("making {}", (folder / kMarkSocket).string()));
  return std::unique_ptr<MarkServer>(
      new MarkServer(folder / kMarkSocket, std::move(mark), std::move(socket), std::move(quit)));
}

MarkServer::MarkServer(fs::path file, Mark mark, UniqueFd socket, UniqueFd quit)
    : file_(std::move(file)),
      mark_(std::move(mark)),
      socket_(std::move(socket)),
      quit_(std::move(quit)),
      thread_("marks", [this] { serve(); }) {}

MarkServer::~MarkServer() {
  const std::uint64_t one = 1;
  static_cast<void>(write(quit_.get(), &one, sizeof one) == sizeof one);
  thread_.join();
  std::error_code ignored;
  fs::remove(file_, ignored);
}

void MarkServer::serve() {
  std::array<pollfd, 2> sources{{{socket_.get(), POLLIN, 0}, {quit_.get(), POLLIN, 0}}};
  while (poll(sources.data(), sources.size(), -1) > 0 || errno == EINTR) {
    if (sources[1].revents != 0) return;
    if (sources[0].revents != 0) answer();
  }
}

void MarkServer::answer() {
  std::array<char, kLongestMark + 1> text;
  sockaddr_un from{};
  socklen_t size = sizeof from;
  const ssize_t n = recvfrom(socket_.get(), text.data(), text.size(), MSG_DONTWAIT,
                             reinterpret_cast<sockaddr*>(&from), &size);
  if (n < 0) return;
  const bool fits = static_cast<std::size_t>(n) <= kLongestMark;
  const std::string said = fits ? answer_to(mark_(std::string(text.data(), static_cast<std::size_t>(n))))
                                : fmt::format("{}a marker has at most {} bytes", kRefused, kLongestMark);
  static_cast<void>(sendto(socket_.get(), said.data(), said.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                           reinterpret_cast<const sockaddr*>(&from), size));
}

Result<std::int64_t> send_mark(const fs::path& folder, const std::string& text) {
  GENLOCK_ASSIGN(const UniqueFd socket, connected_to(folder));
  if (send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0)
    return error_from_errno(errno, "marking the take in " + folder.string());
  pollfd source{socket.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = poll(&source, 1, kPatienceMs)) < 0 && errno == EINTR) {
  }
  std::array<char, 4096> answer;
  const ssize_t n = ready > 0 ? recv(socket.get(), answer.data(), answer.size(), 0) : -1;
  if (n < 0)
    return Error(Errc::io, fmt::format("the recorder of {} did not answer: the marker may be missing",
                                       folder.string()));
  return pulse_in({answer.data(), static_cast<std::size_t>(n)});
}

bool takes_marks(const fs::path& folder) {
  return connected_to(folder).has_value();
}

}  // namespace genlock::rig
