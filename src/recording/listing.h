#pragma once

#include <memory>
#include <optional>

#include "recording/cluster_map.h"
#include "recording/stored_frame.h"

// What a survey lists, by the blocks themselves or by the file's index, and whether both say the same.

namespace genlock::recording {

/// What is listed of a block: an image, or IMU samples.
struct ListedBlock {
  TrackKind track = TrackKind::color;
  DeviceTime time;           ///< of an image; of IMU samples their block's, which is not compared
  std::uint64_t amount = 0;  ///< stored bytes of an image; number of IMU samples

  bool operator==(const ListedBlock& other) const {
    return track == other.track && amount == other.amount && (track == TrackKind::imu || time == other.time);
  }
};

/// Nothing for blocks of other tracks, and for those without an image or sample of the right size, of which a
/// problem is noted.
std::optional<ListedBlock> listed_by_block(mkv::Input& input, const FileLayout& layout,
                                           const StoredBlock& block, const ReaderOptions& options);
std::optional<ListedBlock> listed_by_index(mkv::Input& input, const FileLayout& layout,
                                           const ClusterRecord& cluster, const BlockPlace& block,
                                           const ReaderOptions& options);

/// Holds what is in a cluster against its record in the file's index. Where there is none all agrees.
class IndexComparison {
 public:
  /// All outlive it.
  IndexComparison(mkv::Input& input, const FileLayout& layout, CuedBlocks& index, const ClusterPlace& place,
                  const ReaderOptions& options)
      : input_(input),
        layout_(layout),
        place_(place),
        options_(options),
        record_(index.record_of(place.offset)) {}

  /// The cluster's blocks in file order, one after the other.
  void add(const StoredBlock& block);
  /// After the last one: whether a survey by the index lists the same. If not, a problem is noted.
  bool agrees();

 private:
  std::optional<ListedBlock> next_indexed();

  mkv::Input& input_;
  const FileLayout& layout_;
  const ClusterPlace& place_;
  const ReaderOptions options_;
  const std::shared_ptr<const ClusterRecord> record_;
  std::size_t at_ = 0;
  bool agrees_ = true;
};

}  // namespace genlock::recording
