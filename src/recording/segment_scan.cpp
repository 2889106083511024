#include "recording/segment_scan.h"

#include <algorithm>
#include <utility>

#include "mkv/crc32.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/block_reader.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::uint64_t kLongestHead = 12;  // of an element: 4 of id, 8 of size

/// Of one that nothing is wrong with but its size.
ScannedCluster::State state_of(const ScannedCluster& cluster) {
  using State = ScannedCluster::State;
  if (cluster.element.unknown_size) return State::unsized;
  return cluster.end < cluster.element.end ? State::overrun : State::whole;
}

/// Goes through one cluster.
class ClusterScan {
 public:
  ClusterScan(mkv::Input& input, const FoundElement& found, const ScanLimits& limits)
      : input_(input), limits_(limits), elements_(input, found) {
    cluster_.element = found;
  }

  ScannedCluster run() {
    while (const std::optional<ClusterElement> found = elements_.next()) {
      if (found->element.id == Id::timestamp) take_time(found->element);
      if (is_block(found->element.id) && !take_block(*found)) note_torn(found->element);
    }
    cluster_.end = elements_.position();
    cluster_.end_unsure = elements_.damaged();
    if (elements_.torn() && is_block(elements_.torn()->id)) note_torn(*elements_.torn());
    judge();
    return std::move(cluster_);
  }

 private:
  /// As BlockReader takes it.
  void take_time(const FoundElement& timestamp) {
    const std::optional<std::uint64_t> value = mkv::uint_value(input_, timestamp);
    time_known_ = !std::exchange(timed_, true) && value && *value <= limits_.longest_time;
    if (time_known_) cluster_.time = static_cast<std::int64_t>(*value);
  }

  bool take_block(const ClusterElement& found) {
    if (!found.block || !time_known_ || !known(found.block->track)) return false;
    if (cluster_.blocks.size() >= SegmentScan::kMostBlocks) return false;
    ScannedBlock& block = cluster_.blocks.emplace_back();
    block.element = {found.element.offset, found.element.end - found.element.offset};
    block.content = found.block->content;
    block.track = found.block->track;
    block.time = *cluster_.time + found.block->time;
    block.duration = found.block->duration;
    block.frames = found.block->frames.size();
    block.first_frame = found.block->frames.front();
    return true;
  }

  bool known(std::uint64_t track) const { return std::ranges::binary_search(limits_.tracks, track); }

  void note_torn(const FoundElement& child) {
    if (cluster_.torn.size() >= SegmentScan::kMostBlocks) return;
    TornBlock torn{{child.offset, child.end - child.offset}, std::nullopt};
    std::optional<FoundElement> block = child;
    if (child.id == Id::block_group) block = mkv::read_element(input_, child.data, child.end);
    if (block && (block->id == Id::block || block->id == Id::simple_block)) {
      const std::optional<mkv::Vint> track = mkv::get_vint(
          input_.peek(block->data, static_cast<std::size_t>(std::min<std::uint64_t>(block->size(), 8))));
      if (track && known(track->value)) torn.track = track->value;
    }
    cluster_.torn.push_back(torn);
  }

  void judge() {
    using State = ScannedCluster::State;
    const FoundElement& element = cluster_.element;
    if (elements_.damaged()) {
      cluster_.state = torn_by_the_end() ? State::cut : State::damaged;
    } else if (element.cut && cluster_.end == element.end) {
      cluster_.state = State::cut;
    } else {
      cluster_.state = cluster_.torn.empty() ? state_of(cluster_) : State::damaged;
    }
  }

  /// Whether the walk ended at an element that only the end of the file tears.
  bool torn_by_the_end() {
    if (!cluster_.element.cut && !cluster_.element.unknown_size) return false;
    if (input_.size() - cluster_.end < kLongestHead) return true;
    return elements_.torn() && elements_.torn()->cut;
  }

  mkv::Input& input_;
  const ScanLimits& limits_;
  ClusterElements elements_;
  bool timed_ = false;  ///< a Timestamp was passed
  bool time_known_ = false;
  ScannedCluster cluster_;
};

