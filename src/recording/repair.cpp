#include "recording/repair.h"

#include <algorithm>
#include <array>

#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/cluster_composer.h"
#include "recording/cue_collector.h"
#include "recording/index_builder.h"
#include "recording/piece_copier.h"
#include "recording/repair_loss.h"
#include "recording/repair_parts.h"
#include "recording/repair_work.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Id = mkv::ElementId;

// As in files of both recorders: docs/recording-format.md 1 and 3.
constexpr std::size_t kSeekHeadRoom = 1027;
constexpr std::size_t kMostSeeks = 40;  // fit into it, one more each for Info and Cues
constexpr std::size_t kSegmentHead = 12;

/// Room for what a repaired file has more than the damaged one.
constexpr std::uint64_t kSpare = std::uint64_t{1} << 20;

/// Writes the repaired file from beginning to end, as the walk over the damaged one goes.
class Rewriter {
 public:
  Rewriter(const DamagedFile& file, ByteSink& out)
      : input_(*file.input),
        contents_(file.contents),
        checked_(file.checked),
        out_(out),
        copier_(input_, out),
        losses_(contents_, file.timestamp_scale_ns),
        index_(file.layout, file.checked.facts.missing_offset_us),
        cues_(cue_track(contents_), index_.track(), file.timestamp_scale_ns) {}

  Result<RepairReport> run() {
    GENLOCK_TRY(put_head());
    SegmentScan scan(input_, contents_, {});
    while (const std::optional<ScannedItem> item = scan.next()) {
      GENLOCK_TRY(add(*item));
    }
    GENLOCK_TRY(input_.status());
    GENLOCK_TRY(finish());
    GENLOCK_TRY(input_.status());
    losses_.report(report_);
    report_.changed = true;
    report_.file_bytes = copier_.position();
    return std::move(report_);
  }

 private:
  Status put_head() {
    GENLOCK_TRY(copier_.copy(0, contents_.segment.offset));
    segment_size_at_ = copier_.position() + 4;
    segment_data_ = copier_.position() + kSegmentHead;
    mkv::Output out;
    mkv::ElementWriter writer(out);
    writer.put_master(Id::segment, {.size_width = 8, .unknown_size = true}, [] {});
    writer.put_void(kSeekHeadRoom);
    info_at_ = copier_.position() + out.size();
    put_info(out, input_, found_info(), 0);
    duration_at_ = copier_.position() + out.size() - sizeof(double);
    if (tags_anew()) {
      note_seek(Id::tags, copier_.position() + out.size(), 0);
      put_tags_anew(out, contents_.tags, checked_.facts.missing_offset_us);
      start_offset_put_ = true;
    } else if (contents_.tags.empty() && checked_.facts.missing_offset_us) {
      put_first_tags(out, std::nullopt, copier_.position() + out.size());
    }
    GENLOCK_TRY(copier_.put(out.bytes()));
    return has(Id::tracks) ? Status() : put_hidden(true);
  }

  /// Whether copying the Tags is not enough.
  bool tags_anew() const { return checked_.facts.tags_torn || checked_.facts.tags_changed; }

  bool has(Id id) const {
    return std::ranges::find(checked_.facts.elements, id, &FoundElement::id) != checked_.facts.elements.end();
  }

  /// What only the SeekHead led to: the Tracks, or all the rest.
  Status put_hidden(bool tracks) {
    for (const FoundElement& hidden : checked_.facts.hidden)
      if ((hidden.id == Id::tracks) == tracks) GENLOCK_TRY(add_element(hidden));
    return {};
  }

  std::optional<FoundElement> found_info() const {
    const auto info = std::ranges::find(contents_.read_from, Id::info, &FoundElement::id);
    return info == contents_.read_from.end() || !can_change(*info) ? std::nullopt : std::optional(*info);
  }

  static bool can_change(const FoundElement& element) { return element.end - element.offset <= kMostChanged; }

  Status add(const ScannedItem& item) {
    if (const auto* cluster = std::get_if<ScannedCluster>(&item)) return add_cluster(*cluster);
    if (const auto* element = std::get_if<FoundElement>(&item)) return add_element(*element);
    const Hole& hole = std::get<Hole>(item);
    report_.bytes_lost += hole.to - hole.from;
    losses_.hole();
    return {};
  }

