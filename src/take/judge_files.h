#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "sync/report.h"
#include "take/holes.h"
#include "take/imu_check.h"
#include "take/take_source.h"

namespace genlock::take {

struct JudgeOptions {
  /// What units see and light (sync::UnitDescription::areas), by name.
  std::map<std::string, std::vector<std::string>> areas = {};
  /// The unit whose SYNC OUT a unit's pulses come from, by names; empty where the wiring is not known.
  std::map<std::string, std::string> fed_by = {};
  bool imu = false;                      ///< compare motions, which reads some seconds of IMU samples
  std::optional<PulseSpan> pulses = {};  ///< of which every stream should have a frame
  /// Called now and then, from one thread at a time, with the bytes that are done with and all there are.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

struct JudgedTake {
  struct File {
    std::size_t unit = 0;  ///< of the report
    std::filesystem::path path;
    std::uint64_t bytes = 0;
  };
  sync::Report report;
  std::vector<File> files;   ///< all parts of split recordings
  std::vector<Holes> holes;  ///< among JudgeOptions::pulses, by unit
  std::vector<ImuCheck> imu;
};

/// Reads the recordings of a take and judges it (docs/verify.md). Pixels are not read. What take.json says
/// and the files do not bear out is told among the findings. The error names the file that cannot be read.
Result<JudgedTake> judge_take(const TakeSource& source, const JudgeOptions& options = {});

/// The same of recordings, one of each unit; of a split recording any part stands for all.
Result<sync::Report> judge_files(const std::vector<std::filesystem::path>& files);

}  // namespace genlock::take
