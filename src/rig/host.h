#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "rig/disk_probe.h"

namespace genlock::rig {

/// Whether something sets this host's wall clock by a better one.
struct ClockState {
  bool synchronised = false;
  double error_bound_s = 0;  ///< as the kernel estimates it; meaningless where it is not synchronised
};

/// What is asked of the host that a rig is examined on. Tests give it a folder instead of the system's root,
/// and answers of their own.
struct Host {
  std::string name;                    ///< as rig files call it
  std::filesystem::path root = "/";    ///< has /sys, /proc, /dev and the libraries of the host
  std::filesystem::path folder = ".";  ///< where takes go; need not exist yet
  std::optional<std::string> display;  ///< $DISPLAY
  std::string library_path;            ///< $LD_LIBRARY_PATH
  std::function<HostTime()> now;       ///< CLOCK_MONOTONIC, by which the kernel's log counts
  std::function<Result<ClockState>()> clock;
  std::function<Result<DiskSpeed>(const std::filesystem::path& folder, const DiskProbe& probe)>
      disk;  ///< how fast a folder's disk is; empty: not to be measured
};

/// The host that this program runs on. `folder` is where takes go.
Host local_host(const std::filesystem::path& folder);

}  // namespace genlock::rig
