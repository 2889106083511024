#include "session/recording_job.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "recording/check.h"
#include "support/recording_support.h"
#include "support/temporary_bench.h"

namespace genlock::session {
namespace {

using testing::HasSubstr;
using Outcome = RecordingJob::Outcome;

class RecordingJobs : public testing::Test {
 protected:
  std::unique_ptr<RecordingJob> make(Record request, CameraConfig camera = test::small_config(),
                                     bool imu = false) {
    request.file = folder_ / "a.mkv";
    auto job = RecordingJob::create(request, {camera, imu}, *unit_, std::size_t{64} << 20);
    EXPECT_TRUE(job) << job.error().message();
    return *std::move(job);
  }

  static Capture capture(std::int64_t number) {
    return test::synthetic_capture(test::small_config(), device_time_us(1'000'000 + number * 33'333),
                                   static_cast<unsigned>(number));
  }

  recording::Survey survey() {
    auto reader = recording::Reader::open(*open_file(folder_ / "a.mkv"));
    EXPECT_TRUE(reader) << reader.error().message();
    return *(*reader)->survey();
  }

  test::TemporaryFolder folder_;
  test::TemporaryBench bench_;
  std::unique_ptr<device::Device> unit_ = bench_.open("master");
};

TEST_F(RecordingJobs, EndWhenTheLengthIsReachedAndCountWhatTheyHold) {
  auto job = make({.length = device_us(100'000)});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*job->accept(capture(i)), Outcome::recorded);
  EXPECT_EQ(*job->accept(capture(3)), Outcome::complete);
  const RecordingEnded ended = job->finish(EndReason::length_reached, "");
  EXPECT_EQ(ended.reason, EndReason::length_reached);
  EXPECT_EQ(ended.streams[0].recorded, 3u);
  EXPECT_EQ(ended.streams[1].recorded, 3u);
  EXPECT_TRUE(ended.gaps.empty());
  EXPECT_EQ(survey().frames.size(), 9u);
  EXPECT_EQ(ended.file_bytes, std::filesystem::file_size(folder_ / "a.mkv"));
  const auto other = create_file(folder_ / "b", IfExists::refuse);
  ASSERT_TRUE((*other)->append(std::vector<std::byte>(5000)));
  EXPECT_EQ(job->write_method(), (*other)->method_name()) << "as any file in this folder";
  EXPECT_FALSE(job->write_method().empty());
}

TEST_F(RecordingJobs, LeaveChecksumsOutWhereTheyAreNotWanted) {
  std::map<bool, std::uintmax_t> bytes;
  for (const bool wanted : {true, false}) {
    auto job = make({.overwrite = true, .cluster_crc = wanted});
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(job->accept(capture(i)));
    EXPECT_EQ(job->finish(EndReason::stopped, "").streams[0].recorded, 30u);
    std::vector<std::byte> file = *test::load_file(folder_ / "a.mkv");
    bytes[wanted] = file.size();
    const auto is_sound = [&file] { return recording::check_recording(MemorySource(file))->sound(); };
    EXPECT_TRUE(is_sound());
    file[file.size() / 2] ^= std::byte{1};
    EXPECT_EQ(is_sound(), !wanted) << "a flipped bit within an image";
  }
  // Six bytes each, less what random identifiers differ in length.
  EXPECT_GT(bytes[true] - bytes[false], 30u * 5) << "one in each cluster";
}

TEST_F(RecordingJobs, GoOnInFurtherFilesWhereTheyAreToBeSplit) {
  auto job = make({.split_length = device_us(1'000'000)});
  for (int i = 0; i < 80; ++i) ASSERT_TRUE(job->accept(capture(i)));
  const RecordingEnded ended = job->finish(EndReason::stopped, "");
  EXPECT_TRUE(ended.error.empty()) << ended.error;
  EXPECT_EQ(ended.file, folder_ / "a.mkv");
  ASSERT_EQ(ended.more_files.size(), 2u);
  EXPECT_EQ(ended.more_files[0], folder_ / "a-part2.mkv");
  EXPECT_EQ(ended.more_files[1], folder_ / "a-part3.mkv");
  EXPECT_EQ(ended.streams[0].recorded, 80u);
  std::uint64_t frames = 0, bytes = 0;
  for (const char* name : {"a.mkv", "a-part2.mkv", "a-part3.mkv"}) {
    const Result<test::Playback> part = test::play(folder_ / name);
    ASSERT_TRUE(part) << part.error().message();
    frames += part->captures.size();
    bytes += part->survey.file_bytes;
  }
  EXPECT_EQ(frames, 80u);
  EXPECT_EQ(ended.file_bytes, bytes);
}

TEST_F(RecordingJobs, RefuseFilesThatStandInTheWayOfTheirParts) {
  std::ofstream(folder_ / "a-part7.mkv") << "precious";
  Record request{.file = folder_ / "a.mkv", .split_bytes = 50'000'000};
  const auto refused =
      RecordingJob::create(request, {test::small_config(), false}, *unit_, std::size_t{64} << 20);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::exists);
  EXPECT_THAT(refused.error().message(), HasSubstr("a-part7.mkv"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.mkv"));
  request.overwrite = true;
  EXPECT_TRUE(RecordingJob::create(request, {test::small_config(), false}, *unit_, std::size_t{64} << 20));
  request = {.file = folder_ / "a.mkv"};
  EXPECT_TRUE(RecordingJob::create(request, {test::small_config(), false}, *unit_, std::size_t{64} << 20));
}

// It came after the start: what was recorded until then is kept, and the failure says why.
TEST_F(RecordingJobs, FailWhereAPartCannotHaveItsName) {
  auto job = make({.split_length = device_us(1'000'000)});
  std::ofstream(folder_ / "a-part2.mkv") << "precious";
  for (int i = 0; i < 60; ++i)
    if (!job->accept(capture(i))) break;
  const RecordingEnded ended = job->finish(EndReason::stopped, "");
  EXPECT_EQ(ended.reason, EndReason::failed);
  EXPECT_THAT(ended.error, HasSubstr("a-part2.mkv exists already"));
  EXPECT_TRUE(ended.more_files.empty());
  EXPECT_EQ(std::filesystem::file_size(folder_ / "a-part2.mkv"), 8u);
  EXPECT_TRUE(survey().finalised);
}

TEST_F(RecordingJobs, TakeThePartAwayThatGotNoFrames) {
  PartList parts({.file = folder_ / "a.mkv"});
  recording::SplitRule rule = split_rule({.file = folder_ / "a.mkv", .split_bytes = 50'000'000},
                                         std::shared_ptr<PartList>(&parts, [](PartList*) {}));
  for (const std::uint32_t part : {2U, 3U}) ASSERT_TRUE(rule.next_part(part));
  rule.drop_part(3);
  EXPECT_EQ(parts.files(), std::vector<std::filesystem::path>{folder_ / "a-part2.mkv"});
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a-part3.mkv"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "a-part2.mkv"));
  std::ofstream(folder_ / "a-part4.mkv") << "precious";
  rule.drop_part(4);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "a-part4.mkv")) << "it is none of this recording";
}

TEST_F(RecordingJobs, ReportGapsWithTheirPlace) {
  auto job = make({});
  for (int i : {0, 1, 4}) EXPECT_TRUE(job->accept(capture(i)));
  const RecordingEnded ended = job->finish(EndReason::stopped, "");
  EXPECT_EQ(ended.streams[0].missing, 2u);
  ASSERT_EQ(ended.gaps.size(), 2u);
  EXPECT_EQ(ended.gaps[0].after, device_time_us(1'033'333));
  EXPECT_EQ(ended.gaps[0].frames, 2u);
}

TEST_F(RecordingJobs, CountWhatOneCameraLacksAtTheEnd) {
  auto job = make({});
  EXPECT_TRUE(job->accept(capture(0)));
  for (int i : {1, 2, 3}) {
    Capture half = capture(i);
    half.depth.reset();
    half.ir.reset();
    EXPECT_TRUE(job->accept(half));
  }
  const RecordingEnded ended = job->finish(EndReason::stopped, "");
  EXPECT_EQ(ended.streams[0].missing, 0u);
  EXPECT_EQ(ended.streams[1].missing, 3u);
}

TEST_F(RecordingJobs, LoseNoImuSamplesOverAGapInTheCaptures) {
  auto job = make({}, test::small_config(), true);
  EXPECT_TRUE(job->accept(capture(0)));
  EXPECT_TRUE(job->accept_imu(test::synthetic_imu(device_time_us(1'000'000), 2000)));  // 1.2 s
  EXPECT_TRUE(job->accept(capture(30)));
  const RecordingEnded ended = job->finish(EndReason::stopped, "");
  EXPECT_EQ(ended.streams[2].refused, 0u);
  EXPECT_GT(ended.streams[2].recorded, 1600u);
}

TEST_F(RecordingJobs, FailByNameWhenTheUnitsClockGoesBackAndKeepWhatTheyHave) {
  auto job = make({});
  for (int i : {90, 91}) EXPECT_TRUE(job->accept(capture(i)));
  const auto refused = job->accept(capture(2));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("color stamps went back from 4033303 to 1066666 us"));
  EXPECT_EQ(job->finish(EndReason::failed, refused.error().message()).reason, EndReason::failed);
  EXPECT_EQ(survey().frames.size(), 6u);
  EXPECT_TRUE(survey().finalised);
}

TEST_F(RecordingJobs, FailWhenTheUnitsClockJumpsAheadOfTheHostsAndNotWhenFramesAreLost) {
  const auto at = [&](int i, int host_ms) {
    Capture timed = capture(i);
    for (auto* image : {&timed.color, &timed.depth, &timed.ir})
      if (*image) (*image)->host_time = HostTime(std::chrono::milliseconds(host_ms));
    return timed;
  };
  auto job = make({});
  EXPECT_TRUE(job->accept(at(0, 100)));
  EXPECT_TRUE(job->accept(at(60, 2100)));   // two seconds without frames
  EXPECT_TRUE(job->accept(at(61, 5000)));   // late
  EXPECT_TRUE(job->accept(at(150, 5100)));  // and caught up
  const auto refused = job->accept(at(240, 5133));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("stamps jumped ahead by 3.0 s"));
}

TEST_F(RecordingJobs, TakeStreamsOfUnlikeLatencyForNoJump) {
  auto job = make({});
  Capture timed = capture(0);
  timed.color->host_time = HostTime(std::chrono::milliseconds(4000));
  for (auto* image : {&timed.depth, &timed.ir})
    if (*image) (*image)->host_time = HostTime(std::chrono::milliseconds(100));
  EXPECT_TRUE(job->accept(timed));
}

TEST_F(RecordingJobs, CountWhatBothCamerasLackBeforeTheLengthIsReached) {
  Record request;
  request.length = device_us(1'000'000);
  auto job = make(request);
  for (int i : {0, 1, 2}) EXPECT_TRUE(job->accept(capture(i)));
  EXPECT_EQ(*job->accept(capture(30)), RecordingJob::Outcome::complete);
  const RecordingEnded ended = job->finish(EndReason::length_reached, "");
  EXPECT_EQ(ended.streams[0].missing, 27u);
  EXPECT_EQ(ended.streams[1].missing, 27u);
}

TEST_F(RecordingJobs, HoldImuSamplesUntilTheCapturesHaveComeAsFar) {
  auto job = make({}, test::small_config(), true);
  EXPECT_TRUE(job->accept_imu(test::synthetic_imu(device_time_us(900'000), 500)));  // 0.9 to 1.2 s
  EXPECT_FALSE(job->imu_complete());
  EXPECT_TRUE(job->accept(capture(0)));
  EXPECT_TRUE(job->accept(capture(1)));
  EXPECT_TRUE(job->imu_complete());
  EXPECT_TRUE(job->finish(EndReason::stopped, "").error.empty());
  const recording::Survey file = survey();
  EXPECT_GE(*file.first_imu, device_time_us(1'000'000));
  EXPECT_LT(*file.last_imu, device_time_us(1'066'666));
  EXPECT_EQ(file.imu_samples, 111u);
}

TEST_F(RecordingJobs, LeaveNoFileWhenNoCaptureCame) {
  {
    auto job = make({});
    EXPECT_TRUE(job->finish(EndReason::stopped, "").file.empty());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(RecordingJobs, KeepJacksAndHostTimesInTheFile) {
  auto job = make({});
  EXPECT_TRUE(job->accept(capture(0)));
  job->observe_jacks({device_time_us(1'000'000), {.in = false, .out = true}});
  EXPECT_TRUE(job->note_host(
      {device_time_us(1'000'000), HostTime(std::chrono::seconds(9)), WallTime(std::chrono::seconds(77))}));
  EXPECT_TRUE(job->accept(capture(1)));
  EXPECT_TRUE(job->finish(EndReason::stopped, "").error.empty());
  const recording::Survey file = survey();
  ASSERT_EQ(file.jacks.size(), 1u);
  EXPECT_EQ(file.jacks[0].jacks, (SyncJacks{.in = false, .out = true}));
  ASSERT_EQ(file.host_pairs.size(), 1u);
  EXPECT_EQ(file.host_pairs[0].utc, WallTime(std::chrono::seconds(77)));
}

}  // namespace
}  // namespace genlock::session
