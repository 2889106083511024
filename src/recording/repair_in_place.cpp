#include <fmt/core.h>

#include <algorithm>
#include <bit>

#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/cluster_composer.h"
#include "recording/cue_collector.h"
#include "recording/file_header.h"
#include "recording/index_builder.h"
#include "recording/repair_loss.h"
#include "recording/repair_parts.h"
#include "recording/repair_work.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Code = FindingCode;
using Id = mkv::ElementId;
using State = ScannedCluster::State;

constexpr std::uint64_t kIdBytes = 4;  // of Segment and Cluster

/// Id, size and CRC-32 of a master: what changes with its content.
constexpr std::size_t kMasterHead = kIdBytes + 8 + 6;

/// Bytes before the clusters that become others.
struct Region {
  std::uint64_t from = 0, to = 0;
  bool free = false;  ///< nothing but Void and SeekHead
  std::vector<std::byte> bytes;

  std::uint64_t size() const { return to - from; }
};

std::vector<std::byte> to_vector(ByteSpan bytes) {
  return {bytes.begin(), bytes.end()};
}

/// What becomes of the clusters: patches of heads, each of a few bytes, that hide what is damaged.
class ClusterPlan {
 public:
  explicit ClusterPlan(const DamagedFile& file)
      : input_(*file.input),
        segment_data_(file.contents.segment.data),
        losses_(file.contents, file.timestamp_scale_ns),
        index_(file.layout, file.checked.facts.missing_offset_us),
        cues_(cue_track(file.contents), index_.track(), file.timestamp_scale_ns) {}

  void add(const ScannedItem& item) {
    if (const auto* cluster = std::get_if<ScannedCluster>(&item)) return add_cluster(*cluster);
    if (const auto* hole = std::get_if<Hole>(&item)) return add_hole(hole->from, hole->to);
    const FoundElement& element = std::get<FoundElement>(item);
    if (element.cut) return add_hole(element.offset, element.end);
    end_hole();
  }

  /// A hole at the end is cut off.
  void finish() {
    if (hole_.to == input_.size() && hole_.to > hole_.from) {
      end_ = hole_.from;
    } else {
      end_hole();
      end_ = input_.size();
    }
    losses_.report(report_);
    put_last_records();
  }

  /// What comes at end(), before the Cues: the index of the last clusters.
  const mkv::Output& tail() const { return tail_; }

  const std::vector<Patch>& patches() const { return patches_; }
  std::vector<CueEntry> cues() const { return cues_.cues(); }
  std::uint64_t end() const { return end_; }
  RepairReport& report() { return report_; }

  /// Where a single byte of damage stands: nothing can hide it.
  std::optional<std::uint64_t> obstacle() const { return obstacle_; }

 private:
  void add_cluster(const ScannedCluster& cluster) {
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
    if (!cluster.sound() && cluster.state != State::unsized) mend(cluster);
  }

  void keep(const ScannedBlock& block) {
    losses_.keep(block);
    last_time_ = std::max(last_time_, block.time);
  }

  /// Records of clusters that are not what they were, which readers would be misled by. Where they were right
  /// the index has a hole, and readers walk.
  void take_back_wrong_records(const ScannedCluster& cluster, const MetadataBlock& block) {
    const std::size_t before = patches_.size();
    std::vector<std::byte> type(2);
    mkv::store_little(kTakenBack, type);
    for (const RawRecord& record : block.records)
      if (record.cluster && !index_.expects(record.bytes))
        patches_.push_back({block.at + record.offset, type});
    if (patches_.size() > before && cluster.checksum == Checksum::right) hide_checksum(cluster);
  }

  void hide_checksum(const ScannedCluster& cluster) {
    const std::optional<FoundElement> crc = mkv::read_element(input_, cluster.element.data, cluster.end);
    if (crc && crc->id == Id::crc32) patches_.push_back({crc->offset, void_head(crc->end - crc->offset)});
  }

