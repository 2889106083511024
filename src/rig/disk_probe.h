#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace genlock::rig {

/// How much is written to learn how fast a disk is.
struct DiskProbe {
  std::uint64_t bytes = 256'000'000;               ///< at most
  HostDuration longest = std::chrono::seconds(2);  ///< after which no more is given to the disk
};

struct DiskSpeed {
  double mb_per_s = 0;  ///< 10^6 bytes, until the last is durable
  std::string method;   ///< see ByteSink::method_name
};

/// Writes to the sink as a recording does, in large pieces one after the other, and waits until they are
/// durable.
Result<DiskSpeed> measure(ByteSink& sink, Clock& clock, const DiskProbe& probe);

/// The same with a file in `folder`, which is removed again. Takes at most a quarter of the free space.
Result<DiskSpeed> measure_disk(const std::filesystem::path& folder, const DiskProbe& probe);

}  // namespace genlock::rig
