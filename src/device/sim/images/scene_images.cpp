#include "device/sim/images/scene_images.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "device/sim/images/color_loop.h"
#include "device/sim/images/depth_loop.h"
#include "geometry/lens.h"

namespace genlock::device::sim {
namespace {

constexpr int kMostLoopFrames = 256;
constexpr double kMostNoise = 100;
constexpr int kMostSquares = 100;

/// The exposure that automatic exposure settles at here, and what longer or shorter ones may do to
/// brightness.
constexpr double kGoodExposureUs = 8330;
constexpr double kLeastGain = 0.06, kMostGain = 4;

/// Beyond the radius that a colour lens was calibrated for, the model goes on: a real picture has no hole
/// there.
constexpr double kAnyRadius = 1e3;

float gain_of(const std::optional<DeviceDuration>& exposure) {
  if (!exposure) return 1;
  return static_cast<float>(
      std::clamp(static_cast<double>(count_us(*exposure)) / kGoodExposureUs, kLeastGain, kMostGain));
}

bool inside_room(const SceneOptions& scene, const Pose& pose) {
  for (std::size_t i = 0; i < 3; ++i)
    if (!(pose.position_m[i] > scene.room_from_m[i] && pose.position_m[i] < scene.room_to_m[i])) return false;
  return true;
}

Status check_scene(const SceneOptions& scene) {
  const BoardOptions& board = scene.board;
  const bool squares =
      board.columns >= 1 && board.columns <= kMostSquares && board.rows >= 1 && board.rows <= kMostSquares;
  if (!squares || !(board.square_m > 0) || !(board.margin_m >= 0))
    return Error(Errc::invalid, fmt::format("scene: a board of {}x{} squares of {} m cannot be",
                                            board.columns, board.rows, board.square_m));
  if (!(scene.ball.radius_m > 0))
    return Error(Errc::invalid, fmt::format("scene: a ball of radius {} m cannot be", scene.ball.radius_m));
  return {};
}

Status check(const SceneImagesOptions& options) {
  GENLOCK_TRY(check_scene(options.scene));
  if (options.loop_frames < 1 || options.loop_frames > kMostLoopFrames)
    return Error(Errc::invalid,
                 fmt::format("scene: loop of {} frames, allowed are 1 to 256", options.loop_frames));
  if (!(options.noise >= 0 && options.noise <= kMostNoise))
    return Error(Errc::invalid, fmt::format("scene: noise factor {}, allowed are 0 to 100", options.noise));
  if (!inside_room(options.scene, options.pose))
    return Error(Errc::invalid, fmt::format("scene: a unit at ({}, {}, {}) m is outside the room",
                                            options.pose.position_m[0], options.pose.position_m[1],
                                            options.pose.position_m[2]));
  const PixelFormat format = options.config.color_format;
  const bool color_format = format == PixelFormat::mjpg || format == PixelFormat::nv12 ||
                            format == PixelFormat::yuy2 || format == PixelFormat::bgra32;
  if (options.config.color_on() && !color_format)
    return Error(Errc::invalid,
                 fmt::format("scene: {} is no format of the colour camera", to_string(format)));
  return {};
}

class SceneImages final : public ImageSource {
 public:
  SceneImages(const SceneImagesOptions& options, const geometry::Calibration& calibration)
      : world_(options.scene, options.loop_frames) {
    const geometry::Extrinsics world = world_from_depth(options.pose);
    const NoiseOptions noise{options.seed, static_cast<float>(options.noise)};
    if (options.config.depth_on())
      depth_.emplace(world_, options.config.depth_mode, calibration.depth,
                     compose(world, inverse(calibration.depth.from_depth)), noise, options.loop_frames);
    if (options.config.color_on()) make_color(options, calibration.color, world, noise);
  }

  Result<Buffer> color(std::uint64_t pulse) override {
    if (!color_) return Error(Errc::state, "simulated images: the colour camera is off");
    return color_->image(pulse);
  }

  Result<DepthIr> depth(std::uint64_t pulse) override {
    if (!depth_) return Error(Errc::state, "simulated images: the depth camera is off");
    return depth_->image(pulse);
  }

 private:
  void make_color(const SceneImagesOptions& options, geometry::CameraCalibration camera,
                  const geometry::Extrinsics& world, const NoiseOptions& noise) {
    camera.metric_radius = kAnyRadius;
    ColorRenderer renderer(world_, camera, compose(world, inverse(camera.from_depth)), noise,
                           gain_of(options.color_exposure));
    if (options.config.color_format == PixelFormat::mjpg)
      color_ = std::make_unique<JpegLoop>(std::move(renderer), options.loop_frames);
    else
      color_ = std::make_unique<RawColorLoop>(std::move(renderer), options.config.color_format,
                                              options.loop_frames);
  }

  World world_;
  std::optional<DepthLoop> depth_;
  std::unique_ptr<ColorLoop> color_;
};

}  // namespace

Result<std::unique_ptr<ImageSource>> make_scene_images(const SceneImagesOptions& options) {
  GENLOCK_TRY(check(options));
  GENLOCK_ASSIGN(const geometry::RawCalibration raw,
                 geometry::parse_calibration(options.raw_calibration.bytes()));
  GENLOCK_ASSIGN(const geometry::Calibration calibration,
                 geometry::calibration_for(raw, options.config.depth_mode, options.config.color_resolution));
  if (options.config.depth_on())
    GENLOCK_TRY(check_lens(calibration.depth.intrinsics).context("depth camera"));
  if (options.config.color_on())
    GENLOCK_TRY(check_lens(calibration.color.intrinsics).context("colour camera"));
  return std::unique_ptr<ImageSource>(std::make_unique<SceneImages>(options, calibration));
}

}  // namespace genlock::device::sim
