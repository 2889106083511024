#include "support/planned_recording.h"

#include <fstream>
#include <stdexcept>

namespace genlock::test {
namespace {

using recording::TrackKind;

/// The pulses that a stream's frames were made for, in order.
std::vector<std::int64_t> pulses_of(const StampPlan& plan, sync::Stream stream) {
  const std::set<std::int64_t>& drops = stream == sync::Stream::color ? plan.color_drops : plan.depth_drops;
  std::vector<std::int64_t> pulses;
  for (std::int64_t n = plan.first_pulse; n < plan.first_pulse + plan.frames; ++n)
    if (!drops.contains(n)) pulses.push_back(n);
  return pulses;
}

Image image_of(const PlannedFile& file, TrackKind track, std::int64_t pulse, const sync::Observation& frame) {
  Image image = planned_image(file, track, pulse);
  image.device_time = frame.device;
  image.host_time = frame.host;
  image.exposure = frame.exposure;
  image.white_balance.reset();
  image.iso.reset();
  if (file.numbered) image.pulse = pulse + *file.numbered;
  return image;
}

}  // namespace

CameraConfig planned_config(const PlannedFile& file) {
  const sync::UnitDescription& unit = file.plan.description;
  CameraConfig config;
  if (unit.color) config.color_resolution = ColorResolution::r720p;
  config.depth_mode = unit.depth ? unit.depth_mode : DepthMode::off;
  config.rate = unit.rate;
  config.sync_mode = unit.sync_mode;
  config.delay_off_master = unit.delay_off_master;
  config.depth_delay_off_color = unit.depth_delay_off_color;
  return config;
}

recording::RecordingInfo planned_info(const PlannedFile& file) {
  recording::RecordingInfo info = synthetic_info(planned_config(file), file.imu);
  info.serial = file.plan.description.serial;
  info.simulated = file.plan.description.simulated;
  info.host = file.plan.description.host;
  return info;
}

Image planned_image(const PlannedFile& file, TrackKind track, std::int64_t pulse) {
  const CameraConfig config = planned_config(file);
  const auto seed = static_cast<unsigned>(pulse * 4 + static_cast<std::int64_t>(track));
  if (track == TrackKind::color)
    return synthetic_image(config.color_format, image_size(config.color_resolution), {}, seed);
  const PixelFormat format = track == TrackKind::depth ? PixelFormat::depth16 : PixelFormat::ir16;
  return synthetic_image(format, image_size(config.depth_mode), {}, seed);
}

TakeContent planned_content(const PlannedFile& file, std::size_t unit) {
  const UnitEvents events = generate(file.plan, unit, 1);
  TakeContent content{.host_pairs = events.pairs, .jacks = events.jacks};
  std::size_t colors = 0, depths = 0;
  for (const sync::Observation& frame : events.frames) {
    const bool color = frame.stream == sync::Stream::color;
    const std::int64_t pulse = pulses_of(file.plan, frame.stream)[color ? colors++ : depths++];
    Capture& capture = content.captures.emplace_back();
    if (color) {
      capture.color = image_of(file, TrackKind::color, pulse, frame);
      continue;
    }
    if (has_depth_image(file.plan.description.depth_mode))
      capture.depth = image_of(file, TrackKind::depth, pulse, frame);
    if (!file.ir_drops.contains(pulse)) capture.ir = image_of(file, TrackKind::ir, pulse, frame);
  }
  if (file.imu && !events.frames.empty()) {
    const DeviceDuration span = events.frames.back().device - events.frames.front().device;
    content.imu = synthetic_imu(events.frames.front().device, static_cast<std::size_t>(count_us(span) / 600));
  }
  return content;
}

std::filesystem::path write_planned(const std::filesystem::path& folder, const PlannedFile& file,
                                    std::size_t unit) {
  const auto bytes = record(planned_info(file), planned_content(file, unit));
  if (!bytes) throw std::runtime_error(bytes.error().message());
  const std::filesystem::path path = folder / (file.plan.description.name + ".mkv");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  return path;
}

std::vector<PlannedFile> planned_take(std::int64_t frames) {
  std::vector<PlannedFile> take{PlannedFile{.plan = master_plan(), .ir_drops = {}},
                                PlannedFile{.plan = subordinate_plan("sub1"), .ir_drops = {}},
                                PlannedFile{.plan = subordinate_plan("sub2"), .ir_drops = {}}};
  take[1].plan.description.serial = "900000812345";
  take[2].plan.description.serial = "900001012345";
  take[1].plan.description.delay_off_master = device_us(160);
  take[2].plan.ppm = 15;
  for (PlannedFile& file : take) {
    file.plan.description.depth_mode = DepthMode::nfov_2x2binned;
    file.plan.description.simulated = true;
    file.plan.description.host = {.name = "host", .boot_id = "boot"};
    file.plan.host_times = true;
    file.plan.frames = frames;
    file.plan.first_pulse = 6;
  }
  return take;
}

std::vector<std::filesystem::path> write_planned(const std::filesystem::path& folder,
                                                 const std::vector<PlannedFile>& take) {
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < take.size(); ++i) files.push_back(write_planned(folder, take[i], i));
  return files;
}

}  // namespace genlock::test
