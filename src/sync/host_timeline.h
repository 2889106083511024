#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/capture.h"

namespace genlock::sync {

/// The host's clocks a unit's device time can be put on: monotonic within one boot of one host, UTC across
/// hosts.
enum class HostScale : std::uint8_t { monotonic, utc };

/// Device time against host time: the least (host - device) of every two seconds, since transport only ever
/// adds delay. What is left in it is the least latency, alike for alike units to a few ms: enough to tell
/// pulses apart, which are 33 ms or more from each other. All times in seconds as doubles (resolution below 1
/// µs).
class HostTimeline {
 public:
  void add(DeviceTime device, HostTime monotonic, std::optional<WallTime> utc);

  bool has(HostScale scale) const { return scale == HostScale::monotonic ? !chunks_.empty() : has_utc_; }

  struct Span {
    double first = 0, last = 0;
  };
  /// Needs has(scale).
  Span span(HostScale scale) const;

  /// The host's time of a device time, by the nearest of the least latencies. Needs has(scale).
  double host_at(HostScale scale, double device_s) const;

  /// A way to convert; a snapshot.
  class Converter {
   public:
    double host_at(double device_s) const;
    double device_at(double host_s) const;

   private:
    friend class HostTimeline;
    struct Knot {
      double device = 0;
      double ahead = 0;  // host - device
    };
    std::vector<Knot> knots_;
  };
  /// Needs has(scale).
  Converter converter(HostScale scale) const;

 private:
  struct Chunk {
    double device = 0;                // of the sample with the least latency
    double ahead = 0;                 // monotonic - device of that sample
    double utc_device = 0;            // earliest sample with UTC
    std::optional<double> utc_ahead;  // UTC - monotonic of that sample
  };
  std::vector<double> utc_ahead_by_chunk() const;
  double utc_ahead_at(std::map<std::int64_t, Chunk>::const_iterator chunk) const;

  std::map<std::int64_t, Chunk> chunks_;
  double first_ = 0, last_ = 0;  // monotonic
  bool has_utc_ = false;
};

}  // namespace genlock::sync
