#pragma once

#include <deque>

#include "recording/reader.h"

namespace genlock::take {

struct UnitFrames;

/// Finds images of one recording by their stamps: reads on where they come in order, seeks where they do not.
class UnitLoader {
 public:
  /// `period` is that of the frames. `reader` outlives this, and nobody else moves it but after forget().
  UnitLoader(recording::Reader& reader, DeviceDuration period) : reader_(reader), period_(period) {}

  /// Errc::corrupt where an image that the index lists is not there.
  Result<Capture> load(const UnitFrames& wanted);

  /// Somebody else may move the reader before the next load().
  void forget() { newest_.reset(); }

  std::uint64_t seeks() const { return seeks_; }

 private:
  struct Waiting {
    Image image;
    float temperature_c;
  };

  bool must_seek(const UnitFrames& wanted) const;
  void seek(DeviceTime time);
  Result<bool> read_on();
  bool take(const UnitFrames& wanted, Capture& into);

  recording::Reader& reader_;
  const DeviceDuration period_;
  std::array<std::deque<Waiting>, 3> waiting_;          ///< by TrackKind: read, and not yet wanted
  std::array<std::optional<DeviceTime>, 3> read_upto_;  ///< since the last seek
  std::optional<DeviceTime> newest_;                    ///< latest of these
  std::uint64_t seeks_ = 0;
};

}  // namespace genlock::take