  Status add_element(const FoundElement& element) {
    switch (element.id) {
      case Id::seek_head:
      case Id::void_:
      case Id::cues:
      case Id::info:
        return {};
      default:
        break;
    }
    if (element.id == Id::tags && tags_anew()) return {};
    if (element.cut && element.id != Id::tracks && element.id != Id::attachments) {
      report_.bytes_lost += element.end - element.offset;
      return {};
    }
    if (element.id == Id::tags && checked_.facts.missing_offset_us && !start_offset_put_) {
      mkv::Output out;
      put_first_tags(out, can_change(element) ? std::optional(element) : std::nullopt, copier_.position());
      GENLOCK_TRY(copier_.put(out.bytes()));
      if (can_change(element)) return {};
    }
    note_seek(element.id, copier_.position(), element.offset);
    const bool as_it_is =
        !element.cut && !element.unknown_size && checksum_of(input_, element) != Checksum::wrong;
    return as_it_is ? copier_.copy(element.offset, element.end) : copy_children(element);
  }

  std::uint64_t end_of_whole_children(const FoundElement& element) {
    std::uint64_t end = element.data;
    bool to_the_end = false;  // of the walk: the last child does not say its size
    mkv::Children children(input_, element);
    while (const std::optional<FoundElement> child = children.next()) {
      to_the_end = child->unknown_size;
      if (!child->cut && !child->unknown_size) end = child->end;
    }
    return to_the_end ? children.position() : end;
  }

  std::uint64_t behind_checksums(const FoundElement& element) {
    std::uint64_t at = element.data;
    while (const std::optional<FoundElement> child = mkv::read_element(input_, at, element.end)) {
      if (child->id != Id::crc32) break;
      at = child->end;
    }
    return at;
  }

  /// What is whole of an element, with its size, without a CRC-32 that does not vouch for it.
  Status copy_children(const FoundElement& element) {
    FoundElement whole = element;
    whole.cut = whole.unknown_size = false;
    if (element.cut) whole.end = end_of_whole_children(element);
    const bool vouched = checksum_of(input_, whole) == Checksum::right;
    const std::uint64_t from = vouched ? whole.data : behind_checksums(whole);
    report_.bytes_lost += element.end - whole.end;
    mkv::Output head;
    mkv::store_big(static_cast<std::uint32_t>(element.id), head.extend(4));
    mkv::put_vint(whole.end - from, head.extend(8));
    GENLOCK_TRY(copier_.put(head.bytes()));
    return copier_.copy(from, whole.end);
  }

  void put_first_tags(mkv::Output& out, const std::optional<FoundElement>& tags, std::uint64_t at) {
    note_seek(Id::tags, at, tags ? tags->offset : 0);
    put_tags(out, input_, tags, start_offset_put_ ? std::nullopt : checked_.facts.missing_offset_us);
    start_offset_put_ = true;
  }

  /// `from` is where it stands in the damaged file.
  void note_seek(Id id, std::uint64_t at, std::uint64_t from) {
    if (mkv::find_element(id) != nullptr) seeks_.push_back({{id, at}, from});
  }

  /// Readers go by what they come to first: in the same order as before.
  std::vector<SeekEntry> seeks() {
    const auto read_as = [&](const Seek& seek) {
      return std::ranges::find(contents_.read_from, seek.from, &FoundElement::offset);
    };
    std::ranges::stable_sort(seeks_, {}, read_as);
    std::vector<SeekEntry> entries{{Id::info, info_at_}};
    for (std::size_t i = 0; i < std::min(seeks_.size(), kMostSeeks); ++i) entries.push_back(seeks_[i].entry);
    return entries;
  }

  Status add_cluster(const ScannedCluster& cluster) {
    if (cluster.blocks.empty() && !cluster.sound()) {
      for (const TornBlock& torn : cluster.torn) losses_.tear(torn);
      ++report_.clusters_lost;
      report_.bytes_lost += cluster.end - cluster.element.offset;
      losses_.hole();
      return {};
    }
    for (const ScannedBlock& block : cluster.blocks) keep(block);
    for (const TornBlock& torn : cluster.torn) losses_.tear(torn);
    ++(is_loss(cluster) ? report_.clusters_salvaged : report_.clusters_kept);
    const std::optional<MetadataBlock> records = index_.block_of(input_, cluster);
    if (!cluster.sound() || (records && !index_.matches(*records))) return compose(cluster, records);
    if (records) index_.told();
    const std::uint64_t at = copier_.position();
    cues_.add(cluster, at, first_block_at(cluster));
    index_.add(cluster, cluster.element.offset - (at - segment_data_));
    return copier_.copy(cluster.element.offset, cluster.end);
  }

