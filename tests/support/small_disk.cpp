#include "support/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "base/unique_fd.h"
#include "support/process.h"

namespace genlock::test {
namespace {

/// EXT4_IOC_SHUTDOWN of the kernel's fs/ext4/ext4.h, and its flag for leaving the journal unflushed.
constexpr unsigned long kShutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kWithoutLog = 2;

Status run(const std::vector<std::string>& command) {
  Process process(command, {});
  if (process.wait() == 0) return {};
  return Error(Errc::io, command[0] + ": " + process.output());
}

}  // namespace

std::optional<std::string> enter_private_mounts() {
  if (::geteuid() != 0) return "mounting needs root";
  if (::unshare(CLONE_NEWNS) != 0) return std::string("no mount namespace: ") + std::strerror(errno);
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return std::string("the mount namespace cannot be made private: ") + std::strerror(errno);
  return std::nullopt;
}

Result<std::unique_ptr<SmallDisk>> SmallDisk::make(Kind kind, std::uint64_t bytes) {
  std::unique_ptr<SmallDisk> disk(new SmallDisk(kind));
  std::filesystem::create_directory(disk->mounted_);
  if (kind == Kind::ext4) {
    const std::string image = disk->folder_ / "image";
    GENLOCK_TRY(run({"truncate", "-s", std::to_string(bytes), image}));
    GENLOCK_TRY(run({"mkfs.ext4", "-q", "-m", "0", image}));
  }
  GENLOCK_TRY(disk->mount(bytes));
  return disk;
}

Status SmallDisk::mount(std::uint64_t bytes) {
  const std::string at = mounted_;
  GENLOCK_TRY(kind_ == Kind::tmpfs
                  ? run({"mount", "-t", "tmpfs", "-o", "size=" + std::to_string(bytes), "none", at})
                  : run({"mount", "-o", "loop", folder_ / "image", at}));
  is_mounted_ = true;
  return {};
}

void SmallDisk::unmount() {
  if (is_mounted_) ::umount2(mounted_.c_str(), MNT_DETACH);
  is_mounted_ = false;
}

SmallDisk::~SmallDisk() {
  unmount();
  std::error_code ignored;
  if (!group_.empty()) std::filesystem::remove(group_, ignored);
}

Result<std::filesystem::path> SmallDisk::throttle(std::uint64_t bytes_per_second) {
  struct stat info {};
  if (::stat(mounted_.c_str(), &info) != 0) return error_from_errno(errno, "looking at " + mounted_.string());
  group_ = std::filesystem::path("/sys/fs/cgroup/blkio") / ("genlock-test-" + std::to_string(::getpid()));
  std::error_code failed;
  std::filesystem::create_directory(group_, failed);
  std::ofstream limit(group_ / "blkio.throttle.write_bps_device");
  limit << major(info.st_dev) << ':' << minor(info.st_dev) << ' ' << bytes_per_second << std::flush;
  if (failed || !limit) return Error(Errc::unsupported, "no cgroup v1 controller blkio here");
  return group_;
}

Status SmallDisk::shut_down() {
  const UniqueFd fd(::open(mounted_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::uint32_t flags = kWithoutLog;
  if (!fd || ::ioctl(fd.get(), kShutdown, &flags) != 0)
    return error_from_errno(errno, "shutting down " + mounted_.string());
  return {};
}

Status SmallDisk::mount_again() {
  if (::umount2(mounted_.c_str(), 0) != 0) return error_from_errno(errno, "unmounting " + mounted_.string());
  is_mounted_ = false;
  return mount(0);
}

}  // namespace genlock::test
