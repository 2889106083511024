#include "session/pulse_count.h"

#include <chrono>
#include <cmath>

namespace genlock::session {
namespace {

constexpr double kWeekUs = 7 * 86400e6;

double us(TickDuration ticks) {
  return static_cast<double>(ticks.count().value()) * 100 / 9;  // 90 kHz
}

}  // namespace

PulseCount::PulseCount(const CameraConfig& config)
    : period_(frame_period(config.rate)), delay_(config.delay_off_master) {}

std::int64_t PulseCount::count(DeviceTime time) {
  if (!newest_) {
    const auto since_zero = static_cast<double>(count_us(time) - count_us(delay_));
    newest_ = since_zero < kWeekUs ? static_cast<std::int64_t>(std::floor(since_zero / us(period_))) : 0;
    at_ = time;
    return *newest_;
  }
  const auto passed = static_cast<double>(count_us(time) - count_us(at_));
  const std::int64_t pulse = *newest_ + std::llround(passed / us(period_));
  if (pulse <= *newest_) return pulse;
  newest_ = pulse;
  at_ = time;
  return pulse;
}

}  // namespace genlock::session
