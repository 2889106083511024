#pragma once

#include <optional>
#include <vector>

#include "recording/file_layout.h"

namespace genlock::recording {

/// A cue point: a place that the file's own index names, not yet known to be right.
struct Cue {
  std::int64_t time_ns = 0;   ///< file time
  std::uint64_t cluster = 0;  ///< offset in the file
  std::optional<std::uint64_t>
      metadata_at;  ///< the cluster's GENLOCK block, from the start of the cluster's data
};

/// The cue points of a file, read when they are first asked for.
class CueList {
 public:
  /// Most that are kept: three days of one a second.
  static constexpr std::size_t kMost = std::size_t{1} << 18;

  /// All outlive it.
  CueList(mkv::Input& input, const FileContents& contents, const FileLayout& layout)
      : input_(input), contents_(contents), layout_(layout) {}

  /// In the order of their clusters, one of each.
  const std::vector<Cue>& all();

  /// Those that lead to a GENLOCK block.
  const std::vector<Cue>& leading_to_metadata();

 private:
  void read();
  std::optional<Cue> read_point(const mkv::FoundElement& point);
  void read_positions(const mkv::FoundElement& positions, std::optional<Cue>& cue);

  mkv::Input& input_;
  const FileContents& contents_;
  const FileLayout& layout_;
  bool read_ = false;
  std::vector<Cue> cues_;
  std::vector<Cue> to_metadata_;
};

}  // namespace genlock::recording
