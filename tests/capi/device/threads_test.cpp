// Several threads on one device: facts k4a-abi.md B0, B3 and G1.

#include <atomic>
#include <set>
#include <thread>

#include "base/mutex.h"
#include "capi/device/program_bench.h"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;

class DeviceThreads : public testing::Test {
 protected:
  void start(k4a_device_t device) {
    const auto config = small_cameras();
    ASSERT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
    ASSERT_EQ(k4a_device_start_imu(device), K4A_RESULT_SUCCEEDED);
  }

  /// Waits for ever for captures and samples, on a thread each, until both calls fail.
  struct Readers {
    explicit Readers(k4a_device_t device)
        : captures([device] {
            k4a_capture_t capture = nullptr;
            while (k4a_device_get_capture(device, &capture, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED)
              k4a_capture_release(capture);
          }),
          samples([device] {
            k4a_imu_sample_t sample;
            while (k4a_device_get_imu_sample(device, &sample, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED)
              continue;
          }) {}
    ~Readers() {
      captures.join();
      samples.join();
    }
    std::thread captures, samples;
  };

  ProgramBench bench_;
};

TEST_F(DeviceThreads, StopWakesWhoWaitsForEver) {
  const OpenDevice device;
  start(device);
  const Readers readers(device);
  bench_.step(milliseconds(1000));
  k4a_device_stop_cameras(device);
  k4a_device_stop_imu(device);
}

TEST_F(DeviceThreads, CloseWakesWhoWaitsForEverAndLetsTheUnitGo) {
  for (int i = 0; i < 5; ++i) {
    OpenDevice device;
    start(device);
    const Readers readers(device);
    bench_.step(milliseconds(200 * i));
    device.close();
    const OpenDevice again;
  }
}

TEST_F(DeviceThreads, ACloseAmongAllOtherCallsIsClean) {
  for (int i = 0; i < 5; ++i) {
    OpenDevice device;
    const k4a_device_t handle = device;
    const auto config = small_cameras();
    std::thread starter([&] {
      for (int n = 0; n < 3; ++n) {
        k4a_device_start_cameras(handle, &config);
        k4a_device_start_imu(handle);
        k4a_device_stop_imu(handle);
        k4a_device_stop_cameras(handle);
      }
      k4a_device_start_cameras(handle, &config);
    });
    std::thread reader([&] {
      bool jack = false;
      k4a_capture_t capture = nullptr;
      while (k4a_device_get_sync_jack(handle, &jack, nullptr) == K4A_RESULT_SUCCEEDED)
        if (k4a_device_get_capture(handle, &capture, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED)
          k4a_capture_release(capture);
    });
    std::this_thread::yield();
    device.close();
    starter.join();
    reader.join();
  }
}

TEST_F(DeviceThreads, EachCaptureGoesToOneOfThoseWhoWait) {
  const OpenDevice device;
  start(device);
  Mutex mutex;
  CondVar taken;
  std::multiset<std::uint64_t> stamps;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      k4a_capture_t handle = nullptr;
      while (k4a_device_get_capture(device, &handle, K4A_WAIT_INFINITE) == K4A_WAIT_RESULT_SUCCEEDED) {
        const OwnedCapture capture(handle);
        MutexLock lock(mutex);
        stamps.insert(k4a_image_get_device_timestamp_usec(depth_of(capture).get()));
        taken.notify_all();
      }
    });
  for (const std::size_t so_far : {7U, 14U, 21U}) {
    bench_.step(std::chrono::seconds(2));  // fills the queue of seven
    MutexLock lock(mutex);
    while (stamps.size() < so_far) taken.wait(mutex);
  }
  k4a_device_stop_cameras(device);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stamps.size(), 21U);
  EXPECT_EQ(std::set<std::uint64_t>(stamps.begin(), stamps.end()).size(), stamps.size());
}

TEST_F(DeviceThreads, DevicesAreIndependentOfEachOther) {
  const OpenDevice streaming(0);
  start(streaming);
  std::thread other([] {
    for (int i = 0; i < 5; ++i) {
      const OpenDevice device(1);
      const auto config = small_cameras();
      EXPECT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
    }
  });
  for (int i = 0; i < 20; ++i) EXPECT_NE(next_capture(bench_, streaming), nullptr);
  other.join();
}

// What a handler does may need a lock that another thread holds while it logs: Python's, for one.
TEST_F(DeviceThreads, AMessageHandlerMayUseTheLibraryAndWaitForOtherThreadsThatLog) {
  struct Context {
    std::atomic<bool> entered = false;
  } context;
  const auto handler = [](void* in, k4a_log_level_t, const char*, const int, const char*) {
    auto& seen = *static_cast<Context*>(in);
    if (seen.entered.exchange(true)) return;
    std::thread([] { k4a_device_get_installed_count(), k4a_image_release(nullptr); }).join();
    const OpenDevice device(2);
    const auto config = small_cameras();
    k4a_device_start_cameras(device, &config);
  };
  const OpenDevice device(0);
  const auto config = small_cameras();
  ASSERT_EQ(k4a_set_debug_message_handler(handler, &context, K4A_LOG_LEVEL_INFO), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_device_start_cameras(device, &config), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF), K4A_RESULT_SUCCEEDED);
  EXPECT_TRUE(context.entered);
}

}  // namespace
}  // namespace genlock::test
