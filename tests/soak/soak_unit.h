#pragma once

#include <cstdint>

namespace genlock::soak {

/// One unit of the soak, in a process of its own, which GENLOCK_BENCH and GENLOCK_STATE_DIR lead to the
/// bench. Reads captures and IMU for ever; of the first `parts` parts of `pulses_per_part` pulses it checks
/// every stamp and ends with an error at the first that is wrong or missing. Prints "started", a line at the
/// end of each part, and after the last one a line every ten seconds of the bench. `parts` 0: checks only
/// that nothing is dropped.
int run_unit(int unit, int parts, std::int64_t pulses_per_part);

}  // namespace genlock::soak
