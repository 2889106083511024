// The official reader on Genlock's files: another program's view of everything the writer was given.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "stock_library.h"
#include "stock_reader.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using test::StockPlayback;
using test::TakeContent;

bool same_pixels(const std::optional<Image>& a, const std::optional<Image>& b) {
  if (!a || !b) return !a && !b;
  return a->format == b->format && a->size == b->size && a->device_time == b->device_time &&
         std::ranges::equal(a->data.bytes(), b->data.bytes());
}

/// The file has the first captures and samples of the take. Of its last capture images may be missing where
/// `torn`.
void expect_prefix(const StockPlayback& file, const TakeContent& content, bool torn = false) {
  ASSERT_LE(file.captures.size(), content.captures.size());
  for (std::size_t i = 0; i < file.captures.size(); ++i) {
    const bool last = torn && i + 1 == file.captures.size();
    const auto expect_same = [&](const std::optional<Image>& got, const std::optional<Image>& given) {
      EXPECT_TRUE((last && !got) || same_pixels(got, given)) << "capture " << i;
    };
    expect_same(file.captures[i].color, content.captures[i].color);
    expect_same(file.captures[i].depth, content.captures[i].depth);
    expect_same(file.captures[i].ir, content.captures[i].ir);
  }
  ASSERT_LE(file.imu.size(), content.imu.size());
  for (std::size_t i = 0; i < file.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(file.imu[i], content.imu[i])) << "sample " << i;
}

class OfficialReader : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = test::stock_library_missing())
      GTEST_SKIP() << "the official reader is missing: " << *reason;
  }

  std::filesystem::path save(const std::vector<std::byte>& bytes) {
    const std::filesystem::path path = folder_ / "file.mkv";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  StockPlayback play(const std::filesystem::path& path) {
    Result<StockPlayback> played = test::stock_play(path);
    EXPECT_TRUE(played) << played.error().message();
    return played ? *std::move(played) : StockPlayback();
  }

  /// What the official reader makes of a whole recording of `content`.
  StockPlayback record_and_play(const RecordingInfo& info, const TakeContent& content) {
    const Result<std::vector<std::byte>> file = test::record(info, content);
    EXPECT_TRUE(file) << file.error().message();
    return play(save(*file));
  }

  test::TemporaryFolder folder_;
};

TEST_F(OfficialReader, ReadsEveryCaptureAndSample) {
  const TakeContent content = test::synthetic_take(test::small_config(), true, 60);
  const StockPlayback file = record_and_play(test::synthetic_info(test::small_config(), true), content);
  EXPECT_EQ(file.captures.size(), content.captures.size());
  EXPECT_EQ(file.imu.size(), content.imu.size());
  expect_prefix(file, content);
}

TEST_F(OfficialReader, FindsTheConfiguration) {
  CameraConfig config = test::small_config();
  config.sync_mode = WiredSyncMode::subordinate;
  config.delay_off_master = device_us(320);
  config.depth_delay_off_color = device_us(-160);
  const StockPlayback file =
      record_and_play(test::synthetic_info(config, true), test::synthetic_take(config, true, 5));
  EXPECT_EQ(file.config.color_format, 0U);
  EXPECT_EQ(file.config.color_resolution, 1U);
  EXPECT_EQ(file.config.depth_mode, 1U);
  EXPECT_EQ(file.config.fps, 2U);
  EXPECT_TRUE(file.config.color && file.config.depth && file.config.ir && file.config.imu);
  EXPECT_EQ(file.config.sync_mode, 2U);
  EXPECT_EQ(file.config.delay_off_master_us, 320U);
  EXPECT_EQ(file.config.depth_delay_us, -160);
  EXPECT_EQ(file.config.start_offset_us, 990000U);
  EXPECT_EQ(file.captures.size(), 5U);
  EXPECT_EQ(file.calibration, R"({"CalibrationInformation":{"Cameras":[]}})");
}

