#include "recording/segment_scan.h"

#include <algorithm>
#include <limits>

#include "mkv/crc32.h"
#include "mkv/endian.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::uint64_t kLongestHead = 12;  // of an element: 4 of id, 8 of size

/// File times stay below this, so that sums with block times and start offsets stay in range: 73 years.
constexpr std::uint64_t kTimeLimitNs = std::uint64_t{1} << 61;

bool belongs_into_cluster(Id id) {
  const mkv::Element* element = mkv::find_element(id);
  return element != nullptr && (element->global || element->parent == Id::cluster);
}

/// Goes through one cluster.
class ClusterScan {
 public:
  ClusterScan(mkv::Input& input, const FoundElement& found, const ScanLimits& limits)
      : input_(input), limits_(limits), children_(input, found) {
    cluster_.element = found;
    cluster_.end = found.data;
  }

  ScannedCluster run() {
    bool whole = true;
    while (whole) {
      const std::optional<FoundElement> child = children_.next();
      if (!child) break;
      whole = take(*child);
    }
    judge(whole && !children_.damaged());
    return std::move(cluster_);
  }

 private:
  /// False where the child is damage, or where nothing behind it can be trusted.
  bool take(const FoundElement& child) {
    if (!belongs_into_cluster(child.id) || child.unknown_size) return false;
    if (child.cut) {
      if (is_block(child.id)) note_torn(child);
      return false;
    }
    if (child.id == Id::timestamp) return take_time(child);
    if (is_block(child.id) && !take_block(child)) {
      note_torn(child);
      return false;
    }
    cluster_.end = child.end;
    return true;
  }

  static bool is_block(Id id) { return id == Id::simple_block || id == Id::block_group; }

  bool take_time(const FoundElement& timestamp) {
    const std::optional<std::uint64_t> value = mkv::uint_value(input_, timestamp);
    if (!value || *value > limits_.longest_time || cluster_.time) return false;
    cluster_.time = static_cast<std::int64_t>(*value);
    cluster_.end = timestamp.end;
    return true;
  }

  bool take_block(const FoundElement& element) {
    if (cluster_.blocks.size() >= SegmentScan::kMostBlocks || !cluster_.time) return false;
    ScannedBlock block;
    block.element = {element.offset, element.end - element.offset};
    if (element.id == Id::simple_block) return parse(element, block) && keep(block);
    bool parsed = false;
    mkv::Children fields(input_, element);
    while (const std::optional<FoundElement> field = fields.next()) {
      if (field->cut) return false;
      if (field->id == Id::block && (parsed || !parse(*field, block))) return false;
      if (field->id == Id::block) parsed = true;
      if (field->id == Id::block_duration) block.duration = mkv::uint_value(input_, *field).value_or(0);
    }
    return parsed && !fields.damaged() && fields.position() == element.end && keep(block);
  }

  bool keep(const ScannedBlock& block) {
    cluster_.blocks.push_back(block);
    return true;
  }

  bool parse(const FoundElement& element, ScannedBlock& block) {
    const Result<mkv::BlockLayout> layout = mkv::parse_block(head_of(element), element.size());
    if (!layout || !known(layout->track)) return false;
    block.content = {element.data, element.size()};
    block.track = layout->track;
    block.time = *cluster_.time + layout->time;
    block.frames = layout->frames.size();
    block.first_frame = layout->frames.front();
    block.first_frame.offset += element.data;
    return true;
  }

  ByteSpan head_of(const FoundElement& element) {
    constexpr std::uint64_t kUsualHead = 64;
    const auto look = [&](std::uint64_t most) {
      return input_.peek(element.data, static_cast<std::size_t>(std::min(element.size(), most)));
    };
    const ByteSpan head = look(kUsualHead);
    const bool laced = head.size() >= 4 && (head[3] & std::byte{0x06}) != std::byte{0};
    const bool short_number = !head.empty() && head[0] >= std::byte{0x80};
    return laced || !short_number ? look(mkv::kLongestBlockHead) : head;
  }

  bool known(std::uint64_t track) const { return std::ranges::binary_search(limits_.tracks, track); }

  void note_torn(const FoundElement& child) {
    TornBlock torn{child.offset, std::nullopt};
    std::optional<FoundElement> block = child;
    if (child.id == Id::block_group) block = mkv::read_element(input_, child.data, child.end);
    if (block && (block->id == Id::block || block->id == Id::simple_block)) {
      const std::optional<mkv::Vint> track = mkv::get_vint(
          input_.peek(block->data, static_cast<std::size_t>(std::min<std::uint64_t>(block->size(), 8))));
      if (track && known(track->value)) torn.track = track->value;
    }
    cluster_.torn.push_back(torn);
  }

  void judge(bool regular) {
    using State = ScannedCluster::State;
    const FoundElement& element = cluster_.element;
    if (!regular) {
      cluster_.state = torn_by_the_end() ? State::cut : State::damaged;
    } else if (children_.position() < element.end) {
      cluster_.state = element.unknown_size ? State::unsized : State::overrun;
    } else {
      cluster_.state = element.cut ? State::cut : element.unknown_size ? State::unsized : State::whole;
    }
  }

  /// Whether the walk ended at an element that only the end of the file tears.
  bool torn_by_the_end() {
    if (!cluster_.element.cut && !cluster_.element.unknown_size) return false;
    const std::optional<FoundElement> last = mkv::read_element(input_, cluster_.end, input_.size());
    return last ? last->cut && belongs_into_cluster(last->id) : input_.size() - cluster_.end < kLongestHead;
  }

  mkv::Input& input_;
  const ScanLimits& limits_;
  mkv::Children children_;
  ScannedCluster cluster_;
};

ScanLimits limits_of(const FileContents& contents) {
  ScanLimits limits;
  for (const TrackElement& track : contents.tracks) limits.tracks.push_back(track.number);
  std::ranges::sort(limits.tracks);
  limits.longest_time = kTimeLimitNs / std::max<std::uint64_t>(contents.timestamp_scale_ns, 1);
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
  FoundElement sized = found;
  if (found.unknown_size) {
    mkv::Children inside(input_, found);
    while (inside.next()) {
    }
    walker_.skip_to(inside.position(), inside.damaged());
    sized.end = inside.position();
  }
  reached_ = sized.end;
  if (is_passed_over(found)) return Hole{sized.offset, sized.end};
  return sized;
}

ScannedCluster SegmentScan::scan_cluster(const FoundElement& found) {
  using State = ScannedCluster::State;
  ScannedCluster cluster = ClusterScan(input_, found, limits_).run();
  const bool odd = cluster.state == State::damaged || cluster.state == State::overrun;
  if (odd || (cluster.state == State::whole && options_.checksums))
    cluster.checksum = checksum_of(input_, found);
  if (odd && cluster.checksum == Checksum::right) {  // unknown to us, but what was written
    cluster.state = State::whole;
    cluster.end = found.end;
    cluster.torn.clear();
  }
  walker_.skip_to(cluster.end, cluster.state == State::damaged || cluster.state == State::cut);
  reached_ = cluster.end;
  return cluster;
}

}  // namespace genlock::recording