  /// The cluster's whole blocks in a cluster of their own, with the index as it is now.
  Status compose(const ScannedCluster& cluster, const std::optional<MetadataBlock>& records) {
    const mkv::Output block = records ? join_records(records, index_.pending()) : mkv::Output();
    const ComposedCluster composed(input_, cluster, records ? &block : nullptr);
    if (records) index_.told();
    const std::uint64_t at = copier_.position();
    cues_.add(composed.blocks(), at, composed.first_block_at());
    index_.add(composed.blocks(), at - segment_data_, composed.size(), composed.content_offsets());
    return composed.write(copier_);
  }

  /// The index of the clusters behind the last GENLOCK block, as closing a recording writes it.
  Status put_last_records() {
    if (!index_.needs_last_block()) return {};
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(last_time_, 0));
    mkv::Output out;
    put_records_cluster(out, time, index_.track(), join_records(std::nullopt, index_.pending()).bytes());
    cues_.add_records(time, copier_.position(), records_block_at(time));
    return copier_.put(out.bytes());
  }

  void keep(const ScannedBlock& block) {
    losses_.keep(block);
    last_time_ = std::max(last_time_, block.last_time());
  }

  Status finish() {
    GENLOCK_TRY(put_last_records());
    if (has(Id::tracks)) GENLOCK_TRY(put_hidden(true));
    GENLOCK_TRY(put_hidden(false));
    std::vector<SeekEntry> entries = seeks();
    mkv::Output cues;
    if (const std::vector<CueEntry> points = cues_.cues(); !points.empty()) {
      entries.push_back({Id::cues, copier_.position()});
      put_cues(cues, points, segment_data_);
    }
    GENLOCK_TRY(copier_.put(cues.bytes()));
    mkv::Output seek_head;
    put_seek_head(seek_head, entries, segment_data_);
    mkv::ElementWriter(seek_head).put_void(kSeekHeadRoom - seek_head.size());
    GENLOCK_TRY(out_.write_at(segment_data_, seek_head.bytes()));
    std::array<std::byte, 8> field;
    mkv::store_big(std::bit_cast<std::uint64_t>(static_cast<double>(last_time_)), field);
    GENLOCK_TRY(out_.write_at(duration_at_, field));
    mkv::put_vint(copier_.position() - segment_data_, field);
    GENLOCK_TRY(out_.write_at(segment_size_at_, field));
    return out_.truncate(copier_.position());
  }

  mkv::Input& input_;
  const FileContents& contents_;
  const CheckedFile& checked_;
  ByteSink& out_;
  PieceCopier copier_;
  RepairReport report_;
  LossCounter losses_;
  IndexBuilder index_;
  CueCollector cues_;
  struct Seek {
    SeekEntry entry;         ///< in the new file
    std::uint64_t from = 0;  ///< in the damaged one; 0 where it is new
  };
  std::vector<Seek> seeks_;
  std::uint64_t segment_size_at_ = 0, segment_data_ = 0, info_at_ = 0, duration_at_ = 0;
  std::int64_t last_time_ = 0;
  bool start_offset_put_ = false;
};

Result<RepairReport> copy_sound(const DamagedFile& file, ByteSink& out) {
  const std::uint64_t size = file.input->size();
  PieceCopier copier(*file.input, out);
  GENLOCK_TRY(copier.copy(0, size));
  GENLOCK_TRY(copier.flush());
  GENLOCK_TRY(out.truncate(copier.position()));
  return report_sound(file);
}

}  // namespace

Result<RepairReport> repair_into(const ByteSource& in, ByteSink& out, const RepairOptions& options) {
  GENLOCK_ASSIGN(DamagedFile file, open_damaged(in, options.progress, 2));
  GENLOCK_TRY(check_damaged(file));
  GENLOCK_TRY(out.reserve(in.size() + kSpare));
  GENLOCK_ASSIGN(RepairReport report, file.checked.report.findings.repairable() == 0
                                          ? copy_sound(file, out)
                                          : Rewriter(file, out).run());
  GENLOCK_TRY(out.sync());
  describe(file, report);
  return report;
}

}  // namespace genlock::recording
