#include "recording/file_layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "recording/block_walker.h"
#include "recording/track_items.h"

namespace genlock::recording {
namespace {

constexpr std::uint64_t kLongestScaleNs = 1'000'000'000;

Error no_k4a_file(std::string what) {
  return Error(Errc::corrupt, std::move(what));
}

/// Finds tracks and tags, the first of a name winning.
class Finder {
 public:
  explicit Finder(const FileContents& contents) : contents_(contents) {}

  /// By the tag that names its UID, then by its own name.
  const TrackElement* track(std::string_view uid_tag, std::string_view name) const {
    if (const TagElement* tag = find_tag([&](const TagElement& t) { return t.name == uid_tag; })) {
      const auto by_uid = std::ranges::find_if(contents_.tracks, [&](const TrackElement& t) {
        return t.uid != 0 && fmt::format("{}", t.uid) == tag->value;
      });
      if (by_uid != contents_.tracks.end()) return &*by_uid;
    }
    const auto by_name = std::ranges::find(contents_.tracks, name, &TrackElement::name);
    return by_name == contents_.tracks.end() ? nullptr : &*by_name;
  }

  /// A tag of any target.
  std::optional<std::string> tag(std::string_view name) const {
    const TagElement* tag = find_tag([&](const TagElement& t) { return t.name == name; });
    return tag ? std::optional(tag->value) : std::nullopt;
  }

  const AttachmentElement* calibration() const {
    const TagElement* tag = find_tag([](const TagElement& t) { return t.name == kTagCalibration; });
    const auto found = std::ranges::find_if(contents_.attachments, [&](const AttachmentElement& a) {
      const bool by_uid = tag && std::ranges::find(tag->attachments, a.uid) != tag->attachments.end();
      return by_uid || a.name == (tag ? std::string_view(tag->value) : kCalibrationFile);
    });
    return found == contents_.attachments.end() ? nullptr : &*found;
  }

 private:
  template <class Test>
  const TagElement* find_tag(Test test) const {
    const auto found = std::ranges::find_if(contents_.tags, test);
    return found == contents_.tags.end() ? nullptr : &*found;
  }

  const FileContents& contents_;
};

class LayoutMaker {
 public:
  LayoutMaker(mkv::Input& input, const FileContents& contents)
      : input_(input), contents_(contents), find_(contents) {}

  Result<FileLayout> make() {
    layout_.segment = contents_.segment;
    layout_.first_cluster = contents_.first_cluster;
    GENLOCK_TRY(read_scale());
    read_tags();
    GENLOCK_TRY(read_depth_mode());
    find_built_in_tracks();
    for (TrackKind kind : {TrackKind::color, TrackKind::depth, TrackKind::ir})
      GENLOCK_TRY(read_video(kind, built_in_[static_cast<std::size_t>(kind)]));
    if (const TrackElement* imu = built_in_[3]) layout_.imu = imu->number;
    const TrackElement* metadata = find_.track(kTagMetadataTrack, kMetadataTrack);
    if (metadata && is_metadata(*metadata)) layout_.metadata = metadata->number;
    GENLOCK_TRY(check_numbers());
    GENLOCK_TRY(read_rate());
    GENLOCK_TRY(read_sync());
    GENLOCK_TRY(read_start_offset());
    read_calibration();
    fill_info();
    list_tracks();
    return std::move(layout_);
  }

 private:
  RecordingInfo& info() { return layout_.info; }

  Status read_scale() {
    layout_.timestamp_scale_ns = contents_.scale_ns();
    if (layout_.timestamp_scale_ns == 0 || layout_.timestamp_scale_ns > kLongestScaleNs)
      return no_k4a_file(fmt::format("a timestamp scale of {} ns", contents_.timestamp_scale_ns));
    info().writing_app = contents_.writing_app;
    return {};
  }

  void read_tags() {
    for (const TagElement& tag : contents_.tags)
      if (tag.global()) info().tags.emplace(tag.name, tag.value);
    info().serial = find_.tag(kTagSerial).value_or("");
    info().color_firmware = version(kTagColorFirmware);
    info().depth_firmware = version(kTagDepthFirmware);
    info().simulated = find_.tag(kTagSimulated) == "1";
    info().identity = {find_.tag(kTagClockId).value_or(""), part_number()};
    info().host = {find_.tag(kTagHostName).value_or(""), find_.tag(kTagBootId).value_or("")};
  }

  std::uint32_t part_number() const {
    const std::string text = find_.tag(kTagPart).value_or("1");
    std::uint32_t part = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), part);
    return status == std::errc() && end == text.data() + text.size() ? std::max(part, 1U) : 1;
  }

  std::optional<Version> version(std::string_view name) {
    const std::optional<std::string> text = find_.tag(name);
    if (!text) return std::nullopt;
    Result<Version> version = parse_version(*text);
    if (version) return *version;
    input_.problem(fmt::format("tag {}: {}", name, version.error().message()));
    return std::nullopt;
  }

