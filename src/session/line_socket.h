#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace genlock::session {

/// Lines of text between two processes, over one end of a connected stream socket. One thread may send while
/// another receives.
class LineSocket {
 public:
  static constexpr std::size_t kLongestLine = 16 << 20;  ///< a longer one is damage

  explicit LineSocket(UniqueFd socket) : socket_(std::move(socket)) {}

  /// Waits for room. `line` has no line break. Errc::disconnected: the other end is closed.
  Status send(std::string_view line);

  /// The next line; nothing if no byte of one came within `patience` (negative: waits for ever).
  /// Errc::disconnected: the other end is closed; Errc::corrupt: a line that is too long.
  Result<std::optional<std::string>> receive(HostDuration patience);

  /// Ends what waits on either end. Any thread.
  void shut_down();

 private:
  std::optional<std::string> take_line();

  const UniqueFd socket_;
  std::string received_;      ///< bytes behind the line given last
  std::size_t searched_ = 0;  ///< of them without a line break
};

/// Both ends of a new connection; neither is inherited by programs that are started.
Result<std::pair<UniqueFd, UniqueFd>> connected_sockets();

}  // namespace genlock::session
