#include "base/clock.h"

#include <gtest/gtest.h>

#include "base/thread.h"

namespace genlock {
namespace {

using std::chrono::seconds;

TEST(ManualClock, MovesOnlyWhenStepped) {
  ManualClock clock(HostTime(seconds(5)));
  EXPECT_EQ(clock.now(), HostTime(seconds(5)));
  clock.step(seconds(3));
  EXPECT_EQ(clock.now(), HostTime(seconds(8)));
  EXPECT_EQ(count_ns(clock.wall_now()), 8'000'000'000);
}

TEST(ManualClock, WaitEndsWhenAnotherThreadStepsToTheDeadline) {
  ManualClock clock;
  const HostTime deadline(seconds(3600));
  Thread stepper("stepper", [&] { clock.step(seconds(3600)); });
  Mutex mutex;
  CondVar never_notified;
  MutexLock lock(mutex);
  while (clock.now() < deadline) clock.wait(never_notified, mutex, deadline);
  EXPECT_EQ(clock.now(), deadline);
}

template <class AnyClock>
void expect_notification_ends_an_endless_wait(AnyClock& clock) {
  Mutex mutex;
  CondVar condition;
  bool ready = false;
  Thread notifier("notifier", [&] {
    MutexLock lock(mutex);
    ready = true;
    condition.notify_all();
  });
  MutexLock lock(mutex);
  while (!ready) clock.wait(condition, mutex, kNoDeadline);
  EXPECT_TRUE(ready);
}

TEST(Clocks, NotificationEndsAWaitWithoutDeadline) {
  ManualClock manual;
  expect_notification_ends_an_endless_wait(manual);
  expect_notification_ends_an_endless_wait(system_clock());
}

TEST(SystemClock, WaitReturnsOnceItsDeadlineHasCome) {
  Mutex mutex;
  CondVar never_notified;
  const HostTime deadline = system_clock().now() + std::chrono::milliseconds(2);
  MutexLock lock(mutex);
  while (system_clock().now() < deadline) system_clock().wait(never_notified, mutex, deadline);
  EXPECT_GE(system_clock().now(), deadline);
}

TEST(Deadline, NegativeTimeoutIsForEverAndLongOnesDoNotOverflow) {
  const ManualClock clock(HostTime(seconds(10)));
  EXPECT_EQ(deadline_after(clock, HostDuration(0)), clock.now());
  EXPECT_EQ(deadline_after(clock, seconds(5)), HostTime(seconds(15)));
  EXPECT_EQ(deadline_after(clock, HostDuration(-1)), kNoDeadline);
  EXPECT_EQ(deadline_after(clock, HostDuration::max()), kNoDeadline);
}

}  // namespace
}  // namespace genlock
