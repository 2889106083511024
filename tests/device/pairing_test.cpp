#include "device/pairing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <string_view>

namespace genlock::device {
namespace {

Image image_at(std::int64_t us) {
  return {.device_time = device_time_us(us)};
}

Capture color_at(std::int64_t us) {
  return {.color = image_at(us)};
}
Capture depth_at(std::int64_t us) {
  return {.depth = image_at(us), .ir = image_at(us), .temperature_c = 30.0f};
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string shown(const Capture& capture) {
  std::string text;
  if (capture.color) text += fmt::format("c{}", count_us(capture.color->device_time));
  if (capture.ir) text += fmt::format("d{}", count_us(capture.ir->device_time));
  return text;
}

/// Feeds frames written as "c100 d100" (camera and stamp in µs) and tells what came out: "c100d100" is a
/// pair.
std::string fed(Pairing& pairing, std::string_view frames) {
  std::string result;
  while (!frames.empty()) {
    const std::string_view frame = frames.substr(0, frames.find(' '));
    frames.remove_prefix(std::min(frames.size(), frame.size() + 1));
    const std::int64_t us = number(frame.substr(1));
    for (const Capture& c :
         frame[0] == 'c' ? pairing.push_color(color_at(us)) : pairing.push_depth(depth_at(us)))
      result += (result.empty() ? "" : " ") + shown(c);
  }
  return result;
}

struct Row {
  const char* what;
  FrameRate rate;
  std::int64_t delay_us;
  const char* frames;  ///< the first depth frame always is of the new clock
  const char* expected;
};

CameraConfig config_of(const Row& row) {
  return {.color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_unbinned,
          .rate = row.rate,
          .depth_delay_off_color = device_us(row.delay_us)};
}

constexpr FrameRate k30 = FrameRate::fps30, k15 = FrameRate::fps15, k5 = FrameRate::fps5;

// Windows: 30 fps P = 33333, P/4 = 8333; 15 fps 66666, 16666; 5 fps 200000, 50000.
constexpr Row kRows[] = {
    {"same stamps, either order", k30, 0, "c100000 d100000 d133333 c133333", "c100000d100000 c133333d133333"},
    {"first instant of the window", k30, 0, "c300000 d291667", "c300000d291667"},
    {"just before it: depth goes alone", k30, 0, "c300000 d291666", "d291666"},
    {"last instant of the window", k30, 0, "c300000 d325000", "c300000d325000"},
    {"just after it: colour goes alone", k30, 0, "c300000 d325001", "c300000"},
    {"15 fps, ends", k15, 0, "c300000 d283334 c400000 d450000", "c300000d283334 c400000d450000"},
    {"15 fps, outside", k15, 0, "c300000 d350001", "c300000"},
    {"5 fps, ends", k5, 0, "c300000 d250000 c600000 d750000", "c300000d250000 c600000d750000"},

    {"longest delay, first instant", k30, 33333, "c300000 d325000", "c300000d325000"},
    {"longest delay, just before", k30, 33333, "c300000 d324999", "d324999"},
    {"longest delay, last instant", k30, 33333, "c300000 d358333", "c300000d358333"},
    {"longest delay, just after", k30, 33333, "c300000 d358334", "c300000"},
    {"depth first, first instant", k30, -33333, "d300000 c325000", "c325000d300000"},
    {"depth first, just before", k30, -33333, "d300000 c324999", "c324999"},
    {"depth first, last instant", k30, -33333, "d300000 c358333", "c358333d300000"},
    {"depth first, just after", k30, -33333, "d300000 c358334", "d300000"},
    {"a real master of the facts", k30, -12276, "d354600 c366822 d387922 c400155",
     "c366822d354600 c400155d387922"},

    {"early frames: the window starts at zero", k30, 0, "c5000 d0", "c5000d0"},
    {"early frames: and so ends later", k30, 0, "c5000 d33333", "c5000d33333"},
    {"early frames: but not later still", k30, 0, "c5000 d33334", "c5000"},
    {"early frames, delay", k30, 20000, "c5000 d20000", "c5000d20000"},
    {"early frames, delay, too early", k30, 20000, "c5000 d19999", "d19999"},
    {"early frames, depth first", k30, -20000, "d5000 c20000", "c20000d5000"},

    {"lost colour frame", k30, 0, "c100000 d100000 d133333 c166666 d166666",
     "c100000d100000 d133333 c166666d166666"},
    {"lost depth frame", k30, 0, "c100000 d100000 c133333 d166666 c166666",
     "c100000d100000 c133333 c166666d166666"},
    {"depth late by transport", k30, 0, "c100000 c133333 c166666 d100000 d133333 d166666",
     "c100000d100000 c133333d133333 c166666d166666"},
    {"several drops before a match", k30, 0, "c100000 c133333 c166666 c200000 d200000",
     "c100000 c133333 c166666 c200000d200000"},
    {"a lone head stays inside", k30, 0, "c100000 d100000 c133333", "c100000d100000"},
    {"nothing in common", k30, 0, "c100000 d200000 c300000 d325001", "c100000 d200000 c300000"},
};

TEST(Pairing, EmitsExactlyTheCapturesOfTheTable) {
  for (const Row& row : kRows) {
    Pairing pairing(config_of(row));
    EXPECT_EQ(fed(pairing, row.frames), row.expected) << row.what << ", delay " << row.delay_us;
  }
}

TEST(Pairing, SynchronizedOnlyKeepsThePairsAndNothingElse) {
  for (const Row& row : kRows) {
    CameraConfig config = config_of(row);
    config.synchronized_images_only = true;
    Pairing pairing(config);
    std::string pairs;
    for (std::string_view rest = row.expected; !rest.empty();) {
      const std::string_view token = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), token.size() + 1));
      if (token.find('c') != token.npos && token.find('d') != token.npos)
        pairs += (pairs.empty() ? "" : " ") + std::string(token);
    }
    EXPECT_EQ(fed(pairing, row.frames), pairs) << row.what;
  }
}