TEST_F(OfficialReader, SeesOurTrackAsOneItNeedNotKnow) {
  const StockPlayback file = record_and_play(test::synthetic_info(test::small_config(), true),
                                             test::synthetic_take(test::small_config(), true, 40));
  EXPECT_THAT(file.tracks, testing::ElementsAre("COLOR", "DEPTH", "GENLOCK", "IMU", "IR"));
  EXPECT_THAT(file.builtin_tracks, testing::ElementsAre("COLOR", "DEPTH", "IMU", "IR"));
}

TEST_F(OfficialReader, FindsTheTags) {
  RecordingInfo info = test::synthetic_info(test::small_config(), false);
  info.tags["TAKE"] = "first light";
  const Result<std::vector<std::byte>> bytes =
      test::record(info, test::synthetic_take(test::small_config(), false, 2));
  ASSERT_TRUE(bytes);
  const std::filesystem::path file = save(*bytes);
  EXPECT_EQ(test::stock_tag(file, "K4A_DEVICE_SERIAL_NUMBER"), "900000712345");
  EXPECT_EQ(test::stock_tag(file, "K4A_COLOR_FIRMWARE_VERSION"), "1.6.110");
  EXPECT_EQ(test::stock_tag(file, "K4A_DEPTH_FIRMWARE_VERSION"), "1.6.79");
  EXPECT_EQ(test::stock_tag(file, "GENLOCK_SIMULATED"), "1");
  EXPECT_EQ(test::stock_tag(file, "TAKE"), "first light");
  EXPECT_EQ(test::stock_tag(file, "K4A_START_OFFSET_NS"), "1000000000");
}

struct Mode {
  PixelFormat format;
  ColorResolution resolution;
  DepthMode depth;
  FrameRate rate;
  bool imu;
};

class OfficialReaderModes : public OfficialReader, public testing::WithParamInterface<Mode> {};

TEST_P(OfficialReaderModes, ReadsThemAll) {
  CameraConfig config;
  config.color_format = GetParam().format;
  config.color_resolution = GetParam().resolution;
  config.depth_mode = GetParam().depth;
  config.rate = GetParam().rate;
  const TakeContent content = test::synthetic_take(config, GetParam().imu, 3);
  const StockPlayback file = record_and_play(test::synthetic_info(config, GetParam().imu), content);
  EXPECT_EQ(file.captures.size(), content.captures.size());
  EXPECT_EQ(file.imu.size(), content.imu.size());
  expect_prefix(file, content);
}

INSTANTIATE_TEST_SUITE_P(
    Oracle, OfficialReaderModes,
    testing::Values(
        Mode{PixelFormat::nv12, ColorResolution::r720p, DepthMode::nfov_unbinned, FrameRate::fps30, true},
        Mode{PixelFormat::yuy2, ColorResolution::r720p, DepthMode::off, FrameRate::fps15, false},
        Mode{PixelFormat::bgra32, ColorResolution::r1080p, DepthMode::wfov_2x2binned, FrameRate::fps5, true},
        Mode{PixelFormat::mjpg, ColorResolution::r3072p, DepthMode::wfov_unbinned, FrameRate::fps15, true},
        Mode{PixelFormat::mjpg, ColorResolution::r1536p, DepthMode::passive_ir, FrameRate::fps30, false},
        Mode{PixelFormat::mjpg, ColorResolution::off, DepthMode::passive_ir, FrameRate::fps30, false},
        Mode{PixelFormat::mjpg, ColorResolution::off, DepthMode::off, FrameRate::fps30, true}));

