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

constexpr std::size_t kSearchPiece = std::size_t{1} << 20;
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
  /// `content` is `found` as far as it can be a cluster's.
  ClusterScan(mkv::Input& input, const FoundElement& found, const FoundElement& content,
              const ScanLimits& limits)
      : input_(input), limits_(limits), elements_(input, content) {
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
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kSearchPiece, master.end - at)));
    if (!input.read(at, piece)) return Checksum::wrong;
    sum = mkv::crc32(piece, sum);
  }
  return sum == mkv::load_little(stored) ? Checksum::right : Checksum::wrong;
}

SegmentScan::ReadersWay::ReadersWay(mkv::Input& input, FileContents usual, FileLayout usual_layout)
    : contents(std::move(usual)),
      layout(std::move(usual_layout)),
      cues(input, contents, layout),
      records(input, layout, cues),
      clusters(input, contents, layout, cues, records) {}

std::unique_ptr<SegmentScan::ReadersWay> SegmentScan::way_of_readers(mkv::Input& input) {
  Result<FileContents> contents = read_contents(input);
  if (!contents) return nullptr;
  Result<FileLayout> layout = make_layout(input, *contents);
  if (!layout) return nullptr;
  return std::make_unique<ReadersWay>(input, *std::move(contents), *std::move(layout));
}

SegmentScan::SegmentScan(mkv::Input& input, const FileContents& contents, ScanOptions options)
    : input_(input),
      options_(options),
      limits_(limits_of(contents)),
      contents_(contents),
      way_(way_of_readers(input)),
      reached_(contents.segment.data) {
  if (way_) pass(way_->clusters.first());
  walker_.emplace(input_, contents_.segment, contents_.segment.data, limit());
}

/// Sets `ahead_` to this one, or to what is behind it if no cluster stands there.
void SegmentScan::pass(const std::optional<ClusterPlace>& place) {
  ahead_ = place;
  while (ahead_ && ahead_->element.id != Id::cluster) ahead_ = way_->clusters.after(*ahead_);
}

std::uint64_t SegmentScan::limit() const {
  return ahead_ ? ahead_->offset : input_.size();
}

std::optional<ScannedItem> SegmentScan::next() {
  if (pending_) {
    const FoundElement found = *pending_;
    pending_.reset();
    return take(found);
  }
  const std::optional<FoundElement> found = find();
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

/// What the walk comes to, and the cluster ahead where it ends.
std::optional<FoundElement> SegmentScan::find() {
  while (const std::optional<FoundElement> found = walker_->next()) {
    const bool reaches_over = found->id != Id::cluster && found->cut && found->end < input_.size();
    if (!reaches_over) return found;
    if (const auto ended = ended_before_limit(found->offset)) return ended;
  }
  return ahead_ ? std::optional(ahead_->element) : std::nullopt;
}

/// An element that says it goes on over the cluster ahead, if what it holds ends there or before.
std::optional<FoundElement> SegmentScan::ended_before_limit(std::uint64_t offset) {
  const std::optional<FoundElement> claimed = mkv::read_element(input_, offset, input_.size());
  if (!claimed) return std::nullopt;
  const FoundElement ended = with_true_end(input_, *claimed);
  if (ended.end > limit()) return std::nullopt;
  walker_->skip_to(ended.end, false);
  return ended;
}

bool SegmentScan::is_passed_over(const FoundElement& found) const {
  const bool describes =
      found.id == Id::info || found.id == Id::tracks || found.id == Id::tags || found.id == Id::attachments;
  return describes && std::ranges::find(contents_.read_from, found.offset, &FoundElement::offset) ==
                          contents_.read_from.end();
}

ScannedItem SegmentScan::take(const FoundElement& found) {
  if (found.id == Id::cluster) return scan_cluster(found);
  reached_ = found.end;
  if (is_passed_over(found)) return Hole{found.offset, found.end};
  return found;
}

ScannedCluster SegmentScan::scan_cluster(const FoundElement& found) {
  const FoundElement as_its_head_says =
      mkv::read_element(input_, found.offset, input_.size()).value_or(found);
  ScannedCluster cluster = ClusterScan(input_, as_its_head_says, found, limits_).run();
  judge_checksum(cluster);
  if (ahead_ && found.offset == ahead_->offset) {
    pass(way_->clusters.after(*ahead_));
    walker_.emplace(input_, contents_.segment, cluster.end, limit());
  }
  walker_->skip_to(cluster.end, cluster.end_unsure);
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
