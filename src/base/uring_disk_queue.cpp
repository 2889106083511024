#include <liburing.h>

#include <cerrno>

#include "base/disk_queue.h"

namespace genlock {
namespace {

class UringQueue final : public DiskQueue {
 public:
  explicit UringQueue(int fd) : fd_(fd), open_(io_uring_queue_init(2 * kDepth, &ring_, 0) == 0) {}
  ~UringQueue() override {
    if (open_) io_uring_queue_exit(&ring_);
  }

  bool is_open() const { return open_; }

  void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) override {
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_writev(request, fd_, pieces.data(), static_cast<unsigned>(pieces.size()), offset);
    submit(request, ticket);
  }

  void sync(Ticket ticket) override {
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_fsync(request, fd_, IORING_FSYNC_DATASYNC);
    submit(request, ticket);
  }

  std::optional<Done> next(bool wait) override {
    io_uring_cqe* found = nullptr;
    (void)io_uring_peek_cqe(&ring_, &found);
    while (found == nullptr && wait) {
      const int status = io_uring_submit_and_wait(&ring_, 1);
      if (status < 0 && status != -EINTR && status != -EAGAIN && status != -EBUSY) return std::nullopt;
      (void)io_uring_peek_cqe(&ring_, &found);
    }
    if (found == nullptr) return std::nullopt;
    const Done done{found->user_data, found->res};
    io_uring_cqe_seen(&ring_, found);
    return done;
  }

 private:
  void submit(io_uring_sqe* request, Ticket ticket) {
    request->user_data = ticket;
    // A submission that is interrupted, or refused for lack of memory, goes with the next one or with next().
    (void)io_uring_submit(&ring_);
  }

  const int fd_;
  io_uring ring_{};
  const bool open_;
};

}  // namespace

std::unique_ptr<DiskQueue> make_uring_queue(int fd) {
  auto queue = std::make_unique<UringQueue>(fd);
  if (!queue->is_open()) return nullptr;
  return queue;
}

}  // namespace genlock
