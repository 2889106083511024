#include "base/helper_thread.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/thread.h"

namespace genlock {
namespace {

/// Two pieces that wait for each other, so that one thread alone would never finish them.
void run_on_both(HelperThread& helper) {
  Mutex mutex;
  CondVar arrived;
  int here = 0;
  helper.run(2, [&](std::size_t) noexcept {
    MutexLock lock(mutex);
    ++here;
    arrived.notify_all();
    while (here < 2) arrived.wait(mutex);
  });
}

bool one_processor() {
  return std::thread::hardware_concurrency() < 2;
}

/// Whether every piece of a job was done, and once.
bool does_all(HelperThread& helper, std::size_t pieces) {
  std::vector<int> times(pieces);
  helper.run(pieces, [&](std::size_t piece) noexcept { ++times[piece]; });
  return std::ranges::count(times, 1) == static_cast<std::ptrdiff_t>(pieces);
}

TEST(HelperThread, EveryPieceIsDoneOnce) {
  HelperThread helper("help");
  for (std::size_t pieces = 0; pieces < 300; ++pieces) EXPECT_TRUE(does_all(helper, pieces)) << pieces;
}

TEST(HelperThread, TakesPiecesWhileItsCallerHasOne) {
  if (one_processor()) GTEST_SKIP() << "there is one processor";
  HelperThread helper("help");
  run_on_both(helper);
}

TEST(HelperThread, OfSeveralCallersNoneWaitsForAnother) {
  HelperThread helper("help");
  Mutex mutex;
  CondVar changed;
  bool done = false;
  Thread other("other", [&] {
    helper.run(2, [&](std::size_t) noexcept {
      MutexLock lock(mutex);
      while (!done) changed.wait(mutex);
    });
  });
  for (std::size_t pieces = 0; pieces < 50; ++pieces) EXPECT_TRUE(does_all(helper, pieces)) << pieces;
  MutexLock lock(mutex);
  done = true;
  changed.notify_all();
}

TEST(HelperThread, CallersFromManyThreadsGetTheirPiecesDone) {
  HelperThread helper("help");
  std::vector<Thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back("caller", [&] {
      for (std::size_t pieces = 0; pieces < 100; ++pieces) EXPECT_TRUE(does_all(helper, pieces)) << pieces;
    });
}

TEST(HelperThread, AChildByForkDoesItsWorkAlone) {
  auto helper = std::make_unique<HelperThread>("help");
  if (!one_processor()) run_on_both(*helper);
  const pid_t child = ::fork();
  if (child == 0) {
    bool good = true;
    for (int i = 0; i < 50; ++i) good = good && does_all(*helper, 10);
    helper.reset();
    ::_exit(good ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace genlock
