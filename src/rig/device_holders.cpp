#include "rig/device_holders.h"

#include <unistd.h>

#include <algorithm>

#include "rig/sys_files.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

/// 0 for what is no process.
int pid_of(const fs::path& folder) {
  const std::string name = folder.filename();
  int pid = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
  return failed == std::errc{} && end == name.data() + name.size() ? pid : 0;
}

bool has_open(const fs::path& process, const std::vector<fs::path>& nodes) {
  std::error_code refused;
  for (fs::directory_iterator entry(process / "fd", refused), end; !refused && entry != end;
       entry.increment(refused)) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry->path(), gone).relative_path();
    if (!gone && std::ranges::find(nodes, target) != nodes.end()) return true;
  }
  return false;
}

}  // namespace

std::vector<DeviceHolder> holders_of(const std::vector<fs::path>& nodes, const fs::path& root) {
  std::vector<DeviceHolder> holders;
  std::error_code ended;
  for (fs::directory_iterator entry(root / "proc", ended), end; !ended && entry != end;
       entry.increment(ended)) {
    const int pid = pid_of(entry->path());
    if (pid == 0 || pid == ::getpid() || !has_open(entry->path(), nodes)) continue;
    holders.push_back({pid, first_line(entry->path() / "comm")});
  }
  std::ranges::sort(holders, {}, &DeviceHolder::pid);
  return holders;
}

}  // namespace genlock::rig
