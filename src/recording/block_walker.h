#pragma once

#include <optional>
#include <vector>

#include "mkv/block.h"
#include "recording/segment_walker.h"

namespace genlock::recording {

/// One block of a file, whole.
struct StoredBlock {
  std::uint64_t track = 0;
  std::int64_t time_ns = 0;         ///< file time of its first frame
  std::vector<mkv::Extent> frames;  ///< where they lie in the file
};

/// Goes through the blocks of all clusters in file order, without reading their content. What is damaged or
/// cut is skipped and noted as a problem.
class BlockWalker {
 public:
  BlockWalker(mkv::Input& input, const mkv::FoundElement& segment, std::uint64_t first_cluster,
              std::uint64_t timestamp_scale_ns);

  std::optional<StoredBlock> next();

  /// Whether a Cues element was passed.
  bool saw_cues() const { return saw_cues_; }

 private:
  bool open_cluster();
  void leave_cluster();
  std::optional<StoredBlock> read_child(const mkv::FoundElement& child);
  std::optional<StoredBlock> read_group(const mkv::FoundElement& group);
  std::optional<StoredBlock> read_block(const mkv::FoundElement& block);
  void set_time(const mkv::FoundElement& timestamp);

  mkv::Input& input_;
  SegmentWalker segment_;
  const std::int64_t scale_ns_;
  std::optional<mkv::Children> cluster_;
  std::uint64_t cluster_at_ = 0;
  std::optional<std::int64_t> cluster_time_;  ///< in units of the scale
  bool saw_cues_ = false;
};

}  // namespace genlock::recording
