#include "recording/writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/log.h"
#include "base/thread.h"
#include "recording/file_writer.h"

namespace genlock::recording {
namespace {

/// Appends gather sealed windows up to this much.
constexpr std::size_t kAppendBytes = std::size_t{4} << 20;

/// Real time between syncs: what a power cut can lose besides the hold-back.
constexpr HostDuration kSyncInterval = std::chrono::seconds(1);

/// Most host pairs and jack observations waiting for the disk: hours of them, in a few MB.
constexpr std::size_t kMostRecordsQueued = 65536;

/// Device times must stay below this, so that they fit into the file as ns: 146 years.
constexpr DeviceTime kTimeLimit = device_time_us(std::int64_t{1} << 52);

WriterOptions with_queue(WriterOptions options, const RecordingInfo& info) {
  if (options.max_queued_bytes == 0) options.max_queued_bytes = default_queue_bytes(info);
  return options;
}

using WindowNumber = std::int64_t;

WindowNumber window_of(DeviceTime time) {
  return count_us(time) / count_us(kClusterWindow);
}

/// Images and samples of each TrackKind.
using TrackTotals = std::array<std::uint64_t, 4>;

TrackTotals totals_of(std::span<const Window> windows) {
  TrackTotals totals{};
  for (const Window& window : windows) {
    for (const PendingImage& image : window.images) ++totals[static_cast<std::size_t>(image.track)];
    totals[static_cast<std::size_t>(TrackKind::imu)] += window.imu.size();
  }
  return totals;
}

}  // namespace

std::size_t default_queue_bytes(const RecordingInfo& info) {
  const CameraConfig& config = info.config;
  const Size color = image_size(config.color_resolution);
  const std::size_t compressed =
      static_cast<std::size_t>(color.width) * static_cast<std::size_t>(color.height) / 2;
  const std::size_t depth = image_bytes(PixelFormat::depth16, image_size(config.depth_mode));
  std::size_t frame = 0;
  if (info.color_track)
    frame += config.color_format == PixelFormat::mjpg ? compressed : image_bytes(config.color_format, color);
  if (info.depth_track) frame += depth;
  if (info.ir_track) frame += depth;
  constexpr std::size_t kOtherBytes = std::size_t{4} << 20;  // IMU samples, and whatever custom tracks have
  return 2 * static_cast<std::size_t>(fps(config.rate)) * frame + kOtherBytes;
}

struct Writer::Impl {
  Impl(FileWriter file, const RecordingInfo& info, WriterOptions options)
      : options_(with_queue(std::move(options), info)),
        config_(info.config),
        info_(info),
        file_(std::move(file)) {
    counters_.bytes_on_disk = file_.file_bytes();
    thread_ = Thread("mkv " + options_.name, [this] { run(); });
  }

  Status add_image(TrackKind track, const Image& image, float temperature_c);
  Status add_imu(const ImuSample& sample);
  template <class Record>
  Status add_record(const Record& record, std::vector<Record> Window::*list);
  Status close();
  WriterCounters counters() const;

 private:
  struct Batch {
    std::vector<Window> windows;
    std::size_t bytes = 0;
    std::size_t records = 0;
    bool last = false;  ///< nothing comes after
  };

  // On the callers' threads.
  Status check_format(TrackKind track, const Image& image) const;
  Status admit(DeviceTime time, std::size_t bytes) GENLOCK_REQUIRES(mutex_);
  Status check_open() GENLOCK_REQUIRES(mutex_);
  Status check_room(std::size_t bytes) GENLOCK_REQUIRES(mutex_);
  Window& place(DeviceTime time, std::size_t bytes) GENLOCK_REQUIRES(mutex_);
  WriterCounters::Track& counter(TrackKind track) GENLOCK_REQUIRES(mutex_);
  Error error(Errc code, std::string what) const {
    return Error(code, fmt::format("{}: {}", options_.name, what));
  }

