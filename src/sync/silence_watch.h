#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sync/findings.h"

namespace genlock::sync {

/// Streams that give no frames while others go on. Time is counted in frames of the stream that is ahead, so
/// that neither clocks nor delays in transport matter much; where nothing comes at all there is no time.
class SilenceWatch {
 public:
  /// The units outlive the watch and stay where they are.
  explicit SilenceWatch(const std::vector<UnitData>& units);

  /// A frame of this stream has come and is in its line.
  void add(std::size_t unit, Stream stream);

  /// The unit gives no more frames, and that is known: its streams are not told.
  void ended(std::size_t unit);

  /// Streams that have become silent, 1.5 s after their last frame; a unit of which all are, as one.
  void tell(Findings& out);

  bool silent(std::size_t unit) const;  ///< all of its streams are

 private:
  struct Watched {
    std::size_t unit = 0;
    Stream stream = Stream::color;
    double at_s = 0;    // how far this stream has come
    double seen_s = 0;  // how far the take had come when its last frame came
    std::int64_t number = 0;
    bool begun = false;
    bool told = false;
  };
  bool is_silent(const Watched& w, double seconds) const;
  const PulseLine& line(const Watched& w) const;
  Finding finding(const Watched& w, bool whole_unit) const;

  const std::vector<UnitData>& units_;
  std::vector<Watched> streams_;
  double take_s_ = 0;
};

}  // namespace genlock::sync
