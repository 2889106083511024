#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "support/temporary_folder.h"

// Real file systems of a few MB, for tests that fill and break them. They need root. Everything is mounted in
// a namespace of the test program's own, so nothing is left behind however it ends.

namespace genlock::test {

/// Moves this program and what it starts from now on into a mount namespace of its own. Why that is
/// impossible; nothing if it is done. To be called before the program has threads.
std::optional<std::string> enter_private_mounts();

class SmallDisk {
 public:
  enum class Kind : std::uint8_t { tmpfs, ext4 };

  /// Mounts a new file system of about `bytes`; ext4 in an image of its own.
  static Result<std::unique_ptr<SmallDisk>> make(Kind kind, std::uint64_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return mounted_; }

  /// Makes every later write fail as on a device that is gone; what was not yet on the device is lost.
  Status shut_down();

  /// Makes it slow: the control group (of cgroup v1) whose processes write to it with so many bytes a second.
  Result<std::filesystem::path> throttle(std::uint64_t bytes_per_second);

  /// What is on the device after a power cut: mounts it anew.
  Status mount_again();

 private:
  explicit SmallDisk(Kind kind) : kind_(kind) {}
  Status mount(std::uint64_t bytes);
  void unmount();

  const Kind kind_;
  TemporaryFolder folder_;
  std::filesystem::path mounted_ = folder_ / "disk";
  bool is_mounted_ = false;
  std::filesystem::path group_;  ///< empty where it is not throttled
};

}  // namespace genlock::test