  // On the thread.
  void run();
  Batch next_batch();
  Batch take_batch() GENLOCK_REQUIRES(mutex_);
  bool has_work() const GENLOCK_REQUIRES(mutex_);
  Status write_batch(Batch& batch);
  Status sync_when_due();
  void count_lost(const TrackTotals& lost) GENLOCK_REQUIRES(mutex_);
  void fail(const Error& error);

  const WriterOptions options_;
  const CameraConfig config_;
  const RecordingInfo info_;

  mutable Mutex mutex_;
  CondVar work_;
  std::map<WindowNumber, Window> windows_ GENLOCK_GUARDED_BY(mutex_);
  Window early_ GENLOCK_GUARDED_BY(mutex_);  ///< records that came before any frame
  std::size_t records_queued_ GENLOCK_GUARDED_BY(mutex_) = 0;
  WindowNumber sealed_ GENLOCK_GUARDED_BY(mutex_) = 0;   ///< windows before this one take nothing more
  WindowNumber newest_ GENLOCK_GUARDED_BY(mutex_) = -1;  ///< last window with a frame; -1 before the first
  bool closing_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ GENLOCK_GUARDED_BY(mutex_);
  WriterCounters counters_ GENLOCK_GUARDED_BY(mutex_);

  // The thread's own.
  FileWriter file_;
  std::optional<HostTime> unsynced_since_;

