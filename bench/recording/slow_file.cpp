#include "recording/slow_file.h"

#include <fcntl.h>

#include <cerrno>
#include <deque>
#include <map>

#include "base/staged_file.h"
#include "recording/measure.h"

namespace genlock::bench {
namespace {

/// Tells of each request when the slow disk would be done with it, one after the other.
class SlowQueue final : public DiskQueue {
 public:
  SlowQueue(std::unique_ptr<DiskQueue> inner, double bytes_per_second)
      : inner_(std::move(inner)), bytes_per_second_(bytes_per_second) {}

  void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) override {
    std::size_t bytes = 0;
    for (const iovec& piece : pieces) bytes += piece.iov_len;
    take(ticket, std::chrono::duration<double>(static_cast<double>(bytes) / bytes_per_second_));
    inner_->write(ticket, pieces, offset);
  }

  void sync(Ticket ticket) override {
    take(ticket, {});
    inner_->sync(ticket);
  }

  std::optional<Done> next(bool wait) override {
    while (std::optional<Done> done = inner_->next(wait && done_.empty())) {
      const auto due = due_.extract(done->ticket);
      done_.emplace(due.mapped(), *done);
    }
    if (done_.empty()) return std::nullopt;
    const auto [due, first] = *done_.begin();
    if (due > system_clock().now()) {
      if (!wait) return std::nullopt;
      wait_until(due);
    }
    done_.erase(done_.begin());
    return first;
  }

 private:
  void take(Ticket ticket, std::chrono::duration<double> time) {
    free_ = std::max(free_, system_clock().now()) + std::chrono::duration_cast<HostDuration>(time);
    due_.emplace(ticket, free_);
  }

  const std::unique_ptr<DiskQueue> inner_;
  const double bytes_per_second_;
  HostTime free_;                       ///< when the disk has done all that it was given
  std::map<Ticket, HostTime> due_;      ///< of what is under way
  std::multimap<HostTime, Done> done_;  ///< by the time when it is due
};

}  // namespace

Result<std::unique_ptr<ByteSink>> create_slow_file(const std::filesystem::path& path,
                                                   double bytes_per_second) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC, 0666));
  if (!fd) return error_from_errno(errno, "creating " + path.string());
  std::unique_ptr<DiskQueue> queue = make_uring_queue(fd.get());
  const WriteMethod method = queue ? WriteMethod::uring : WriteMethod::direct;
  if (!queue) queue = make_blocking_queue(fd.get());
  auto slow = std::make_unique<SlowQueue>(std::move(queue), bytes_per_second);
  return std::unique_ptr<ByteSink>(
      std::make_unique<StagedFile>(path, std::move(fd), method, std::move(slow)));
}

}  // namespace genlock::bench
