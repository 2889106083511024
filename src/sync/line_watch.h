#pragma once

#include <cstdint>
#include <optional>

#include "sync/dense_outliers.h"
#include "sync/episode.h"
#include "sync/findings.h"
#include "sync/line_reader.h"

namespace genlock::sync {

/// One stream by itself while a take goes on: frames missing, twice, beside their course or their pulse, and
/// the clock's jump. Each is told as soon as it is certain, and anew when it comes up anew.
class LineWatch {
 public:
  /// `line` outlives the watch.
  LineWatch(LineName name, const PulseLine& line);

  /// Tells what the frames that have settled since the last call show. `shift` makes pulses of the line's
  /// numbers.
  void advance(std::int64_t shift, Findings& out);

  std::uint64_t frames_read() const { return reader_.frames_read(); }

 private:
  void look_at(const NumberedFrame& frame, Place place);
  void look_for_gap(const NumberedFrame& frame);
  void tell(std::int64_t shift, Findings& out);

  LineName name_;
  const PulseLine* line_;
  LineReader reader_;
  DenseOutliers dense_;
  std::optional<NumberedFrame> before_;  // the last one on a pulse
  std::uint64_t outliers_ = 0;
  Episode gap_, duplicate_, outlier_, dense_second_, off_pulse_;
  bool jump_told_ = false;
};

}  // namespace genlock::sync
