#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/thread.h"
#include "base/unique_fd.h"
#include "take/take_file.h"

// How other programs on the host put markers into a take while it runs (docs/take.md).

namespace genlock::rig {

/// A socket of datagrams in the take's folder, gone when the take has ended.
inline constexpr std::string_view kMarkSocket = "mark.socket";
inline constexpr std::size_t kLongestMark = 1000;  ///< bytes of text

/// Puts a marker; called on the server's thread.
using Mark = std::function<Result<take::Marker>(const std::string& text)>;

/// Listens for markers until it goes, and takes its socket with it.
///
/// Threads: "marks", ended by the destructor.
class MarkServer {
 public:
  /// Fails where the file system takes no sockets.
  static Result<std::unique_ptr<MarkServer>> start(const std::filesystem::path& folder, Mark mark);
  ~MarkServer();
  MarkServer(const MarkServer&) = delete;
  MarkServer& operator=(const MarkServer&) = delete;

 private:
  MarkServer(std::filesystem::path file, Mark mark, UniqueFd socket, UniqueFd quit);
  void serve();
  void answer();

  const std::filesystem::path file_;
  const Mark mark_;
  const UniqueFd socket_;
  const UniqueFd quit_;
  Thread thread_;
};

/// Marks the take that is being recorded into `folder`, and gives the marker's pulse. Errc::not_found: none
/// is.
Result<std::int64_t> send_mark(const std::filesystem::path& folder, const std::string& text);

/// Whether a take is being recorded into `folder` on this host.
bool takes_marks(const std::filesystem::path& folder);

}  // namespace genlock::rig
