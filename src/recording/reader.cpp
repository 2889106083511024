#include "recording/reader.h"

#include <algorithm>
#include <map>

#include "recording/capture_loader.h"
#include "recording/item_cursor.h"
#include "recording/part_set.h"
#include "recording/survey.h"
#include "recording/track_items.h"
#include "recording/two_way.h"

namespace genlock::recording {
namespace {

constexpr std::uint64_t kMostAttachmentBytes = std::uint64_t{64} << 20;

/// One stream's own position, moved to the common one when it is next read after a seek.
template <class Cursor>
struct Stream {
  explicit Stream(Cursor cursor) : walk(std::move(cursor)) {}

  TwoWay<Cursor> walk;
  std::uint64_t seeks_followed = 0;
};

using CaptureStream = Stream<CaptureCursor>;
using ImuStream = Stream<ItemCursor<ImuItems>>;
using DataStream = Stream<ItemCursor<DataItems>>;

}  // namespace

struct Reader::Impl {
  Impl(PartSet files, ReaderOptions how)
      : parts(std::move(files.parts)),
        set_problems(std::move(files.problems)),
        options(how),
        clusters(parts, options),
        captures(CaptureCursor(clusters, layout())),
        imu(ItemCursor(clusters, static_cast<TrackKey>(TrackKind::imu), ImuItems())),
        loader(parts, clusters) {
    for (const auto& part : parts)
      if (!part->path.empty()) paths.push_back(part->path);
  }

  const FileLayout& layout() const { return parts.front()->layout; }

  /// The stream, with its position where the last seek has put it.
  template <class S>
  auto& at_position(S& stream) {
    if (stream.seeks_followed != seeks) {
      if (position_ns) {
        stream.walk.moved().seek(*position_ns);
      } else {
        stream.walk.moved().to_start();
      }
      stream.seeks_followed = seeks;
    }
    return stream.walk;
  }

  template <class Step>
  Result<std::optional<Capture>> capture(Step step);
  template <class Step>
  Result<std::optional<ImuSample>> sample(Step step);
  template <class Step>
  Result<std::optional<DataBlock>> data(std::string_view track, Step step);
  std::int64_t end_ns();

  std::vector<std::unique_ptr<Part>> parts;
  const std::vector<std::string> set_problems;  ///< parts that are missing
  std::vector<std::filesystem::path> paths;
  const ReaderOptions options;
  ClusterSequence clusters;
  CaptureStream captures;
  ImuStream imu;
  std::map<TrackKey, DataStream> custom;
  CaptureLoader loader;
  std::uint64_t seeks = 1;
  std::optional<std::int64_t> position_ns;  ///< of the last seek, on the unit's clock; absent: the start
  std::optional<std::int64_t> end;          ///< of the last item, once known
};

template <class Step>
Result<std::optional<Capture>> Reader::Impl::capture(Step step) {
  while (true) {
    const std::optional<CapturePlaces> places = step(at_position(captures));
    std::optional<Capture> capture;
    if (places) capture = loader.load(*places);
    GENLOCK_TRY(clusters.status());
    if (!capture || !capture->empty()) return capture;
  }
}

template <class Step>
Result<std::optional<ImuSample>> Reader::Impl::sample(Step step) {
  const std::optional<StoredSample> stored = step(at_position(imu));
  GENLOCK_TRY(clusters.status());
  return stored ? std::optional(stored->sample) : std::nullopt;
}

template <class Step>
Result<std::optional<DataBlock>> Reader::Impl::data(std::string_view track, Step step) {
  const std::optional<TrackKey> key = clusters.other_track(track);
  if (!key) return Error(Errc::not_found, "the recording has no custom track " + std::string(track));
  auto stream = custom.find(*key);
  if (stream == custom.end()) stream = custom.emplace(*key, ItemCursor(clusters, *key, DataItems())).first;
  const std::optional<DataPlace> place = step(at_position(stream->second));
  GENLOCK_TRY(clusters.status());
  if (!place) return std::optional<DataBlock>();
  std::vector<std::byte> bytes(static_cast<std::size_t>(place->bytes.size));
  if (!place->part->input.read(place->bytes.offset, bytes)) {
    GENLOCK_TRY(clusters.status());
    return Error(Errc::corrupt, "the file has become shorter than it was when it was opened");
  }
  return std::optional(
      DataBlock{device_time_us(place->time_ns / 1000), Buffer::from_vector(std::move(bytes))});
}

/// The blocks of the last clusters decide: not all of those of the very last one need be the latest.
std::int64_t Reader::Impl::end_ns() {
  if (end) return *end;
  constexpr int kMostClusters = 64;
  std::int64_t latest = layout().start_offset_ns;
  ClusterSequence::Cluster cluster = clusters.last();
  const std::int64_t from = cluster ? cluster->cluster().time_ns - 2 * clusters.reach_ns() : 0;
  for (int i = 0; cluster && i < kMostClusters && cluster->cluster().time_ns >= from; ++i) {
    for (const TrackBlock& block : cluster->all()) latest = std::max(latest, end_time_ns(block));
    cluster = clusters.before(*cluster);
  }
  end = latest;
  return latest;
}

Result<std::unique_ptr<Reader>> Reader::open(std::unique_ptr<ByteSource> source, ReaderOptions options) {
  PartSet file;
  GENLOCK_ASSIGN(auto part, Part::open(std::move(source), {}));
  file.parts.push_back(std::move(part));
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(std::move(file), options)));
}

