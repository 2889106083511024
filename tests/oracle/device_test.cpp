// The official libk4arecord over our libk4a: other people's recorders work on the bench.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capi/device/program_bench.h"
#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

class OfficialRecorder : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(fs::path(GENLOCK_ORACLE_FOLDER) / "libk4arecord.so.1.4"))
      GTEST_SKIP() << "the official writer is missing: it was not fetched (is there a network and npm?)";
    fs::create_directory(folder_ / "lib");
    fs::create_symlink(fs::path(GENLOCK_LIBRARY_FOLDER) / "libk4a.so.1.4", folder_ / "lib" / "libk4a.so.1.4");
    fs::create_symlink(fs::path(GENLOCK_ORACLE_FOLDER) / "libk4arecord.so.1.4",
                       folder_ / "lib" / "libk4arecord.so.1.4");
  }

  TemporaryFolder folder_;
  ProgramBench bench_{{.clock = ProgramBench::patient(4)}};
};

TEST_F(OfficialRecorder, RecordsTwoUnitsOfTheBenchThatOurReaderReads) {
  const fs::path files[] = {folder_ / "master.mkv", folder_ / "sub.mkv"};
  Process recorder({GENLOCK_RECORD_PAIR, files[0], files[1], "20"},
                   {.environment = {{"LD_LIBRARY_PATH", folder_ / "lib"}}});
  ASSERT_EQ(recorder.wait(), 0) << recorder.output();
  std::vector<Playback> takes;
  for (const fs::path& file : files) {
    Result<Playback> played = play(file);
    ASSERT_TRUE(played) << played.error().message();
    EXPECT_TRUE(played->info.writing_app.starts_with("k4arecord")) << played->info.writing_app;
    takes.push_back(*std::move(played));
  }
  const std::size_t at_least[] = {20, 22};
  for (std::size_t i = 0; i < 2; ++i) {
    const Playback& take = takes[i];
    EXPECT_GE(take.captures.size(), at_least[i]);
    EXPECT_EQ(take.info.serial, ProgramBench::kSerials[i]);
    EXPECT_EQ(take.info.depth_firmware, (Version{1, 6, 79}));
    EXPECT_GT(take.info.raw_calibration.size(), 1000U);
    EXPECT_GT(take.imu.size(), 500U);
    for (const Capture& capture : take.captures) EXPECT_TRUE(capture.color && capture.depth && capture.ir);
  }
  EXPECT_EQ(takes[1].info.config.sync_mode, WiredSyncMode::subordinate);
  EXPECT_EQ(takes[1].info.config.delay_off_master, device_us(160));
}

}  // namespace
}  // namespace genlock::test