  void put_last_records() {
    if (!index_.needs_last_block()) return;
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(last_time_, 0));
    put_records_cluster(tail_, time, index_.track(), join_records(std::nullopt, index_.pending()).bytes());
    cues_.add_records(time, end_, records_block_at(time));
  }

  /// The cluster ends behind its last whole element, and nothing vouches for it.
  void mend(const ScannedCluster& cluster) {
    const FoundElement& element = cluster.element;
    const std::uint64_t size_at = element.offset + kIdBytes;
    const std::optional<FoundElement> first = mkv::read_element(input_, element.data, cluster.end);
    const bool crc = first && first->id == Id::crc32;
    std::vector<std::byte> bytes(static_cast<std::size_t>(element.data - size_at));
    const std::uint64_t size = cluster.end - element.data;
    const bool fits = size <= mkv::max_vint(static_cast<int>(bytes.size()));
    mkv::put_vint(fits ? size : mkv::kUnknownSize, bytes);
    if (crc) {
      const std::vector<std::byte> head = void_head(first->end - first->offset);
      bytes.insert(bytes.end(), head.begin(), head.end());
    }
    patches_.push_back({size_at, std::move(bytes)});
  }

  void add_hole(std::uint64_t from, std::uint64_t to) {
    report_.bytes_lost += to - from;
    losses_.hole();
    if (hole_.to == from && hole_.to > hole_.from) {
      hole_.to = to;
    } else {
      end_hole();
      hole_ = {from, to};
    }
  }

  void end_hole() {
    const std::uint64_t size = hole_.to - hole_.from;
    if (size == 1) obstacle_ = hole_.from;
    if (size > 1) patches_.push_back({hole_.from, void_head(size)});
    hole_ = {};
  }

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
  std::optional<std::uint64_t> obstacle_;
};

/// What becomes of the header and of the file's end.
class HeaderPlan {
 public:
  HeaderPlan(const DamagedFile& file, const ClusterPlan& clusters)
      : input_(*file.input),
        contents_(file.contents),
        facts_(file.checked.facts),
        findings_(file.checked.report.findings),
        tail_at_(clusters.end()) {
    tail_.append(clusters.tail().bytes());
    plan(clusters);
  }

  /// Why it can't be done; empty if it can.
  const std::string& obstacle() const { return obstacle_; }

  ByteSpan tail() const { return tail_.bytes(); }
  const std::vector<Region>& regions() const { return regions_; }
  const std::vector<Patch>& last() const { return last_; }
  std::uint64_t end() const { return tail_at_ + tail_.size(); }

 private:
  void plan(const ClusterPlan& clusters) {
    plan_tags();
    plan_duration();
    plan_checksums();
    plan_cues(clusters);
    plan_seek_head();
    plan_segment_size();
  }

  bool found(Code code) const { return findings_.count(code) > 0; }
  double duration() const { return static_cast<double>(facts_.last_time); }

  const FoundElement* find(Id id) const {
    const auto element = std::ranges::find(facts_.elements, id, &FoundElement::id);
    return element == facts_.elements.end() || element->cut ? nullptr : &*element;
  }

  /// From `from` over the Voids that follow directly, before the clusters.
  Region with_room(std::uint64_t from, std::uint64_t to) const {
    for (const FoundElement& element : facts_.elements)
      if (element.id == Id::void_ && element.offset == to && to < facts_.data_begin) to = element.end;
    return {from, to, false, {}};
  }

  static bool fits(std::uint64_t size, const Region& region) {
    return size == region.size() || size + 2 <= region.size();
  }

  void fill(Region region, mkv::Output& out) {
    if (out.size() < region.size()) mkv::ElementWriter(out).put_void(region.size() - out.size());
    region.bytes = to_vector(out.bytes());
    regions_.push_back(std::move(region));
  }

  /// Whether `old` stays readable while all of `out` but its head is written over it: what is new comes after
  /// its end, or takes the place of a Void in it.
  bool grows_safely(const FoundElement& old, const mkv::Output& out) {
    std::vector<std::byte> before(static_cast<std::size_t>(old.end - old.offset));
    if (!input_.read(old.offset, before)) return false;
    const std::size_t common = std::min(before.size(), out.size());
    std::size_t same = std::min(kMasterHead, common);
    while (same < common && before[same] == out.bytes()[same]) ++same;
    if (same == before.size()) return true;
    mkv::Children children(input_, old);
    while (const std::optional<FoundElement> child = children.next())
      if (child->offset == old.offset + same) return child->id == Id::void_;
    return false;
  }

  std::uint64_t append(const mkv::Output& out) {
    const std::uint64_t at = end();
    tail_.append(out.bytes());
    return at;
  }

  void hide(const FoundElement& element) {
    last_.push_back({element.offset, void_head(element.end - element.offset)});
  }

