#include "base/disk_queue.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <deque>

namespace genlock {
namespace {

class BlockingQueue : public DiskQueue {
 public:
  explicit BlockingQueue(int fd) : fd_(fd) {}

  void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) override {
    const ssize_t n =
        ::pwritev(fd_, pieces.data(), static_cast<int>(pieces.size()), static_cast<off_t>(offset));
    finish(ticket, n < 0 ? -errno : written(offset, static_cast<int>(n)));
  }

  void sync(Ticket ticket) override { finish(ticket, ::fdatasync(fd_) == 0 ? 0 : -errno); }

  std::optional<Done> next(bool) override {
    if (done_.empty()) return std::nullopt;
    const Done done = done_.front();
    done_.pop_front();
    return done;
  }

 protected:
  /// Called after each write; the result of the request.
  virtual int written(std::uint64_t, int bytes) { return bytes; }

  const int fd_;

 private:
  void finish(Ticket ticket, int result) { done_.push_back({ticket, result}); }

  std::deque<Done> done_;
};

class BufferedQueue final : public BlockingQueue {
 public:
  using BlockingQueue::BlockingQueue;

 private:
  /// Bytes between two rounds: facts performance.md.
  static constexpr std::uint64_t kRound = std::uint64_t{8} << 20;

  int written(std::uint64_t offset, int bytes) override {
    const std::uint64_t end = offset + static_cast<std::uint64_t>(bytes);
    if (end < started_ + kRound) return bytes;
    // The round before last has had time to reach the disk; the last one starts to.
    const int dropped = drop(started_);
    const auto from = static_cast<off_t>(started_);
    (void)::sync_file_range(fd_, from, static_cast<off_t>(end) - from, SYNC_FILE_RANGE_WRITE);
    dropped_ = started_;
    started_ = end;
    return dropped < 0 ? dropped : bytes;
  }

  /// Waits for [dropped_, end) and takes it out of memory. 0, or the errno of a write that failed meanwhile.
  int drop(std::uint64_t end) {
    if (end == dropped_) return 0;
    const auto from = static_cast<off_t>(dropped_);
    const auto size = static_cast<off_t>(end) - from;
    constexpr unsigned kFinish =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    const bool failed = ::sync_file_range(fd_, from, size, kFinish) != 0;
    const int why = failed ? errno : 0;
    (void)::posix_fadvise(fd_, from, size, POSIX_FADV_DONTNEED);
    return why == EIO || why == ENOSPC || why == EDQUOT ? -why
                                                        : 0;  // others: no such call on this file system
  }

  std::uint64_t dropped_ = 0;  ///< end of what was taken out of memory
  std::uint64_t started_ = 0;  ///< end of what was sent to the disk
};

}  // namespace

std::unique_ptr<DiskQueue> make_blocking_queue(int fd) {
  return std::make_unique<BlockingQueue>(fd);
}
std::unique_ptr<DiskQueue> make_buffered_queue(int fd) {
  return std::make_unique<BufferedQueue>(fd);
}

}  // namespace genlock
