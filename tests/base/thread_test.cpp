#include "base/thread.h"

#include <gtest/gtest.h>
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

}  // namespace
}  // namespace genlock
