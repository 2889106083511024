#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/device.h"

namespace genlock::device {
namespace {

using testing::HasSubstr;

constexpr SyncJacks kPlugged{.in = true, .out = true};

CameraConfig both() {
  return {.color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_unbinned,
          .rate = FrameRate::fps30};
}

template <class Change>
CameraConfig but(Change change, CameraConfig config = both()) {
  change(config);
  return config;
}

struct Row {
  const char* rule;
  CameraConfig config;
  const char* message;  ///< part of it
  SyncJacks jacks = kPlugged;
};

/// One row a rule of facts k4a-abi.md C1, in its order. Each row also breaks the last rule that can still be
/// broken with it where that is possible, so that the order is tested too.
std::vector<Row> broken_rules() {
  using C = CameraConfig;
  const auto master = WiredSyncMode::master;
  const auto sub = WiredSyncMode::subordinate;
  return {
      {"1",
       but([](C& c) { c.color_format = PixelFormat::depth16, c.color_resolution = ColorResolution::off; }),
       "colour format DEPTH16"},
      {"2", but([](C& c) { c.color_resolution = static_cast<ColorResolution>(7); }),
       "colour resolution number 7"},
      {"3", but([](C& c) { c.depth_mode = static_cast<DepthMode>(6); }), "depth mode number 6"},
      {"4", but([](C& c) { c.rate = static_cast<FrameRate>(3); }), "frame rate number 3"},
      {"5", but([](C& c) { c.sync_mode = static_cast<WiredSyncMode>(3); }), "sync mode number 3"},
      {"6",
       but([&](C& c) { c.sync_mode = sub, c.delay_off_master = device_us(99999); }),
       "no cable in SYNC IN",
       {.in = false, .out = true}},
      {"7",
       but([&](C& c) { c.sync_mode = master, c.color_resolution = ColorResolution::off; }),
       "no cable in SYNC OUT",
       {.in = true, .out = false}},
      {"8", but([&](C& c) { c.sync_mode = master, c.color_resolution = ColorResolution::off; }),
       "OFF on a master"},
      {"9", but([&](C& c) { c.sync_mode = sub, c.delay_off_master = device_us(33334); }),
       "use 0 to 33333 us"},
      {"9", but([&](C& c) { c.sync_mode = sub, c.delay_off_master = device_us(-1); }),
       "delay off master -1 us"},
      {"10", but([&](C& c) { c.sync_mode = master, c.delay_off_master = device_us(1); }),
       "a unit that is MASTER"},
      {"10", but([](C& c) { c.delay_off_master = device_us(1); }), "a unit that is STANDALONE"},
      {"11", CameraConfig{}, "both off"},
      {"12", but([](C& c) { c.depth_delay_off_color = device_us(33334); }), "depth delay 33334 us is longer"},
      {"12", but([](C& c) { c.depth_delay_off_color = device_us(-33334); }), "use -33333 to 33333 us"},
      {"13", but([](C& c) { c.depth_mode = DepthMode::off, c.depth_delay_off_color = device_us(1); }),
       "depth delay 1 us with one camera off"},
      {"14", but([](C& c) { c.color_resolution = ColorResolution::off, c.synchronized_images_only = true; }),
       "synchronized images only"},
      {"15", but([](C& c) {
         c.depth_mode = DepthMode::wfov_unbinned, c.color_resolution = ColorResolution::r3072p;
       }),
       "depth mode WFOV_UNBINNED; use at most 15"},
      {"16", but([](C& c) { c.color_resolution = ColorResolution::r3072p; }),
       "resolution 3072P; use at most 15"},
      {"16",
       but([](C& c) { c.color_format = PixelFormat::nv12, c.color_resolution = ColorResolution::r1080p; }),
       "colour format NV12 does not exist at 1080P"},
      {"16",
       but([](C& c) { c.color_format = PixelFormat::yuy2, c.color_resolution = ColorResolution::r3072p; }),
       "colour format YUY2"},
  };
}

TEST(Validate, EveryBrokenRuleIsNamedByItsOwnMessage) {
  for (const Row& row : broken_rules()) {
    const Status status = validate(row.config, row.jacks);
    ASSERT_FALSE(status) << "rule " << row.rule << ": " << row.message;
    EXPECT_EQ(status.error().code(), Errc::invalid);
    EXPECT_THAT(status.error().message(), HasSubstr(row.message)) << "rule " << row.rule;
  }
}

TEST(Validate, BothEndsOfADelayAreAllowedAtEveryRate) {
  for (const FrameRate rate : {FrameRate::fps5, FrameRate::fps15, FrameRate::fps30}) {
    const DeviceDuration period = period_us(rate);
    for (const DeviceDuration delay : {-period, period}) {
      EXPECT_TRUE(
          validate(but([&](CameraConfig& c) { c.rate = rate, c.depth_delay_off_color = delay; }), kPlugged));
    }
    const auto subordinate = but([&](CameraConfig& c) {
      c.rate = rate, c.sync_mode = WiredSyncMode::subordinate, c.delay_off_master = period;
    });
    EXPECT_TRUE(validate(subordinate, kPlugged));
  }
}

TEST(Validate, EveryPairOfModesObeysTheRateTable) {
  const auto fits = [](const CameraConfig& c) {
    const bool yuv = c.color_format == PixelFormat::nv12 || c.color_format == PixelFormat::yuy2;
    const bool capped =
        c.color_resolution == ColorResolution::r3072p || c.depth_mode == DepthMode::wfov_unbinned;
    return (!yuv || c.color_resolution == ColorResolution::r720p) && (!capped || c.rate != FrameRate::fps30);
  };
  for (int format = 0; format <= 3; ++format)
    for (int resolution = 1; resolution <= 6; ++resolution)
      for (int depth = 0; depth <= 5; ++depth)
        for (int rate = 0; rate <= 2; ++rate) {
          const CameraConfig config{.color_format = static_cast<PixelFormat>(format),
                                    .color_resolution = static_cast<ColorResolution>(resolution),
                                    .depth_mode = static_cast<DepthMode>(depth),
                                    .rate = static_cast<FrameRate>(rate)};
          EXPECT_EQ(validate(config, kPlugged).has_value(), fits(config))
              << format << ' ' << resolution << ' ' << depth << ' ' << rate;
        }
}

TEST(Validate, WhatIsAllowedThoughItLooksOdd) {
  const auto depth_only_subordinate = but([](CameraConfig& c) {
    c.color_resolution = ColorResolution::off, c.sync_mode = WiredSyncMode::subordinate;
  });
  EXPECT_TRUE(validate(depth_only_subordinate, {.in = true, .out = false}));
  EXPECT_TRUE(validate(depth_only_subordinate, kPlugged)) << "the middle of a chain";
  const auto master = but([](CameraConfig& c) { c.sync_mode = WiredSyncMode::master; });
  EXPECT_TRUE(validate(master, kPlugged)) << "a master with SYNC IN plugged is not refused";
  EXPECT_TRUE(validate(master, SyncJacks{})) << "jacks that cannot be told count as plugged";
  EXPECT_TRUE(validate(both(), {.in = false, .out = false}));
}

TEST(Validate, AddsHowAProgramIsToldToStartAUnitAsStandalone) {
  CameraConfig config{.color_resolution = ColorResolution::r720p};
  config.sync_mode = WiredSyncMode::subordinate;
  EXPECT_EQ(
      explain_standalone(validate(config, {.in = false, .out = false}), "by --option").error().message(),
      "no cable in SYNC IN; plug the chain, or start it as standalone (by --option)");
  EXPECT_EQ(explain_standalone(Error(Errc::io, "not enough bandwidth"), "by --option").error().message(),
            "not enough bandwidth");
  EXPECT_TRUE(explain_standalone({}, "by --option"));
}

}  // namespace
}  // namespace genlock::device
