#include "device/sim/fault_schedule.h"
#include "device/sim/host_path.h"
#include "fault_bench.h"

// Rows of facts device.md 3 about the host: depth engine, decoding, memory, commands.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum LogLevel;

class EngineFaults : public FaultBench {};

TEST_F(EngineFaults, WithoutAnEngineDepthDoesNotStartAndColourDoes) {
  struct Row {
    const char* kind;
    const char* line;
  };
  for (const Row& row : {Row{"engine_missing", "libdepthengine.so.2.0"}, Row{"no_display", "code 204"},
                         Row{"no_opengl", "code 207"}}) {
    SCOPED_TRACE(row.kind);
    fault({row.kind, "on"});
    unit_ = open();
    const Status started = unit_->start_cameras(both());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code(), Errc::unsupported);
    EXPECT_TRUE(log_.says(error, row.line)) << log_.text();
    CameraConfig colour = both();
    colour.depth_mode = DepthMode::off;
    ASSERT_TRUE(unit_->start_cameras(colour));
    read(seconds(2));
    EXPECT_GE(read(seconds(1)).color_only, 29);
    unit_->stop_cameras();
    fault({row.kind, "off"});
    stream();
    EXPECT_TRUE(streams_whole());
    unit_.reset();
  }
}

TEST_F(EngineFaults, CodesThatItSurvivesLoseTheFrame) {
  for (const char* code : {"106", "208"}) {
    stream();
    fault({"engine_error", std::string("code=") + code, "count=2", "on"});
    const Seen seen = read(seconds(2));
    EXPECT_EQ(seen.color_only, 2);
    EXPECT_GE(seen.whole, 57);
    EXPECT_EQ(log_.count(error, std::string("failed on a frame with code ") + code), 2) << log_.text();
    EXPECT_THAT(unit_->take_notices(), testing::ElementsAre(testing::HasSubstr("code 106 or 208")));
    unit_.reset();
  }
}

TEST_F(EngineFaults, AnyOtherCodeFailsEveryReadUntilTheUnitIsOpenedAnew) {
  for (const char* code : {"3", "206"}) {
    stream();
    fault({"engine_error", code, "on"});
    EXPECT_EQ(captures_fail(seconds(1)), Errc::io);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(captures_fail(kAtOnce), Errc::io) << "for ever";
    EXPECT_TRUE(log_.says(error, std::string("code ") + code));
    EXPECT_TRUE(unit_->sync_jacks()) << "the unit itself is well";
    unit_->stop_imu();
    unit_->stop_cameras();
    EXPECT_EQ(unit_->start_cameras(both()).error().code(), Errc::io);
    unit_.reset();
    stream();
    EXPECT_TRUE(streams_whole());
    unit_.reset();
  }
}

TEST_F(EngineFaults, ASlowGpuDropsDepthAndWarnsOfItsTimeAndTheThreshold) {
  struct Row {
    FrameRate rate;
    const char *fast, *slow;
    const char* threshold;
    int whole_in_20s;
  };
  for (const Row& row : {Row{FrameRate::fps30, "33", "50", "threshold 33 ms", 400},
                         Row{FrameRate::fps15, "66", "100", "threshold 66 ms", 200},
                         Row{FrameRate::fps5, "200", "400", "threshold 200 ms", 50}}) {
    SCOPED_TRACE(row.threshold);
    CameraConfig camera = both();
    camera.rate = row.rate;
    stream(camera);
    fault({"slow_gpu", row.fast, "on"});
    EXPECT_EQ(read(seconds(3)).color_only, 0) << "as fast as it must be";
    EXPECT_EQ(log_.count(warning, ""), 0);
    fault({"slow_gpu", row.slow, "on"});
    read(seconds(1));
    const Seen seen = read(seconds(20));
    EXPECT_NEAR(seen.whole, row.whole_in_20s, 3);
    EXPECT_TRUE(log_.says(warning, std::string("too slow at ") + row.slow + " ms")) << log_.text();
    EXPECT_TRUE(log_.says(warning, row.threshold));
    EXPECT_THAT(unit_->take_notices(), testing::ElementsAre(testing::HasSubstr("GPU does not keep up")));
    EXPECT_THAT(unit_->take_notices(), testing::IsEmpty()) << "told once";
    fault({"slow_gpu", "off"});
    read(seconds(5));
    EXPECT_EQ(read(seconds(3)).color_only, 0);
    unit_.reset();
  }
}

