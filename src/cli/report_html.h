#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sync/report.h"
#include "take/imu_check.h"

namespace genlock::cli {

/// What report.html says besides the judgement.
struct ReportFacts {
  struct File {
    std::string unit;
    std::string path;
    std::uint64_t bytes = 0;
  };
  struct Marker {
    std::int64_t pulse = 0;
    std::string text;
  };
  std::string title;  ///< the take's name, or of which files
  std::string rig;    ///< empty where the files are of no take
  std::optional<WallTime> started;
  std::string advice;   ///< of the recorder
  bool forced = false;  ///< recorded although doctor found errors
  std::vector<File> files;
  std::vector<Marker> markers;
  std::vector<take::ImuCheck> imu;
};

/// One page with everything in it: no script, nothing loaded from elsewhere, dark and light, for print. Below
/// 3 MB for an hour of nine units.
std::string report_html(const sync::Report& report, const ReportFacts& facts);

}  // namespace genlock::cli
