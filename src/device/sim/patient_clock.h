#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "device/sim/bench_config.h"

namespace genlock::device::sim {

/// What is read from a unit, each in its own pace and with a queue of its own.
enum class Reader : std::uint8_t { captures, imu };
inline constexpr int kReaders = 2;

/// How long a reader may be late on a patient bench: captures by three periods of the four that the queue of
/// seven leaves beside those that spread latencies bring together, samples by 450 of the 500 ms that the
/// queue of 833 holds (facts device.md 1.3).
HostDuration capture_slack(const CameraConfig& cameras);
inline constexpr HostDuration kImuSlack = std::chrono::milliseconds(450);

/// The time of a bench that waits for its readers, shared by all processes: lies in the bench's file, all
/// zeros at its boot. Every reader says up to when it loses nothing if it does not read again; time stops
/// there, and goes on from there when all who held it have read. Times are bench time since the boot; real
/// ones are this machine's. Any thread and process.
class PatientClock {
 public:
  struct Rules {
    std::size_t units = 0;
    HostDuration patience{};  ///< real; a reader that has not read for so long holds nobody up
    std::function<bool(std::size_t unit)> taken;  ///< whether a process has the unit
  };
  struct Look {
    HostDuration now;
    std::optional<std::size_t> held_by;  ///< the unit whose reader time waits for
  };

  /// The time, `running` being what it would be had it never waited. Never less than any process was told
  /// before.
  Look look(HostDuration running, HostTime real, const Rules& rules);

  /// How far it is behind a clock that does not wait.
  HostDuration behind() const { return HostDuration(behind_.load()); }

  /// The reader has read, and loses nothing by `until`.
  void read_up_to(std::size_t unit, Reader reader, HostDuration until, HostTime real);

  /// The reader has read, and nothing can come for it unless something happens on the bench.
  void nothing_in_sight(std::size_t unit, Reader reader, HostTime real);

  /// Something has happened, so that something may come: a reader that had nothing in sight loses nothing by
  /// `until`.
  void in_sight(std::size_t unit, Reader reader, HostDuration until, HostTime real);

  /// There is nothing to read any more.
  void done(std::size_t unit, Reader reader);

 private:
  static constexpr std::int64_t kNobody = 0;  ///< as `until`: no reader
  static constexpr std::int64_t kIdle = -1;   ///< as `until`: nothing in sight
  struct Mark {
    std::atomic<std::int64_t> until;
    std::atomic<std::int64_t> read_at;  ///< real
  };
  struct Limit {
    std::int64_t until;
    std::optional<std::size_t> unit;
    Mark* mark;
  };
  Limit earliest(HostTime real, const Rules& rules);
  Mark& mark(std::size_t unit, Reader reader) { return marks_[unit][static_cast<std::size_t>(reader)]; }

  std::atomic<std::int64_t> behind_;
  std::atomic<std::int64_t> latest_;  ///< that any process was told
  std::array<std::array<Mark, kReaders>, kMaxUnits> marks_;
};

}  // namespace genlock::device::sim
