#pragma once

#include "device/sim/bench_state.h"
#include "device/sim/unit_log.h"

namespace genlock::device::sim {

/// Whether the firmware is one that the vendor's library opens; of one that works but is older than it would
/// have, only the log tells (facts device.md 3).
Status check_firmware(const UnitConfig& unit, const UnitLog& log);

/// Whether a unit in this state lets itself be opened.
Status check_open(const UnitState& unit, const UnitLog& log);

/// What the log says when a unit cannot be had; the library does not know whose fault it is.
void say_no_access(const UnitLog& log);

/// How long the unit takes to tell its versions: a multiple of 500 ms. Errc::io if that is longer than the 20
/// times that it is asked (facts device.md 3).
Result<HostDuration> boot_wait(const UnitState& unit, const UnitLog& log);

}  // namespace genlock::device::sim
