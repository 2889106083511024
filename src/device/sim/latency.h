#pragma once

#include <cstdint>

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// How late one frame reaches the host, by the random number drawn for it.
HostDuration latency_of(const Latency& latency, std::uint64_t bits);

}  // namespace genlock::device::sim