  void plan_tags() {
    const FoundElement* tags = find(Id::tags);
    if (tags != nullptr) tags_at_ = tags->offset;
    const bool wrong = tags != nullptr && checksum_of(input_, *tags) == Checksum::wrong;
    if (!facts_.missing_offset_us && !wrong) return;
    if (tags != nullptr && tags->end - tags->offset > kMostChanged) {
      obstacle_ = "its tags are too large to be changed";
      return;
    }
    mkv::Output out;
    put_tags(out, input_, tags != nullptr ? std::optional(*tags) : std::nullopt, facts_.missing_offset_us);
    const Region region = tags != nullptr ? with_room(tags->offset, tags->end) : Region();
    if (tags != nullptr && fits(out.size(), region) && grows_safely(*tags, out)) return fill(region, out);
    tags_at_ = append(out);
    if (tags != nullptr) hide(*tags);
  }

  void plan_duration() {
    const FoundElement* info = find(Id::info);
    if (info == nullptr || !found(Code::duration)) return;
    mkv::Children fields(input_, *info);
    while (const std::optional<FoundElement> field = fields.next())
      if (field->id == Id::duration && (field->size() == 4 || field->size() == 8))
        return put_duration(*field);
    mkv::Output out;
    if (info->size() <= kMostChanged) put_info(out, input_, *info, duration());
    const Region region = with_room(info->offset, info->end);
    if (out.size() == 0 || !fits(out.size(), region) || !grows_safely(*info, out)) {
      obstacle_ = "there is no room for its duration";
      return;
    }
    fill(region, out);
  }

  void put_duration(const FoundElement& field) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(field.size()));
    const double value = duration();
    mkv::store_big(bytes.size() == 4 ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                     : std::bit_cast<std::uint64_t>(value),
                   bytes);
    last_.push_back({field.data, std::move(bytes)});
  }

  /// A wrong CRC-32 of anything but Tags no longer vouches for it.
  void plan_checksums() {
    for (const FoundElement& element : facts_.elements) {
      if (element.id == Id::tags || checksum_of(input_, element) != Checksum::wrong) continue;
      const std::optional<FoundElement> crc = mkv::read_element(input_, element.data, element.end);
      if (crc) hide(*crc);
    }
  }

  void plan_cues(const ClusterPlan& clusters) {
    const FoundElement* old = find(Id::cues);
    const bool moved = clusters.tail().size() > 0;
    if (!moved && !found(Code::cues) && !found(Code::cues_overwritten)) {
      if (old != nullptr) cues_at_ = old->offset;
      return;
    }
    mkv::Output out;
    put_cues(out, clusters.cues(), contents_.segment.data);
    cues_at_ = append(out);
    for (const FoundElement& element : facts_.elements)
      if (element.id == Id::cues && !element.cut) hide(element);
  }

  /// The first Voids and SeekHeads that stand together before the clusters.
  Region free_room() const {
    Region room;
    for (const FoundElement& element : facts_.elements) {
      if (element.offset >= facts_.data_begin) break;
      const bool free = element.id == Id::void_ || element.id == Id::seek_head;
      if (room.size() > 0 && (!free || element.offset != room.to)) break;
      if (free) room = {room.size() > 0 ? room.from : element.offset, element.end, true, {}};
    }
    return room;
  }

  std::vector<SeekEntry> seeks(std::uint64_t info_at) const {
    std::vector<SeekEntry> entries{{Id::info, info_at}};
    for (const Id id : {Id::tracks, Id::attachments, Id::chapters})
      if (const FoundElement* element = find(id)) entries.push_back({id, element->offset});
    if (tags_at_) entries.push_back({Id::tags, *tags_at_});
    if (cues_at_) entries.push_back({Id::cues, *cues_at_});
    return entries;
  }

  void plan_seek_head() {
    const FoundElement* info = find(Id::info);
    // A torn element at the end goes away with what the SeekHead says of it.
    const bool moved = tail_.size() > 0 || std::ranges::any_of(facts_.elements, &FoundElement::cut);
    if (info != nullptr && !moved && !found(Code::seek_head) && find(Id::seek_head) != nullptr) return;
    Region room = free_room();
    mkv::Output new_info;
    if (info == nullptr) put_info(new_info, input_, std::nullopt, duration());
    mkv::Output out;
    const std::uint64_t info_at =
        info != nullptr ? info->offset : room.to - std::min<std::uint64_t>(new_info.size(), room.size());
    put_seek_head(out, seeks(info_at), contents_.segment.data);
    const Region rest{room.from, room.to - std::min<std::uint64_t>(new_info.size(), room.size()), true, {}};
    const bool taken = std::ranges::any_of(
        regions_, [&](const Region& other) { return other.from < room.to && other.to > room.from; });
    if (taken || !fits(out.size(), rest)) {
      obstacle_ = "there is no room before its clusters for what is missing";
      return;
    }
    if (out.size() < rest.size()) mkv::ElementWriter(out).put_void(rest.size() - out.size());
    out.append(new_info.bytes());
    fill(room, out);
  }

  void plan_segment_size() {
    const std::uint64_t at = contents_.segment.offset + kIdBytes;
    std::vector<std::byte> field(static_cast<std::size_t>(contents_.segment.data - at));
    const std::uint64_t size = end() - contents_.segment.data;
    if (size > mkv::max_vint(static_cast<int>(field.size()))) {
      obstacle_ = "the field of the segment's size is too narrow";
      return;
    }
    mkv::put_vint(size, field);
    last_.push_back({at, std::move(field)});
  }

  mkv::Input& input_;
  const FileContents& contents_;
  const SegmentFacts& facts_;
  const Findings& findings_;
  const std::uint64_t tail_at_;
  std::optional<std::uint64_t> tags_at_, cues_at_;
  mkv::Output tail_;
  std::vector<Region> regions_;
  std::vector<Patch> last_;
  std::string obstacle_;
};

