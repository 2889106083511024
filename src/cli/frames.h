#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "take/frame_sets.h"

namespace genlock::cli {

struct FramesRequest {
  std::vector<std::filesystem::path> given;  ///< a take's folder, or recordings
  bool csv = false;                          ///< as without json
  bool json = false;
  bool all = false;           ///< pulses that not all units cover too
  std::filesystem::path out;  ///< empty: standard output
  bool force = false;         ///< replace `out`
};

/// Takes text piece by piece.
using TextSink = std::function<Status(std::string_view)>;

/// What the sets of a take came to.
struct SetTally {
  std::uint64_t sets = 0;
  std::uint64_t complete = 0;
  std::vector<std::array<std::uint64_t, take::kImageTracks>> missing;  ///< by unit and track

  void add(const take::FrameSets& sets, const take::FrameSet& set);
};

/// The frame-set index; columns and keys are documented in docs/frames.md. Never more than a set and 64 KB of
/// text in memory.
Result<SetTally> write_frames_csv(const take::FrameSets& sets, const TextSink& out);
Result<SetTally> write_frames_json(const take::FrameSets& sets, const TextSink& out);

/// For people: what is complete, what is missing, what is in no set.
std::string frames_summary(const take::FrameSets& sets, const SetTally& tally);

/// The index to standard output or a file, the summary to standard error.
int list_frames(const FramesRequest& request);

}  // namespace genlock::cli