  Status read_depth_mode() {
    const std::optional<std::string> name = find_.tag(kTagDepthMode);
    if (!name) return {};
    const std::optional<DepthMode> mode = depth_mode_from(*name);
    if (!mode) return no_k4a_file(fmt::format("unknown depth mode \"{}\"", *name));
    info().config.depth_mode = *mode;
    return {};
  }

  Status read_video(TrackKind kind, const TrackElement* track) {
    if (track == nullptr) return {};
    const std::optional<PixelCoding> coding =
        pixel_coding(static_cast<TrackRole>(kind), track->codec_private);
    if (!coding)
      return no_k4a_file(fmt::format("the pixels of track {} are of an unknown kind", track->name));
    layout_.video[static_cast<std::size_t>(kind)] = VideoTrack{track->number, *coding, track->size};
    periods_.push_back(track->default_duration_ns);
    if (kind == TrackKind::color) {
      info().config.color_format = coding->format;
      info().config.color_resolution = color_resolution_of(track->size);
      return {};
    }
    if (!info().config.depth_on()) return no_k4a_file("a depth or IR track, but no tag K4A_DEPTH_MODE");
    const Size expected = image_size(info().config.depth_mode);
    if (track->size == expected) return {};
    return no_k4a_file(fmt::format("track {} has {}x{} pixels, mode {} has {}x{}", track->name,
                                   track->size.width, track->size.height, to_string(info().config.depth_mode),
                                   expected.width, expected.height));
  }

  /// Blocks are told apart by their track's number alone.
  Status check_numbers() const {
    std::vector<std::uint64_t> numbers;
    for (const std::optional<VideoTrack>& track : layout_.video)
      if (track) numbers.push_back(track->number);
    for (const std::optional<std::uint64_t>& number : {layout_.imu, layout_.metadata})
      if (number) numbers.push_back(*number);
    std::ranges::sort(numbers);
    if (std::ranges::adjacent_find(numbers) == numbers.end()) return {};
    return no_k4a_file("two tracks have the same number");
  }

  Status read_rate() {
    layout_.frame_period_ns = 1'000'000'000 / fps(info().config.rate);
    if (periods_.empty()) return {};
    const std::uint64_t period = periods_.front();
    if (std::ranges::any_of(periods_, [&](std::uint64_t other) { return other != period; }))
      return no_k4a_file("the frame rates of the tracks differ");
    const std::uint64_t rate = period == 0 ? 0 : (1'000'000'000 + period / 2) / period;
    const std::optional<FrameRate> known =
        rate <= 30 ? frame_rate_from_fps(static_cast<int>(rate)) : std::nullopt;
    if (!known)
      return no_k4a_file(fmt::format("a frame period of {} ns is not that of 5, 15 or 30 fps", period));
    info().config.rate = *known;
    layout_.frame_period_ns = static_cast<std::int64_t>(period);
    return {};
  }

  /// The tag's number; 0 where there is no such tag.
  Result<std::int64_t> ns_tag(std::string_view name) const {
    const std::optional<std::string> text = find_.tag(name);
    if (!text) return std::int64_t{0};
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text->data(), text->data() + text->size(), value);
    const bool whole = status == std::errc() && end == text->data() + text->size();
    if (whole && value > -kTimeLimitNs && value < kTimeLimitNs) return value;
    return no_k4a_file(fmt::format("tag {} is \"{}\", not a time in ns", name, *text));
  }

  Status read_sync() {
    if (const std::optional<std::string> name = find_.tag(kTagSyncMode)) {
      const std::optional<WiredSyncMode> mode = wired_sync_mode_from(*name);
      if (!mode) return no_k4a_file(fmt::format("unknown sync mode \"{}\"", *name));
      info().config.sync_mode = *mode;
    }
    GENLOCK_ASSIGN(const std::int64_t depth_delay, ns_tag(kTagDepthDelay));
    info().config.depth_delay_off_color = device_us(depth_delay / 1000);
    if (layout_.video[0] && depth_delay > 0) layout_.video[0]->delay_ns = depth_delay;
    for (std::size_t kind : {1, 2})
      if (layout_.video[kind] && depth_delay < 0) layout_.video[kind]->delay_ns = -depth_delay;
    if (info().config.sync_mode != WiredSyncMode::subordinate) return {};
    GENLOCK_ASSIGN(const std::int64_t delay, ns_tag(kTagSubordinateDelay));
    info().config.delay_off_master = device_us(delay / 1000);
    return {};
  }

  Status read_start_offset() {
    GENLOCK_ASSIGN(layout_.start_offset_ns, ns_tag(kTagStartOffset));
    if (!contents_.has_info && layout_.start_offset_ns == 0 && layout_.imu) recover_start_offset();
    info().start_offset = layout_.device_time(0);
    return {};
  }

