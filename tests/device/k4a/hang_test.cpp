#include "base/log.h"
#include "odd_library.h"

// Calls that never return.

namespace genlock::device::k4a {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr HostDuration kNoPatience = std::chrono::milliseconds(1);

class Hang : public OddUnits {
 protected:
  Hang() {
    set_log_sink([this](LogLevel, std::string_view line) { logged_ += line; });
  }
  ~Hang() override {
    set_log_sink({});
    odd_.behave("");
    odd_.release();
    while (odd_.open_units() > 0 || odd_.library().open_units() > 0) std::this_thread::yield();
  }

  std::string logged_;
};

TEST_F(Hang, OfAnOpenIsAnErrorAndAUnitThatOpensLateIsClosed) {
  odd_.behave("open=hang");
  provider_ = make_provider(odd_.library(), {.open = kNoPatience});
  const auto unit = provider_->open(0);
  ASSERT_FALSE(unit);
  EXPECT_THAT(unit.error().message(), HasSubstr("opening unit 0 has not returned"));
  const int closed = odd_.closed_units();
  odd_.release();
  while (odd_.closed_units() == closed) std::this_thread::yield();
}

TEST_F(Hang, OfAStartIsAnErrorAndTheUnitStaysUnusable) {
  odd_.behave("start=hang");
  const auto unit = open({.start = kNoPatience});
  EXPECT_THAT(unit->start_cameras(config()).error().message(),
              HasSubstr("starting the cameras has not returned"));
  EXPECT_THAT(unit->sync_jacks().error().message(), HasSubstr("starting the cameras has not returned"));
}

TEST_F(Hang, OfAStopIsSaidAndReadersReturnAllTheSame) {
  odd_.behave("stop=hang captures=none");
  auto unit = open({.stop = kNoPatience});
  ASSERT_TRUE(unit->start_cameras(config()));
  std::optional<Errc> end;
  Thread reader("reader", [&] { end = unit->next_capture(HostDuration(-1)).error().code(); });
  unit->stop_cameras();
  reader.join();
  EXPECT_EQ(end, Errc::state);
  EXPECT_THAT(logged_, HasSubstr("unit 000011590212: stopping the cameras has not returned"));
  unit.reset();
  EXPECT_EQ(odd_.open_units(), 1) << "a unit that hangs is not closed under the call";
}

TEST_F(Hang, OfACloseIsSaid) {
  auto unit = open({.close = kNoPatience});
  odd_.behave("close=hang");
  unit.reset();
  EXPECT_THAT(logged_, HasSubstr("closing the unit has not returned"));
}

// Catches a slow close that is taken for one that hangs, and a unit that is opened while it still closes.
TEST_F(Hang, IsNotWhatASlowCloseIsAndTheUnitOpensAgain) {
  odd_.behave("close_ms=20");
  for (int closed = odd_.closed_units() + 1, end = closed + 2; closed < end; ++closed) {
    auto unit = open();
    ASSERT_TRUE(unit && unit->start_cameras(config()));
    unit.reset();
    EXPECT_EQ(odd_.closed_units(), closed);
    EXPECT_EQ(odd_.open_units(), 0);
  }
  EXPECT_THAT(logged_, Not(HasSubstr("has not returned")));
}

TEST_F(Hang, OfACommandLeavesTheImagesAlone) {
  const auto unit = open({.command = kNoPatience});
  ASSERT_TRUE(unit->start_cameras(config()));
  odd_.behave("jacks=hang");
  EXPECT_FALSE(unit->sync_jacks());
  EXPECT_TRUE(unit->next_capture(kNow).value());
}

TEST_F(Hang, OfAReadIsAnErrorAndTheUnitStillAnswers) {
  const auto unit = open({.read = kNoPatience});
  ASSERT_TRUE(unit->start_cameras(config()));
  odd_.behave("read=hang");
  EXPECT_THAT(unit->next_capture(kNow).error().message(), HasSubstr("reading captures has not returned"));
  EXPECT_THAT(unit->next_capture(kNow).error().message(), HasSubstr("reading captures has not returned"));
  EXPECT_TRUE(unit->sync_jacks());
}

TEST_F(Hang, OfTheImuLeavesTheImagesAlone) {
  const auto unit = open({.read = std::chrono::seconds(1)});  // the images' reads have to keep to it too
  ASSERT_TRUE(unit->start_cameras(config()));
  ASSERT_TRUE(unit->start_imu());
  odd_.behave("imu=hang");
  std::array<ImuSample, 4> samples;
  EXPECT_THAT(unit->read_imu(samples, kNow).error().message(), HasSubstr("reading the IMU has not returned"));
  EXPECT_TRUE(unit->next_capture(kNow).value());
}

// Its image is nobody's then: it is given back.
TEST_F(Hang, OfAReadThatReturnsLateLeaksNothing) {
  auto unit = open({.read = kNoPatience});
  ASSERT_TRUE(unit->start_cameras(config()));
  odd_.behave("read=hang");
  EXPECT_FALSE(unit->next_capture(kNow));
  while (odd_.hanging() == 0) std::this_thread::yield();  // a read that begins after the stop ends at once
  unit.reset();
  EXPECT_EQ(odd_.open_units(), 1) << "a unit that hangs is not closed under the call";
  odd_.behave("");
  odd_.release();
  while (odd_.open_units() > 0 || odd_.live_images() > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace genlock::device::k4a
