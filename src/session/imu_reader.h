#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/queue.h"
#include "base/thread.h"
#include "device/device.h"

namespace genlock::session {

/// Moves a unit's IMU samples into a bounded queue, so that they are taken from the unit in time whatever its
/// images keep others busy with. What finds no room is counted. One thread uses it.
///
/// Threads: "imu-<name>", which ends with the unit's IMU.
class ImuReader {
 public:
  /// `unit` outlives the reader.
  ImuReader(device::Device& unit, const std::string& name);

  /// Reads from now on: the unit's IMU runs. Forgets why reading ended before.
  void start();

  /// Returns once reading has ended, which Device::stop_imu() makes it do.
  void join() { thread_.join(); }

  /// Whatever ends reading from now on is no failure. Any thread.
  void expect_end() { ending_ = true; }

  std::optional<std::vector<ImuSample>> try_pop() { return queue_.try_pop(); }
  std::optional<std::vector<ImuSample>> pop(HostTime deadline) { return queue_.pop(unit_.clock(), deadline); }

  /// Samples lost in the unit's queue or in this one since the last call.
  std::uint64_t take_lost();

  /// Why reading has ended; empty while it goes on. Not of a recording that was played to its end.
  std::string error() const;

 private:
  void read();
  void fail(const Error& error);

  device::Device& unit_;
  const std::string thread_name_;
  BoundedQueue<std::vector<ImuSample>> queue_;
  std::atomic<std::uint64_t> refused_ = 0;  ///< samples that found the queue full
  std::atomic<bool> ending_ = false;
  std::uint64_t lost_in_unit_ = 0;  ///< as of the last take_lost()

  mutable Mutex mutex_;
  std::string error_ GENLOCK_GUARDED_BY(mutex_);

  Thread thread_;
};

}  // namespace genlock::session
