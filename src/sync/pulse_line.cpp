#include "sync/pulse_line.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr std::size_t kAgreeing = 3;
constexpr std::int64_t kCheckpointPulses = 1024;
constexpr std::int64_t kEnoughPulses = 64;
constexpr FineDuration kLongestGap = device_us(3'600'000'000);

double count(FineDuration d) {
  return static_cast<double>(d.count().value());
}

}  // namespace

double PulseLine::measured_period() const {
  const std::int64_t pulses = anchor_.number - checkpoint_.number;
  if (pulses < kEnoughPulses) return count(period_);
  return count(anchor_.stamp - checkpoint_.stamp) / static_cast<double>(pulses);
}

std::int64_t PulseLine::pulses_between(FineDuration from, FineDuration to, double* remainder) const {
  const double pulses = count(to - from) / measured_period();
  const double whole = std::round(pulses);
  *remainder = pulses - whole;
  return static_cast<std::int64_t>(whole);
}

bool PulseLine::is_jump(FineDuration from, FineDuration to) const {
  return to - from < -period_ / DeviceCount(2) || to - from > kLongestGap;
}

std::size_t PulseLine::settled() const {
  const std::size_t settled = frames_.size() - doubted_;
  const bool may_be_false_start = followed_ < kAgreeing && settled < kAgreeing;
  return may_be_false_start ? 0 : settled;
}

void PulseLine::add(FineDuration stamp, float half_exposure_us) {
  NumberedFrame frame{.stamp = stamp, .half_exposure_us = half_exposure_us};
  if (frames_.empty()) return begin(frame);
  double remainder = 0;
  frame.number = anchor_.number + pulses_between(anchor_.stamp, stamp, &remainder);
  const bool near = std::abs(remainder) < 0.125 && !is_jump(anchor_.stamp, stamp);
  if (near && frame.number > anchor_.number) return follow(frame);
  if (near) {
    frame.place = Place::duplicate;
    frames_.push_back(frame);
    return;
  }
  frame.place =
      std::abs(remainder) < 0.25 && !is_jump(anchor_.stamp, stamp) ? Place::outlier : Place::off_pulse;
  doubt(frame);
}

void PulseLine::begin(NumberedFrame frame) {
  frames_.push_back(frame);
  anchor_ = checkpoint_ = next_checkpoint_ = frame;
  followed_ = 1;
}

void PulseLine::follow(const NumberedFrame& frame) {
  frames_.push_back(frame);
  anchor_ = frame;
  doubted_ = 0;
  ++followed_;
  if (frame.number - next_checkpoint_.number < kCheckpointPulses) return;
  checkpoint_ = next_checkpoint_;
  next_checkpoint_ = frame;
}

void PulseLine::doubt(NumberedFrame frame) {
  double remainder = 0;
  if (doubted_ > 0) {
    const NumberedFrame& before = frames_.back();
    const std::int64_t pulses = pulses_between(before.stamp, frame.stamp, &remainder);
    const bool agrees = pulses > 0 && std::abs(remainder) < 0.125 && !is_jump(before.stamp, frame.stamp);
    doubted_ = agrees ? doubted_ : 0;
  }
  frames_.push_back(frame);
  if (++doubted_ >= kAgreeing) accept_doubted();
}

void PulseLine::accept_doubted() {
  const std::size_t first = frames_.size() - doubted_;
  const bool jumped = is_jump(anchor_.stamp, frames_[first].stamp);
  if (jumped && !jump_) jump_ = first;
  std::int64_t number = jumped ? anchor_.number + 1 : std::max(frames_[first].number, anchor_.number + 1);
  // A line that began with a frame or two in the wrong place: those are the odd ones.
  const bool false_start = followed_ < kAgreeing && first < kAgreeing && !jumped;
  for (std::size_t i = 0; false_start && i < first; ++i) frames_[i].place = Place::outlier;
  double remainder = 0;
  for (std::size_t i = first; i < frames_.size(); ++i) {
    if (i > first) number += pulses_between(frames_[i - 1].stamp, frames_[i].stamp, &remainder);
    frames_[i].number = number;
    frames_[i].place = Place::good;
  }
  anchor_ = checkpoint_ = next_checkpoint_ = frames_.back();
  followed_ = doubted_;
  doubted_ = 0;
}

}  // namespace genlock::sync
