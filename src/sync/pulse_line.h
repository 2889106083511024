#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/fine_time.h"

namespace genlock::sync {

enum class Place : std::uint8_t {
  good,
  outlier,    ///< next to its pulse by more than an eighth of a period, less than a quarter
  off_pulse,  ///< a quarter of a period or more away from any pulse
  duplicate,  ///< of a pulse that has a frame already
};

struct NumberedFrame {
  FineDuration stamp{};
  std::int64_t number =
      0;  ///< of the pulse, from an arbitrary start; strictly rising over the frames that are good
  float half_exposure_us = -1;  ///< of the colour camera; negative when not known
  Place place = Place::good;
};

/// Numbers the frames of one stream by their stamps, one at a time. Follows clocks that drift, counts over
/// gaps, and is not led astray by single wrong stamps: a frame that disagrees moves nothing until three in a
/// row agree.
class PulseLine {
 public:
  explicit PulseLine(FineDuration period) : period_(period) {}

  void add(FineDuration stamp, float half_exposure_us);

  const std::vector<NumberedFrame>& frames() const { return frames_; }

  /// Frames at the front whose number and place stay as they are, whatever comes.
  std::size_t settled() const;

  /// Index of the first frame after the clock jumped backwards (or more than an hour ahead): from there on
  /// numbers have no relation to those before.
  std::optional<std::size_t> jump() const { return jump_; }

  FineDuration period() const { return period_; }

 private:
  void begin(NumberedFrame frame);
  void follow(const NumberedFrame& frame);
  void doubt(NumberedFrame frame);
  void accept_doubted();
  double measured_period() const;
  std::int64_t pulses_between(FineDuration from, FineDuration to, double* remainder) const;
  bool is_jump(FineDuration from, FineDuration to) const;

  FineDuration period_;
  std::vector<NumberedFrame> frames_;
  NumberedFrame anchor_;      // last frame that was where it should be
  NumberedFrame checkpoint_;  // about a thousand pulses before it, for the measured period
  NumberedFrame next_checkpoint_;
  std::size_t followed_ = 0;  // frames that agreed since the line began or was taken up anew
  std::size_t doubted_ = 0;   // frames at the end that agree with each other but not with the anchor
  std::optional<std::size_t> jump_;
};

}  // namespace genlock::sync
