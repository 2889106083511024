#pragma once

#include <memory>

#include "base/camera.h"
#include "device/sim/image_source.h"

namespace genlock::device::sim {

/// Depth and IR of every pixel of a flat picture; legal in every depth mode's range (facts device.md 1.1).
inline constexpr std::uint16_t kFlatDepthMm = 1000;
inline constexpr std::uint16_t kFlatIr = 500;

/// What a flat picture shows: grey at a distance, or nothing, black and all zeros in depth and IR.
enum class FlatPicture : std::uint8_t { grey, dark };

/// One even picture for each stream, made once and handed out by reference, whatever the moment: for
/// runs in which nobody looks at pixels. They carry no pulse code. Errors: Errc::invalid for a colour format
/// that the camera does not have; color() and depth() of a camera that is off are Errc::state.
Result<std::unique_ptr<ImageSource>> make_flat_images(const CameraConfig& config,
                                                      FlatPicture picture = FlatPicture::grey);

}  // namespace genlock::device::sim
