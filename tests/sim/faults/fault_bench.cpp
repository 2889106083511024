#include "fault_bench.h"

#include "support/temporary_bench.h"

namespace genlock::device::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

KeptLog::KeptLog() {
  set_log_sink([this](LogLevel level, std::string_view line) {
    MutexLock lock(mutex_);
    lines_.emplace_back(level, line);
  });
}

KeptLog::~KeptLog() {
  set_log_sink({});
}

int KeptLog::count(LogLevel level, std::string_view words) const {
  MutexLock lock(mutex_);
  int found = 0;
  for (const auto& [its_level, line] : lines_) found += its_level == level && line.find(words) != line.npos;
  return found;
}

bool KeptLog::says(LogLevel level, std::string_view words, std::string_view serial) const {
  MutexLock lock(mutex_);
  for (const auto& [its_level, line] : lines_)
    if (its_level == level && line.find(words) != line.npos && line.find(serial) != line.npos) return true;
  return false;
}

std::string KeptLog::text() const {
  MutexLock lock(mutex_);
  std::string all;
  for (const auto& [level, line] : lines_) all += std::string(to_string(level)) + ": " + line + "\n";
  return all;
}

void KeptLog::forget() {
  MutexLock lock(mutex_);
  lines_.clear();
}

BenchConfig FaultBench::bench_config() {
  BenchConfig config = test::stepped_bench();
  config.loop_frames = 1;
  return config;
}

CameraConfig FaultBench::both(PixelFormat format, DepthMode mode) {
  return {.color_format = format,
          .color_resolution = ColorResolution::r720p,
          .depth_mode = mode,
          .rate = mode == DepthMode::wfov_unbinned ? FrameRate::fps15 : FrameRate::fps30};
}

void FaultBench::make_bench(const BenchConfig& config) {
  unit_.reset();
  bench_ = std::make_unique<test::TemporaryBench>(config);
}

void FaultBench::stream(const CameraConfig& config) {
  unit_.reset();
  unit_ = open();
  const Status started = unit_->start_cameras(config);
  ASSERT_TRUE(started) << started.error().message();
  ASSERT_TRUE(unit_->start_imu());
  read(seconds(2));
  static_cast<void>(imu_samples(kAtOnce));
  log_.forget();
}

void FaultBench::fault(const std::vector<std::string>& words) {
  std::vector<std::string> all{"sub1", "fault"};
  all.insert(all.end(), words.begin(), words.end());
  set(all);
}

void FaultBench::set(const std::vector<std::string>& words) {
  const auto command = parse_bench_command(words);
  ASSERT_TRUE(command) << command.error().message();
  const Status applied = bench_->bench().apply(*command);
  ASSERT_TRUE(applied) << applied.error().message();
}

Seen FaultBench::read(HostDuration time) {
  Seen seen;
  for (HostDuration passed{}; passed < time; passed += milliseconds(10)) {
    bench_->step(milliseconds(10));
    for (auto capture = unit_->next_capture(kAtOnce);; capture = unit_->next_capture(kAtOnce)) {
      EXPECT_TRUE(capture) << capture.error().message();
      if (!capture || !*capture) break;
      const bool color = (*capture)->color.has_value(), depth = (*capture)->ir.has_value();
      ++(color && depth ? seen.whole : color ? seen.color_only : seen.depth_only);
    }
  }
  return seen;
}

std::optional<Errc> FaultBench::captures_fail(HostDuration time) {
  for (HostDuration passed{}; passed <= time; passed += milliseconds(10)) {
    bench_->step(milliseconds(10));
    const auto capture = unit_->next_capture(kAtOnce);
    if (!capture) return capture.error().code();
  }
  return std::nullopt;
}

std::optional<Errc> FaultBench::imu_fails(HostDuration time) {
  std::vector<ImuSample> samples(100);
  for (HostDuration passed{}; passed <= time; passed += milliseconds(10)) {
    bench_->step(milliseconds(10));
    const auto read = unit_->read_imu(samples, kAtOnce);
    if (!read) return read.error().code();
  }
  return std::nullopt;
}

int FaultBench::imu_samples(HostDuration time) {
  std::vector<ImuSample> samples(2000);
  std::size_t count = 0;
  for (HostDuration passed{}; passed <= time; passed += milliseconds(10)) {
    if (time > kAtOnce) bench_->step(milliseconds(10));
    const auto read = unit_->read_imu(samples, kAtOnce);
    EXPECT_TRUE(read) << read.error().message();
    count += read.value_or(0U);
  }
  return static_cast<int>(count);
}

Errc FaultBench::open_fails() {
  const auto listing = bench_->provider().list();
  for (const auto& unit : *listing) {
    if (unit.name != "sub1") continue;
    const auto opened = bench_->provider().open(unit.index);
    EXPECT_FALSE(opened);
    if (opened) return Errc::internal;
    EXPECT_THAT(opened.error().message(), testing::HasSubstr(unit.serial));
    return opened.error().code();
  }
  return Errc::not_found;
}

bool FaultBench::times_out_for_ever() {
  read(seconds(1));  // what was under way
  return read(seconds(60)).captures() == 0;
}

bool FaultBench::streams_whole() {
  read(seconds(2));
  const Seen seen = read(seconds(1));
  return seen.whole >= 29 && seen.whole == seen.captures();
}

}  // namespace genlock::device::sim
