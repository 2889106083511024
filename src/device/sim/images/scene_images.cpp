#include "device/sim/images/scene_images.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "device/sim/images/color_loop.h"
#include "device/sim/images/depth_loop.h"
#include "geometry/lens.h"

namespace genlock::device::sim {
namespace {

constexpr int kMostLoopFrames = 256;
constexpr double kMostNoise = 100;
constexpr int kMostSquares = 100;

/// Beyond the radius that a colour lens was calibrated for, the model goes on: a real picture has no hole
/// there.
constexpr double kAnyRadius = 1e3;

bool is_finite(const Pose& pose) {
  const auto& p = pose.position_m;
  for (double value : {p[0], p[1], p[2], pose.yaw_deg, pose.pitch_deg, pose.roll_deg})
    if (!std::isfinite(value)) return false;
  return true;
}

bool is_between(double metres, double least, double most) {
  return metres >= least && metres <= most;
}

Status check_board(const BoardOptions& board) {
  const bool squares =
      board.columns >= 1 && board.columns <= kMostSquares && board.rows >= 1 && board.rows <= kMostSquares;
  const bool lengths = is_between(board.square_m, 0.001, 10) && is_between(board.margin_m, 0, 10);
  if (squares && lengths && is_finite(board.pose)) return {};
  return Error(Errc::invalid, fmt::format("scene: a board of {}x{} squares of {} m cannot be", board.columns,
                                          board.rows, board.square_m));
}

Status check_scene(const SceneOptions& scene) {
  for (std::size_t i = 0; i < 3; ++i)
    if (!is_between(scene.room_to_m[i] - scene.room_from_m[i], 0.1, 100) ||
        std::abs(scene.room_to_m[i]) > 100)
      return Error(Errc::invalid, fmt::format("scene: a room from {} to {} m cannot be", scene.room_from_m[i],
                                              scene.room_to_m[i]));
  const auto& c = scene.ball.centre_m;
  const bool ball = is_between(scene.ball.radius_m, 0.01, 10) &&
                    is_between(scene.ball.path_radius_m, 0, 100) && is_finite({.position_m = c});
  if (!ball)
    return Error(Errc::invalid, fmt::format("scene: a ball of radius {} m at ({}, {}, {}) m cannot be",
                                            scene.ball.radius_m, c[0], c[1], c[2]));
  return check_board(scene.board);
}

/// Rays end at the room's walls, so every camera must be inside.
Status check_inside(const SceneOptions& scene, const geometry::Extrinsics& world_from_camera,
                    std::string_view camera) {
  const auto& t = world_from_camera.translation;
  for (std::size_t i = 0; i < 3; ++i)
    if (!(t[i] > 1000 * scene.room_from_m[i] && t[i] < 1000 * scene.room_to_m[i]))
      return Error(Errc::invalid,
                   fmt::format("scene: the unit's {} camera at ({}, {}, {}) mm is outside the room", camera,
                               t[0], t[1], t[2]));
  return {};
}

Status check(const SceneImagesOptions& options) {
  GENLOCK_TRY(check_scene(options.scene));
  if (options.loop_frames < 1 || options.loop_frames > kMostLoopFrames)
    return Error(Errc::invalid,
                 fmt::format("scene: loop of {} frames, allowed are 1 to 256", options.loop_frames));
  if (!(options.noise >= 0 && options.noise <= kMostNoise))
    return Error(Errc::invalid, fmt::format("scene: noise factor {}, allowed are 0 to 100", options.noise));
  if (options.mains_hz != 0 && options.mains_hz != 50 && options.mains_hz != 60)
    return Error(Errc::invalid,
                 fmt::format("scene: mains of {} Hz, allowed are 0, 50 and 60", options.mains_hz));
  if (!is_finite(options.pose)) return Error(Errc::invalid, "scene: a unit's pose is not finite");
  for (const Neighbour& neighbour : options.neighbours)
    if (!is_finite(neighbour.pose))
      return Error(Errc::invalid, fmt::format("scene: the pose of unit {} is not finite", neighbour.unit));
  const PixelFormat format = options.config.color_format;
  const bool color_format = format == PixelFormat::mjpg || format == PixelFormat::nv12 ||
                            format == PixelFormat::yuy2 || format == PixelFormat::bgra32;
  if (options.config.color_on() && !color_format)
    return Error(Errc::invalid,
                 fmt::format("scene: {} is no format of the colour camera", to_string(format)));
  return {};
}

/// Where a unit's cameras are, camera to world.
struct Places {
  geometry::Extrinsics depth;
  geometry::Extrinsics color;
};

class SceneImages final : public ImageSource {
 public:
  SceneImages(const SceneImagesOptions& options, const geometry::Calibration& calibration,
              const Places& places)
      : world_(options.scene, options.loop_frames) {
    const NoiseOptions noise{options.seed, static_cast<float>(options.noise)};
    if (options.config.depth_on())
      depth_.emplace(world_, options.config.depth_mode, calibration.depth, places.depth, noise,
                     options.neighbours, options.loop_frames);
    if (options.config.color_on()) make_color(options, calibration.color, places.color, noise);
  }

  Result<Buffer> color(const ColorMoment& moment) override {
    if (!color_) return Error(Errc::state, "simulated images: the colour camera is off");
    return color_->image(moment);
  }

  Result<DepthIr> depth(const DepthMoment& moment) override {
    if (!depth_) return Error(Errc::state, "simulated images: the depth camera is off");
    return depth_->image(moment);
  }

 private:
  void make_color(const SceneImagesOptions& options, geometry::CameraCalibration camera,
                  const geometry::Extrinsics& place, const NoiseOptions& noise) {
    camera.metric_radius = kAnyRadius;
    ColorCamera pictures(ColorRenderer(world_, camera, place),
                         {.noise = noise,
                          .mains_hz = options.mains_hz,
                          .period = device_us(1'000'000 / fps(options.config.rate))});
    if (options.config.color_format == PixelFormat::mjpg)
      color_ = std::make_unique<JpegLoop>(std::move(pictures), options.loop_frames);
    else
      color_ = std::make_unique<RawColorLoop>(std::move(pictures), options.config.color_format,
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
  const geometry::Extrinsics world = world_from_depth(options.pose);
  const Places places{compose(world, inverse(raw.depth.from_depth)),
                      compose(world, inverse(raw.color.from_depth))};
  if (options.config.depth_on()) {
    GENLOCK_TRY(check_lens(calibration.depth.intrinsics).context("depth camera"));
    GENLOCK_TRY(check_inside(options.scene, places.depth, "depth"));
  }
  if (options.config.color_on()) {
    GENLOCK_TRY(check_lens(calibration.color.intrinsics).context("colour camera"));
    GENLOCK_TRY(check_inside(options.scene, places.color, "colour"));
  }
  return std::unique_ptr<ImageSource>(std::make_unique<SceneImages>(options, calibration, places));
}

}  // namespace genlock::device::sim
