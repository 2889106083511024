#include "recording/check.h"

#include <fmt/core.h>

#include <algorithm>

#include "mkv/vint.h"
#include "recording/block_reader.h"
#include "recording/check_walk.h"
#include "recording/index_builder.h"
#include "recording/track_items.h"
#include "recording/watched_source.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Code = FindingCode;
using Id = mkv::ElementId;
using State = ScannedCluster::State;

/// Elements of a segment besides its clusters that are remembered; recorders write less than ten.
constexpr std::size_t kMostElements = 65536;

class Checker {
 public:
  Checker(mkv::Input& input, const FileContents& contents, const Result<FileLayout>& layout,
          const CheckOptions& options)
      : input_(input), contents_(contents), layout_(layout), options_(options), index_(layout) {
    for (const TrackElement& track : contents.tracks) {
      names_[track.number] = track.name;
      if (!is_metadata(track)) report_.tracks[track.number] = {track.name, track.type == kTrackTypeVideo};
    }
    facts_.data_begin = facts_.data_end = facts_.end = contents.segment.data;
  }

  Result<CheckedFile> run() {
    report_.file_bytes = input_.size();
    GENLOCK_TRY(walk());
    judge_description();
    check_configuration();
    check_start_offset();
    if (has_index_ && (index_incomplete_ || index_.needs_last_block()))
      findings().note(Code::index, facts_.data_end,
                      "the GENLOCK index is not whole: readers walk the clusters instead");
    if (blocks_ == 0)
      findings().fault(Code::no_clusters, contents_.segment.data, "the file holds no frames", kNothingLeft);
    check_header(input_, contents_, facts_, frame_period(), findings());
    if (blocks_ == 0) findings().advise_no_repair();
    report_.clusters = facts_.clusters;
    report_.stock_refuses = stock_refusal();
    GENLOCK_TRY(input_.status());
    return CheckedFile{std::move(report_), std::move(facts_)};
  }

 private:
  Findings& findings() { return report_.findings; }

  Status walk() {
    SegmentScan scan(input_, contents_, {.checksums = options_.checksums});
    while (const std::optional<ScannedItem> item = scan.next()) {
      if (const auto* cluster = std::get_if<ScannedCluster>(&*item)) add_cluster(*cluster);
      if (const auto* element = std::get_if<FoundElement>(&*item)) add_element(*element);
      if (const auto* hole = std::get_if<Hole>(&*item)) add_hole(*hole);
    }
    return input_.status();
  }

  bool has_torn_child(const FoundElement& master) {
    mkv::Children children(input_, master);
    while (const std::optional<FoundElement> child = children.next())
      if (child->cut || child->unknown_size) return true;
    return children.damaged();
  }

  void judge_description() {
    for (const FoundElement& read : contents_.read_from) {
      if (read.id != Id::tags) continue;
      facts_.tags_torn |= read.cut || has_torn_child(read);
      facts_.tags_changed |= checksum_of(input_, read) == Checksum::wrong;
    }
    for (const FoundElement& read : contents_.read_from) {
      if (read.cut || !has_whole_child(input_, read) ||
          std::ranges::find(facts_.elements, read.offset, &FoundElement::offset) != facts_.elements.end())
        continue;
      facts_.hidden.push_back(read);
      findings().fault(Code::hole, read.offset,
                       fmt::format("{} at byte {} stand within other data: only the SeekHead leads there",
                                   mkv::name_of(read.id), read.offset),
                       kRepairIt);
    }
  }

  void add_element(const FoundElement& element) {
    if (facts_.elements.size() < kMostElements) facts_.elements.push_back(element);
    facts_.end = element.end;
    within_broken_ = false;
    if (element.unknown_size)
      findings().fault(
          Code::element_size, element.offset,
          fmt::format("{} at byte {} does not say its size, or another one than up to byte {} where it ends",
                      mkv::name_of(element.id), element.offset, element.end),
          kRepairIt);
  }

  void add_hole(const Hole& hole) {
    const bool empty = all_zeros(hole);
    const std::string bytes = fmt::format("bytes {} to {}", hole.from, hole.to);
    if (empty)
      findings().fault(Code::zeros, hole.from,
                       bytes + " are zeros: space that was reserved, or data that a power cut took",
                       kRepairIt);
    else if (!within_broken_)
      findings().fault(Code::hole, hole.from, bytes + " are no element of the recording", kRepairIt);
    within_broken_ = false;
  }

