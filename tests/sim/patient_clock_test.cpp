#include "device/sim/patient_clock.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum Reader;

/// A clock that would show twice the real time, with two units, both taken.
class APatientClock : public testing::Test {
 protected:
  PatientClock::Look look() {
    return clock_->look(
        2 * real_.time_since_epoch(), real_,
        {.units = 2, .patience = seconds(2), .taken = [this](std::size_t unit) { return taken_[unit]; }});
  }
  HostDuration now() { return look().now; }
  void pass(HostDuration real) { real_ += real; }
  void read(std::size_t unit, Reader reader, HostDuration until) {
    clock_->read_up_to(unit, reader, until, real_);
  }

  std::unique_ptr<PatientClock> clock_ = std::make_unique<PatientClock>();
  HostTime real_{};
  std::array<bool, 2> taken_{true, true};
};

TEST_F(APatientClock, RunsWhileNobodyReads) {
  pass(seconds(10));
  EXPECT_EQ(now(), seconds(20));
  EXPECT_FALSE(look().held_by);
}

TEST_F(APatientClock, StandsWhereTheFirstReaderWouldLoseSomethingAndGoesOnFromThere) {
  read(0, captures, milliseconds(300));
  read(1, imu, milliseconds(100));
  pass(milliseconds(49));
  EXPECT_EQ(now(), milliseconds(98));
  pass(milliseconds(500));
  EXPECT_EQ(now(), milliseconds(100));
  EXPECT_EQ(look().held_by, 1U);
  EXPECT_EQ(clock_->behind(), milliseconds(998));
  read(1, imu, seconds(10));
  EXPECT_EQ(now(), milliseconds(100));
  pass(milliseconds(50));
  EXPECT_EQ(now(), milliseconds(200));
  pass(milliseconds(51));
  EXPECT_EQ(now(), milliseconds(300));
  EXPECT_EQ(look().held_by, 0U);
}

TEST_F(APatientClock, WaitsForNobodyWhoHasNotReadForLongerThanItsPatience) {
  read(0, captures, milliseconds(100));
  pass(seconds(2));
  EXPECT_EQ(now(), milliseconds(100));
  pass(seconds(1));
  EXPECT_EQ(now(), milliseconds(2100));
}

TEST_F(APatientClock, DoesNotGoBackForAReaderThatComesTooLate) {
  pass(seconds(1));
  EXPECT_EQ(now(), seconds(2));
  read(0, captures, milliseconds(500));
  pass(milliseconds(10));
  EXPECT_EQ(now(), seconds(2));
  EXPECT_EQ(look().held_by, 0U);
}

TEST_F(APatientClock, WaitsForNobodyWhoseProcessIsGone) {
  read(0, captures, milliseconds(100));
  read(0, imu, milliseconds(90));
  taken_[0] = false;
  pass(milliseconds(100));
  EXPECT_EQ(now(), milliseconds(200));
}

TEST_F(APatientClock, WaitsForNobodyWhoHasNothingToRead) {
  for (const Reader reader : {captures, imu}) read(0, reader, milliseconds(100));
  clock_->done(0, captures);
  clock_->nothing_in_sight(0, imu, real_);
  pass(seconds(1));
  EXPECT_EQ(now(), seconds(2));
}

TEST_F(APatientClock, WaitsAgainForThoseForWhomSomethingMayComeNow) {
  clock_->nothing_in_sight(0, captures, real_);
  read(1, captures, seconds(100));
  pass(seconds(5));
  for (const std::size_t unit : {0U, 1U}) clock_->in_sight(unit, captures, seconds(11), real_);
  clock_->in_sight(0, imu, seconds(11), real_);  // which nobody reads
  pass(seconds(1));
  EXPECT_EQ(now(), seconds(11));
  EXPECT_EQ(look().held_by, 0U);
  clock_->nothing_in_sight(0, captures, real_);
  pass(seconds(1));
  EXPECT_EQ(now(), seconds(13));
}

TEST_F(APatientClock, NeverGoesBackWhateverItsReadersDoAtTheSameTime) {
  std::atomic<std::int64_t> real{0}, told{0};
  std::atomic<bool> back{false};
  const auto use = [&](std::size_t unit) {
    for (int i = 0; i < 50'000; ++i) {
      const std::int64_t before = told.load();
      const HostTime at{std::chrono::nanoseconds(real += 100)};
      const auto now =
          clock_->look(at.time_since_epoch() * 50, at,
                       {.units = 2, .patience = seconds(2), .taken = [](std::size_t) { return true; }});
      if (now.now.count() < before) back = true;
      std::int64_t seen = told.load();
      while (seen < now.now.count() && !told.compare_exchange_weak(seen, now.now.count())) {
      }
      if (i % 3 == 0) clock_->read_up_to(unit, captures, now.now + HostDuration(20'000), at);
    }
  };
  std::thread other([&] { use(1); });
  use(0);
  other.join();
  EXPECT_FALSE(back);
  EXPECT_GT(told.load(), 0);
}

}  // namespace
}  // namespace genlock::device::sim
