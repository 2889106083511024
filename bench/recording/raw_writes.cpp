#include <fcntl.h>
#include <liburing.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/staging_memory.h"
#include "base/unique_fd.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20;
constexpr unsigned kDepth = 4;
constexpr std::uint64_t kAhead = std::uint64_t{64} << 20;

class RawWriter {
 public:
  explicit RawWriter(int fd) : fd_(fd) {}
  ~RawWriter() { io_uring_queue_exit(&ring_); }

  Status open() {
    if (const int status = io_uring_queue_init(kDepth, &ring_, 0); status < 0)
      return error_from_errno(-status, "setting up io_uring");
    GENLOCK_ASSIGN(memory_, StagingMemory::allocate(kDepth * kBlock));
    std::memset(memory_.bytes().data(), 0x55, memory_.bytes().size());
    return {};
  }

  Status write(std::uint64_t blocks) {
    std::uint64_t begun = 0, done = 0;
    while (done < blocks) {
      while (begun < blocks && begun - done < kDepth) GENLOCK_TRY(begin(begun++));
      GENLOCK_TRY(finish_one());
      ++done;
    }
    return {};
  }

 private:
  Status begin(std::uint64_t block) {
    const std::uint64_t at = block * kBlock;
    if (at % kAhead == 0 && ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(at), kAhead) != 0)
      return error_from_errno(errno, "taking space");
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_write(request, fd_, memory_.bytes().data() + block % kDepth * kBlock, kBlock, at);
    io_uring_submit(&ring_);
    return {};
  }

  Status finish_one() {
    io_uring_cqe* found = nullptr;
    if (const int status = io_uring_wait_cqe(&ring_, &found); status < 0)
      return error_from_errno(-status, "waiting for a write");
    const int result = found->res;
    io_uring_cqe_seen(&ring_, found);
    if (result != static_cast<int>(kBlock)) return error_from_errno(result < 0 ? -result : EIO, "writing");
    return {};
  }

  const int fd_;
  io_uring ring_{};
  StagingMemory memory_;
};

}  // namespace

Result<Work> write_raw(const std::filesystem::path& file, std::uint64_t bytes) {
  const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC, 0666));
  if (!fd) return error_from_errno(errno, "creating " + file.string());
  RawWriter writer(fd.get());
  GENLOCK_TRY(writer.open());
  const std::uint64_t blocks = bytes / kBlock;
  const HostTime start = system_clock().now();
  GENLOCK_TRY(writer.write(blocks));
  if (::fdatasync(fd.get()) != 0) return error_from_errno(errno, "syncing");
  if (::ftruncate(fd.get(), static_cast<off_t>(blocks * kBlock)) != 0)
    return error_from_errno(errno, "cutting");
  return Work{std::chrono::duration<double>(system_clock().now() - start).count(), {}};
}

}  // namespace genlock::bench
