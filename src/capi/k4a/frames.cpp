#include "capi/k4a/frames.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "capi/k4a/capture.h"

namespace genlock::capi {
namespace {

/// Whether nobody else has the memory that `parts` are all of.
bool is_ours_alone(const std::vector<Buffer>& parts) {
  const Buffer& first = parts.front();
  return first.references() == static_cast<long>(parts.size()) &&
         std::ranges::all_of(parts, [&](const Buffer& part) { return part.shares_memory_with(first); });
}

/// The memory itself, which is writable while it is nobody else's.
ImageMemory take_over(Buffer part) {
  const auto owner = std::make_shared<const Buffer>(std::move(part));
  auto* const data = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(owner->data()));
  return {owner, data, owner->size()};
}

/// Memory that a program may write to, for the parts of one frame.
Result<std::vector<ImageMemory>> frame_memory(std::vector<Buffer> parts) {
  if (has_own_allocator() || !is_ours_alone(parts)) return ImageMemory::copies_of(parts);
  std::vector<ImageMemory> memories;
  for (Buffer& part : parts) memories.push_back(take_over(std::move(part)));
  return memories;
}

std::shared_ptr<ApiImage> api_image(const Image& image, ImageMemory memory) {
  const ImageLayout layout{static_cast<unsigned>(image.format), image.size.width, image.size.height,
                           image.stride};
  auto made = std::make_shared<ApiImage>(layout, std::move(memory));
  made->device_time_us = static_cast<std::uint64_t>(count_us(image.device_time));
  if (image.host_time) made->system_time_ns = static_cast<std::uint64_t>(count_ns(*image.host_time));
  if (image.exposure) made->exposure_us = static_cast<std::uint64_t>(count_us(*image.exposure));
  made->white_balance = image.white_balance.value_or(0);
  made->iso_speed = image.iso.value_or(0);
  return made;
}

/// The images of one frame, into their slots.
struct Frame {
  std::vector<Buffer> pixels;
  std::vector<std::pair<Slot, const Image*>> images;

  void take(Slot slot, std::optional<Image>& image) {
    if (!image) return;
    pixels.push_back(std::move(image->data));
    images.emplace_back(slot, &*image);
  }

  Status give_to(ApiCapture& capture) && {
    if (images.empty()) return {};
    GENLOCK_ASSIGN(std::vector<ImageMemory> memories, frame_memory(std::move(pixels)));
    for (std::size_t i = 0; i < images.size(); ++i)
      capture.set_new_image(images[i].first, api_image(*images[i].second, std::move(memories[i])));
    return {};
  }
};

}  // namespace

Result<k4a_capture_t> capture_handle(Capture capture) {
  const auto made = std::make_shared<ApiCapture>();
  Frame color, depth;
  color.take(Slot::color, capture.color);
  depth.take(Slot::depth, capture.depth);
  depth.take(Slot::ir, capture.ir);
  GENLOCK_TRY(std::move(color).give_to(*made));
  GENLOCK_TRY(std::move(depth).give_to(*made));
  if (!std::isnan(capture.temperature_c)) made->set_temperature(capture.temperature_c);
  return captures().add(made);
}

}  // namespace genlock::capi
