#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace genlock {

/// Writes to one open file that may be under way while the caller goes on. One thread at a time. Results are
/// the kernel's: bytes written, or a negative errno.
class DiskQueue {
 public:
  using Ticket = std::uint64_t;  ///< the caller's name for a request

  struct Done {
    Ticket ticket = 0;
    int result = 0;
  };

  virtual ~DiskQueue() = default;

  /// Pieces and their memory must stay until the request is done. At most kDepth requests are not done at any
  /// time.
  virtual void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) = 0;

  /// Makes durable the writes that were done before.
  virtual void sync(Ticket ticket) = 0;

  /// A request that is done; if `wait`, waits for one, which the caller knows to be there. Nothing then means
  /// that the kernel no longer answers.
  virtual std::optional<Done> next(bool wait) = 0;

  static constexpr unsigned kDepth = 16;
};

/// Nothing where the kernel refuses io_uring (ENOSYS, EPERM, a seccomp filter).
std::unique_ptr<DiskQueue> make_uring_queue(int fd);

/// Does each request on the caller's thread before write() returns.
std::unique_ptr<DiskQueue> make_blocking_queue(int fd);

/// The same through the page cache, for writes in order: what was written is sent to the disk soon and then
/// dropped from memory, so that a long recording neither fills it nor stalls when it is flushed.
std::unique_ptr<DiskQueue> make_buffered_queue(int fd);

}  // namespace genlock
