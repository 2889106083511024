#include "replay/match_config.h"

#include <fmt/core.h>

namespace genlock::replay {
namespace {

template <class T>
Status same(std::string_view setting, const T& asked, const T& recorded, const CameraConfig& all) {
  if (asked == recorded) return {};
  return Error(Errc::unsupported, fmt::format("{} is {} in the recording, not {}; start it as recorded: {}",
                                              setting, recorded, asked, describe(all)));
}

std::string microseconds(DeviceDuration duration) {
  return fmt::format("{} us", count_us(duration));
}

}  // namespace

Status match_config(const CameraConfig& asked, const recording::RecordingInfo& info) {
  const CameraConfig& recorded = info.config;
  const auto check = [&recorded](std::string_view setting, const auto& a, const auto& b) {
    return same(setting, a, b, recorded);
  };
  GENLOCK_TRY(
      check("colour resolution", to_string(asked.color_resolution), to_string(recorded.color_resolution)));
  if (recorded.color_on())
    GENLOCK_TRY(check("colour format", to_string(asked.color_format), to_string(recorded.color_format)));
  GENLOCK_TRY(check("depth mode", to_string(asked.depth_mode), to_string(recorded.depth_mode)));
  GENLOCK_TRY(check("frame rate", fps(asked.rate), fps(recorded.rate)));
  GENLOCK_TRY(check("depth delay", microseconds(asked.depth_delay_off_color),
                    microseconds(recorded.depth_delay_off_color)));
  GENLOCK_TRY(check("wired sync mode", to_string(asked.sync_mode), to_string(recorded.sync_mode)));
  return check("delay off master", microseconds(asked.delay_off_master),
               microseconds(recorded.delay_off_master));
}

std::string describe(const CameraConfig& config) {
  const std::string color = config.color_on() ? fmt::format("{} {}", to_string(config.color_format),
                                                            to_string(config.color_resolution))
                                              : "no colour";
  std::string text =
      fmt::format("{}, {}, {} fps, {}", color, config.depth_on() ? to_string(config.depth_mode) : "no depth",
                  fps(config.rate), to_string(config.sync_mode));
  if (config.depth_delay_off_color != device_us(0))
    text += fmt::format(", depth delay {}", microseconds(config.depth_delay_off_color));
  if (config.delay_off_master != device_us(0))
    text += fmt::format(", delay off master {}", microseconds(config.delay_off_master));
  return text;
}

}  // namespace genlock::replay
