#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "take/take_file.h"

// What a take holds, by its files.

namespace genlock::test {

/// Frames of one unit that carry a pulse of the take, in the order of the file.
struct HeldUnit {
  std::string name;
  std::filesystem::path file;  ///< empty: none
  bool has_color = false, has_depth = false;
  std::vector<std::int64_t> color, depth;  ///< IR where it is alone
  bool finished = false;                   ///< the file was closed
  std::vector<std::string> problems;       ///< that the reader tells of the file
};

class HeldTake {
 public:
  /// Reads the files that take.json names. What cannot be read is a problem of its unit.
  HeldTake(const std::filesystem::path& folder, const take::Take& take);

  const std::vector<HeldUnit>& units() const { return units_; }

  /// The number of the pulse that came last before that moment of the bench's clock, exactly: by host times
  /// of frames of the first unit, whose way to the host takes equally long on a bench without a spread of
  /// latencies.
  std::int64_t pulse_at(HostTime bench) const;

  /// The same with its fraction, which is known to a thousandth.
  double position_of(HostTime bench) const;

  /// "all", or what is not: "sub1 42 of 180 until the fault; sub2 depth lacks 5 of 180". A stream that ends
  /// with a frame of the pulse `struck` or earlier ends with the fault; one that ends later, with the error.
  std::string text(std::int64_t struck) const;

  /// "master: stamps ...": problems of all files.
  std::vector<std::string> problems() const;

 private:
  void read(HeldUnit& unit);

  const std::int64_t first_, last_;
  const HostDuration period_;
  std::vector<HeldUnit> units_;
  std::vector<std::pair<std::int64_t, HostTime>> arrivals_;  ///< of colour frames at the first unit's host
};

/// A file by itself: frames of pulses of the take.
HeldUnit held_unit(const std::filesystem::path& file, const take::Take& take);

}  // namespace genlock::test
