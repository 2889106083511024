#include "device/sim/unit_timeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lab.h"

namespace genlock::device::sim {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;
using enum FrameStream;

// ---- Placement of exposures (facts device.md 2.6) ----

struct CentreRow {
  std::int64_t color_exposure_us;
  DepthMode mode;
  std::int64_t color_start_us, depth_start_us, centre_us;
};

TEST(Placement, FollowsTheVendorsTable) {
  const CentreRow rows[] = {
      {500, DepthMode::nfov_unbinned, 6150, 0, 6400},    {500, DepthMode::wfov_unbinned, 9900, 0, 10150},
      {500, DepthMode::passive_ir, 550, 0, 800},         {8330, DepthMode::nfov_2x2binned, 2235, 0, 6400},
      {8330, DepthMode::wfov_unbinned, 5985, 0, 10150},  {8330, DepthMode::passive_ir, 0, 3365, 4165},
      {16670, DepthMode::wfov_2x2binned, 0, 1935, 8335}, {16670, DepthMode::wfov_unbinned, 1815, 0, 10150},
      {16670, DepthMode::passive_ir, 0, 7535, 8335},     {33330, DepthMode::nfov_unbinned, 0, 10265, 16665},
      {33330, DepthMode::wfov_unbinned, 0, 6515, 16665}, {33330, DepthMode::passive_ir, 0, 15865, 16665}};
  for (const CentreRow& row : rows) {
    const CameraConfig config{.color_resolution = ColorResolution::r720p, .depth_mode = row.mode};
    const FrameCentres centres = frame_centres(config, device_us(row.color_exposure_us));
    EXPECT_EQ(centres.color, microseconds(row.centre_us));
    EXPECT_EQ(centres.depth, microseconds(row.centre_us));
    EXPECT_EQ(centres.color - microseconds(row.color_exposure_us) / 2, microseconds(row.color_start_us));
    EXPECT_EQ(centres.depth - microseconds(count_us(depth_exposure(row.mode))) / 2,
              microseconds(row.depth_start_us));
  }
}

TEST(Placement, KnowsOnlyTheCameraThatIsOn) {
  const CameraConfig color{.color_resolution = ColorResolution::r720p};
  EXPECT_EQ(frame_centres(color, device_us(500)).color, microseconds(250));
  const CameraConfig depth{.depth_mode = DepthMode::nfov_unbinned};
  EXPECT_EQ(frame_centres(depth, device_us(33330)).depth, microseconds(6400));
}

// ---- Stamps of every rate, role and mode ----

TEST(Stamps, AreWholePeriodsApartAtEveryRateInEveryRole) {
  for (const FrameRate rate : {FrameRate::fps5, FrameRate::fps15, FrameRate::fps30}) {
    for (const DepthMode mode :
         {DepthMode::nfov_2x2binned, DepthMode::nfov_unbinned, DepthMode::wfov_2x2binned,
          DepthMode::wfov_unbinned, DepthMode::passive_ir}) {
      if (max_fps(mode) < fps(rate)) continue;
      Lab lab;
      CameraConfig config = cameras(subordinate, rate);
      config.depth_mode = mode;
      lab.start(kB, seconds(0), config);
      config.sync_mode = master;
      lab.start(kA, seconds(1), config);
      const std::int64_t period = count_ticks(frame_period(rate));
      const std::int64_t centre = count_us(std::max(device_us(16670), depth_exposure(mode))) * 9 / 200;
      for (const std::size_t unit : {kA, kB}) {
        const auto frames = lab.frames(unit, seconds(8));
        ASSERT_GT(frames.size(), 30U);
        for (const Frame& frame : frames) {
          EXPECT_EQ(ticks(frame), static_cast<std::int64_t>(frame.pulse) * period + centre);
        }
      }
    }
  }
}

TEST(Stamps, ShowTheProgrammedDelaysOfBothSigns) {
  Lab lab;
  CameraConfig sub = cameras(subordinate);
  sub.delay_off_master = device_us(22896);
  sub.depth_delay_off_color = device_us(7297);
  lab.start(kB, seconds(0), sub);
  CameraConfig head = cameras(master);
  head.depth_delay_off_color = device_us(-12276);
  lab.start(kA, seconds(1), head);
  const auto a = lab.frames(kA, seconds(3)), b = lab.frames(kB, seconds(3));
  // The pair measured in facts device.md 2.2, with the bias of a master whose depth comes first.
  EXPECT_EQ(ticks(at_pulse(b, color, 20)) - ticks(at_pulse(a, color, 20)), 2060);
  EXPECT_EQ(ticks(at_pulse(b, depth, 20)) - ticks(at_pulse(b, color, 20)), 656);
  EXPECT_EQ(ticks(at_pulse(a, depth, 20)) - ticks(at_pulse(a, color, 20)), -1104 + 3);
}

TEST(Stamps, ReachAWholePeriodOfDelayEitherWay) {
  for (const std::int64_t delay : {-200'000, 200'000}) {
    Lab lab;
    CameraConfig config = cameras(standalone, FrameRate::fps5);
    config.depth_delay_off_color = device_us(delay);
    lab.start(kA, seconds(0), config);
    const auto frames = lab.frames(kA, seconds(5));
    EXPECT_EQ(ticks(at_pulse(frames, depth, 10)) - ticks(at_pulse(frames, color, 10)), delay * 9 / 100);
  }
}

TEST(Stamps, JitterByATickOrTwoWithoutEverAccumulating) {
  Lab lab;
  lab.config.units[kA].jitter_ticks = lab.config.units[kA].depth_jitter_ticks = 1;
  lab.switch_on();
  lab.start(kA, seconds(0), cameras(standalone));
  const auto frames = lab.frames(kA, seconds(600));
  std::int64_t least = 9, most = -9, equal = 0, color_error = 0;
  for (const Frame& frame : frames) {
    const std::int64_t error = ticks(frame) - static_cast<std::int64_t>(frame.pulse) * 3000 - 750;
    EXPECT_LE(std::abs(error), frame.stream == color ? 1 : 2);
    least = std::min(least, error);
    most = std::max(most, error);
    if (frame.stream == color) color_error = error;
    if (frame.stream == depth) equal += error == color_error;
  }
  EXPECT_EQ(least, -2);
  EXPECT_EQ(most, 2);
  // Nearly all pairs are equal to the tick; colour arrives later than depth, so some are counted against a
  // neighbour.
  EXPECT_GT(equal, 0);
}

TEST(Stamps, AreExactAfterEightHours) {
  Lab lab(3);
  lab.config.units[kA].clock_ppm = -50.123;
  lab.config.units[kB].clock_ppm = 20.456;
  lab.config.units[kC].clock_ppm = -70;
  lab.config.units[kC].subordinate_clock = SubordinateClock::disciplined;
  lab.switch_on();
  lab.start(kC, seconds(0), cameras(subordinate));
  lab.start(kB, seconds(0), cameras(subordinate));
  lab.start(kA, seconds(1), cameras(master));
  constexpr std::uint64_t kPulse = 8 * 3600 * 30;
  const auto last = [&](std::size_t unit) {
    Frame frame;
    lab.timeline(unit).deliver(lab.boot + hours(8) + seconds(10), [&](const Frame& f) {
      if (f.pulse == kPulse && f.stream == color) frame = f;
    });
    return ticks(frame);
  };
  EXPECT_NEAR(static_cast<double>(last(kA)), 3000.0 * kPulse + 750, 1);
  EXPECT_NEAR(static_cast<double>(last(kC)), 3000.0 * kPulse + 750, 1);
  const double drifted = (3000.0 * kPulse) * (1 + 20.456e-6) / (1 - 50.123e-6) + 750;
  EXPECT_NEAR(static_cast<double>(last(kB)), drifted, 2);
}

// ---- Faults, changes, delivery ----

TEST(Faults, DropTheNextFramesOfAStreamAndNoMore) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.event(seconds(2), {.kind = EventKind::drop, .unit = kA, .streams = {.depth = true}, .count = 3});
  const auto frames = lab.frames(kA, seconds(5));
  EXPECT_EQ(only(color, frames).size(), only(depth, frames).size() + 3);
  std::uint64_t last = 0;
  for (const Frame& frame : only(depth, frames)) {
    if (last != 0 && frame.pulse != last + 1) {
      EXPECT_EQ(frame.pulse, last + 4);
    }
    last = frame.pulse;
  }
}

