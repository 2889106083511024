#pragma once

#include "device/usb_transfers.h"

namespace genlock::device::sim {

struct BenchConfig;
struct BenchState;

/// What of wanted_transfers() the host of `unit` has memory for beside its running units: depth is asked for
/// first, then colour, then the IMU.
UsbTransfers granted_transfers(const BenchConfig& bench, const BenchState& state, std::size_t unit,
                               const CameraConfig& config);

}  // namespace genlock::device::sim