TEST_F(OfficialReader, OpensARecordingThatWasCutAnywhere) {
  const TakeContent content = test::synthetic_take(test::small_config(), true, 45);
  const Result<std::vector<std::byte>> whole =
      test::record_unfinished(test::synthetic_info(test::small_config(), true), content);
  ASSERT_TRUE(whole) << whole.error().message();
  std::size_t most = 0;
  for (std::size_t part = 1; part <= 25; ++part) {
    // Odd offsets, so that cuts fall into heads, pixels and laces alike; the first cluster must be there.
    const std::size_t size = 20'000 + (whole->size() - 20'000) / 25 * part - part * 37;
    const StockPlayback file =
        play(save({whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(size)}));
    expect_prefix(file, content, true);
    EXPECT_GE(file.captures.size(), most);
    most = file.captures.size();
  }
  EXPECT_GE(most, 40U);
}

TEST_F(OfficialReader, OpensEveryPartOfASplitRecording) {
  const TakeContent content = test::synthetic_take(test::small_config(), true, 50);
  std::vector<std::shared_ptr<MemorySink>> parts{std::make_shared<MemorySink>()};
  WriterOptions options = test::fixed_options();
  options.split.duration = device_us(600'000);
  options.split.next_part = [&](std::uint32_t) -> Result<std::unique_ptr<ByteSink>> {
    parts.push_back(std::make_shared<MemorySink>());
    return std::unique_ptr<ByteSink>(std::make_unique<test::KeptSink>(parts.back()));
  };
  ASSERT_TRUE(test::record_into(std::make_unique<test::KeptSink>(parts[0]),
                                test::synthetic_info(test::small_config(), true), content, options));
  ASSERT_EQ(parts.size(), 3U);
  TakeContent rest = content;
  for (const auto& part : parts) {
    const StockPlayback file = play(save(part->bytes()));
    EXPECT_FALSE(file.captures.empty());
    expect_prefix(file, rest);
    rest.captures.erase(rest.captures.begin(),
                        rest.captures.begin() + static_cast<std::ptrdiff_t>(file.captures.size()));
    rest.imu.erase(rest.imu.begin(), rest.imu.begin() + static_cast<std::ptrdiff_t>(file.imu.size()));
  }
  EXPECT_TRUE(rest.captures.empty() && rest.imu.empty());
}

TEST_F(OfficialReader, OpensWhatAFullDiskLeft) {
  const TakeContent content = test::synthetic_take(test::small_config(), true, 30);
  const auto memory = std::make_shared<MemorySink>();
  FaultySink full(*memory, {.capacity = 6'000'000, .fail_call = std::nullopt});
  const Status status =
      test::record_into(std::make_unique<test::KeptSink>(std::shared_ptr<ByteSink>(&full, [](ByteSink*) {})),
                        test::synthetic_info(test::small_config(), true), content);
  EXPECT_FALSE(status);
  const StockPlayback file = play(save(memory->bytes()));
  EXPECT_GT(file.captures.size(), 5U);
  expect_prefix(file, content, true);
}

TEST_F(OfficialReader, ReadsTheRealRecordingAfterItWentThroughGenlock) {
  const Result<test::Playback> original = test::play(test::data_file("mkv/pyk4a_recording.mkv"));
  ASSERT_TRUE(original);
  const TakeContent content{
      .captures = original->captures, .imu = original->imu, .host_pairs = {}, .jacks = {}};
  const StockPlayback again = record_and_play(original->info, content);
  const StockPlayback first = play(test::data_file("mkv/pyk4a_recording.mkv"));
  ASSERT_EQ(again.captures.size(), 1U);
  EXPECT_TRUE(same_pixels(again.captures[0].color, first.captures.at(0).color));
  EXPECT_TRUE(same_pixels(again.captures[0].depth, first.captures.at(0).depth));
  EXPECT_TRUE(same_pixels(again.captures[0].ir, first.captures.at(0).ir));
  EXPECT_EQ(again.calibration, first.calibration);
  EXPECT_EQ(again.config.start_offset_us, first.config.start_offset_us);
  EXPECT_EQ(again.length_us, first.length_us);
  ASSERT_EQ(again.imu.size(), 1U);
  EXPECT_TRUE(test::same_sample(again.imu[0], first.imu.at(0)));
}

}  // namespace
}  // namespace genlock::recording
