#pragma once

#include <memory>

#include "base/result.h"
#include "device/registry.h"

namespace genlock::capi {

/// The units of the bench that GENLOCK_BENCH and GENLOCK_BENCH_HOST name now; of the default bench, with one
/// warning, where nothing is named. As the program's environment says, they are paired or not, and their
/// stamps logged (facts k4a-abi.md F). Any thread.
Result<std::unique_ptr<device::Provider>> bench_units();

}  // namespace genlock::capi
