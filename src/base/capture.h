#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/time.h"

namespace genlock {

/// One picture. The pixels are shared and do not change. 16-bit formats are little-endian in memory.
struct Image {
  PixelFormat format = PixelFormat::custom;
  Size size;
  int stride = 0;  ///< bytes of a row; 0 for mjpg
  Buffer data;
  DeviceTime device_time;  ///< centre of exposure
  std::optional<HostTime>
      host_time;  ///< when the transfer of the frame ended; absent in recordings of the stock tool
  std::optional<DeviceDuration> exposure;      ///< colour only
  std::optional<std::uint32_t> white_balance;  ///< K, colour only
  std::optional<std::uint32_t> iso;            ///< colour only
  std::optional<std::int64_t> pulse;  ///< number of its sync pulse in the take, where one counts them
};

/// The images of one unit that belong together. Any may be missing; temperature is NaN where there is none.
struct Capture {
  std::optional<Image> color;
  std::optional<Image> depth;
  std::optional<Image> ir;
  float temperature_c = std::numeric_limits<float>::quiet_NaN();

  bool empty() const { return !color && !depth && !ir; }
};

/// Earliest device time of the images of a capture that is not empty.
DeviceTime earliest_time(const Capture& capture);

struct ImuSample {
  float temperature_c = std::numeric_limits<float>::quiet_NaN();
  std::array<float, 3> accel{};  ///< m/s²
  DeviceTime accel_time;
  std::array<float, 3> gyro{};  ///< rad/s
  DeviceTime gyro_time;
};

/// The same instant on three clocks, as a host saw it: what ties a unit's device time to other hosts'.
struct HostPair {
  DeviceTime device;
  HostTime monotonic;
  WallTime utc;
};

/// The jacks of a unit at some device time.
struct JackObservation {
  DeviceTime device;
  SyncJacks jacks;
};

/// The host a recording is made on.
struct HostIdentity {
  std::string name;
  std::string boot_id;  ///< changes with every boot, so that monotonic times of two boots are not compared
};

/// This host's name and boot id, read from the system.
HostIdentity this_host();

}  // namespace genlock
