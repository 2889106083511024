#include <fmt/format.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>
#include <algorithm>

#include "rig/examined.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

/// Of the load, so that a take survives moments in which the disk is slow (facts device.md 7).
constexpr double kHeadroom = 1.5;
/// Shorter than that, people want to know.
constexpr double kShortSeconds = 300;
/// Of the rig's data are written to measure a disk, but no less than what outlasts its first moments.
constexpr double kProbeSeconds = 1;
constexpr std::uint64_t kLeastProbe = 32'000'000;

/// The folder for takes, or the one in which it will be made.
fs::path existing(const fs::path& folder) {
  std::error_code error;
  fs::path at = fs::absolute(folder, error).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  while (!fs::exists(at, error) && at.has_relative_path()) at = at.parent_path();
  return at;
}

std::string kind_of_memory_or_network(const fs::path& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return "";
  switch (info.f_type) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
      return "is in memory, not on a disk";
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
      return "is on another host";
    default:
      return "";
  }
}

std::string lasting(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.0f} h", seconds / 3600);
}

/// `load` in MB/s; 0 where there is no rig, and it may be any.
DiskProbe probe_for(double load) {
  DiskProbe probe;
  if (load > 0)
    probe.bytes =
        std::clamp(static_cast<std::uint64_t>(load * 1e6 * kProbeSeconds), kLeastProbe, probe.bytes);
  return probe;
}

Check judge_space(double free_mb, double load, std::optional<std::chrono::seconds> length,
                  const std::string& folder) {
  const double lasts = free_mb / load;
  const std::string text =
      fmt::format("{} has {:.1f} GB free: {} at {:.0f} MB/s", folder, free_mb / 1000, lasting(lasts), load);
  const std::string remedy = "free space, name another folder, or use a shorter length";
  if (length && lasts < static_cast<double>(length->count()))
    return {"disk_space",
            Outcome::error,
            {},
            fmt::format("{}, and a take is {}", text, lasting(static_cast<double>(length->count()))),
            remedy};
  if (!length && lasts < kShortSeconds) return {"disk_space", Outcome::warning, {}, text, remedy};
  return {"disk_space", Outcome::ok, {}, text, ""};
}

}  // namespace

Checks check_folder(const Examined& seen) {
  const fs::path folder = existing(seen.host->folder);
  if (!fs::is_directory(folder))
    return {{"take_folder",
             Outcome::error,
             {},
             fmt::format("{} is no folder", folder.string()),
             "name another one"}};
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return {{"take_folder",
             Outcome::error,
             {},
             fmt::format("you may not write to {}", folder.string()),
             "name another folder, or have its owner let you"}};
  if (const std::string kind = kind_of_memory_or_network(folder); !kind.empty())
    return {{"take_folder",
             Outcome::warning,
             {},
             fmt::format("{} {}", folder.string(), kind),
             "record to a disk of this host and copy takes later"}};
  return {{"take_folder", Outcome::ok, {}, fmt::format("{} can be written to", folder.string()), ""}};
}

Checks check_disk_speed(const Examined& seen) {
  if (!seen.host->disk) return {};
  const fs::path folder = existing(seen.host->folder);
  const double load = seen.disk_load();
  const auto speed = seen.host->disk(folder, probe_for(load));
  if (!speed)
    return {
        {"disk_speed", Outcome::error, {}, speed.error().message(), "name another folder, or free space"}};
  const std::string wrote =
      fmt::format("{} takes {:.0f} MB/s ({})", folder.string(), speed->mb_per_s, speed->method);
  if (load == 0) return {{"disk_speed", Outcome::ok, {}, wrote, ""}};
  const std::string text = fmt::format("{}, and the units give {:.0f}", wrote, load);
  const std::string remedy = "use a faster disk, smaller modes or fewer units";
  if (speed->mb_per_s < load) return {{"disk_speed", Outcome::error, {}, text, remedy}};
  if (speed->mb_per_s < load * kHeadroom)
    return {{"disk_speed", Outcome::warning, {}, text + "; half as much again is safe", remedy}};
  return {{"disk_speed", Outcome::ok, {}, text, ""}};
}

Checks check_disk_space(const Examined& seen) {
  const double load = seen.disk_load();
  if (load == 0) return {};
  const fs::path folder = existing(seen.host->folder);
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error)
    return {{"disk_space",
             Outcome::error,
             {},
             fmt::format("{}: {}", folder.string(), error.message()),
             "name another folder"}};
  return {judge_space(static_cast<double>(space.available) / 1e6, load, seen.rig->length, folder.string())};
}

}  // namespace genlock::rig
