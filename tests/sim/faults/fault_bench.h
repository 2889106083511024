#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/mutex.h"
#include "support/temporary_bench.h"

// A bench whose log is kept, and what a caller of a unit sees of it.

namespace genlock::device::sim {

inline constexpr HostDuration kAtOnce = HostDuration::zero();

/// All that is logged while it exists.
class KeptLog {
 public:
  KeptLog();
  ~KeptLog();
  KeptLog(const KeptLog&) = delete;
  KeptLog& operator=(const KeptLog&) = delete;

  /// Lines of that level with `words` in them.
  int count(LogLevel level, std::string_view words) const;

  /// Whether one line of that level has them, and names the unit.
  bool says(LogLevel level, std::string_view words, std::string_view serial = kSub1) const;

  std::string text() const;
  void forget();

  static constexpr std::string_view kSub1 = "900002300102";

 private:
  mutable Mutex mutex_;
  std::vector<std::pair<LogLevel, std::string>> lines_ GENLOCK_GUARDED_BY(mutex_);
};

/// Captures by what is in them.
struct Seen {
  int whole = 0;
  int color_only = 0;
  int depth_only = 0;
  int captures() const { return whole + color_only + depth_only; }
};

/// A stepped bench with pictures of no scene; "sub1" is the unit that things happen to.
class FaultBench : public testing::Test {
 protected:
  static BenchConfig bench_config();
  /// Both cameras; MJPG in colour unless said otherwise.
  static CameraConfig both(PixelFormat format = PixelFormat::mjpg,
                           DepthMode mode = DepthMode::nfov_2x2binned);

  void make_bench(const BenchConfig& config);

  /// sub1, streaming with its IMU, the captures of the start taken.
  void stream(const CameraConfig& config = both());

  /// `genlock bench set sub1 fault WORDS`.
  void fault(const std::vector<std::string>& words);
  void set(const std::vector<std::string>& words);

  /// Reads for so long by steps of 10 ms: what came. Fails the test if a call does.
  Seen read(HostDuration time);

  /// Steps for so long, reading, and returns what get_capture fails with, if it does.
  std::optional<Errc> captures_fail(HostDuration time);

  /// The same for the samples of the IMU, read meanwhile.
  std::optional<Errc> imu_fails(HostDuration time);
  int imu_samples(HostDuration time);

  Errc open_fails();
  std::unique_ptr<Device> open() { return bench_->open("sub1"); }

  /// Nothing and no error for a minute.
  bool times_out_for_ever();
  bool streams_whole();

  KeptLog log_;
  std::unique_ptr<test::TemporaryBench> bench_ = std::make_unique<test::TemporaryBench>(bench_config());
  std::unique_ptr<Device> unit_;
};

}  // namespace genlock::device::sim
