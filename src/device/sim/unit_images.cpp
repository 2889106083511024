#include "device/sim/unit_images.h"

#include <fmt/format.h>

#include "device/sim/images/flat_images.h"
#include "device/sim/images/scene_images.h"

namespace genlock::device::sim {
namespace {

/// The other units that stand in the scene.
std::vector<Neighbour> neighbours_of(const BenchConfig& config, const UnitConfig& unit) {
  std::vector<Neighbour> neighbours;
  for (std::size_t i = 0; i < config.units.size(); ++i)
    if (const UnitConfig& other = config.units[i]; other.images == "scene" && other.name != unit.name)
      neighbours.push_back({i, other.pose});
  return neighbours;
}

Result<std::unique_ptr<ImageSource>> make_source(const Bench& bench, const UnitConfig& unit,
                                                 const Buffer& calibration, const CameraConfig& config) {
  if (unit.images == "scene") {
    return make_scene_images({.raw_calibration = calibration,
                              .pose = unit.pose,
                              .scene = {},
                              .config = config,
                              .seed = bench.config().seed,
                              .noise = unit.image_noise,
                              .mains_hz = bench.config().mains_hz,
                              .neighbours = neighbours_of(bench.config(), unit),
                              .loop_frames = bench.config().loop_frames});
  }
  if (unit.images == "flat") return make_flat_images(config);
  if (unit.images == "dark") return make_flat_images(config, FlatPicture::dark);
  if (!bench.recorded_images()) {
    return Error(Errc::unsupported,
                 fmt::format("this program cannot show the recording {} on a simulated unit", unit.images));
  }
  return bench.recorded_images()(unit.images, config);
}

/// The loop of a scene, once: a unit must not be late because its first pictures are still being drawn.
Status prepare(UnitImages& images, const CameraConfig& config, const ColorLook& look, int frames) {
  for (std::uint64_t pulse = 0; pulse < static_cast<std::uint64_t>(frames); ++pulse) {
    if (config.color_on()) GENLOCK_TRY(images.color({.pulse = pulse, .look = look}));
    if (config.depth_on()) GENLOCK_TRY(images.depth({.pulse = pulse}));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<UnitImages>> UnitImages::make(const Bench& bench, const UnitConfig& unit,
                                                     const Buffer& calibration, const CameraConfig& config,
                                                     const ColorLook& look) {
  GENLOCK_ASSIGN(auto source, make_source(bench, unit, calibration, config));
  auto images = std::make_shared<UnitImages>(std::move(source));
  if (unit.images == "scene") GENLOCK_TRY(prepare(*images, config, look, bench.config().loop_frames));
  return images;
}

Result<Buffer> UnitImages::color(const ColorMoment& moment) {
  MutexLock lock(mutex_);
  return source_->color(moment);
}

Result<DepthIr> UnitImages::depth(const DepthMoment& moment) {
  MutexLock lock(mutex_);
  return source_->depth(moment);
}

}  // namespace genlock::device::sim
