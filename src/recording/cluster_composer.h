#pragma once

#include <optional>
#include <vector>

#include "mkv/output.h"
#include "recording/piece_copier.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// A cluster put together from another one's whole blocks, and a new GENLOCK block in place of its first, if
/// `records` are given. A CRC-32 is made for it only where its old one was right.
class ComposedCluster {
 public:
  ComposedCluster(mkv::Input& input, const ScannedCluster& from, const mkv::Output* records);

  /// Bytes of the whole element.
  std::uint64_t size() const { return head_.size() + copied_; }

  /// What was put together, with new places where blocks are new; and where in it the content of each begins.
  const ScannedCluster& blocks() const { return cluster_; }
  const std::vector<std::uint64_t>& content_offsets() const { return offsets_; }

  /// Of the first block's element from the start of the cluster's data.
  std::uint64_t first_block_at() const { return first_block_at_; }

  Status write(PieceCopier& out) const;

 private:
  void put_metadata(mkv::Output& content, const mkv::Output& records);
  void plan_copies(bool first_is_new, std::uint64_t at);
  void put_head(mkv::Input& input, bool crc, const mkv::Output& content);

  ScannedCluster cluster_;
  mkv::Output head_;                 ///< up to the first byte that is copied
  std::vector<mkv::Extent> copies_;  ///< from the file
  std::uint64_t copied_ = 0;
  std::vector<std::uint64_t> offsets_;
  std::uint64_t first_block_at_ = 0;
};

/// A cluster of one GENLOCK block.
void put_records_cluster(mkv::Output& out, std::uint64_t time, std::uint64_t track, ByteSpan records);

/// Of that cluster, from the start of its data.
std::uint64_t records_block_at(std::uint64_t time);

}  // namespace genlock::recording
