#pragma once

#include <optional>
#include <vector>

#include "recording/cluster_elements.h"

namespace genlock::recording {

/// One block of a file, whole.
struct StoredBlock {
  std::uint64_t track = 0;
  std::int64_t time_ns = 0;         ///< file time of its first frame
  std::int64_t duration_ns = 0;     ///< as the file says it; 0 where it does not
  std::vector<mkv::Extent> frames;  ///< where they lie in the file; at least one
};

/// Goes through the blocks of one cluster in file order, without reading their content. What is damaged or
/// cut, or comes behind a second Timestamp, is skipped and noted as a problem.
class BlockReader {
 public:
  BlockReader(mkv::Input& input, const mkv::FoundElement& cluster, std::uint64_t timestamp_scale_ns);

  std::optional<StoredBlock> next();

  /// After the last block: where the cluster really ends, and whether what stands there is no element.
  std::uint64_t position() const { return elements_.position(); }
  bool damaged() const { return elements_.damaged(); }

 private:
  void take_time(const mkv::FoundElement& timestamp);
  std::optional<StoredBlock> take(ClusterElement& found);

  mkv::Input& input_;
  ClusterElements elements_;
  const std::int64_t scale_ns_;
  bool timed_ = false;                        ///< a Timestamp was passed
  std::optional<std::int64_t> cluster_time_;  ///< in units of the scale
};

/// File times stay below this, so that adding a start offset cannot overflow: 73 years.
inline constexpr std::int64_t kTimeLimitNs = std::numeric_limits<std::int64_t>::max() / 4;

/// The value of a cluster's Timestamp in units of the scale; nothing, and a problem noted, where it cannot be
/// a time.
std::optional<std::int64_t> cluster_time(mkv::Input& input, const mkv::FoundElement& timestamp,
                                         std::int64_t scale_ns);

}  // namespace genlock::recording
