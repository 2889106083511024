#pragma once

#include <memory>

#include "base/result.h"
#include "device/registry.h"

namespace genlock::device::sim {
class Bench;
}

namespace genlock::capi {

/// The units of the bench that GENLOCK_BENCH and GENLOCK_BENCH_HOST name now; of the default bench, with one
/// warning, where nothing is named. As the program's environment says, they are paired or not, and their
/// stamps logged (facts k4a-abi.md F). Any thread.
Result<std::unique_ptr<device::Provider>> bench_units();

/// The bench that this program's units were last looked for on, else the one that is named now. Any thread.
Result<std::shared_ptr<device::sim::Bench>> current_bench();

}  // namespace genlock::capi
