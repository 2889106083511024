// What a take shows, judged from its pixels alone.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "cli/recorder_process.h"
#include "device/sim/bench.h"
#include "device/sim/images/pulse_code.h"
#include "recording/reader.h"

namespace genlock {
namespace {

using test::kWaiting;
using test::RecorderProcess;

std::optional<std::uint32_t> pulse_in(const Image& image) {
  return device::sim::read_pulse_code(image.format, image.size, image.data.bytes());
}

/// The colour stamp of each pulse that a recording's pixels show; every image of a capture must show the same
/// one.
std::map<std::uint32_t, DeviceTime> stamps_by_pulse(const std::filesystem::path& file) {
  std::map<std::uint32_t, DeviceTime> stamps;
  const auto reader = *recording::Reader::open(*open_file(file));
  for (auto capture = *reader->next_capture(); capture; capture = *reader->next_capture()) {
    const auto pulse = pulse_in(*capture->color);
    EXPECT_TRUE(pulse && pulse_in(*capture->depth) == pulse && pulse_in(*capture->ir) == pulse);
    stamps[pulse.value_or(0)] = capture->color->device_time;
  }
  return stamps;
}

class TakePixels : public RecorderProcess {};

TEST_F(TakePixels, ShowTheSamePulseWhereStampsSayTheSameInstant) {
  constexpr std::int64_t kDelayUs = 5000;
  make_bench(8, "clock_ppm = 15\n");
  const auto sub =
      record("sub1", {"--external-sync", "sub", "--sync-delay", "5000", "-r", "15", "-l", "3", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for(kWaiting)) << sub->output();
  const auto master = record("master", {"--external-sync", "master", "-r", "15", "-l", "3", "master.mkv"});
  ASSERT_EQ(master->wait(), 0) << master->output();
  ASSERT_EQ(sub->wait(), 0) << sub->output();
  const auto master_stamps = stamps_by_pulse(folder_ / "master.mkv");
  const auto sub_stamps = stamps_by_pulse(folder_ / "sub1.mkv");
  EXPECT_EQ(master_stamps.size(), 45u);
  int common = 0;
  for (const auto& [pulse, stamp] : master_stamps) {
    const auto same = sub_stamps.find(pulse);
    if (same == sub_stamps.end()) continue;
    ++common;
    EXPECT_NEAR(static_cast<double>(count_us(same->second - stamp)), kDelayUs, 220) << "pulse " << pulse;
  }
  EXPECT_GE(common, 40);
  std::string said;
  EXPECT_EQ(verify({"master.mkv", "sub1.mkv"}, said), 0) << said;
}

TEST_F(TakePixels, ThatFfmpegExtractsAreTheBenchsBitForBit) {
  const auto recorder = record("master", {"-r", "15", "-l", "0", "master.mkv"});
  ASSERT_EQ(recorder->wait(), 0) << recorder->output();
  test::Process ffmpeg({"ffmpeg", "-v", "error", "-i", "master.mkv", "-map", "0:v:1", "-pix_fmt", "gray16le",
                        "-f", "rawvideo", "depth.raw"},
                       {.environment = {}, .directory = folder_.path()});
  ASSERT_EQ(ffmpeg.wait(), 0) << ffmpeg.output();
  EXPECT_EQ(ffmpeg.output(), "");

  const auto units = *device::sim::open_bench(
      {.bench = bench_file(), .host = "master", .state_directory = state_directory()});
  const auto unit = *units->open(0);
  ASSERT_TRUE(unit->start_cameras({.color_resolution = ColorResolution::r720p,
                                   .depth_mode = DepthMode::nfov_2x2binned,
                                   .rate = FrameRate::fps15}));
  const auto capture = *unit->next_capture(std::chrono::seconds(60));
  ASSERT_TRUE(capture && capture->depth);
  std::vector<std::byte> extracted(capture->depth->data.size() + 1);
  extracted.resize(*(*open_file(folder_ / "depth.raw"))->read_at(0, extracted));
  EXPECT_TRUE(std::ranges::equal(extracted, capture->depth->data.bytes()));
}

}  // namespace
}  // namespace genlock