/// In steps of which each leaves what readers need: old elements last until the head of the new ones is
/// written, in one small piece.
Status replace(ByteSink& file, const Region& region) {
  const ByteSpan bytes = region.bytes;
  const std::size_t head = std::min(kMasterHead, bytes.size());
  if (region.free) {
    GENLOCK_TRY(file.write_at(region.from, void_head(bytes.size())));
    GENLOCK_TRY(file.sync());
  }
  GENLOCK_TRY(file.write_at(region.from + head, bytes.subspan(head)));
  GENLOCK_TRY(file.sync());
  GENLOCK_TRY(file.write_at(region.from, bytes.first(head)));
  return file.sync();
}

Status apply(ByteSink& file, const ClusterPlan& clusters, const HeaderPlan& header) {
  if (clusters.end() < file.size()) GENLOCK_TRY(file.truncate(clusters.end()));
  for (const Patch& patch : clusters.patches()) GENLOCK_TRY(file.write_at(patch.offset, patch.bytes));
  GENLOCK_TRY(file.append(header.tail()));
  GENLOCK_TRY(file.sync());
  for (const Region& region : header.regions()) GENLOCK_TRY(replace(file, region));
  for (const Patch& patch : header.last()) {
    GENLOCK_TRY(file.write_at(patch.offset, patch.bytes));
    GENLOCK_TRY(file.sync());
  }
  return {};
}

Error impossible(const std::string& why) {
  return Error(Errc::unsupported, "cannot be repaired in place: " + why +
                                      "; nothing was changed: let genlock repair write another file");
}

Result<RepairReport> mend(const DamagedFile& file, ByteSink& same_file) {
  ClusterPlan clusters(file);
  SegmentScan scan(*file.input, file.contents, {});
  while (const std::optional<ScannedItem> item = scan.next()) clusters.add(*item);
  clusters.finish();
  if (clusters.obstacle())
    return impossible(
        fmt::format("byte {} is damaged and too small to be passed over", *clusters.obstacle()));
  const HeaderPlan header(file, clusters);
  if (!header.obstacle().empty()) return impossible(header.obstacle());
  GENLOCK_TRY(file.input->status());  // nothing was planned on bytes that could not be read
  if (!header.tail().empty()) GENLOCK_TRY(same_file.reserve(header.tail().size()));
  GENLOCK_TRY(
      apply(same_file, clusters, header)
          .context(
              "the repair is not complete; the file is as readable as before, and can be repaired again"));
  RepairReport report = std::move(clusters.report());
  report.changed = true;
  report.file_bytes = header.end();
  return report;
}

}  // namespace

Result<RepairReport> repair_in_place(const ByteSource& source, ByteSink& same_file,
                                     const RepairOptions& options) {
  GENLOCK_ASSIGN(DamagedFile file, open_damaged(source, options.progress, 2));
  GENLOCK_TRY(check_damaged(file));
  RepairReport report = report_sound(file);
  if (file.checked.report.findings.repairable() > 0) {
    GENLOCK_ASSIGN(report, mend(file, same_file));
  }
  describe(file, report);
  return report;
}

}  // namespace genlock::recording
