#include "recording/in_place_clusters.h"

#include <algorithm>

#include "mkv/crc32.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/cluster_composer.h"
#include "recording/repair_parts.h"

namespace genlock::recording {

using mkv::FoundElement;
using Id = mkv::ElementId;
using State = ScannedCluster::State;

namespace {

constexpr std::uint64_t kPatchPiece = std::uint64_t{1} << 20;

/// Puts into bytes of the file from `at` on what the patch has for them.
void apply(const Patch& patch, std::uint64_t at, MutableByteSpan bytes) {
  for (std::size_t i = 0; i < patch.bytes.size(); ++i) {
    const std::uint64_t offset = patch.offset + i;
    if (offset >= at && offset - at < bytes.size()) bytes[offset - at] = patch.bytes[i];
  }
}

}  // namespace

InPlaceClusters::InPlaceClusters(const DamagedFile& file)
    : input_(*file.input),
      segment_data_(file.contents.segment.data),
      losses_(file.contents, file.timestamp_scale_ns),
      index_(file.layout, file.checked.facts.missing_offset_us),
      cues_(cue_track(file.contents), index_.track(), file.timestamp_scale_ns) {}

void InPlaceClusters::add(const ScannedItem& item) {
  if (const auto* cluster = std::get_if<ScannedCluster>(&item)) return add_cluster(*cluster);
  if (const auto* hole = std::get_if<Hole>(&item)) return add_hole(hole->from, hole->to);
  const FoundElement& element = std::get<FoundElement>(item);
  if (element.cut) return add_hole(element.offset, element.end);
  end_hole();
}

void InPlaceClusters::finish() {
  if (hole_.to == input_.size() && hole_.to > hole_.from) {
    end_ = hole_.from;
  } else {
    end_hole();
    end_ = input_.size();
  }
  losses_.report(report_);
  put_last_records();
}

void InPlaceClusters::add_cluster(const ScannedCluster& cluster) {
  const bool lost = cluster.blocks.empty() && !cluster.sound();
  if (lost) {
    ++report_.clusters_lost;
    for (const TornBlock& torn : cluster.torn) losses_.tear(torn);
    return add_hole(cluster.element.offset, cluster.end);
  }
  end_hole();
  ++(is_loss(cluster) ? report_.clusters_salvaged : report_.clusters_kept);
  cues_.add(cluster, cluster.element.offset, first_block_at(cluster));
  if (const std::optional<MetadataBlock> block = index_.block_of(input_, cluster)) {
    take_back_wrong_records(cluster, *block);
    index_.told();
  }
  index_.add(cluster, segment_data_);
  for (const ScannedBlock& block : cluster.blocks) keep(block);
  for (const TornBlock& torn : cluster.torn) losses_.tear(torn);
  if (!cluster.sound()) mend(cluster);
}

void InPlaceClusters::keep(const ScannedBlock& block) {
  losses_.keep(block);
  last_time_ = std::max(last_time_, block.last_time());
}

/// Records of clusters that are not what they were, which readers would be misled by. Where they were right
/// the index has a hole, and readers walk.
void InPlaceClusters::take_back_wrong_records(const ScannedCluster& cluster, const MetadataBlock& block) {
  const std::size_t before = patches_.size();
  std::vector<std::byte> type(2);
  mkv::store_little(kTakenBack, type);
  for (const RawRecord& record : block.records)
    if (record.cluster && !index_.expects(record.bytes)) patches_.push_back({block.at + record.offset, type});
  if (patches_.size() > before && cluster.checksum == Checksum::right) renew_checksum(cluster, before);
}

/// The CRC-32 that the cluster has with the patches from number `first` on.
void InPlaceClusters::renew_checksum(const ScannedCluster& cluster, std::size_t first) {
  const std::optional<FoundElement> crc = mkv::read_element(input_, cluster.element.data, cluster.end);
  if (!crc || crc->id != Id::crc32) return;
  std::uint32_t sum = 0;
  std::vector<std::byte> piece;
  for (std::uint64_t at = crc->end; at < cluster.end; at += piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min(kPatchPiece, cluster.end - at)));
    if (!input_.read(at, piece)) return;  // the input's status ends the repair
    for (std::size_t i = first; i < patches_.size(); ++i) apply(patches_[i], at, piece);
    sum = mkv::crc32(piece, sum);
  }
  std::vector<std::byte> stored(4);
  mkv::store_little(sum, stored);
  patches_.push_back({crc->data, std::move(stored)});
}

void InPlaceClusters::put_last_records() {
  if (!index_.needs_last_block()) return;
  const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(last_time_, 0));
  put_records_cluster(tail_, time, index_.track(), join_records(std::nullopt, index_.pending()).bytes());
  cues_.add_records(time, end_, records_block_at(time));
}

/// The cluster ends behind its last whole element, torn blocks become Voids, and nothing vouches for it
/// unless its CRC-32 does.
void InPlaceClusters::mend(const ScannedCluster& cluster) {
  const FoundElement& element = cluster.element;
  const std::uint64_t size_at = element.offset + kIdBytes;
  const std::optional<FoundElement> first = mkv::read_element(input_, element.data, cluster.end);
  const bool crc = first && first->id == Id::crc32;
  std::vector<std::byte> bytes(static_cast<std::size_t>(element.data - size_at));
  const std::uint64_t size = cluster.end - element.data;
  const bool fits = size <= mkv::max_vint(static_cast<int>(bytes.size()));
  unsized_before_ = fits ? 0 : cluster.end;
  mkv::put_vint(fits ? size : mkv::kUnknownSize, bytes);
  if (crc && cluster.checksum != Checksum::right) {
    const std::vector<std::byte> head = void_head(first->end - first->offset);
    bytes.insert(bytes.end(), head.begin(), head.end());
  }
  patches_.push_back({size_at, std::move(bytes)});
  for (const TornBlock& torn : cluster.torn)
    if (torn.element.offset + torn.element.size <= cluster.end)
      patches_.push_back({torn.element.offset, void_head(torn.element.size)});
}

/// A Void becomes part of a cluster without a size before it, which the index would have to know.
void InPlaceClusters::add_hole(std::uint64_t from, std::uint64_t to) {
  if (from == unsized_before_ && to < input_.size() && index_.on()) obstacle_ = from;
  report_.bytes_lost += to - from;
  losses_.hole();
  if (hole_.to == from && hole_.to > hole_.from) {
    hole_.to = to;
  } else {
    end_hole();
    hole_ = {from, to};
  }
}

void InPlaceClusters::end_hole() {
  const std::uint64_t size = hole_.to - hole_.from;
  if (size == 1) obstacle_ = hole_.from;
  if (size > 1) patches_.push_back({hole_.from, void_head(size)});
  hole_ = {};
}

}  // namespace genlock::recording
