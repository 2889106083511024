#pragma once

#include "device/registry.h"
#include "rig/check.h"
#include "rig/host.h"
#include "rig/rig.h"

// What would spoil a take, found before it (facts device.md 2.4 to 2.8, 3 and 7). docs/doctor.md

namespace genlock::rig {

/// Examines rig, units and host against every constraint, in the order in which people mend things. Opens
/// every unit that is free for as long as it takes to ask it, one after the other; nothing is started or set.
/// Findings are lines, whatever fails.
std::vector<Check> examine(const Rig& rig, device::Provider& provider, const Host& host);

/// What can be said without a rig, or without units. Both may be null.
std::vector<Check> examine(const Rig* rig, device::Provider* provider, const Host& host);

}  // namespace genlock::rig
