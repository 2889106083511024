#include "recording/capture_loader.h"

#include <algorithm>

#include "recording/pixel_order.h"

namespace genlock::recording {
namespace {

/// Read and swapped at a time, so that the second touch finds the bytes in the cache.
constexpr std::size_t kPiece = std::size_t{256} << 10;

bool read_swapped(mkv::Input& input, std::uint64_t offset, MutableByteSpan out) {
  while (!out.empty()) {
    const MutableByteSpan piece = out.first(std::min(out.size(), kPiece));
    if (!input.read(offset, piece)) return false;
    copy_swapping_pairs(piece, piece);
    offset += piece.size();
    out = out.subspan(piece.size());
  }
  return true;
}

}  // namespace

Capture CaptureLoader::load(const CapturePlaces& places) {
  Capture capture;
  std::optional<Image>* const images[] = {&capture.color, &capture.depth, &capture.ir};
  for (const std::optional<FramePlace>& place : places.images)
    if (place) *images[static_cast<std::size_t>(place->track)] = load(*place, capture.temperature_c);
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

std::optional<Image> CaptureLoader::load(const FramePlace& place, float& temperature_c) {
  Part& part = *parts_[place.part];
  const VideoTrack& track = *part.layout.video[static_cast<std::size_t>(place.track)];
  const auto size = static_cast<std::size_t>(place.pixels.size);
  WritableBuffer memory = memory_for(place);
  const MutableByteSpan pixels = memory.bytes().first(size);
  const bool read = track.coding.big_endian ? read_swapped(part.input, place.pixels.offset, pixels)
                                            : part.input.read(place.pixels.offset, pixels);
  if (!read) return std::nullopt;
  Image image;
  image.format = track.coding.format;
  image.size = track.size;
  image.stride = stride_bytes(image.format, image.size.width);
  image.data = std::move(memory).seal(size);
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
