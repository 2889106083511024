#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace genlock::rig {

/// A process that has a device file open.
struct DeviceHolder {
  int pid = 0;
  std::string name;  ///< of its program, as far as the kernel keeps it: 15 bytes
};

/// Processes, but for this one, that have one of these device files open, each once, by pid. `nodes` are
/// relative to `root`, whose proc is looked through: what other users have open only root sees.
std::vector<DeviceHolder> holders_of(const std::vector<std::filesystem::path>& nodes,
                                     const std::filesystem::path& root);

}  // namespace genlock::rig
