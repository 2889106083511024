#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace genlock::sync {

/// What a unit tells of its colour exposures, frame by frame in order of time.
class ExposureLog {
 public:
  struct Step {
    DeviceTime at;  ///< the first frame with another exposure than the one before
    DeviceDuration from, to;
  };

  /// Exposures that are not above zero are taken as not known.
  void add(DeviceTime at, DeviceDuration exposure);

  std::uint64_t changes() const { return changes_; }
  /// The first change. Needs changes() > 0.
  const Step& first() const { return first_; }
  /// The newest. Needs changes() > 0.
  const Step& newest() const { return newest_; }
  DeviceDuration least() const { return least_; }
  DeviceDuration most() const { return most_; }

 private:
  std::optional<DeviceDuration> last_;
  DeviceDuration least_{}, most_{};
  Step first_, newest_;
  std::uint64_t changes_ = 0;
};

}  // namespace genlock::sync
