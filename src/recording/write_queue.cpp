#include "recording/write_queue.h"

#include <fmt/core.h>

#include <algorithm>

#include "recording/format.h"

namespace genlock::recording {
namespace {

/// Batches gather sealed windows up to this much.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

/// Most host pairs and jack observations waiting for the disk: hours of them, in a few MB.
constexpr std::size_t kMostRecordsQueued = 65536;

/// Device times must stay below this, so that they fit into the file as ns: 146 years.
constexpr DeviceTime kTimeLimit = device_time_us(std::int64_t{1} << 52);

/// What an image, a datum or a new window takes in memory beside its bytes.
constexpr std::size_t kItemBytes = 256;

/// Room for the items of one call besides its bytes: the images of a capture, the windows of a batch.
constexpr std::size_t kCallBytes = 16 * kItemBytes;

std::size_t queue_bytes(const RecordingInfo& info, const WriterOptions& options) {
  if (options.max_queued_bytes > 0) return options.max_queued_bytes;
  const std::size_t two_seconds = default_queue_bytes(info);
  // What is held back must leave room for what comes while the disk is busy.
  const auto held = static_cast<double>(count_us(options.hold_back)) / 1e6;
  return two_seconds +
         static_cast<std::size_t>(std::max(0.0, held - 1) * static_cast<double>(two_seconds) / 2);
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

WriteQueue::WriteQueue(const RecordingInfo& info, const WriterOptions& options)
    : info_(info),
      name_(options.name),
      hold_back_(options.hold_back),
      max_bytes_(queue_bytes(info, options)),
      any_image_size_(options.any_image_size) {
  counters_.custom.resize(info.custom_tracks.size());
}

WriteQueue::WindowNumber WriteQueue::window_of(DeviceTime time) {
  return count_us(time) / count_us(kClusterWindow);
}

Error WriteQueue::error(Errc code, std::string_view what) const {
  return Error(code, fmt::format("{}: {}", name_, what));
}

WriterCounters::Track& WriteQueue::counter(TrackSlot slot) {
  if (slot >= kFirstCustomSlot) return counters_.custom[slot - kFirstCustomSlot];
  switch (static_cast<TrackKind>(slot)) {
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

Status WriteQueue::check_format(TrackKind track, const Image& image) const {
  const bool color = track == TrackKind::color;
  const bool exists = color                       ? info_.color_track
                      : track == TrackKind::depth ? info_.depth_track
                                                  : info_.ir_track;
  if (!exists) return error(Errc::invalid, fmt::format("the recording has no {} track", to_string(track)));
  const PixelFormat format = color                       ? info_.config.color_format
                             : track == TrackKind::depth ? PixelFormat::depth16
                                                         : PixelFormat::ir16;
  if (image.format != format)
    return error(Errc::invalid, fmt::format("the {} track takes {}, not {}", to_string(track),
                                            to_string(format), to_string(image.format)));
  if (image.data.empty())
    return error(Errc::invalid, fmt::format("a {} image without a byte", to_string(track)));
  return any_image_size_ ? Status() : check_size(track, image);
}

Status WriteQueue::check_size(TrackKind track, const Image& image) const {
  if (image.format == PixelFormat::mjpg) return {};
  const Size size = track == TrackKind::color ? image_size(info_.config.color_resolution)
                                              : image_size(info_.config.depth_mode);
  const std::size_t bytes = image_bytes(image.format, size);
  if (image.data.size() == bytes && image.size == size) return {};
  return error(Errc::invalid, fmt::format("a {} image of {}x{} and {} bytes, not {}x{} and {}",
                                          to_string(track), image.size.width, image.size.height,
                                          image.data.size(), size.width, size.height, bytes));
}

Status WriteQueue::check_open() const {
  if (failure_) return *failure_;
  if (closing_) return error(Errc::state, "the recording is closed");
  return {};
}

Status WriteQueue::check_time(DeviceTime time) const {
  if (time < DeviceTime{} || time >= kTimeLimit)
    return error(Errc::invalid, fmt::format("device time {} us cannot be recorded", count_us(time)));
  if (flushed_through_ && time <= *flushed_through_)
    return error(Errc::too_late,
                 fmt::format("data of device time {} us came after data of {} us were flushed",
                             count_us(time), count_us(*flushed_through_)));
  if (window_of(time) < sealed_)
    return error(Errc::too_late,
                 fmt::format("data of device time {} us came after data of {} us, too late for their place",
                             count_us(time), count_us(newest_time_)));
  return {};
}

/// Most bytes that may wait, those of `cost` to come included: the bound less what large clusters take of
/// memory beyond a sink's least. Never less than half of the bound, nor than one item that fits it.
std::size_t WriteQueue::capacity(std::size_t cost) const {
  const std::size_t staging = staging_bytes(std::max(largest_window_, cost)) - kLeastStaging;
  const std::size_t rest = max_bytes_ - std::min(max_bytes_, staging);
  return std::max({rest, max_bytes_ / 2, std::min(cost, max_bytes_)});
}

Status WriteQueue::check_room(std::size_t cost) const {
  cost += kItemBytes;  // a new window, if it needs one
  const std::size_t most = capacity(cost);
  if (cost <= most && counters_.bytes_queued <= most - cost) return {};
  return error(Errc::overflow, fmt::format("the disk is too slow: {} bytes wait for it, {} is the limit",
                                           counters_.bytes_queued, most));
}

Status WriteQueue::admit(TrackSlot track, DeviceTime time, std::size_t cost) {
  GENLOCK_TRY(check_open());
  Status status = check_time(time);
  if (status) status = check_room(cost);
  if (status || status.error().code() == Errc::invalid) return status;
  const bool late = status.error().code() == Errc::too_late;
  gaps_.add({.reason = late ? Gap::Reason::too_late : Gap::Reason::queue_full,
             .track = track,
             .frames = 1,
             .first = time,
             .last = time});
  return status;
}

/// The window of admitted data. Seals the windows that the hold-back no longer protects.
Window& WriteQueue::place(DeviceTime time, std::size_t cost) {
  const WindowNumber number = window_of(time);
  Window& window = windows_[number];
  if (newest_ < 0) window = std::exchange(early_, Window{});
  if (window.bytes == 0) cost += kItemBytes;
  window.bytes += cost;
  window.last = std::max(window.last, time);
  largest_window_ = std::max(largest_window_, window.bytes);
  counters_.bytes_queued += cost;
  held_bytes_ += cost;
  newest_ = std::max(newest_, number);
  newest_time_ = std::max(newest_time_, time);
  seal_before(window_of(std::max(DeviceTime{}, time - hold_back_)));
  seal_down_to(capacity(0) / 4 * 3);
  return window;
}

void WriteQueue::seal_before(WindowNumber number) {
  if (number <= sealed_) return;
  for (auto at = windows_.lower_bound(sealed_); at != windows_.end() && at->first < number; ++at)
    held_bytes_ -= at->second.bytes;
  sealed_ = number;
  if (has_work()) work_.notify_one();
}

void WriteQueue::seal_down_to(std::size_t most_held) {
  while (held_bytes_ > most_held) seal_before(windows_.lower_bound(sealed_)->first + 1);
}

Status WriteQueue::add(TrackKind track, const Image& image, float temperature_c) {
  const Status format = check_format(track, image);
  const std::size_t cost = image.data.size() + kItemBytes;
  MutexLock lock(mutex_);
  const Status status = format ? admit(slot_of(track), image.device_time, cost) : format;
  if (!status) {
    ++counter(slot_of(track)).refused;
    return status;
  }
  place(image.device_time, cost).images.push_back({track, image, temperature_c});
  ++counter(slot_of(track)).written;
  return {};
}

Status WriteQueue::add(const ImuSample& sample) {
  MutexLock lock(mutex_);
  const bool gyro_ok = sample.gyro_time >= DeviceTime{} && sample.gyro_time < kTimeLimit;
  const Status status = !info_.imu_track ? error(Errc::invalid, "the recording has no imu track")
                        : !gyro_ok       ? error(Errc::invalid, "a gyroscope's time cannot be recorded")
                                         : admit(slot_of(TrackKind::imu), sample.accel_time, kImuSampleBytes);
  if (!status) {
    ++counters_.imu.refused;
    return status;
  }
  place(sample.accel_time, kImuSampleBytes).imu.push_back(sample);
  ++counters_.imu.written;
  return {};
}

Status WriteQueue::add(std::string_view custom_track, DeviceTime time, Buffer data) {
  const auto track = std::ranges::find(info_.custom_tracks, custom_track, &CustomTrack::name);
  if (track == info_.custom_tracks.end())
    return error(Errc::invalid, fmt::format("the recording has no custom track \"{}\"", custom_track));
  const auto number = static_cast<std::size_t>(track - info_.custom_tracks.begin());
  const std::size_t cost = data.size() + kItemBytes;
  MutexLock lock(mutex_);
  if (Status status = admit(kFirstCustomSlot + number, time, cost); !status) {
    ++counters_.custom[number].refused;
    return status;
  }
  place(time, cost).data.push_back({number, time, std::move(data)});
  ++counters_.custom[number].written;
  return {};
}

/// Records have their own device time, so they go where there is still room, near it. They do not compete
/// with pixels for the queue: so small that a slow disk must not cost them.
template <class Record>
Status WriteQueue::add_record(const Record& record, std::vector<Record> Window::*list) {
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
template Status WriteQueue::add_record(const HostPair&, std::vector<HostPair> Window::*);
template Status WriteQueue::add_record(const JackObservation&, std::vector<JackObservation> Window::*);

Status WriteQueue::flush() {
  MutexLock lock(mutex_);
  GENLOCK_TRY(check_open());
  if (newest_ >= 0) flushed_through_ = newest_time_;
  seal_before(newest_);
  flush_last_ = std::max(newest_, sealed_);
  const std::uint64_t number = ++flush_asked_;
  work_.notify_one();
  while (flush_done_ < number && !failure_) done_.wait(mutex_);
  return failure_ ? Status(*failure_) : Status();
}

bool WriteQueue::wait_for_room(std::size_t bytes, HostTime deadline) {
  MutexLock lock(mutex_);
  if (bytes > max_bytes_ || max_bytes_ - bytes < kCallBytes) return failure_.has_value();
  const std::size_t most_queued = capacity(bytes + kCallBytes) - bytes - kCallBytes;
  while (!failure_ && !closing_ && counters_.bytes_queued > most_queued) {
    seal_down_to(most_queued);
    if (system_clock().now() >= deadline) return false;
    system_clock().wait(done_, mutex_, deadline);
  }
  return true;
}

void WriteQueue::close() {
  MutexLock lock(mutex_);
  closing_ = true;
  work_.notify_one();
  done_.notify_all();
}

WriterCounters WriteQueue::counters() const {
  MutexLock lock(mutex_);
  return counters_;
}

Status WriteQueue::status() const {
  MutexLock lock(mutex_);
  return failure_ ? Status(*failure_) : Status();
}

bool WriteQueue::may_take(WindowNumber number) const {
  return closing_ || number < sealed_ || (flush_pending() && number <= flush_last_);
}

bool WriteQueue::has_work() const {
  return closing_ || flush_pending() || (!windows_.empty() && windows_.begin()->first < sealed_);
}

WriteQueue::Batch WriteQueue::next(HostTime deadline) {
  MutexLock lock(mutex_);
  while (!has_work() && system_clock().now() < deadline) system_clock().wait(work_, mutex_, deadline);
  return take_batch();
}

WriteQueue::Batch WriteQueue::take_batch() {
  Batch batch;
  for (auto at = windows_.begin(); at != windows_.end() && may_take(at->first) && batch.bytes < kBatchBytes;
       at = windows_.erase(at)) {
    Window& window = at->second;
    if (at->first >= sealed_) held_bytes_ -= window.bytes;
    if (flush_pending() && window.has_frames())
      flushed_through_ = std::max(flushed_through_.value_or(window.last), window.last);
    batch.bytes += window.bytes;
    batch.records += window.records();
    batch.windows.push_back(std::move(window));
  }
  batch.more = !windows_.empty() && may_take(windows_.begin()->first);
  if (flush_pending() && !batch.more) batch.flush = flush_asked_;
  batch.gaps = gaps_.take();
  batch.last = closing_ && windows_.empty();
  return batch;
}

void WriteQueue::written(const Batch& batch, std::uint64_t bytes_on_disk, std::string_view write_method) {
  MutexLock lock(mutex_);
  counters_.bytes_queued -= batch.bytes;
  records_queued_ -= batch.records;
  counters_.bytes_on_disk = bytes_on_disk;
  counters_.write_method = write_method;
  done_.notify_all();
}

void WriteQueue::flushed(std::uint64_t number) {
  MutexLock lock(mutex_);
  flush_done_ = number;
  done_.notify_all();
}

void WriteQueue::part_begun() {
  MutexLock lock(mutex_);
  ++counters_.parts;
}

/// What was accepted but did not get to the disk has not been written after all.
void WriteQueue::count_lost(const GapLog& lost) {
  for (const Gap& gap : lost.gaps()) {
    WriterCounters::Track& track = counter(gap.track);
    track.written -= gap.frames;
    track.refused += gap.frames;
  }
}

std::vector<Gap> WriteQueue::fail(const Error& cause, GapLog lost) {
  MutexLock lock(mutex_);
  if (!failure_) failure_ = cause.context(name_);
  for (const auto& [number, window] : windows_)
    for (const Gap& gap : loss_of({&window, 1}).take()) lost.add(gap);
  count_lost(lost);
  for (const Gap& gap : gaps_.take()) lost.add(gap);
  windows_.clear();
  early_ = Window{};
  held_bytes_ = 0;
  counters_.bytes_queued = 0;
  records_queued_ = 0;
  done_.notify_all();
  return lost.take();
}

void WriteQueue::stopped(std::uint64_t bytes_on_disk) {
  MutexLock lock(mutex_);
  counters_.bytes_on_disk = bytes_on_disk;
  flush_done_ = flush_asked_;
  done_.notify_all();
}

}  // namespace genlock::recording
