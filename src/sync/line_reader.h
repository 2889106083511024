#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sync/pulse_line.h"

namespace genlock::sync {

/// Reads the frames of a line in order, up to a clock jump, each as soon as what it is no longer depends on
/// frames to come. Frames on their pulses whose stamps stick out from both neighbours are outliers as well.
class LineReader {
 public:
  struct Read {
    std::size_t frame = 0;  ///< index in the line's frames
    Place place = Place::good;
  };

  /// The line outlives the reader. Neighbours are `limit_us` apart from a frame that sticks out, or more.
  LineReader(const PulseLine& line, double limit_us) : line_(&line), limit_us_(limit_us) {}

  /// Nothing while the next frame is not settled.
  std::optional<Read> next();

  /// No more frames come: the last ones can be read too.
  void end() { ended_ = true; }

  std::uint64_t frames_read() const { return read_; }

 private:
  bool find_next_good(std::size_t end);
  bool sticks_out() const;

  const PulseLine* line_;
  double limit_us_;
  bool ended_ = false;
  std::size_t at_ = 0;
  std::size_t next_good_ = 0;  // behind at_
  std::optional<std::size_t> good_before_;
  std::uint64_t read_ = 0;
};

}  // namespace genlock::sync