  bool all_zeros(const Hole& hole) {
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    std::vector<std::byte> piece;
    for (std::uint64_t at = hole.from; at < hole.to; at += piece.size()) {
      piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, hole.to - at)));
      if (!input_.read(at, piece)) return false;
      if (std::ranges::any_of(piece, [](std::byte byte) { return byte != std::byte{0}; })) return false;
    }
    return true;
  }

  void add_cluster(const ScannedCluster& cluster) {
    if (facts_.clusters++ == 0) facts_.data_begin = cluster.element.offset;
    facts_.data_end = facts_.end = cluster.end;
    within_broken_ = cluster.end_unsure || cluster.state == State::cut;
    judge_cluster(cluster);
    check_index(cluster);
    for (const ScannedBlock& block : cluster.blocks) add_block(block);
  }

  /// Compares what the GENLOCK blocks say of the clusters before them.
  void check_index(const ScannedCluster& cluster) {
    if (const std::optional<MetadataBlock> block = index_.block_of(input_, cluster)) {
      const std::uint64_t at = cluster.element.offset;
      for (const RawRecord& record : block->records) {
        if (!record.cluster) continue;
        has_index_ = true;
        if (!index_.expects(record.bytes))
          findings().fault(
              Code::index, at,
              fmt::format("the index in the cluster at byte {} tells of a cluster that is not so", at),
              kRepairIt);
      }
      if (has_index_ && !index_.matches(*block)) index_incomplete_ = true;
      index_.told();
    }
    index_.add(cluster, contents_.segment.data);
  }

  /// With its file time, which finds the images that it is about.
  std::string place_of(const ScannedCluster& cluster) const {
    const std::string at = fmt::format("the cluster at byte {}", cluster.element.offset);
    if (!cluster.time || !layout_) return at;
    const double ns = static_cast<double>(*cluster.time) * static_cast<double>(layout_->timestamp_scale_ns);
    return fmt::format("{} ({:.3f} s)", at, ns / 1e9);
  }

  void judge_cluster(const ScannedCluster& cluster) {
    const std::uint64_t at = cluster.element.offset;
    const std::string place = place_of(cluster);
    const auto fault = [&](Code code, std::string text) {
      findings().fault(code, at, std::move(text), kRepairIt);
    };
    if (cluster.state == State::unsized)
      findings().note(Code::cluster_size, at, place + " does not say its size");
    if (cluster.state == State::cut)
      fault(Code::cut,
            fmt::format("the file ends within {}; whole blocks of it: {}", place, cluster.blocks.size()));
    if (cluster.state == State::overrun)
      fault(Code::cluster_size, fmt::format("{} claims to reach byte {}, but ends at {}", place,
                                            cluster.element.end, cluster.end));
    if (cluster.state == State::damaged)
      fault(Code::cluster_damage,
            fmt::format("{} is damaged from byte {} on", place,
                        cluster.torn.empty() ? cluster.end : cluster.torn.front().element.offset));
    const bool complete = cluster.state == State::whole || cluster.state == State::unsized;
    if (cluster.checksum != Checksum::wrong || !complete) return;
    ++report_.clusters_changed;
    fault(Code::checksum,
          fmt::format("the CRC-32 of {} is wrong: bytes have changed since it was recorded", place));
  }

  void add_block(const ScannedBlock& block) {
    ++blocks_;
    if (const auto track = report_.tracks.find(block.track); track != report_.tracks.end()) {
      ++track->second.blocks;
      track->second.frames += block.frames;
    }
    facts_.last_time = std::max(facts_.last_time, block.last_time());
    check_order(block);
    if (layout_) check_size(block);
    if (layout_ && block.track == layout_->imu && !first_imu_) first_imu_ = block;
  }

  void check_order(const ScannedBlock& block) {
    const auto [before, first] = last_times_.try_emplace(block.track, block.time);
    if (!first && block.time < before->second)
      findings().fault(Code::block_order, block.element.offset,
                       fmt::format("the block at byte {} of track {} is {} ticks older than one before it",
                                   block.element.offset, name(block.track), before->second - block.time),
                       "players may stumble here; nothing is lost");
    before->second = std::max(before->second, block.time);
  }

  void check_size(const ScannedBlock& block) {
    std::uint64_t expected = block.track == layout_->imu ? kImuSampleBytes : 0;
    for (const std::optional<VideoTrack>& video : layout_->video)
      if (video && video->number == block.track) expected = image_bytes(video->coding.format, video->size);
    const std::uint64_t size = block.first_frame.size;
    if (expected == 0 || size == expected) return;
    findings().fault(Code::frame_size, block.element.offset,
                     fmt::format("the block at byte {} of track {} has {} bytes instead of {}",
                                 block.element.offset, name(block.track), size, expected),
                     "readers leave it out or stop there; the data of its time are lost");
  }

  std::string name(std::uint64_t track) const {
    const auto found = names_.find(track);
    return found == names_.end() || found->second.empty() ? fmt::format("{}", track) : found->second;
  }

  bool has_tag(std::string_view name) const {
    return std::ranges::any_of(contents_.tags, [&](const TagElement& tag) { return tag.name == name; });
  }

  void check_configuration() {
    if (!layout_) {
      findings().fault(
          Code::configuration, contents_.segment.data, layout_.error().message(),
          blocks_ == 0
              ? kNothingLeft
              : "no reader of recordings can open it; its images can still be extracted with mkvextract");
      return;
    }
    const std::pair<bool, std::string_view> wanted[] = {{layout_->info.color_track, kTagColorTrack},
                                                        {layout_->info.depth_track, kTagDepthTrack},
                                                        {layout_->info.ir_track, kTagIrTrack},
                                                        {layout_->info.imu_track, kTagImuTrack}};
    for (const auto& [there, tag] : wanted)
      if (there && !has_tag(tag))
        findings().note(Code::track_tags, contents_.segment.data,
                        fmt::format("tag {} is missing: the track is found by its name", tag));
  }

  /// IMU samples carry device time, so the offset is known wherever there are some. One that readers worked
  /// out stays.
  void check_start_offset() {
    if (!layout_ || has_tag(kTagStartOffset)) return;
    const std::int64_t offset_us =
        layout_->start_offset_ns != 0 ? layout_->start_offset_ns / 1000 : offset_of_first_sample();
    if (offset_us == 0) return;
    facts_.missing_offset_us = offset_us;
    findings().fault(
        Code::start_offset, contents_.segment.data,
        fmt::format("tag K4A_START_OFFSET_NS is missing: IMU samples say that it is {} us", offset_us),
        kRepairIt);
  }

  /// 0 where it cannot be told.
  std::int64_t offset_of_first_sample() {
    if (!first_imu_) return 0;
    const std::optional<StoredSample> sample = read_imu_sample(input_, first_imu_->first_frame);
    if (!sample) return 0;
    const auto scale = static_cast<std::int64_t>(layout_->timestamp_scale_ns);
    const std::int64_t time_us = count_us(sample->sample.accel_time);
    if (time_us <= 0) return 0;
    const std::int64_t offset_us = time_us - first_imu_->time * scale / 1000;
    return offset_us > scale / 1000 && offset_us < kTimeLimitNs / 1000 ? offset_us : 0;
  }

  double frame_period() const {
    if (!layout_) return 0;
    return static_cast<double>(layout_->frame_period_ns) / static_cast<double>(layout_->timestamp_scale_ns);
  }

  std::optional<std::string> stock_refusal() {
    if (contents_.segment_claim == mkv::kUnknownSize && !contents_.segment.unknown_size)
      return "the segment's size is 0, so it finds no frames";
    if (!contents_.has_info) return "Info is missing";
    if (facts_.clusters == 0) return "there are no clusters";
    if (!layout_) return layout_.error().message();
    if (contents_.segment_claim <= facts_.data_begin) return "the segment ends before its first cluster";
    if (cues_overwritten(input_, contents_, facts_)) return "the SeekHead points at Cues that are not there";
    return std::nullopt;
  }

  mkv::Input& input_;
  const FileContents& contents_;
  const Result<FileLayout>& layout_;
  const CheckOptions& options_;
  CheckReport report_;
  SegmentFacts facts_;
  std::map<std::uint64_t, std::string> names_;        ///< by track number
  std::map<std::uint64_t, std::int64_t> last_times_;  ///< by track, in units of the scale
  std::optional<ScannedBlock> first_imu_;
  std::uint64_t blocks_ = 0;
  IndexBuilder index_;
  bool has_index_ = false, index_incomplete_ = false;
  bool within_broken_ = false;  ///< the last item was a cluster whose rest is lost
};

}  // namespace

Result<CheckedFile> check_file(mkv::Input& input, const FileContents& contents,
                               const Result<FileLayout>& layout, const CheckOptions& options) {
  return Checker(input, contents, layout, options).run();
}

Result<Description> read_description(mkv::Input& input) {
  GENLOCK_ASSIGN(FileContents contents, read_contents(input, ContentsSearch::whole_file));
  Result<FileLayout> layout = make_layout(input, contents);
  if (!layout) {
    Result<FileContents> usual = read_contents(input);
    Result<FileLayout> opened = usual ? make_layout(input, *usual) : Result<FileLayout>(usual.error());
    if (opened) {
      contents = *std::move(usual);
      layout = std::move(opened);
    }
  }
  GENLOCK_TRY(input.status());
  return Description{std::move(contents), std::move(layout)};
}

Result<CheckReport> check_recording(const ByteSource& source, const CheckOptions& options) {
  const WatchedSource watched(source, options.progress, 1);
  mkv::Input input(watched);
  GENLOCK_ASSIGN(const Description file, read_description(input));
  GENLOCK_ASSIGN(CheckedFile checked, check_file(input, file.contents, file.layout, options));
  return std::move(checked.report);
}

}  // namespace genlock::recording
