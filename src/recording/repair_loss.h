#pragma once

#include "recording/file_contents.h"
#include "recording/repair.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// Counts what damage costs each track. Fed in file order.
class LossCounter {
 public:
  LossCounter(const FileContents& contents, std::uint64_t timestamp_scale_ns);

  void keep(const ScannedBlock& block);
  void tear(const TornBlock& block);
  /// Data are missing here.
  void hole();

  /// Fills in `tracks` and `time_lost`, and notes what the GENLOCK track lost.
  void report(RepairReport& into) const;

 private:
  struct Track {
    RepairReport::Track count;
    double period = 0;  ///< of frames, in units of the scale; 0 where there is none
    std::optional<std::int64_t> last;
    bool after_hole = false;
    bool metadata = false;
    std::uint64_t torn = 0;  ///< since the last frame
  };

  std::map<std::uint64_t, Track> tracks_;
  const std::uint64_t scale_ns_;
  std::optional<std::int64_t> last_;  ///< end of the data so far, in units of the scale
  bool after_hole_ = false;
  std::int64_t lost_time_ = 0;
};

}  // namespace genlock::recording
