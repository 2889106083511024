#pragma once

#include "device/registry.h"

namespace genlock::cli {

/// Prints a line a unit: index, serial, colour and depth firmware, jacks; why not, for one that can't be
/// opened. With `json` one array. Returns the exit code.
int list_units(device::Provider& provider, bool json);

}  // namespace genlock::cli