TEST_F(EngineFaults, ADamagedJpegIsDeliveredAsItIs) {
  stream();
  fault({"corrupt_jpeg", "count=2", "on"});
  EXPECT_EQ(read(seconds(2)).whole, 60);
  EXPECT_EQ(log_.count(warning, ""), 0) << "nobody looked at it";
}

TEST_F(EngineFaults, OnlyTheNextFramesOfAJpegStreamAreDamaged) {
  const BenchConfig config = bench_config();
  const UnitLog log("x");
  BenchState state = initial_state(config, HostTime(seconds(1)));
  state.units[0].config = both();
  state.units[0].transfers = wanted_transfers(both());
  HostPath path(config, state, 0, log);
  Event event = fault_event({.unit = 0, .kind = FaultKind::corrupt_jpeg, .count = 2}, true);
  event.time = HostTime(seconds(3));
  path.on_event(event, state);
  std::vector<ColorDamage> damages;
  for (int i = 0; i < 6; ++i) {
    const HostTime at(seconds(2) + milliseconds(334 * i));
    Frame frame{.pulse = static_cast<std::uint64_t>(i), .centre = at, .delivery = at + milliseconds(90)};
    EXPECT_TRUE(path.pass(frame));
    damages.push_back(frame.damage);
  }
  using enum ColorDamage;
  EXPECT_EQ(damages, (std::vector{none, none, none, corrupt, corrupt, none}));
}

TEST_F(EngineFaults, ADamagedJpegThatIsToBecomeBgraIsDroppedWithAWarning) {
  stream(both(PixelFormat::bgra32));
  fault({"corrupt_jpeg", "count=2", "on"});
  EXPECT_EQ(read(seconds(2)).depth_only, 2);
  EXPECT_EQ(log_.count(warning, "MJPEG decode failed, dropping"), 2) << log_.text();
}

TEST_F(EngineFaults, WithoutMemoryTheStreamsEndUntilTheyAreStartedAnew) {
  stream();
  fault({"no_memory", "on"});
  EXPECT_EQ(captures_fail(seconds(1)), Errc::io);
  EXPECT_EQ(captures_fail(seconds(1)), Errc::io);
  EXPECT_TRUE(log_.says(error, "allocating memory"));
  unit_->stop_imu();
  unit_->stop_cameras();
  ASSERT_TRUE(unit_->start_cameras(both()));
  EXPECT_TRUE(streams_whole());
}

TEST_F(EngineFaults, ARefusedCommandFailsAloneWithItsStatus) {
  stream();
  fault({"refuse_command", "status=7", "on"});
  EXPECT_EQ(unit_->sync_jacks().error().code(), Errc::io);
  EXPECT_EQ(unit_->color_control(ColorControl::gain).error().code(), Errc::io);
  EXPECT_EQ(log_.count(error, "cmd_status 0x7"), 2) << log_.text();
  EXPECT_TRUE(streams_whole()) << "the streams do not notice";
  unit_->stop_imu();
  unit_->stop_cameras();
  EXPECT_EQ(unit_->start_cameras(both()).error().code(), Errc::io) << "the sync setting is a command";
  fault({"refuse_command", "off"});
  EXPECT_TRUE(unit_->sync_jacks());
  EXPECT_TRUE(unit_->start_cameras(both()));
}

}  // namespace
}  // namespace genlock::device::sim