TEST(Faults, StallAStreamFromItsBeginToItsEnd) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.event(seconds(2), {.kind = EventKind::stall, .unit = kA, .on = true, .streams = {.color = true}});
  lab.event(seconds(3), {.kind = EventKind::stall, .unit = kA, .on = false, .streams = {.color = true}});
  const auto frames = lab.frames(kA, seconds(5));
  EXPECT_EQ(only(depth, frames).size() - only(color, frames).size(), 30U);
  for (const Frame& frame : only(color, frames)) {
    EXPECT_FALSE(frame.centre >= lab.boot + seconds(2) && frame.centre < lab.boot + seconds(3));
  }
}

TEST(Faults, StallsThatOverlapEndTogether) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  for (const int at : {2, 3})
    lab.event(seconds(at), {.kind = EventKind::stall, .unit = kA, .on = true, .streams = {.color = true}});
  lab.event(seconds(4), {.kind = EventKind::stall, .unit = kA, .on = false, .streams = {.color = true}});
  const auto frames = lab.frames(kA, seconds(6));
  EXPECT_EQ(only(depth, frames).size() - only(color, frames).size(), 60U);
}

TEST(Faults, NothingArrivesFromAUnitThatLostItsPower) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  lab.frames(kA, seconds(3));
  lab.event(seconds(3), {.kind = EventKind::power, .unit = kA, .on = false});
  lab.event(seconds(4), {.kind = EventKind::power, .unit = kA, .on = true});
  EXPECT_TRUE(lab.frames(kA, seconds(60)).empty());
  EXPECT_EQ(lab.timeline(kA).next_delivery(), kForever);
}

