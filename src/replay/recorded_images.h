#pragma once

#include <filesystem>
#include <memory>

#include "base/bytes.h"
#include "device/sim/image_source.h"

namespace genlock::replay {

struct RecordedImagesOptions {
  /// Most bytes of pictures kept in memory; a longer recording loops over its beginning.
  std::size_t max_bytes = std::size_t{256} << 20;
};

/// The pictures of a recording for a unit of the bench: pulse n shows the n-th colour and the n-th depth
/// picture, again from the first after the last. They are read into memory at once, and given out as stored.
/// Errc::unsupported: the recording has not the colour format, resolution or depth mode of `config`, or no
/// picture.
Result<std::unique_ptr<device::sim::ImageSource>> recorded_images(std::unique_ptr<ByteSource> source,
                                                                  const CameraConfig& config,
                                                                  RecordedImagesOptions options = {});

/// The same from a file, as a bench asks for it (device::sim::BenchOptions::recorded_images). Errors name the
/// file.
Result<std::unique_ptr<device::sim::ImageSource>> recorded_images_of(const std::filesystem::path& path,
                                                                     const CameraConfig& config);

}  // namespace genlock::replay