  Mutex joining_;
  Thread thread_ GENLOCK_GUARDED_BY(joining_);
};

WriterCounters::Track& Writer::Impl::counter(TrackKind track) {
  switch (track) {
    case TrackKind::color:
      return counters_.color;
    case TrackKind::depth:
      return counters_.depth;
    case TrackKind::ir:
      return counters_.ir;
    case TrackKind::imu:
      break;
  }
  return counters_.imu;
}

Status Writer::Impl::check_format(TrackKind track, const Image& image) const {
  const bool color = track == TrackKind::color;
  const bool exists = color                       ? info_.color_track
                      : track == TrackKind::depth ? info_.depth_track
                                                  : info_.ir_track;
  if (!exists) return error(Errc::invalid, fmt::format("the recording has no {} track", to_string(track)));
  const PixelFormat format = color                       ? config_.color_format
                             : track == TrackKind::depth ? PixelFormat::depth16
                                                         : PixelFormat::ir16;
  if (image.format != format)
    return error(Errc::invalid, fmt::format("the {} track takes {}, not {}", to_string(track),
                                            to_string(format), to_string(image.format)));
  const Size size = color ? image_size(config_.color_resolution) : image_size(config_.depth_mode);
  const std::size_t bytes = image_bytes(format, size);
  if (format == PixelFormat::mjpg ? image.data.empty() : image.data.size() != bytes || image.size != size)
    return error(Errc::invalid, fmt::format("a {} image of {}x{} and {} bytes, not {}x{} and {}",
                                            to_string(track), image.size.width, image.size.height,
                                            image.data.size(), size.width, size.height, bytes));
  return {};
}

Status Writer::Impl::check_open() {
  if (failure_) return *failure_;
  if (closing_) return error(Errc::state, "the recording is closed");
  return {};
}

Status Writer::Impl::check_room(std::size_t bytes) {
  if (bytes <= options_.max_queued_bytes && counters_.bytes_queued <= options_.max_queued_bytes - bytes)
    return {};
  return error(Errc::overflow, fmt::format("the disk is too slow: {} bytes wait for it, {} is the limit",
                                           counters_.bytes_queued, options_.max_queued_bytes));
}

Status Writer::Impl::admit(DeviceTime time, std::size_t bytes) {
  GENLOCK_TRY(check_open());
  if (time < DeviceTime{} || time >= kTimeLimit)
    return error(Errc::invalid, fmt::format("device time {} us cannot be recorded", count_us(time)));
  if (window_of(time) < sealed_)
    return error(Errc::too_late,
                 fmt::format("data of device time {} us came after data {} us later were written",
                             count_us(time), count_us(options_.hold_back)));
  return check_room(bytes);
}

/// The window of admitted data. Seals the windows that the hold-back no longer protects.
Window& Writer::Impl::place(DeviceTime time, std::size_t bytes) {
  const WindowNumber number = window_of(time);
  Window& window = windows_[number];
  if (newest_ < 0) window = std::exchange(early_, Window{});
  window.bytes += bytes;
  counters_.bytes_queued += bytes;
  newest_ = std::max(newest_, number);
  const WindowNumber sealed = std::max(sealed_, window_of(std::max(DeviceTime{}, time - options_.hold_back)));
  if (std::exchange(sealed_, sealed) != sealed && has_work()) work_.notify_one();
  return window;
}

Status Writer::Impl::add_image(TrackKind track, const Image& image, float temperature_c) {
  const Status format = check_format(track, image);
  MutexLock lock(mutex_);
  const std::size_t bytes = image.data.size();
  const Status status = format ? admit(image.device_time, bytes) : format;
  if (!status) {
    ++counter(track).refused;
    return status;
  }
  place(image.device_time, bytes).images.push_back({track, image, temperature_c});
  ++counter(track).written;
  return {};
}

Status Writer::Impl::add_imu(const ImuSample& sample) {
  MutexLock lock(mutex_);
  const bool gyro_ok = sample.gyro_time >= DeviceTime{} && sample.gyro_time < kTimeLimit;
  const Status status = !info_.imu_track ? error(Errc::invalid, "the recording has no imu track")
                        : !gyro_ok       ? error(Errc::invalid, "a gyroscope's time cannot be recorded")
                                         : admit(sample.accel_time, kImuSampleBytes);
  if (!status) {
    ++counters_.imu.refused;
    return status;
  }
  place(sample.accel_time, kImuSampleBytes).imu.push_back(sample);
  ++counters_.imu.written;
  return {};
}

/// Records have their own device time, so they go where there is still room, near it. They do not compete
/// with pixels for the queue: so small that a slow disk must not cost them.
template <class Record>
Status Writer::Impl::add_record(const Record& record, std::vector<Record> Window::*list) {
  MutexLock lock(mutex_);
  GENLOCK_TRY(check_open());
  if (records_queued_ >= kMostRecordsQueued)
    return error(Errc::overflow, fmt::format("the disk takes nothing: {} host pairs and jack observations "
                                             "wait for it",
                                             records_queued_));
  ++records_queued_;
  const WindowNumber wanted = window_of(std::clamp(record.device, DeviceTime{}, kTimeLimit));
  Window& window = newest_ < 0 ? early_ : windows_[std::max(sealed_, std::min(wanted, newest_))];
  (window.*list).push_back(record);
  return {};
}

Status Writer::Impl::close() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
    work_.notify_one();
  }
  {
    MutexLock lock(joining_);
    thread_.join();
  }
  MutexLock lock(mutex_);
  return failure_ ? Status(*failure_) : Status();
}

WriterCounters Writer::Impl::counters() const {
  MutexLock lock(mutex_);
  return counters_;
}

bool Writer::Impl::has_work() const {
  return closing_ || (!windows_.empty() && windows_.begin()->first < sealed_);
}

Writer::Impl::Batch Writer::Impl::next_batch() {
  MutexLock lock(mutex_);
  const HostTime deadline = unsynced_since_ ? *unsynced_since_ + kSyncInterval : kNoDeadline;
  while (!has_work() && system_clock().now() < deadline) system_clock().wait(work_, mutex_, deadline);
  return take_batch();
}

Writer::Impl::Batch Writer::Impl::take_batch() {
  Batch batch;
  while (!windows_.empty() && (closing_ || windows_.begin()->first < sealed_) && batch.bytes < kAppendBytes) {
    batch.bytes += windows_.begin()->second.bytes;
    batch.records += windows_.begin()->second.records();
    batch.windows.push_back(std::move(windows_.begin()->second));
    windows_.erase(windows_.begin());
  }
  batch.last = closing_ && windows_.empty();
  return batch;
}

