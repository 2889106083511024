#include "capi/k4arecord/playback.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::capi {
namespace {

/// Whether anything but metadata can be read. Samples are looked for first, because they are small.
Result<bool> has_data(recording::Reader& reader) {
  GENLOCK_ASSIGN(const std::optional<ImuSample> sample, reader.next_imu_sample());
  if (sample) return true;
  for (const recording::TrackInfo& track : reader.tracks()) {
    if (track.built_in) continue;
    GENLOCK_ASSIGN(const std::optional<recording::DataBlock> block, reader.next_data(track.name));
    if (block) return true;
  }
  GENLOCK_ASSIGN(const std::optional<Capture> capture, reader.next_capture());
  return capture.has_value();
}

Result<std::shared_ptr<Playback>> open_file_for_playback(const char* path) {
  GENLOCK_ASSIGN(std::unique_ptr<ByteSource> source, open_file(path));
  GENLOCK_ASSIGN(std::unique_ptr<recording::Reader> reader,
                 recording::Reader::open(std::move(source), {.any_image_size = true}));
  GENLOCK_ASSIGN(const bool data, has_data(*reader));
  if (!data) return Error(Errc::corrupt, "the file has no data: its recorder ended before the first");
  reader->rewind();
  return std::make_shared<Playback>(std::move(reader));
}

}  // namespace

Result<std::shared_ptr<Playback>> Playback::open(const char* path) {
  return open_file_for_playback(path).context(fmt::format("opening {}", path));
}

Playback::Playback(std::unique_ptr<recording::Reader> reader) : reader_(std::move(reader)) {
  for (const recording::TrackInfo& track : reader_->tracks()) tracks_.push_back(&track);
  std::ranges::sort(tracks_, {}, &recording::TrackInfo::stored_name);
}

Result<const recording::TrackInfo*> Playback::track(const char* name) const {
  if (name == nullptr) return Error(Errc::invalid, "the track's name is null");
  for (const auto key : {&recording::TrackInfo::stored_name, &recording::TrackInfo::name}) {
    const auto found = std::ranges::find(tracks_, std::string_view(name), key);
    if (found != tracks_.end()) return *found;
  }
  return Error(Errc::not_found, fmt::format("the file has no track {}", name));
}

Status Playback::set_color_format(PixelFormat format) {
  if (!info().color_track) return Error(Errc::unsupported, "the file has no colour track");
  const PixelFormat recorded = info().config.color_format;
  if (!color::can_convert(recorded, format))
    return Error(Errc::unsupported, fmt::format("colour was recorded as {} and can't be given as {}",
                                                to_string(recorded), to_string(format)));
  color_format_ = format;
  return {};
}

Result<Image> Playback::color_image(const Image& recorded) {
  if (!color_format_ || *color_format_ == recorded.format) return recorded;
  if (!converter_) converter_.emplace();
  return converter_->convert(recorded, *color_format_)
      .context(fmt::format("colour image at {} us", count_us(recorded.device_time)));
}

HandleTable<k4a_playback_t, Playback>& playbacks() {
  // Never destroyed: programs may close recordings from their own exit handlers.
  static auto& table = *new HandleTable<k4a_playback_t, Playback>(HandleKind::playback, "playback");
  return table;
}

}  // namespace genlock::capi
