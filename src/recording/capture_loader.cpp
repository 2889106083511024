#include "recording/capture_loader.h"

#include <algorithm>

namespace genlock::recording {

Capture CaptureLoader::load(const CapturePlaces& places) {
  std::array<WritableBuffer, 3> memory;
  std::array<PixelRead, 3> reads;
  for (std::size_t track = 0; track < 3; ++track) {
    const std::optional<FramePlace>& place = places.images[track];
    if (!place) continue;
    memory[track] = memory_for(*place);
    reads[track] = {.part = parts_[place->part].get(),
                    .offset = place->pixels.offset,
                    .to = memory[track].bytes().first(static_cast<std::size_t>(place->pixels.size)),
                    .swap_pairs = track_of(*place).coding.big_endian};
  }
  pixels_.read(reads);
  Capture capture;
  std::optional<Image>* const images[] = {&capture.color, &capture.depth, &capture.ir};
  for (std::size_t track = 0; track < 3; ++track)
    if (const std::optional<FramePlace>& place = places.images[track]; place && reads[track].whole)
      *images[track] =
          image_of(*place, std::move(memory[track]).seal(reads[track].to.size()), capture.temperature_c);
  return capture;
}

/// Blocks of compressed images are made for the largest one so far, so that any fits all.
WritableBuffer CaptureLoader::memory_for(const FramePlace& place) {
  constexpr std::size_t kStep = std::size_t{64} << 10;
  const auto size = static_cast<std::size_t>(place.pixels.size);
  const auto track = static_cast<std::size_t>(place.track);
  largest_[track] = std::max(largest_[track], (size + kStep - 1) / kStep * kStep);
  return pools_[track].take(largest_[track]);
}

const VideoTrack& CaptureLoader::track_of(const FramePlace& place) const {
  return *parts_[place.part]->layout.video[static_cast<std::size_t>(place.track)];
}

Image CaptureLoader::image_of(const FramePlace& place, Buffer pixels, float& temperature_c) {
  const VideoTrack& track = track_of(place);
  Image image;
  image.format = track.coding.format;
  image.size = track.size;
  image.stride = stride_bytes(image.format, image.size.width);
  image.data = std::move(pixels);
  image.device_time = device_time_us(place.time_ns / 1000);
  if (const FrameRecord* record = records_.find(place.part, place.track, image.device_time)) {
    image.host_time = record->host_time;
    image.exposure = record->exposure;
    image.white_balance = record->white_balance;
    image.iso = record->iso;
    image.pulse = record->pulse;
    if (record->temperature_c) temperature_c = *record->temperature_c;
  }
  return image;
}

}  // namespace genlock::recording
