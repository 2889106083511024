#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define GENLOCK_TSA(x) __attribute__((x))
#else
#define GENLOCK_TSA(x)
#endif

#define GENLOCK_GUARDED_BY(x) GENLOCK_TSA(guarded_by(x))
#define GENLOCK_REQUIRES(...) GENLOCK_TSA(requires_capability(__VA_ARGS__))
#define GENLOCK_EXCLUDES(...) GENLOCK_TSA(locks_excluded(__VA_ARGS__))

namespace genlock {

/// std::mutex that clang's thread-safety analysis can follow.
class GENLOCK_TSA(capability("mutex")) Mutex {
 public:
  void lock() GENLOCK_TSA(acquire_capability()) { mutex_.lock(); }
  void unlock() GENLOCK_TSA(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class GENLOCK_TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) GENLOCK_TSA(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() GENLOCK_TSA(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// A condition to wait for. Waiting with a time limit goes through a Clock, so there is no timed wait here for users;
/// wait_real_until is what clocks build theirs on. Every wait may end without a notification.
class CondVar {
 public:
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

  void wait(Mutex& mutex) GENLOCK_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  void wait_real_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline) GENLOCK_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, deadline);
    lock.release();
  }

 private:
  std::condition_variable condition_;
};

}  // namespace genlock
