#include <fmt/core.h>

#include "device/device.h"

// The rules of facts k4a-abi.md C1; the numbers in the names of the functions are its rows.

namespace genlock::device {
namespace {

template <class... Args>
Error broken(fmt::format_string<Args...> format, Args&&... args) {
  return Error(Errc::invalid, fmt::format(format, std::forward<Args>(args)...));
}

template <class E>
bool is_member(E value, E last) {
  return value <= last;
}

constexpr std::string_view kStartAsStandalone = "start it as standalone";

bool is_color_format(PixelFormat format) {
  return format <= PixelFormat::bgra32;
}

Status rules_1_to_5_members(const CameraConfig& c) {
  if (!is_color_format(c.color_format))
    return broken(
        "colour format {} ({}) is none of MJPG, NV12, YUY2 and BGRA, one of which is needed even with colour "
        "off",
        to_string(c.color_format), static_cast<int>(c.color_format));
  if (!is_member(c.color_resolution, ColorResolution::r3072p))
    return broken("colour resolution number {} does not exist; choose OFF or 720P to 3072P",
                  static_cast<int>(c.color_resolution));
  if (!is_member(c.depth_mode, DepthMode::passive_ir))
    return broken("depth mode number {} does not exist; choose OFF, an NFOV or WFOV mode, or PASSIVE_IR",
                  static_cast<int>(c.depth_mode));
  if (!is_member(c.rate, FrameRate::fps30))
    return broken("frame rate number {} does not exist; choose 5, 15 or 30 fps", static_cast<int>(c.rate));
  if (!is_member(c.sync_mode, WiredSyncMode::subordinate))
    return broken("wired sync mode number {} does not exist; choose STANDALONE, MASTER or SUBORDINATE",
                  static_cast<int>(c.sync_mode));
  return {};
}

Status rules_6_to_8_wiring(const CameraConfig& c, const SyncJacks& jacks) {
  if (c.sync_mode == WiredSyncMode::subordinate && !jacks.in.value_or(true))
    return broken("no cable in SYNC IN; plug the chain, or {}", kStartAsStandalone);
  if (c.sync_mode == WiredSyncMode::master && !jacks.out.value_or(true))
    return broken("no cable in SYNC OUT; plug the chain, or {}", kStartAsStandalone);
  if (c.sync_mode == WiredSyncMode::master && !c.color_on())
    return broken(
        "colour resolution OFF on a master, whose colour camera makes the pulses; switch colour on");
  return {};
}

Status rules_9_and_10_delay_off_master(const CameraConfig& c) {
  const DeviceDuration longest = period_us(c.rate);
  if (c.sync_mode == WiredSyncMode::subordinate &&
      (c.delay_off_master < device_us(0) || c.delay_off_master > longest))
    return broken("delay off master {} us is outside one frame period; use 0 to {} us at {} fps",
                  count_us(c.delay_off_master), count_us(longest), fps(c.rate));
  if (c.sync_mode != WiredSyncMode::subordinate && c.delay_off_master != device_us(0))
    return broken("delay off master {} us on a unit that is {}; only a SUBORDINATE has one, set it to 0",
                  count_us(c.delay_off_master), to_string(c.sync_mode));
  return {};
}

Status rules_12_to_14_pairing(const CameraConfig& c) {
  const DeviceDuration longest = period_us(c.rate);
  const bool both = c.color_on() && c.depth_on();
  if (both && (c.depth_delay_off_color < -longest || c.depth_delay_off_color > longest))
    return broken("depth delay {} us is longer than one frame period; use {} to {} us at {} fps",
                  count_us(c.depth_delay_off_color), -count_us(longest), count_us(longest), fps(c.rate));
  if (!both && c.depth_delay_off_color != device_us(0))
    return broken("depth delay {} us with one camera off; set it to 0 or switch both cameras on",
                  count_us(c.depth_delay_off_color));
  if (!both && c.synchronized_images_only)
    return broken(
        "synchronized images only with one camera off; switch both cameras on or allow single images");
  return {};
}

Status rule_15_depth_rate(const CameraConfig& c) {
  if (!c.depth_on() || fps(c.rate) <= max_fps(c.depth_mode)) return {};
  return broken("{} fps is too fast for depth mode {}; use at most {} fps", fps(c.rate),
                to_string(c.depth_mode), max_fps(c.depth_mode));
}

Status rule_16_color_triple(const CameraConfig& c) {
  if (!c.color_on()) return {};
  const bool any_size = c.color_format == PixelFormat::mjpg || c.color_format == PixelFormat::bgra32;
  if (!any_size && c.color_resolution != ColorResolution::r720p)
    return broken("colour format {} does not exist at {}; use 720P, or MJPG or BGRA",
                  to_string(c.color_format), to_string(c.color_resolution));
  if (fps(c.rate) > max_fps(c.color_resolution))
    return broken("{} fps is too fast for colour resolution {}; use at most {} fps", fps(c.rate),
                  to_string(c.color_resolution), max_fps(c.color_resolution));
  return {};
}

}  // namespace

Status validate(const CameraConfig& config, const SyncJacks& jacks) {
  GENLOCK_TRY(rules_1_to_5_members(config));
  GENLOCK_TRY(rules_6_to_8_wiring(config, jacks));
  GENLOCK_TRY(rules_9_and_10_delay_off_master(config));
  if (!config.color_on() && !config.depth_on())
    return broken("colour and depth are both off; switch at least one camera on");
  GENLOCK_TRY(rules_12_to_14_pairing(config));
  GENLOCK_TRY(rule_15_depth_rate(config));
  return rule_16_color_triple(config);
}

Status explain_standalone(Status started, std::string_view how) {
  if (started || !started.error().message().ends_with(kStartAsStandalone)) return started;
  return Error(started.error().code(), fmt::format("{} ({})", started.error().message(), how));
}

}  // namespace genlock::device