ScanLimits limits_of(const FileContents& contents) {
  ScanLimits limits;
  for (const TrackElement& track : contents.tracks) limits.tracks.push_back(track.number);
  std::ranges::sort(limits.tracks);
  limits.longest_time =
      static_cast<std::uint64_t>(kTimeLimitNs) / std::max<std::uint64_t>(contents.scale_ns(), 1);
  return limits;
}

}  // namespace

Checksum checksum_of(mkv::Input& input, const FoundElement& master) {
  const mkv::Element* known = mkv::find_element(master.id);
  const bool is_master =
      known != nullptr && known->type == mkv::ElementType::master && known->parent == Id::segment;
  if (!is_master || master.cut || master.unknown_size) return Checksum::none;
  const std::optional<FoundElement> crc = mkv::read_element(input, master.data, master.end);
  if (!crc || crc->id != Id::crc32 || crc->size() != 4) return Checksum::none;
  std::byte stored[4];
  if (!input.read(crc->data, stored)) return Checksum::wrong;
  std::uint32_t sum = 0;
  std::vector<std::byte> piece;
  for (std::uint64_t at = crc->end; at < master.end; at += piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, master.end - at)));
    if (!input.read(at, piece)) return Checksum::wrong;
    sum = mkv::crc32(piece, sum);
  }
  return sum == mkv::load_little(stored) ? Checksum::right : Checksum::wrong;
}

SegmentScan::SegmentScan(mkv::Input& input, const FileContents& contents, ScanOptions options)
    : input_(input),
      options_(options),
      limits_(limits_of(contents)),
      read_from_(contents.read_from),
      walker_(input, contents.segment, contents.segment.data),
      reached_(contents.segment.data) {}

std::optional<ScannedItem> SegmentScan::next() {
  if (pending_) {
    const FoundElement found = *pending_;
    pending_.reset();
    return take(found);
  }
  const std::optional<FoundElement> found = walker_.next();
  const std::uint64_t upto = found ? found->offset : input_.size();
  if (upto > reached_) {
    const Hole hole{reached_, upto};
    pending_ = found;
    reached_ = upto;
    return hole;
  }
  if (!found) return std::nullopt;
  return take(*found);
}

bool SegmentScan::is_passed_over(const FoundElement& found) const {
  const bool describes =
      found.id == Id::info || found.id == Id::tracks || found.id == Id::tags || found.id == Id::attachments;
  return describes && std::ranges::find(read_from_, found.offset, &FoundElement::offset) == read_from_.end();
}

ScannedItem SegmentScan::take(const FoundElement& found) {
  if (found.id == Id::cluster) return scan_cluster(found);
  reached_ = found.end;
  if (is_passed_over(found)) return Hole{found.offset, found.end};
  return found;
}

ScannedCluster SegmentScan::scan_cluster(const FoundElement& found) {
  ScannedCluster cluster = ClusterScan(input_, found, limits_).run();
  judge_checksum(cluster);
  walker_.skip_to(cluster.end, cluster.end_unsure);
  reached_ = cluster.end;
  return cluster;
}

/// Of a cluster of which all that was written is there, whatever its size says.
void SegmentScan::judge_checksum(ScannedCluster& cluster) {
  using State = ScannedCluster::State;
  FoundElement actual = cluster.element;
  if (cluster.end_unsure || cluster.state == State::cut) return;
  if (cluster.state == State::whole && !options_.checksums) return;
  actual.end = cluster.end;
  actual.cut = actual.unknown_size = false;
  cluster.checksum = checksum_of(input_, actual);
  if (cluster.checksum != Checksum::right) return;
  cluster.torn.clear();  // what is strange in it was written so
  cluster.state = state_of(cluster);
}

std::int64_t ScannedBlock::last_time() const {
  constexpr std::uint64_t kLongest = 1'000'000'000;
  return time + static_cast<std::int64_t>(std::min(duration > 0 ? duration - 1 : 0, kLongest));
}

}  // namespace genlock::recording
