#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace genlock::rig {

struct KernelMessage {
  HostTime at;       ///< CLOCK_MONOTONIC
  std::string text;  ///< "usb 2-1.1: USB disconnect, device number 5"
};

/// What the kernel's log holds, from dev/kmsg below `root`, oldest first. On many systems only root may read
/// it; the error says so.
Result<std::vector<KernelMessage>> read_kernel_log(const std::filesystem::path& root);

}  // namespace genlock::rig
