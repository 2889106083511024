#include "session/stream_reader.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/log.h"

namespace genlock::session {
namespace {

using namespace std::chrono_literals;

constexpr HostDuration kPoll = 100ms;  // how long a read waits before the loop looks around
constexpr HostDuration kProgressEvery = 500ms;
constexpr HostDuration kWaitingEvery = 1s;
constexpr HostDuration kPairEvery = 1s;
constexpr HostDuration kImuTail = 500ms;  // IMU data are never later than this
constexpr int kPairingDepth = 16;         // frames a unit holds back for a partner (facts k4a-abi.md C3)

}  // namespace

StreamReader::StreamReader(device::Device& unit, const Configure& config, EventSink emit,
                           const SessionOptions& options)
    : unit_(unit),
      clock_(unit.clock()),
      config_(config),
      emit_(std::move(emit)),
      options_(options),
      teller_(emit_),
      silence_(config.camera, config.imu, options.silence_limit),
      pulses_(config.camera),
      imu_(unit, options.name) {}

StreamReader::~StreamReader() {
  static_cast<void>(end_recording().has_value());
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  imu_.expect_end();
  stop_unit();
  capture_thread_.join();
  stop_unit();  // once more: the capture thread may have been starting the cameras anew
  imu_.join();
  jack_watch_.reset();
}

void StreamReader::stop_unit() {
  unit_.stop_imu();
  unit_.stop_cameras();
}

bool StreamReader::broken() {
  MutexLock lock(mutex_);
  return broken_;
}

std::string StreamReader::unit_name() const {
  return "unit " + unit_.identity().serial;
}

bool StreamReader::stopping() {
  MutexLock lock(mutex_);
  return stopping_;
}

std::shared_ptr<RecordingJob> StreamReader::job() {
  MutexLock lock(mutex_);
  return job_;
}

Status StreamReader::start_unit() {
  GENLOCK_TRY(unit_.start_cameras(config_.camera));
  if (config_.imu) GENLOCK_TRY(unit_.start_imu());
  return {};
}

Status StreamReader::start() {
  {
    MutexLock lock(mutex_);
    if (running_) return Error(Errc::state, unit_name() + ": already started");
  }
  if (const Status started = start_unit(); !started) {
    stop_unit();
    end_unstarted(EndReason::failed, started.error().message());
    return started;
  }
  started_at_ = armed_at_ = last_waiting_ = last_progress_ = last_pair_ = clock_.now();
  {
    MutexLock lock(mutex_);
    running_ = true;
  }
  emit_(Started{config_.camera.sync_mode});
  if (config_.imu) imu_.start();
  jack_watch_ = std::make_unique<JackWatch>(
      unit_, options_.name, [this](const SyncJacks& jacks, bool changed) { see_jacks(jacks, changed); });
  capture_thread_ = Thread("cap-" + options_.name, [this] { read_captures(); });
  return {};
}

Status StreamReader::begin_recording(const Record& request) {
  if (job()) return Error(Errc::state, unit_name() + ": already recording");
  if (broken())
    return Error(Errc::state, unit_name() + ": it gives nothing more; close it and open it again");
  auto created = RecordingJob::create(request, config_, unit_, options_.max_queued_bytes);
  if (!created) return created.error();
  MutexLock lock(mutex_);
  end_requested_ = false;
  order_ = {};
  teller_.begin();
  job_ = *std::move(created);
  return {};
}

Status StreamReader::check_pulse(std::int64_t pulse, std::int64_t shift) {
  if (!job_ || !job_->by_pulses()) return Error(Errc::state, unit_name() + ": no recording goes by pulses");
  if (!newest_pulse_) return Error(Errc::state, unit_name() + ": no capture has come yet");
  if (pulse > *newest_pulse_ + shift) return {};
  return Error(Errc::too_late, fmt::format("{}: pulse {} has gone by, it is at {}", unit_name(), pulse,
                                           *newest_pulse_ + shift));
}

Status StreamReader::begin_at(const BeginAt& request) {
  MutexLock lock(mutex_);
  if (order_.first) return Error(Errc::state, unit_name() + ": the recording has its first pulse already");
  if (request.last && *request.last < request.first)
    return Error(Errc::invalid, unit_name() + ": the last pulse is before the first");
  GENLOCK_TRY(check_pulse(request.first, request.shift));
  order_ = {request.first, request.last, request.shift};
  return {};
}

Status StreamReader::end_at(const EndAt& request) {
  MutexLock lock(mutex_);
  if (!order_.first) return Error(Errc::state, unit_name() + ": the recording waits for its first pulse");
  GENLOCK_TRY(check_pulse(request.last, order_.shift));
  order_.last = std::max(request.last, *order_.first);
  return {};
}

Status StreamReader::end_recording() {
  {
    MutexLock lock(mutex_);
    if (!job_) return {};
    if (running_) {
      end_requested_ = true;
      changed_.notify_all();
      while (job_) changed_.wait(mutex_);
      return {};
    }
  }
  end_unstarted(EndReason::stopped, "");
  return {};
}

/// Ends a recording whose cameras never ran; its file goes with it.
void StreamReader::end_unstarted(EndReason reason, std::string error) {
  std::shared_ptr<RecordingJob> ending;
  {
    MutexLock lock(mutex_);
    ending = std::exchange(job_, nullptr);
  }
  if (ending) emit_(ending->finish(reason, std::move(error)));
}

// -- the capture thread
// ------------------------------------------------------------------------------------------------

void StreamReader::read_captures() {
  while (!stopping()) {
    if (!broken()) read_once();
    for (std::string& notice : unit_.take_notices()) emit_(Warning{std::move(notice)});
    report_progress(clock_.now());
    take_commands();
  }
}

void StreamReader::read_once() {
  auto capture = unit_.next_capture(kPoll);
  if (stopping()) return;
  const HostTime now = clock_.now();
  drain_imu(now);
  if (!capture) {
    const bool ended = capture.error().code() == Errc::not_found;
    return fail_unit(ended ? EndReason::end_of_replay : EndReason::failed,
                     ended ? "" : capture.error().message());
  }
  if (*capture) on_capture(**capture, now);
  if (!first_seen_) return while_waiting(now);
  check_silence(now);
}

/// The unit gives nothing more: ends the recording, or says why there can be none.
void StreamReader::fail_unit(EndReason reason, std::string error) {
  {
    MutexLock lock(mutex_);
    broken_ = true;
  }
  if (job()) return finish(reason, std::move(error), reason == EndReason::failed);
  emit_(Warning{error.empty() ? unit_name() + ": the recording that was played back has ended"
                              : std::move(error)});
}

void StreamReader::take_commands() {
  bool end = false;
  {
    MutexLock lock(mutex_);
    end = end_requested_ && job_;
    if (!end && broken_ && !stopping_) clock_.wait(changed_, mutex_, kNoDeadline);
  }
  if (end) finish(EndReason::stopped, "");
}

void StreamReader::on_capture(const Capture& capture, HostTime now) {
  if (!first_seen_) delivered_ = {now, now};
  first_seen_ = true;
  if (capture.color) silence_.seen(StreamKind::color, delivered_[0] = now);
  if (capture.ir || capture.depth) silence_.seen(StreamKind::depth, delivered_[1] = now);
  if (capture.empty()) return;
  const std::int64_t pulse = pulses_.count(schedule_time(capture, config_.camera.depth_delay_off_color));
  PulseOrder order;
  {
    MutexLock lock(mutex_);
    latest_ = earliest_time(capture);
    newest_pulse_ = pulses_.newest();
    order = order_;
  }
  record(capture, pulse, order, now);
  if (!order.first) tell_streaming(capture, pulse, now);
}

/// While a recording waits for its first pulse.
void StreamReader::tell_streaming(const Capture& capture, std::int64_t pulse, HostTime now) {
  const auto current = job();
  if (!current || !current->by_pulses()) return;
  const Image& image = capture.color ? *capture.color : capture.ir ? *capture.ir : *capture.depth;
  teller_.tell(
      Streaming{pulse, schedule_time(capture, config_.camera.depth_delay_off_color), image.host_time}, now);
}

void StreamReader::record(const Capture& capture, std::int64_t pulse, const PulseOrder& order, HostTime now) {
  const auto current = job();
  if (!current) return;
  const bool before = !current->started();
  const auto outcome = current->accept(capture, pulse, order);
  if (!outcome)
    return finish(EndReason::failed, unit_name() + ": " + outcome.error().message(),
                  outcome.error().code() == Errc::corrupt);
  if (*outcome == RecordingJob::Outcome::complete) return finish(EndReason::length_reached, "");
  if (*outcome != RecordingJob::Outcome::recorded) return;
  if (before) {
    dropped_before_ = unit_.counters().backend.captures_dropped.value_or(0);
    emit_(RecordingStarted{current->file(), current->first(), current->write_method()});
  }
  note_host(capture, now);
}

void StreamReader::note_host(const Capture& capture, HostTime now) {
  const Image* image = capture.color ? &*capture.color : capture.ir ? &*capture.ir : nullptr;
  const auto current = job();
  if (!image || !image->host_time || !current) return;
  const bool first = image->device_time == current->first();
  if (!first && now - last_pair_ < kPairEvery) return;
  last_pair_ = now;
  const HostPair pair{image->device_time, *image->host_time,
                      clock_.wall_now() - (clock_.now() - *image->host_time)};
  if (current->by_pulses()) teller_.note(pair);
  if (const Status noted = current->note_host(pair); !noted)
    finish(EndReason::failed, noted.error().message());
}

void StreamReader::drain_imu(HostTime now) {
  count_lost_imu();
  while (auto batch = imu_.try_pop()) {
    silence_.seen(StreamKind::imu, now);
    const auto current = job();
    if (!current) continue;
    if (const Status taken = current->accept_imu(*batch); !taken)
      finish(EndReason::failed, taken.error().message());
  }
}

/// Samples lost in the unit's queue or in ours are the recording's loss once it runs.
void StreamReader::count_lost_imu() {
  const std::uint64_t lost = imu_.take_lost();
  const auto current = job();
  if (current && current->started()) current->count_lost_imu(lost);
}

void StreamReader::while_waiting(HostTime now) {
  const bool subordinate = config_.camera.sync_mode == WiredSyncMode::subordinate;
  const HostDuration limit = subordinate ? options_.subordinate_limit : options_.first_capture_limit;
  const HostDuration waited = now - started_at_;
  if (waited >= limit) return give_up_waiting(limit);
  if (subordinate && config_.camera.depth_on() && now - armed_at_ >= options_.depth_sleeps_after)
    if (const Status armed = rearm(now); !armed)
      return fail_unit(EndReason::failed, "starting the cameras again: " + armed.error().message());
  if (now - last_waiting_ < kWaitingEvery) return;
  last_waiting_ = now;
  if (const std::string why = waited > options_.silence_limit ? unit_.trouble() : ""; !why.empty())
    return fail_unit(EndReason::failed, fmt::format("{}: no capture comes: {}", unit_name(), why));
  emit_(Waiting{waited, limit - waited});
}

void StreamReader::give_up_waiting(HostDuration limit) {
  const bool subordinate = config_.camera.sync_mode == WiredSyncMode::subordinate;
  const char* advice =
      subordinate ? "is the master started and the chain plugged?" : "reconnect the unit and try again";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
  fail_unit(EndReason::failed, fmt::format("{}: no capture within {} s; {}", unit_name(), seconds, advice));
}

Status StreamReader::rearm(HostTime now) {
  stop_unit();
  imu_.join();
  armed_at_ = now;
  emit_(Rearmed{now - started_at_});
  GENLOCK_TRY(start_unit());
  if (config_.imu) imu_.start();
  return {};
}

/// Frames that wait inside the unit for their partner are no silence of their own stream, as long as they may
/// wait.
void StreamReader::see_received(HostTime now) {
  const HostDuration patience =
      options_.silence_limit + kPairingDepth * std::chrono::seconds(1) / fps(config_.camera.rate);
  const device::BackendCounters received = unit_.counters().backend;
  if (received.color_received > received_.color_received && now - delivered_[0] < patience)
    silence_.seen(StreamKind::color, now);
  if (received.depth_received > received_.depth_received && now - delivered_[1] < patience)
    silence_.seen(StreamKind::depth, now);
  received_ = received;
}

void StreamReader::check_silence(HostTime now) {
  see_received(now);
  const std::vector<StreamKind> silent = silence_.silent(now);
  if (silent.empty()) return;
  if (!may_lack(silent)) return fail_unit(EndReason::failed, describe_silence(silent));
  emit_(Warning{describe_silence(silent) + "; the images are recorded on"});
  silence_.set_aside(StreamKind::imu);
}

/// The images of a rig's take are worth more than its IMU.
bool StreamReader::may_lack(const std::vector<StreamKind>& silent) {
  const auto current = job();
  return current && current->by_pulses() && current->started() && silent == std::vector{StreamKind::imu};
}

std::string StreamReader::describe_silence(const std::vector<StreamKind>& silent) {
  const std::string imu = imu_.error();
  if (silent == std::vector{StreamKind::imu} && !imu.empty()) return imu;
  std::vector<std::string_view> names;
  for (StreamKind stream : silent) names.push_back(to_string(stream));
  const double limit = std::chrono::duration<double>(options_.silence_limit).count();
  const std::string why = unit_.trouble();
  return fmt::format("{}: {} silent for more than {:.1f} s; {}", unit_name(), fmt::join(names, ", "), limit,
                     why.empty() ? "check its cable and power, then reconnect it" : why);
}

/// Why a recording that has all its images is not well all the same.
std::string StreamReader::unfinished_imu() {
  const auto current = job();
  const bool wanted =
      current && current->started() && current->wants_imu() && !current->by_pulses();  // those tell how many
  return wanted && !current->imu_complete() ? imu_.error() : "";
}

void StreamReader::report_progress(HostTime now) {
  const auto current = job();
  if (current && current->started()) teller_.tell_when_due(*current, now);
  if (!current || !current->started() || now - last_progress_ < kProgressEvery) return;
  last_progress_ = now;
  emit_(current->progress());
}

void StreamReader::await_imu_tail() {
  const auto current = job();
  const HostTime deadline = clock_.now() + kImuTail;
  while (current && current->wants_imu() && current->started() && !current->imu_complete()) {
    auto batch = imu_.pop(deadline);
    if (!batch || !current->accept_imu(*batch)) return;
  }
}

void StreamReader::finish(EndReason reason, std::string error, bool unit_lost) {
  if (error.empty()) {
    await_imu_tail();
    error = unfinished_imu();
  }
  std::shared_ptr<RecordingJob> ending;
  {
    MutexLock lock(mutex_);
    ending = job_;
    if (!ending) return;
  }
  teller_.tell(*ending);
  const std::uint64_t dropped = unit_.counters().backend.captures_dropped.value_or(0);
  RecordingEnded ended = ending->finish(reason, std::move(error),
                                        ending->started() ? dropped - std::min(dropped, dropped_before_) : 0);
  ended.unit_lost = unit_lost;
  {
    MutexLock lock(mutex_);
    job_.reset();
    end_requested_ = false;
    changed_.notify_all();
  }
  ending.reset();
  emit_(ended);
}

// -- the thread of the jacks
// -------------------------------------------------------------------------------------------------

void StreamReader::see_jacks(const SyncJacks& jacks, bool changed) {
  if (changed)
    emit_(Warning{fmt::format("{}: plug {} SYNC IN, {} SYNC OUT", unit_name(),
                              jacks.in.value_or(false) ? "in" : "not in",
                              jacks.out.value_or(false) ? "in" : "not in")});
  const auto current = job();
  if (!current || !current->started() || (current == told_jacks_ && jacks == jacks_)) return;
  DeviceTime when;
  {
    MutexLock lock(mutex_);
    when = latest_;
  }
  if (!current->observe_jacks({when, jacks})) return;
  told_jacks_ = current;
  jacks_ = jacks;
  if (current->by_pulses()) teller_.note(JackObservation{when, jacks});
}

}  // namespace genlock::session
