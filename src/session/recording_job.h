#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <utility>

#include "device/device.h"
#include "recording/writer.h"
#include "session/output_file.h"
#include "session/part_list.h"
#include "session/pulse_count.h"
#include "session/recording_span.h"
#include "session/stream_watch.h"

namespace genlock::session {

/// One recording of a session, from the prepared file to its summary. Used by the session's capture thread;
/// only started() and observe_jacks() may be called beside it.
class RecordingJob {
 public:
  /// Makes the file and writes its header, so that a disk that refuses is known before the cameras start.
  static Result<std::unique_ptr<RecordingJob>> create(const Record& request, const Configure& config,
                                                      const device::Device& unit,
                                                      std::size_t max_queued_bytes);

  enum class Outcome { not_yet, recorded, complete };

  /// Takes a capture: not_yet before the span, complete when it lies behind it (it is not recorded then). An
  /// error means that the recording can't go on; frames that the writer had no room for are counted instead.
  /// `pulse` is the unit's own count, `order` counts only for recordings that go by pulses.
  Result<Outcome> accept(const Capture& capture, std::int64_t pulse = 0, const PulseOrder& order = {});

  /// IMU samples wait here until the captures have come as far.
  Status accept_imu(std::span<const ImuSample> samples);

  /// Whether samples beyond the last capture's period have been seen, so that none can be missing.
  bool imu_complete() const { return imu_passed_end_; }
  bool wants_imu() const { return config_.imu; }

  /// False if the writer had no room: worth another try. Any thread.
  bool observe_jacks(const JackObservation& jacks);
  Status note_host(const HostPair& pair);

  /// Samples that were lost on their way here.
  void count_lost_imu(std::uint64_t samples) { lost_imu_ += samples; }

  bool by_pulses() const { return by_pulses_; }
  /// Frames taken since the last call, of a recording that goes by pulses.
  std::vector<Frames::Frame> take_frames() { return std::exchange(frames_, {}); }

  /// Whether a capture has been recorded. Any thread.
  bool started() const { return started_; }
  DeviceTime first() const { return *span_.first(); }
  const std::filesystem::path& file() const { return file_.path(); }
  std::string write_method() const { return std::string(writer_->counters().write_method); }

  Progress progress() const;

  /// Closes the file and sums up. A failure that only closing shows turns the reason into `failed`.
  /// `captures_dropped`: what the unit's queue threw out since the first capture.
  RecordingEnded finish(EndReason reason, std::string error, std::uint64_t captures_dropped = 0);

 private:
  RecordingJob(const Record& request, const Configure& config, OutputFile file,
               std::shared_ptr<PartList> parts, std::unique_ptr<recording::Writer> writer);

  Status release_imu(DeviceTime before);
  Status check_clock(const Capture& capture);
  Status check_jump(const std::optional<Image>& image, std::optional<HostDuration>& least);
  void count(const Capture& capture);
  Status write_numbered(Capture capture, std::int64_t pulse);
  void tell(const Capture& capture);
  void count_frame(StreamKind stream, GapCounter& counter, DeviceTime stamp);
  std::uint64_t missing_at_end(const GapCounter& counter, DeviceTime end) const;
  DeviceTime last_schedule_time() const;
  StreamCount imu_count(const recording::WriterCounters& written, bool ended) const;
  std::vector<StreamCount> stream_counts(bool ended) const;

  const Configure config_;
  const bool by_pulses_;
  RecordingSpan span_;
  std::vector<Frames::Frame> frames_;
  std::atomic<bool> started_ = false;
  OutputFile file_;
  const std::shared_ptr<PartList> parts_;  ///< shared with the writer, which begins them
  std::unique_ptr<recording::Writer> writer_;
  GapCounter color_;
  GapCounter depth_;
  /// Of the host's clock from the unit's counter; frames of one stream come in order, those of two do not.
  std::optional<HostDuration> least_color_offset_, least_depth_offset_;
  std::vector<Gap> gaps_;
  std::deque<ImuSample> held_imu_;
  ImuGapCounter imu_;
  bool imu_passed_end_ = false;
  std::uint64_t lost_imu_ = 0;
};

}  // namespace genlock::session
