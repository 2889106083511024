#include "facts/rig.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace genlock::facts {

using device::ColorControl;
using device::ControlMode;
using device::sim::BenchConfig;
using device::sim::Jack;

BenchConfig stepped_preset(const std::string& name) {
  BenchConfig config = *device::sim::preset(name);
  config.stepped = true;
  for (auto& unit : config.units) unit.images = "flat";
  return config;
}

BenchConfig triggered_preset(const std::string& name, double ppm) {
  BenchConfig config = stepped_preset(name);
  config.trigger = device::sim::TriggerConfig{.ppm = ppm, .on = false};
  config.cables.clear();
  for (const auto& unit : config.units)
    config.cables.push_back({.from = {"", Jack::out}, .to = {unit.name, Jack::in}});
  return config;
}

CameraConfig both_cameras(WiredSyncMode mode, FrameRate rate) {
  return {.color_format = PixelFormat::nv12,
          .color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_unbinned,
          .rate = rate,
          .sync_mode = mode};
}

CameraConfig depth_alone(WiredSyncMode mode) {
  return {.depth_mode = DepthMode::nfov_unbinned, .sync_mode = mode};
}

Rig::Rig(const BenchConfig& config) : bench_(config), boot_(bench_.clock().now()) {}

device::Device& Rig::unit(const std::string& name) {
  Read& here = read_[name];
  if (!here.unit) here.unit = bench_.open(name);
  return *here.unit;
}

void Rig::start(const std::string& name, const CameraConfig& config) {
  const Status started = unit(name).start_cameras(config);
  ASSERT_TRUE(started) << started.error().message();
  read_[name].shots.clear();
}

void Rig::start_imu(const std::string& name) {
  const Status started = unit(name).start_imu();
  ASSERT_TRUE(started) << started.error().message();
  read_[name].imu = true;
}

void Rig::start_chain(const CameraConfig& master, const CameraConfig& subordinate) {
  start("sub1", subordinate);
  start("sub2", subordinate);
  start("master", master);
}

void Rig::stop(const std::string& name) {
  unit(name).stop_imu();
  unit(name).stop_cameras();
  read_[name].imu = false;
}

void Rig::pass(HostDuration time, HostDuration step) {
  for (HostDuration passed{}; passed < time; passed += step) {
    bench_.step(step);
    for (auto& [name, one] : read_) {
      if (one.unit->running_config()) read(one);
      if (one.imu) read_imu(one);
    }
  }
}

void Rig::read(Read& from) {
  for (auto capture = from.unit->next_capture(HostDuration::zero()); capture && *capture;
       capture = from.unit->next_capture(HostDuration::zero())) {
    Shot shot{.temperature_c = (*capture)->temperature_c};
    if (const auto& color = (*capture)->color) {
      shot.color = count_us(color->device_time);
      shot.exposure_us = count_us(*color->exposure);
      shot.color_host = *color->host_time - boot_;
    }
    if (const auto& ir = (*capture)->ir) {
      shot.depth = count_us(ir->device_time);
      shot.depth_host = *ir->host_time - boot_;
    }
    from.shots.push_back(shot);
  }
}

void Rig::read_imu(Read& from) {
  std::vector<ImuSample> some(1000);
  const auto taken = from.unit->read_imu(some, HostDuration::zero());
  if (!taken || *taken == 0) return;
  from.arrivals.push_back(now());
  from.samples.insert(from.samples.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(*taken));
}

void Rig::set(const std::vector<std::string>& words) {
  const auto command = device::sim::parse_bench_command(words);
  ASSERT_TRUE(command && bench_.bench().apply(*command));
}

void Rig::set_exposure(const std::string& name, std::int32_t us) {
  ASSERT_TRUE(unit(name).set_color_control(ColorControl::exposure_us, {ControlMode::manual, us}));
}

std::vector<std::int64_t> color_stamps(const std::vector<Shot>& shots) {
  std::vector<std::int64_t> stamps;
  for (const Shot& shot : shots)
    if (shot.color) stamps.push_back(*shot.color);
  return stamps;
}

std::vector<std::int64_t> depth_stamps(const std::vector<Shot>& shots) {
  std::vector<std::int64_t> stamps;
  for (const Shot& shot : shots)
    if (shot.depth) stamps.push_back(*shot.depth);
  return stamps;
}

std::int64_t ticks_of(std::int64_t us) {
  return (us * 9 + 99) / 100;
}

std::string first_of(const std::vector<std::int64_t>& values, std::size_t count) {
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(std::min(count, values.size()));
  return fmt::format("{}", fmt::join(values.begin(), end, ", "));
}

std::vector<std::int64_t> offsets(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b,
                                  std::int64_t expected_us) {
  std::vector<std::int64_t> found;
  for (const std::int64_t one : a) {
    const auto later = std::ranges::lower_bound(b, one + expected_us);
    for (const auto& other : {later, later == b.begin() ? later : later - 1}) {
      if (other != b.end() && std::abs(*other - one - expected_us) < 16'000) found.push_back(*other - one);
      if (later == b.begin()) break;
    }
  }
  return found;
}

Range range_of(const std::vector<std::int64_t>& values) {
  if (values.empty()) {
    ADD_FAILURE() << "nothing was measured";
    return {};
  }
  std::map<std::int64_t, int> counts;
  for (const std::int64_t value : values) ++counts[value];
  const auto usual = std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return {.least = counts.begin()->first, .most = counts.rbegin()->first, .usual = usual->first};
}

std::vector<std::int64_t> differences(const std::vector<std::int64_t>& values) {
  std::vector<std::int64_t> found;
  for (std::size_t i = 1; i < values.size(); ++i) found.push_back(values[i] - values[i - 1]);
  return found;
}

}  // namespace genlock::facts
