#pragma once

#include <algorithm>
#include <string_view>

#include "device/sim/unit_log.h"

namespace genlock::device::sim {

/// What the vendor's library says of a USB endpoint that delivers nothing: a warning every 2 s, the time-out
/// of a transfer, which is submitted again each time (facts device.md 1.1, 3).
class EndpointWatch {
 public:
  EndpointWatch(const UnitLog& log, std::string_view endpoint, HostTime from)
      : log_(log), endpoint_(endpoint), last_(from) {}

  /// One thing came at `t`, and nothing between it and the one before.
  void arrived(HostTime t) {
    look(t);
    if (t > last_) last_ = t;
  }

  /// Data came all the time up to `t`.
  void flowed_until(HostTime t) { last_ = std::max(last_, t); }

  /// Nothing has come since by `now`.
  void look(HostTime now) {
    constexpr HostDuration kTransferTimeout = std::chrono::seconds(2);
    for (; now - last_ >= kTransferTimeout; last_ += kTransferTimeout)
      log_.say(LogLevel::warning, "timeout on the streaming endpoint {}: nothing for 2 s", endpoint_);
  }

 private:
  const UnitLog& log_;
  const std::string_view endpoint_;
  HostTime last_;
};

}  // namespace genlock::device::sim