Status Writer::Impl::write_batch(Batch& batch) {
  const TrackTotals totals = totals_of(batch.windows);
  for (Window& window : batch.windows) file_.add(std::move(window));
  batch.windows.clear();
  const bool anything = file_.staged_bytes() > 0;
  if (const Status flushed = file_.flush(); !flushed) {
    MutexLock lock(mutex_);
    count_lost(totals);
    return flushed;
  }
  if (anything && !unsynced_since_) unsynced_since_ = system_clock().now();
  MutexLock lock(mutex_);
  counters_.bytes_queued -= batch.bytes;
  records_queued_ -= batch.records;
  counters_.bytes_on_disk = file_.file_bytes();
  return {};
}

Status Writer::Impl::sync_when_due() {
  if (!unsynced_since_ || system_clock().now() < *unsynced_since_ + kSyncInterval) return {};
  unsynced_since_.reset();
  return file_.sync();
}

/// What was accepted but did not get to the disk has not been written after all.
void Writer::Impl::count_lost(const TrackTotals& lost) {
  for (std::size_t i = 0; i < lost.size(); ++i) {
    WriterCounters::Track& track = counter(static_cast<TrackKind>(i));
    track.written -= lost[i];
    track.refused += lost[i];
  }
}

/// Makes the failure sticky and lets go of what waits for the disk.
void Writer::Impl::fail(const Error& cause) {
  MutexLock lock(mutex_);
  if (!failure_) failure_ = cause.context(options_.name);
  for (const auto& [number, window] : windows_) count_lost(totals_of({&window, 1}));
  windows_.clear();
  early_ = Window{};
  counters_.bytes_queued = 0;
  records_queued_ = 0;
}

void Writer::Impl::run() {
  Status status;
  for (bool last = false; status && !last;) {
    Batch batch = next_batch();
    last = batch.last;
    status = write_batch(batch);
    if (status) status = sync_when_due();
  }
  if (!status) fail(status.error());
  if (const Status finished = file_.finish(); !finished) fail(finished.error());
  MutexLock lock(mutex_);
  counters_.bytes_on_disk = file_.file_bytes();
}

Result<std::unique_ptr<Writer>> Writer::create(std::unique_ptr<ByteSink> sink, const RecordingInfo& info,
                                               WriterOptions options) {
  Result<FileHeader> header = FileHeader::make(info, options);
  if (!header) return header.error().context(options.name);
  Result<FileWriter> file = FileWriter::create(std::move(sink), std::move(*header));
  if (!file) return file.error().context(options.name);
  return std::unique_ptr<Writer>(
      new Writer(std::make_unique<Impl>(*std::move(file), info, std::move(options))));
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Writer::~Writer() {
  (void)impl_->close();
}

Status Writer::write(const Capture& capture) {
  Status first;
  const auto add = [&](TrackKind track, const std::optional<Image>& image) {
    if (!image) return;
    const Status status = impl_->add_image(track, *image, capture.temperature_c);
    if (first && !status) first = status;
  };
  add(TrackKind::color, capture.color);
  add(TrackKind::depth, capture.depth);
  add(TrackKind::ir, capture.ir);
  return first;
}

Status Writer::write(std::span<const ImuSample> samples) {
  Status first;
  for (const ImuSample& sample : samples) {
    const Status status = impl_->add_imu(sample);
    if (first && !status) first = status;
  }
  return first;
}

Status Writer::write(const HostPair& pair) {
  return impl_->add_record(pair, &Window::host_pairs);
}
Status Writer::write(const JackObservation& jacks) {
  return impl_->add_record(jacks, &Window::jacks);
}
Status Writer::close() {
  return impl_->close();
}
WriterCounters Writer::counters() const {
  return impl_->counters();
}

}  // namespace genlock::recording
