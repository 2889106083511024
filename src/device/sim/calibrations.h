#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// The raw calibration that a unit of the bench returns: a built-in one or a file. Checked to be one.
Result<Buffer> load_calibration(const UnitConfig& unit);

/// The blob called "builtin:1", ...; nothing for another name.
ByteSpan builtin_calibration(std::string_view name);

}  // namespace genlock::device::sim
