#pragma once

#include <optional>
#include <vector>

#include "recording/cue_collector.h"
#include "recording/file_header.h"
#include "recording/index_builder.h"
#include "recording/repair_loss.h"
#include "recording/repair_work.h"

namespace genlock::recording {

/// What becomes of the clusters in a repair in place: patches of heads, each of a few bytes, that hide what
/// is damaged.
class InPlaceClusters {
 public:
  explicit InPlaceClusters(const DamagedFile& file);

  /// The next item of a scan of the file.
  void add(const ScannedItem& item);

  /// A hole at the end is cut off.
  void finish();

  /// What comes at end(), before the Cues: the index of the last clusters.
  const mkv::Output& tail() const { return tail_; }

  const std::vector<Patch>& patches() const { return patches_; }
  std::vector<CueEntry> cues() const { return cues_.cues(); }
  std::uint64_t end() const { return end_; }
  bool lost_clusters() const { return report_.clusters_lost > 0; }
  RepairReport& report() { return report_; }

  /// Where damage stands that nothing can hide: a single byte, or behind a cluster without a size.
  std::optional<std::uint64_t> obstacle() const { return obstacle_; }

 private:
  void add_cluster(const ScannedCluster& cluster);
  void keep(const ScannedBlock& block);
  void take_back_wrong_records(const ScannedCluster& cluster, const MetadataBlock& block);
  void renew_checksum(const ScannedCluster& cluster, std::size_t first);
  void put_last_records();
  void mend(const ScannedCluster& cluster);
  void add_hole(std::uint64_t from, std::uint64_t to);
  void end_hole();

  mkv::Input& input_;
  const std::uint64_t segment_data_;
  LossCounter losses_;
  IndexBuilder index_;
  CueCollector cues_;
  mkv::Output tail_;
  std::int64_t last_time_ = 0;
  RepairReport report_;
  std::vector<Patch> patches_;
  Hole hole_;
  std::uint64_t end_ = 0;
  std::uint64_t unsized_before_ = 0;  ///< end of the last cluster, if that has to stay without a size
  std::optional<std::uint64_t> obstacle_;
};

}  // namespace genlock::recording
