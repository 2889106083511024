#pragma once

#include <cstdint>

namespace genlock {

/// Disk space taken for a file ahead of its end, in steps, without changing its size.
class Preallocation {
 public:
  /// Makes sure of the space up to offset `end`, which grows. 0 or an errno: ENOSPC or EDQUOT if there is
  /// none, EFBIG beyond the process's limit of file size. Where the file system cannot promise space, it is
  /// taken for granted.
  int ensure(int fd, std::uint64_t end);

  /// Whoever cut the file to `size` has given back what lay behind.
  void cut(std::uint64_t size) { end_ = size; }

  bool beyond(std::uint64_t size) const { return end_ > size; }

 private:
  std::uint64_t end_ = 0;
  bool supported_ = true;
};

}  // namespace genlock
