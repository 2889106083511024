#pragma once

#include <optional>
#include <span>
#include <vector>

#include "recording/file_layout.h"
#include "recording/metadata.h"
#include "recording/segment_scan.h"

namespace genlock::recording {

/// The content of a cluster's GENLOCK block.
struct MetadataBlock {
  std::vector<std::byte> bytes;
  std::uint64_t at = 0;            ///< of the bytes in the file
  std::vector<RawRecord> records;  ///< all that are whole

  /// Whether the bytes end within a record.
  bool torn() const;
};

/// Makes the index that a file should have (docs/recording-format.md 2) while its clusters pass by: the
/// records that the next GENLOCK block is to hold. Off for files without that track.
class IndexBuilder {
 public:
  using Record = std::vector<std::byte>;  ///< as it is stored

  /// `start_offset_us`, if given, is what the layout's will be once its tag is there.
  explicit IndexBuilder(const Result<FileLayout>& layout, std::optional<std::int64_t> start_offset_us = {});

  bool on() const { return track_.has_value(); }
  std::uint64_t track() const { return track_.value_or(0); }

  /// The GENLOCK block that the cluster begins with; nothing where it does not.
  std::optional<MetadataBlock> block_of(mkv::Input& input, const ScannedCluster& cluster) const;

  /// Notes a cluster: where it is, how large, and where in it each of the contents of its blocks begins.
  void add(const ScannedCluster& cluster, std::uint64_t position, std::uint64_t bytes,
           std::span<const std::uint64_t> content_offsets);
  /// The same for one that stands as it was scanned. `segment_data` is where positions count from.
  void add(const ScannedCluster& cluster, std::uint64_t segment_data);

  /// Of the clusters since the last block.
  const std::vector<Record>& pending() const { return pending_; }
  bool expects(ByteSpan record) const;
  /// Whether the block holds exactly what is pending.
  bool matches(const MetadataBlock& block) const;

  /// A block was passed, or put: everything pending is told. Call before the block's own cluster is added.
  void told() { pending_.clear(); }

  /// Whether more clusters would be left that no block tells of than readers walk without a thought: two
  /// seconds of them. A block in a cluster of its own misleads the stock reader's seeks to the end, so there
  /// is one only then.
  bool needs_last_block() const { return on() && pending_.size() > 64; }

 private:
  std::optional<ClusterRecord> record_of(const ScannedCluster& cluster, std::uint64_t position,
                                         std::uint64_t bytes, std::span<const std::uint64_t> offsets) const;

  std::optional<std::uint64_t> track_;
  std::int64_t start_offset_us_ = 0;
  std::vector<Record> pending_;
};

/// A GENLOCK block's content of these records.
mkv::Output join_records(const std::optional<MetadataBlock>& others,
                         const std::vector<IndexBuilder::Record>& index);

}  // namespace genlock::recording
