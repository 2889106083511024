#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sync/report.h"
#include "take/take_file.h"

// What to do with a take that has ended.

namespace genlock::rig {

/// Pulses of a take that a stream has no frame of.
struct Holes {
  sync::Stream stream = sync::Stream::color;
  std::uint64_t frames = 0;
  std::int64_t first = 0;  ///< the first of these pulses
};

/// Of every stream of a recording that lacks some of the pulses from `first` to `last`, by the numbers that
/// the recorder gave to frames. The error names the file.
Result<std::vector<Holes>> holes_of(const std::filesystem::path& file, std::int64_t first, std::int64_t last);

/// "KEEP" where every unit has every frame of every pulse of the take, all in sync, and nothing was lost on
/// the host; else "RETAKE: " and why, with units, pulses and frames. `folder` has the files of `take`, and
/// `report` is verify's judgement of them.
std::string advise(const std::filesystem::path& folder, const take::Take& take,
                   const Result<sync::Report>& report);

/// The first recording of each unit that has one.
std::vector<std::filesystem::path> recordings_of(const std::filesystem::path& folder, const take::Take& take);

}  // namespace genlock::rig
