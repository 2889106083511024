#include <gtest/gtest.h>

#include "device/sim/bench.h"
#include "recording/reader.h"
#include "replay/recorded_images.h"
#include "support/recording_support.h"
#include "support/temporary_bench.h"

namespace genlock::conformance {
namespace {

// Catches a bench whose unit draws a scene, or other modes' pictures, where a recording's were asked for.
TEST(BenchOfRecordedPictures, UnitShowsThePicturesOfARealRecording) {
  const auto file = test::data_file("mkv/pyk4a_recording.mkv");
  const auto reader = recording::Reader::open(open_file(file).value()).value();
  const Capture real = reader->next_capture()->value();

  device::sim::BenchConfig config = test::stepped_bench();
  config.units[0].images = file.string();
  const test::TemporaryFolder folder;
  const auto bench =
      device::sim::Bench::open(
          {.config = config, .state_directory = folder.path(), .recorded_images = replay::recorded_images_of})
          .value();
  const auto unit = device::sim::make_provider(bench)->open(0).value();
  ASSERT_TRUE(unit->start_cameras(reader->info().config));
  std::optional<Capture> shown;
  for (int i = 0; i < 100 && !shown; ++i) {
    ASSERT_TRUE(bench->step(std::chrono::milliseconds(50)));
    shown = unit->next_capture(HostDuration{0}).value();
  }
  ASSERT_TRUE(shown && shown->color && shown->depth && shown->ir);
  EXPECT_TRUE(std::ranges::equal(shown->color->data.bytes(), real.color->data.bytes()));
  EXPECT_TRUE(std::ranges::equal(shown->depth->data.bytes(), real.depth->data.bytes()));
  EXPECT_TRUE(std::ranges::equal(shown->ir->data.bytes(), real.ir->data.bytes()));

  unit->stop_cameras();
  CameraConfig other = reader->info().config;
  other.depth_mode = DepthMode::nfov_2x2binned;
  EXPECT_EQ(unit->start_cameras(other).error().code(), Errc::unsupported);
}

}  // namespace
}  // namespace genlock::conformance