const CameraConfig kBoth = config_of({"", k30, 0, "", ""});

std::string frames(char camera, int count, std::int64_t first_us) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += fmt::format("{}{}{}", i == 0 ? "" : " ", camera, first_us + i * 33333);
  return text;
}

TEST(Pairing, SilentPartnerLetsSinglesOutOnlyWhenSixteenWait) {
  Pairing pairing(kBoth);
  EXPECT_EQ(fed(pairing, frames('c', 16, 100000)), "");
  EXPECT_EQ(fed(pairing, "c633328"), "c100000");
  EXPECT_EQ(fed(pairing, "c666661"), "c133333");
  EXPECT_EQ(fed(pairing, "d166666"), "c166666d166666") << "the next one in line still finds its partner";
}

TEST(Pairing, OverflowOfSynchronizedOnlyIsDiscarded) {
  CameraConfig config = kBoth;
  config.synchronized_images_only = true;
  Pairing pairing(config);
  EXPECT_EQ(fed(pairing, frames('d', 20, 100000)), "");
  EXPECT_EQ(fed(pairing, "c233332"), "c233332d233332");
}

TEST(Pairing, DepthFramesOfTheOldClockAreSwallowedUntilTheFirstSaneOneOnly) {
  Pairing pairing(kBoth);
  EXPECT_EQ(fed(pairing, "d9000000 d366663 c100000"), "") << "11 whole periods are old";
  EXPECT_EQ(fed(pairing, "d366662"), "c100000") << "10 are not";
  EXPECT_EQ(fed(pairing, "d9000000 c9000000"), "d366662 c9000000d9000000")
      << "later ones are taken as they are";
}

TEST(Pairing, NoStampIsStaleWithTheColourCameraOff) {
  CameraConfig config = kBoth;
  config.color_resolution = ColorResolution::off;
  Pairing pairing(config);
  EXPECT_EQ(fed(pairing, "d9000000 d9033333"), "d9000000 d9033333");
}

TEST(Pairing, OneCameraOrPassThroughChangesNothing) {
  CameraConfig color_only = kBoth;
  color_only.depth_mode = DepthMode::off;
  Pairing single(color_only);
  EXPECT_EQ(fed(single, "c1 c2"), "c1 c2");
  Pairing through(kBoth, PairingMode::pass_through);
  EXPECT_EQ(fed(through, "c100000 d9000000 d100000"), "c100000 d9000000 d100000");
}

TEST(Pairing, PairKeepsTheTemperatureOfDepthAndPassiveIrPairsByItsIrImage) {
  CameraConfig config = kBoth;
  config.depth_mode = DepthMode::passive_ir;
  Pairing pairing(config);
  pairing.push_color(color_at(100000));
  const auto out = pairing.push_depth({.ir = image_at(100000), .temperature_c = 31.5f});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].temperature_c, 31.5f);
  EXPECT_TRUE(out[0].color && out[0].ir);
  EXPECT_FALSE(out[0].depth);
}

}  // namespace
}  // namespace genlock::device