TEST(Exposure, ChangesTwoFramesLaterAndNeverExceedsThePeriod) {
  Lab lab;
  lab.start(kA, seconds(0), cameras(standalone));
  const auto set = [&](std::int32_t us) {
    return Event{.kind = EventKind::control,
                 .unit = kA,
                 .control = ColorControl::exposure_us,
                 .value = {ControlMode::manual, us}};
  };
  lab.event(seconds(2), set(8000));
  lab.event(seconds(3), set(100'000));
  const auto frames = only(color, lab.frames(kA, seconds(5)));
  EXPECT_EQ(count_us(frames.front().exposure), 16'670);
  EXPECT_EQ(count_us(frames[60].exposure), 8'330);
  EXPECT_EQ(count_us(frames.back().exposure), 33'330);
}

TEST(Delivery, IsInOrderAndTheSameHoweverOftenOneAsks) {
  Lab once(3), often(3);
  for (Lab* lab : {&once, &often}) {
    for (UnitConfig& unit : lab->config.units) {
      unit.latency = {.min = milliseconds(85), .max = milliseconds(156)};
      unit.jitter_ticks = 1;
      unit.start_drops = {1, 2};
      unit.clock_ppm = 80;
    }
    lab->config.units[kC].subordinate_clock = SubordinateClock::disciplined;
    lab->switch_on();
  }
  std::mt19937 random(3);
  const auto live_through = [&](Lab& lab, bool poll) {
    std::vector<Frame> seen;
    HostDuration at = seconds(3);
    const auto take = [&] {
      for (const Frame& frame : lab.frames(kC, at)) seen.push_back(frame);
    };
    lab.start(kC, seconds(0), cameras(subordinate));
    lab.start(kA, seconds(1), cameras(master));
    for (int i = 0; i < 400; ++i) {
      at += milliseconds(25);
      for (int j = 0; poll && j < 1 + i % 3; ++j) {
        take();
        at += std::chrono::nanoseconds(random() % 1000);
      }
      at = seconds(3) + milliseconds(25) * (i + 1);
      if (i == 100 || i == 250) {
        lab.event(at, {.kind = EventKind::jack, .unit = kB, .on = i != 100, .jack = Jack::in});
      }
    }
    take();
    return seen;
  };
  const auto all_at_once = live_through(once, false), step_by_step = live_through(often, true);
  ASSERT_EQ(all_at_once.size(), step_by_step.size());
  for (std::size_t i = 0; i < all_at_once.size(); ++i) {
    EXPECT_EQ(all_at_once[i].delivery, step_by_step[i].delivery);
    EXPECT_EQ(all_at_once[i].stamp, step_by_step[i].stamp);
    if (i > 0) {
      EXPECT_GE(all_at_once[i].delivery, all_at_once[i - 1].delivery);
    }
  }
}

}  // namespace
}  // namespace genlock::device::sim