Result<std::unique_ptr<Reader>> Reader::open_recording(const std::filesystem::path& file,
                                                       ReaderOptions options) {
  GENLOCK_ASSIGN(PartSet parts, open_parts(file));
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Impl>(std::move(parts), options)));
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

const RecordingInfo& Reader::info() const {
  return impl_->layout().info;
}

const std::vector<std::filesystem::path>& Reader::files() const {
  return impl_->paths;
}

const std::vector<TrackInfo>& Reader::tracks() const {
  return impl_->layout().tracks;
}

std::optional<std::string> Reader::tag(std::string_view name) const {
  const std::vector<TagElement>& tags = impl_->parts.front()->contents.tags;
  const auto found = std::ranges::find(tags, name, &TagElement::name);
  return found == tags.end() ? std::nullopt : std::optional(found->value);
}

std::vector<std::string> Reader::attachment_names() const {
  std::vector<std::string> names;
  for (const AttachmentElement& attachment : impl_->parts.front()->contents.attachments)
    if (attachment.data.id == mkv::ElementId::file_data && !attachment.data.cut)
      names.push_back(attachment.name);
  return names;
}

Result<std::optional<Buffer>> Reader::attachment(std::string_view name) {
  Part& part = *impl_->parts.front();
  const auto& all = part.contents.attachments;
  const auto found = std::ranges::find_if(all, [&](const AttachmentElement& attachment) {
    return attachment.name == name && attachment.data.id == mkv::ElementId::file_data;
  });
  if (found == all.end()) return std::optional<Buffer>();
  auto bytes = mkv::binary_value(part.input, found->data, kMostAttachmentBytes);
  GENLOCK_TRY(part.input.status());
  if (!bytes) return std::optional<Buffer>();
  return std::optional(Buffer::from_vector(*std::move(bytes)));
}

DeviceDuration Reader::length() const {
  return device_us((impl_->end_ns() - impl_->layout().start_offset_ns) / 1000);
}

Result<std::optional<Capture>> Reader::next_capture() {
  return impl_->capture([](auto& walk) { return walk.next(); });
}
Result<std::optional<Capture>> Reader::previous_capture() {
  return impl_->capture([](auto& walk) { return walk.previous(); });
}
Result<std::optional<ImuSample>> Reader::next_imu_sample() {
  return impl_->sample([](auto& walk) { return walk.next(); });
}
Result<std::optional<ImuSample>> Reader::previous_imu_sample() {
  return impl_->sample([](auto& walk) { return walk.previous(); });
}
Result<std::optional<DataBlock>> Reader::next_data(std::string_view track) {
  return impl_->data(track, [](auto& walk) { return walk.next(); });
}
Result<std::optional<DataBlock>> Reader::previous_data(std::string_view track) {
  return impl_->data(track, [](auto& walk) { return walk.previous(); });
}

void Reader::seek(DeviceTime time) {
  constexpr std::int64_t kFarthestUs = kAnyTime / 1000 / 2;
  impl_->position_ns = std::clamp(count_us(time), -kFarthestUs, kFarthestUs) * 1000;
  ++impl_->seeks;
}

void Reader::seek_end(DeviceDuration before) {
  // Behind everything, where the depth delay puts images behind the last block's time too.
  if (before <= DeviceDuration{}) return seek(DeviceTime::max());
  const std::int64_t start = impl_->layout().start_offset_ns;
  const std::int64_t end = impl_->end_ns();
  const bool beyond_start = count_us(before) > (end - start) / 1000;
  impl_->position_ns = beyond_start ? start : end + 1 - count_us(before) * 1000;
  ++impl_->seeks;
}

void Reader::rewind() {
  impl_->position_ns.reset();
  ++impl_->seeks;
}

ItemRange<Capture> Reader::captures() {
  return ItemRange<Capture>([this] { return next_capture(); });
}
ItemRange<ImuSample> Reader::imu_samples() {
  return ItemRange<ImuSample>([this] { return next_imu_sample(); });
}
ItemRange<DataBlock> Reader::data(std::string_view track) {
  return ItemRange<DataBlock>([this, name = std::string(track)] { return next_data(name); });
}

std::vector<std::string> Reader::problems() const {
  std::vector<std::string> all = impl_->set_problems;
  for (const auto& part : impl_->parts)
    for (const std::string& problem : part->input.problems())
      all.push_back(impl_->parts.size() > 1 ? part->path.string() + ": " + problem : problem);
  return all;
}

Result<Survey> Reader::survey(SurveyFrom from) {
  return survey_parts(impl_->parts, impl_->set_problems, impl_->options, from);
}

}  // namespace genlock::recording
