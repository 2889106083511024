#include "base/preallocation.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace genlock {
namespace {

/// A second of one unit at most, and few enough calls at the speed of a disk.
constexpr std::uint64_t kStep = std::uint64_t{64} << 20;

bool means_unsupported(int errnum) {
  return errnum == EOPNOTSUPP || errnum == ENOSYS || errnum == ENODEV || errnum == ESPIPE || errnum == EINVAL;
}

/// errno, or 0.
int allocate(int fd, std::uint64_t from, std::uint64_t to) {
  while (::fallocate(fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from), static_cast<off_t>(to - from)) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

/// RLIMIT_FSIZE, which may change while a file is written; fallocate does not look at it.
bool exceeds_limit(std::uint64_t end) {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && end > limit.rlim_cur;
}

}  // namespace

int Preallocation::ensure(int fd, std::uint64_t end) {
  if (exceeds_limit(end)) return EFBIG;
  if (end <= end_ || !supported_) return 0;
  std::uint64_t to = std::max(end, end_ + kStep);
  int failure = allocate(fd, end_, to);
  if (failure != 0 && !means_unsupported(failure)) failure = allocate(fd, end_, to = end);
  if (failure == 0) end_ = to;
  if (!means_unsupported(failure)) return failure;
  supported_ = false;
  return 0;
}

}  // namespace genlock
