#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/thread.h"
#include "device/device.h"
#include "session/frame_teller.h"
#include "session/imu_reader.h"
#include "session/jack_watch.h"
#include "session/recording_job.h"
#include "session/unit_session.h"

namespace genlock::session {

/// The running half of a session: starts a unit, reads it on threads of its own, and feeds the recording.
///
/// Threads: "cap-<name>" (reads captures, writes the recording, says what happens), and those of ImuReader
/// and JackWatch. All are made by start() and joined by the destructor.
class StreamReader {
 public:
  StreamReader(device::Device& unit, const Configure& config, EventSink emit, const SessionOptions& options);

  /// Stops everything; a recording that runs is ended first.
  ~StreamReader();

  Status start();

  /// The recording starts with the next capture that fits the request.
  Status begin_recording(const Record& request);

  Status begin_at(const BeginAt& request);
  Status end_at(const EndAt& request);

  /// Returns when the file is closed. Fine if the recording has ended by itself.
  Status end_recording();

 private:
  void read_captures();
  void read_once();
  void see_jacks(const SyncJacks& jacks, bool changed);

  void take_commands();
  Status start_unit();
  void stop_unit();
  void on_capture(const Capture& capture, HostTime now);
  void record(const Capture& capture, std::int64_t pulse, const PulseOrder& order, HostTime now);
  void tell_streaming(const Capture& capture, std::int64_t pulse, HostTime now);
  void note_host(const Capture& capture, HostTime now);
  void drain_imu(HostTime now);
  void count_lost_imu();
  void while_waiting(HostTime now);
  void give_up_waiting(HostDuration limit);
  Status rearm(HostTime now);
  void see_received(HostTime now);
  void check_silence(HostTime now);
  bool may_lack(const std::vector<StreamKind>& silent);
  std::string describe_silence(const std::vector<StreamKind>& silent);
  std::string unfinished_imu();
  void report_progress(HostTime now);
  void await_imu_tail();
  void finish(EndReason reason, std::string error, bool unit_lost = false);
  std::string unit_name() const;

  device::Device& unit_;
  Clock& clock_;
  const Configure config_;
  const EventSink emit_;
  const SessionOptions options_;
  FrameTeller teller_;

  // Used by the capture thread only, once it runs.
  SilenceWatch silence_;
  device::BackendCounters received_;
  bool first_seen_ = false;
  std::array<HostTime, 2> delivered_;  ///< when colour and depth last came in a capture
  std::uint64_t dropped_before_ =
      0;  ///< captures that the unit's queue had thrown out when the recording began
  HostTime armed_at_;
  HostTime started_at_;
  HostTime last_waiting_;
  HostTime last_progress_;
  HostTime last_pair_;
  PulseCount pulses_;

  // Used by the thread of the jacks only.
  std::shared_ptr<RecordingJob> told_jacks_;  ///< the recording that has the jacks as they are in `jacks_`
  SyncJacks jacks_;

  Mutex mutex_;
  CondVar changed_;
  std::shared_ptr<RecordingJob> job_ GENLOCK_GUARDED_BY(mutex_);
  bool end_requested_ GENLOCK_GUARDED_BY(mutex_) = false;
  bool stopping_ GENLOCK_GUARDED_BY(mutex_) = false;
  bool running_ GENLOCK_GUARDED_BY(mutex_) = false;
  bool broken_ GENLOCK_GUARDED_BY(mutex_) = false;  ///< the unit gives nothing more; only Close helps
  DeviceTime latest_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<std::int64_t> newest_pulse_ GENLOCK_GUARDED_BY(mutex_);  ///< as the unit counts
  PulseOrder order_ GENLOCK_GUARDED_BY(mutex_);

  bool stopping();
  bool broken();
  void fail_unit(EndReason reason, std::string error);
  void end_unstarted(EndReason reason, std::string error);
  std::shared_ptr<RecordingJob> job();
  Status check_pulse(std::int64_t pulse, std::int64_t shift) GENLOCK_REQUIRES(mutex_);

  Thread capture_thread_;
  ImuReader imu_;
  std::unique_ptr<JackWatch> jack_watch_;
};

}  // namespace genlock::session
