#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "recording/gap_log.h"
#include "recording/window.h"
#include "recording/writer.h"

namespace genlock::recording {

/// What waits for the disk, sorted into windows of device time. A window is held back until later data seal
/// it; the writer's thread takes sealed windows in order. Bounded by WriterOptions::max_queued_bytes: where
/// data held back fill more than three quarters of that, the oldest are sealed early. Any thread may call.
class WriteQueue {
 public:
  /// Windows for the thread, and what is to be done once they are written.
  struct Batch {
    std::vector<Window> windows;
    std::vector<Gap> gaps;  ///< refused since the batch before
    std::size_t bytes = 0;
    std::size_t records = 0;
    std::optional<std::uint64_t> flush;  ///< then the file is to be completed, and flushed() told this number
    bool more = false;                   ///< the next batch is there already
    bool last = false;                   ///< nothing comes after
  };

  WriteQueue(const RecordingInfo& info, const WriterOptions& options);

  // For those who record. The contracts are Writer's.
  Status add(TrackKind track, const Image& image, float temperature_c);
  Status add(const ImuSample& sample);
  Status add(std::string_view custom_track, DeviceTime time, Buffer data);
  Status add(const HostPair& pair) { return add_record(pair, &Window::host_pairs); }
  Status add(const JackObservation& jacks) { return add_record(jacks, &Window::jacks); }
  Status flush();
  bool wait_for_room(std::size_t bytes, HostTime deadline);
  /// Takes nothing more; next() gives what is left.
  void close();
  WriterCounters counters() const;
  /// The sticky failure, if there is one.
  Status status() const;

  // For the thread.
  /// Waits for windows to write; an empty batch at the deadline.
  Batch next(HostTime deadline);
  void written(const Batch& batch, std::uint64_t bytes_on_disk, std::string_view write_method);
  void flushed(std::uint64_t number);
  void part_begun();
  /// Makes the failure sticky. What waits is lost, and so is `lost`, of the batch that failed: all that the
  /// file has to tell of.
  std::vector<Gap> fail(const Error& cause, GapLog lost);
  /// The thread has ended; whoever waits for it goes on.
  void stopped(std::uint64_t bytes_on_disk);

 private:
  using WindowNumber = std::int64_t;
  static WindowNumber window_of(DeviceTime time);

  Status check_format(TrackKind track, const Image& image) const;
  Status check_size(TrackKind track, const Image& image) const;
  Status check_open() const GENLOCK_REQUIRES(mutex_);
  Status check_time(DeviceTime time) const GENLOCK_REQUIRES(mutex_);
  std::size_t capacity(std::size_t cost) const GENLOCK_REQUIRES(mutex_);
  Status check_room(std::size_t cost) const GENLOCK_REQUIRES(mutex_);
  Status admit(TrackSlot track, DeviceTime time, std::size_t cost) GENLOCK_REQUIRES(mutex_);
  Window& place(DeviceTime time, std::size_t cost) GENLOCK_REQUIRES(mutex_);
  void seal_before(WindowNumber number) GENLOCK_REQUIRES(mutex_);
  void seal_down_to(std::size_t most_held) GENLOCK_REQUIRES(mutex_);
  template <class Record>
  Status add_record(const Record& record, std::vector<Record> Window::*list);
  bool flush_pending() const GENLOCK_REQUIRES(mutex_) { return flush_done_ < flush_asked_; }
  bool may_take(WindowNumber number) const GENLOCK_REQUIRES(mutex_);
  bool has_work() const GENLOCK_REQUIRES(mutex_);
  Batch take_batch() GENLOCK_REQUIRES(mutex_);
  WriterCounters::Track& counter(TrackSlot slot) GENLOCK_REQUIRES(mutex_);
  void count_lost(const GapLog& lost) GENLOCK_REQUIRES(mutex_);
  Error error(Errc code, std::string_view what) const;

  const RecordingInfo info_;
  const std::string name_;
  const DeviceDuration hold_back_;
  const std::size_t max_bytes_;
  const bool any_image_size_;

  mutable Mutex mutex_;
  CondVar work_;  ///< for the thread
  CondVar done_;  ///< room, a flush done, a failure
  std::map<WindowNumber, Window> windows_ GENLOCK_GUARDED_BY(mutex_);
  Window early_ GENLOCK_GUARDED_BY(mutex_);  ///< records that came before any frame
  std::size_t records_queued_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::size_t largest_window_ GENLOCK_GUARDED_BY(mutex_) = 0;  ///< bytes of one, so far
  std::size_t held_bytes_ GENLOCK_GUARDED_BY(mutex_) = 0;      ///< of windows not sealed
  WindowNumber sealed_ GENLOCK_GUARDED_BY(mutex_) = 0;         ///< windows before this one take nothing more
  WindowNumber newest_ GENLOCK_GUARDED_BY(mutex_) = -1;  ///< last window with a frame; -1 before the first
  DeviceTime newest_time_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<DeviceTime> flushed_through_ GENLOCK_GUARDED_BY(mutex_);  ///< only later data are taken
  std::uint64_t flush_asked_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::uint64_t flush_done_ GENLOCK_GUARDED_BY(mutex_) = 0;
  WindowNumber flush_last_ GENLOCK_GUARDED_BY(mutex_) = 0;  ///< last window of the flush asked for
  bool closing_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ GENLOCK_GUARDED_BY(mutex_);
  WriterCounters counters_ GENLOCK_GUARDED_BY(mutex_);
  GapLog gaps_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::recording