  /// The stock recorder tells the offset only at the end. IMU samples carry device time, so where it was
  /// killed the first one tells the offset: its own time less its block's.
  void recover_start_offset() {
    BlockWalker walker(input_, layout_.segment, layout_.first_cluster, layout_.timestamp_scale_ns);
    while (const std::optional<StoredBlock> block = walker.next()) {
      if (block->track != layout_.imu) continue;
      const std::optional<StoredSample> found = read_imu_sample(input_, block->frames.front());
      if (!found || found->sample.accel_time <= DeviceTime()) return;
      const std::int64_t offset = count_us(found->sample.accel_time) - block->time_ns / 1000;
      if (offset <= 0 || offset >= kTimeLimitNs / 1000) return;
      layout_.start_offset_ns = offset * 1000;
      input_.problem("the start offset is missing; it was worked out from the first IMU sample");
      return;
    }
  }

  void read_calibration() {
    const AttachmentElement* file = find_.calibration();
    if (file == nullptr) return;
    std::optional<std::vector<std::byte>> bytes =
        mkv::binary_value(input_, file->data, kMostCalibrationBytes);
    if (!bytes) return;
    while (!bytes->empty() && bytes->back() == std::byte{0}) bytes->pop_back();
    info().raw_calibration = Buffer::from_vector(std::move(*bytes));
  }

  void find_built_in_tracks() {
    const TrackElement* ir = find_.track(kTagIrTrack, kIrTrack);
    built_in_ = {find_.track(kTagColorTrack, kColorTrack), find_.track(kTagDepthTrack, kDepthTrack),
                 ir ? ir : find_.track(kTagIrTrack, kOldIrTrack), find_.track(kTagImuTrack, kImuTrack)};
  }

  /// Those of the unit first, so that no other of the same number or name takes their place.
  void list_tracks() {
    static constexpr std::string_view kNames[] = {kColorTrack, kDepthTrack, kIrTrack, kImuTrack};
    for (std::size_t i = 0; i < built_in_.size(); ++i)
      if (built_in_[i] != nullptr) list_track(*built_in_[i], std::string(kNames[i]), true);
    for (const TrackElement& track : contents_.tracks) {
      const std::string name = track.name.empty() ? fmt::format("TRACK_{}", track.number) : track.name;
      if (track.number != layout_.metadata && list_track(track, name, false))
        add_custom(layout_.tracks.back());
    }
    std::ranges::sort(layout_.tracks, {}, &TrackInfo::name);
  }

  bool list_track(const TrackElement& track, std::string name, bool built_in) {
    if (std::ranges::any_of(layout_.tracks, [&](const TrackInfo& listed) {
          return listed.number == track.number || listed.name == name;
        }))
      return false;
    TrackInfo& listed = layout_.tracks.emplace_back();
    listed.name = std::move(name);
    listed.stored_name = track.name.empty() ? listed.name : track.name;
    listed.number = track.number;
    listed.uid = track.uid;
    listed.kind = track.type == kTrackTypeVideo      ? TrackInfo::Kind::video
                  : track.type == kTrackTypeSubtitle ? TrackInfo::Kind::subtitle
                                                     : TrackInfo::Kind::other;
    listed.built_in = built_in;
    listed.codec_id = track.codec;
    listed.codec_private = Buffer::copy_of(track.codec_private);
    listed.width = static_cast<std::uint64_t>(track.size.width);
    listed.height = static_cast<std::uint64_t>(track.size.height);
    listed.frame_period_ns = track.default_duration_ns;
    return true;
  }

  void add_custom(const TrackInfo& track) {
    if (track.kind == TrackInfo::Kind::other) return;
    CustomTrack& custom = info().custom_tracks.emplace_back();
    custom.name = track.name;
    custom.codec_id = track.codec_id;
    custom.codec_private = track.codec_private;
    if (track.kind != TrackInfo::Kind::video) return;
    custom.kind = CustomTrack::Kind::video;
    custom.width = track.width;
    custom.height = track.height;
    if (track.frame_period_ns > 0) custom.frames_per_second = 1'000'000'000 / track.frame_period_ns;
  }

  void fill_info() {
    info().color_track = layout_.video[0].has_value();
    info().depth_track = layout_.video[1].has_value();
    info().ir_track = layout_.video[2].has_value();
    info().imu_track = layout_.imu.has_value();
  }

  static constexpr std::size_t kMostCalibrationBytes = std::size_t{16} << 20;

  mkv::Input& input_;
  const FileContents& contents_;
  const Finder find_;
  FileLayout layout_;
  std::array<const TrackElement*, 4> built_in_{};  ///< colour, depth, IR, IMU
  std::vector<std::uint64_t> periods_;
};

}  // namespace

DeviceTime FileLayout::device_time(std::int64_t file_time_ns) const {
  return device_time_us((file_time_ns + start_offset_ns) / 1000);
}

Result<FileLayout> make_layout(mkv::Input& input, const FileContents& contents) {
  return LayoutMaker(input, contents).make();
}

}  // namespace genlock::recording
