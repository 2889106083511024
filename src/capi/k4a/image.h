#pragma once

#include "capi/common/handle_table.h"
#include "capi/k4a/allocator.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

struct ImageLayout {
  unsigned format = K4A_IMAGE_FORMAT_CUSTOM;  ///< as a number, because callers may give any
  int width = 0;                              ///< pixels
  int height = 0;                             ///< pixels
  int stride = 0;                             ///< bytes
};

/// What a k4a_image_t stands for. The metadata are not synchronised, as the ABI has it.
struct ApiImage {
  ApiImage(const ImageLayout& image_layout, ImageMemory image_memory)
      : layout(image_layout), memory(std::move(image_memory)) {}

  const ImageLayout layout;
  ImageMemory memory;
  std::uint64_t device_time_us = 0;
  std::uint64_t system_time_ns = 0;
  std::uint64_t exposure_us = 0;
  std::uint32_t white_balance = 0;
  std::uint32_t iso_speed = 0;
};

using ImageTable = HandleTable<k4a_image_t, ApiImage>;
ImageTable& images();

/// Whether format and size exist: of images with memory of their own, and of those in a caller's.
Status check_own_layout(const ImageLayout& layout);
Status check_foreign_layout(const ImageLayout& layout);

/// A layout with its stride filled in, and the bytes that such an image needs (facts k4a-abi.md B5).
struct SizedLayout {
  ImageLayout layout;
  std::size_t bytes = 0;
};
Result<SizedLayout> sized_layout(const ImageLayout& wanted);

}  // namespace genlock::capi
