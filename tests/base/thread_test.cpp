#include "base/thread.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>

namespace genlock {
namespace {

TEST(Thread, LeavesSignalsToTheProgramsOwnThreads) {
  sigset_t blocked;
  sigemptyset(&blocked);
  Thread("signals?", [&] { pthread_sigmask(SIG_BLOCK, nullptr, &blocked); }).join();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXFSZ, SIGPIPE})
    EXPECT_TRUE(sigismember(&blocked, signal));
  for (const int signal : {SIGSEGV, SIGABRT}) EXPECT_FALSE(sigismember(&blocked, signal));
}

TEST(Thread, InTheBackgroundTakesNoProcessorFromWhoWakesIt) {
  int policy = -1, chosen = -1;
  Thread("background?", [&] {
    stay_in_background();
    policy = sched_getscheduler(0);
    const sched_param none{};
    sched_setscheduler(0, SCHED_IDLE, &none);
    stay_in_background();
    chosen = sched_getscheduler(0);
  }).join();
  EXPECT_EQ(policy, SCHED_BATCH);
  EXPECT_EQ(chosen, SCHED_IDLE) << "what the program chose stays";
}

}  // namespace
}  // namespace genlock
