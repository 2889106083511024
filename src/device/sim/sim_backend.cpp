#include "device/sim/sim_backend.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "device/sim/bench_events.h"
#include "device/sim/calibrations.h"
#include "device/sim/color_settings.h"
#include "device/sim/open_checks.h"
#include "device/sim/usb_budget.h"

namespace genlock::device::sim {
namespace {

Error stopped() {
  return Error(Errc::state, "the cameras were stopped");
}
Error imu_stopped() {
  return Error(Errc::state, "the IMU was stopped");
}

}  // namespace

Result<std::unique_ptr<Backend>> SimBackend::open(std::shared_ptr<Bench> bench, std::size_t unit,
                                                  LibraryOptions library) {
  const UnitConfig& config = bench->config().units[unit];
  const UnitLog log(config.serial);
  GENLOCK_TRY(check_firmware(config, log).context("unit " + config.serial));
  GENLOCK_ASSIGN(Buffer calibration, load_calibration(config).context("unit " + config.serial));
  auto taken = bench->shared().take_unit(unit);
  if (!taken && taken.error().code() == Errc::busy) say_no_access(log);
  GENLOCK_ASSIGN(UniqueFd ownership, std::move(taken).context("unit " + config.serial));
  DeviceIdentity identity{.serial = config.serial,
                          .version = config.version,
                          .raw_calibration = std::move(calibration),
                          .simulated = true,
                          .backend = "sim",
                          .host = bench->host()};
  std::unique_ptr<SimBackend> backend(
      new SimBackend(std::move(bench), unit, std::move(ownership), std::move(identity), library));
  GENLOCK_TRY(backend->await_boot().context("unit " + config.serial));
  GENLOCK_TRY(backend->settle_in().context("unit " + config.serial));
  return std::unique_ptr<Backend>(std::move(backend));
}

SimBackend::SimBackend(std::shared_ptr<Bench> bench, std::size_t unit, UniqueFd ownership,
                       DeviceIdentity identity, LibraryOptions library)
    : bench_(std::move(bench)),
      shared_(bench_->shared()),
      unit_(unit),
      ownership_(std::move(ownership)),
      identity_(std::move(identity)),
      log_(identity_.serial),
      library_(library) {}

SimBackend::~SimBackend() {
  stop_imu();
  stop();
}

/// Until the unit tells its versions; nobody can interrupt that, as with the vendor's library.
Status SimBackend::await_boot() {
  UnitState unit;
  {
    SharedBench::Lock lock(shared_);
    catch_up(lock, shared_, bench_->config(), shared_.now(), {});
    unit = lock.state().units[unit_];
  }
  GENLOCK_ASSIGN(const HostDuration wait, boot_wait(unit, log_));
  const HostTime until = shared_.now() + wait;
  for (std::uint32_t word = shared_.wake_word(); shared_.now() < until; word = shared_.wake_word())
    shared_.wait(word, until, SharedBench::readers_of(unit_));
  return {};
}

/// Takes over from whoever had the unit before, perhaps a process that was killed.
Status SimBackend::settle_in() {
  MutexLock own(mutex_);
  {
    SharedBench::Lock lock(shared_);
    if (lock.retired()) {
      return Error(Errc::busy,
                   "the bench was set up anew by another process with another configuration; open it again");
    }
    const auto here = static_cast<std::uint8_t>(unit_);
    catch_up(lock, shared_, bench_->config(), shared_.now(), {});
    if (lock.state().units[unit_].running) {
      append_now(lock, shared_, bench_->config(), {.kind = EventKind::stop, .unit = here});
    }
    state_ = lock.state();
    sequence_ = lock.sequence();
  }
  power_cycles_ = unit_state().power_cycles;
  GENLOCK_TRY(check_open(unit_state(), log_));
  shared_.set_owner(unit_, ::getpid());
  for (const Reader reader : {Reader::captures, Reader::imu}) shared_.reader_is_done(unit_, reader);
  return {};
}

/// Applies what has happened on the bench, and returns the time up to which it is known. The log is written
/// with the bench unlocked: a terminal that stands still must not stop other processes.
HostTime SimBackend::follow() {
  std::vector<Event> events;
  std::optional<BenchState> state;  ///< instead of events, when some are gone
  HostTime now;
  {
    SharedBench::Lock lock(shared_);
    now = shared_.now();
    catch_up(lock, shared_, bench_->config(), now, watched(lock.state(), now));
    for (; sequence_ < lock.sequence() && !state; ++sequence_) {
      const Event* event = lock.event(sequence_);
      event != nullptr ? events.push_back(*event) : static_cast<void>(state = lock.state());
    }
    sequence_ = lock.sequence();
  }
  for (const Event& event : events) {
    apply(state_, event, bench_->config(), bench_->wiring());
    on_event(event);
  }
  if (!state) return now;
  state_ = *state;
  catch_up_after_loss(now);
  return now;
}

/// The units to ask whether their process lives: the one whose pulses come to this one, every time, and the
/// others in turn, whose lasers must not shine for ever. What they do no more shows here.
std::vector<std::size_t> SimBackend::watched(const BenchState& state, HostTime now) {
  std::vector<std::size_t> units;
  const auto source = bench_->wiring().pulse_source(state, unit_, now);
  if (source && source->maker) units.push_back(*source->maker);
  if (lasers_) units.push_back(watched_in_turn_++ % bench_->config().units.size());
  std::erase(units, unit_);
  return units;
}

void SimBackend::on_event(const Event& event) {
  if (timeline_) timeline_->on_event(event, state_);
  if (lasers_) lasers_->on_event(event);
  if (path_) path_->on_event(event, state_);
  if (imu_) imu_->on_event(event);
  if (imu_path_) imu_path_->on_event(event);
  if (event.unit == unit_ && event.on && event.is(FaultKind::brown_out)) browned_out_ = true;
}

/// So many events passed since the last look that some are gone: goes on with what they have led to.
void SimBackend::catch_up_after_loss(HostTime now) {
  if (lasers_) lasers_.emplace(bench_->config(), state_, unit_);
  on_event({.time = now, .kind = EventKind::trigger, .unit = static_cast<std::uint8_t>(unit_)});
  if (gone()) on_event({.time = now, .kind = EventKind::power, .unit = static_cast<std::uint8_t>(unit_)});
  if (const FaultState& fault = unit_state().fault(FaultKind::brown_out); fault.on)
    on_event({.time = now,
              .kind = EventKind::fault,
              .unit = static_cast<std::uint8_t>(unit_),
              .on = true,
              .streams = fault.streams,
              .failure = FaultKind::brown_out});
}

/// The unit lost power since it was opened; having it again does not bring this session back.
bool SimBackend::gone() const {
  return state_.units[unit_].power_cycles != power_cycles_;
}

/// Whether the unit carries out a command.
Status SimBackend::check_here() {
  follow();
  if (gone() || browned_out_) {
    log_.say(LogLevel::error, "a command failed: LIBUSB_ERROR_NO_DEVICE");
    return Error(Errc::disconnected,
                 "the unit no longer answers: it was unplugged or lost power; close it and open it again");
  }
  const FaultState& refusal = unit_state().fault(FaultKind::refuse_command);
  if (!refusal.on) return {};
  log_.say(LogLevel::error, "the unit refused a command: cmd_status {:#x}", refusal.knob);
  return Error(Errc::io, fmt::format("the unit refused a command (cmd_status {:#x}); try again, or replug it",
                                     refusal.knob));
}

Result<SyncJacks> SimBackend::sync_jacks() {
  MutexLock own(mutex_);
  GENLOCK_TRY(check_here());
  return bench_->wiring().jacks(state_, unit_);
}

Result<ControlValue> SimBackend::color_control(ColorControl control) {
  MutexLock own(mutex_);
  GENLOCK_TRY(check_here());
  return control_value(unit_state(), control, unit_config());
}

Status SimBackend::set_color_control(ColorControl control, ControlValue value) {
  MutexLock own(mutex_);
  GENLOCK_TRY(check_here());
  if (control == ColorControl::auto_exposure_priority) return {};
  SharedBench::Lock lock(shared_);
  append_now(lock, shared_, bench_->config(),
             {.kind = EventKind::control,
              .unit = static_cast<std::uint8_t>(unit_),
              .control = control,
              .value = value});
  return {};
}

Status SimBackend::start(const CameraConfig& config) {
  const ColorLook look = [&] {
    SharedBench::Lock lock(shared_);
    return color_look(lock.state().units[unit_], unit_config(), config.rate);
  }();
  GENLOCK_ASSIGN(auto images,
                 UnitImages::make(*bench_, unit_config(), identity_.raw_calibration, config, look));
  MutexLock own(mutex_);
  GENLOCK_TRY(check_here());
  if (queue_) return Error(Errc::state, "the cameras run already");
  if (config.depth_on()) GENLOCK_TRY(check_engine());
  GENLOCK_TRY(begin_session(config));
  images_ = std::move(images);
  return {};
}

/// What the depth engine meets once it has failed, it meets again until the process makes it anew.
Status SimBackend::check_engine() {
  GENLOCK_TRY(check_depth_engine(unit_state(), log_));
  if (!engine_dead_) return {};
  return Error(Errc::io, "the depth engine has failed before; close the unit and open it in a new process");
}

/// Tells the bench of the start, if the host's USB has room for it.
Status SimBackend::begin_on_bench(const CameraConfig& config) {
  SharedBench::Lock lock(shared_);
  const BenchConfig& bench = bench_->config();
  // A unit whose process was killed no longer uses the bus.
  catch_up(lock, shared_, bench, shared_.now(), units_beside(bench, unit_));
  GENLOCK_TRY(check_usb_budget(bench, lock.state(), unit_, config));
  GENLOCK_TRY(check_usb_memory(bench, lock.state(), unit_, config));
  append_now(
      lock, shared_, bench,
      {.kind = EventKind::start, .unit = static_cast<std::uint8_t>(unit_), .on = true, .config = config});
  state_ = lock.state();
  sequence_ = lock.sequence();
  return {};
}

Status SimBackend::begin_session(const CameraConfig& config) {
  timeline_.reset();
  if (const Status begun = begin_on_bench(config); !begun) {
    log_.say(LogLevel::error, "starting color failed: cmd_status 0x63, LIBUSB_ERROR_TIMEOUT, {}",
             begun.error().message());
    return begun;
  }
  shared_.reset_counts(unit_);
  timeline_.emplace(bench_->config(), state_, unit_);
  if (unit_config().images == "scene" && config.depth_on()) lasers_.emplace(bench_->config(), state_, unit_);
  path_.emplace(bench_->config(), state_, unit_, log_);
  queue_.emplace(config, log_, library_);
  counters_ = {.captures_dropped = 0, .imu_samples_dropped = 0, .color_received = 0, .depth_received = 0};
  camera_run_ = ++runs_;
  tell_captures_read();
  return {};
}

void SimBackend::stop() {
  MutexLock own(mutex_);
  if (!queue_) return;
  follow();
  queue_.reset();
  lasers_.reset();
  images_.reset();
  shared_.reader_is_done(unit_, Reader::captures);
  engine_dead_ = engine_dead_ || path_->engine_dead();
  path_.reset();
  if (!gone()) {
    SharedBench::Lock lock(shared_);
    append_now(lock, shared_, bench_->config(),
               {.kind = EventKind::stop, .unit = static_cast<std::uint8_t>(unit_)});
  }
  shared_.wake(SharedBench::readers_of(unit_));
}

HostTime SimBackend::advance() {
  const HostTime now = follow();
  UnitUse seen;
  timeline_->deliver(now, [&](const Frame& frame) GENLOCK_REQUIRES(mutex_) {
    if (!queue_) return;
    Frame arrived = frame;
    if (!path_->pass(arrived)) return;
    queue_->push(arrived);
    if (arrived.early) return;
    ++(frame.stream == FrameStream::color ? seen.color_frames : seen.depth_frames);
  });
  *counters_.color_received += seen.color_frames;
  *counters_.depth_received += seen.depth_frames;
  seen.pulses = timeline_->last_pulse().value_or(0);
  shared_.count(unit_, seen);
  if (queue_) counters_.captures_dropped = queue_->dropped();
  if (path_) path_->look(now);
  shared_.note(unit_, timeline_->locked(), counters_.captures_dropped.value_or(0));
  return now;
}

std::vector<LaserOverlap> SimBackend::lasers_in(const std::optional<Frame>& depth) {
  if (!lasers_ || !depth) return {};
  return lasers_->seen_by(unit_state().config.depth_mode, depth->centre);
}

Result<SimBackend::Polled> SimBackend::poll_capture(std::uint64_t run, HostTime deadline) {
  MutexLock own(mutex_);
  if (!queue_ || camera_run_ != run) return stopped();
  const HostTime now = advance();
  if (const Status can = path_->captures(); !can) {
    shared_.reader_is_done(unit_, Reader::captures);
    return can.error();
  }
  Polled polled;
  if (const auto plan = queue_->pop()) {
    polled.order = CaptureOrder{.plan = *plan,
                                .config = unit_state().config,
                                .boot = shared_.boot(),
                                .powered = unit_state().powered,
                                .host = bench_->pc_clock(),
                                .others = lasers_in(plan->depth),
                                .images = images_};
    shared_.count(unit_, {.captures = 1});
  } else {
    polled.timed_out = now >= deadline;
    polled.wake = std::min(deadline, timeline_->next_delivery());
  }
  tell_captures_read();
  return polled;
}

/// How long this unit's captures may be left alone: until so many have come since the oldest untaken one.
void SimBackend::tell_captures_read() {
  const HostTime due = queue_->oldest().value_or(timeline_->nothing_before());
  tell_read(Reader::captures, due, capture_slack(unit_state().config));
}

/// The same of the samples, of which none come before the first pulse.
void SimBackend::tell_imu_read() {
  const HostTime due = counter() ? imu_->next_delivery(counter()) : timeline_->next_delivery();
  tell_read(Reader::imu, due, kImuSlack);
}

/// That nothing comes holds only for the events known here: when there are others by now, time waits until
/// this reader has looked at them.
void SimBackend::tell_read(Reader reader, HostTime due, HostDuration slack) {
  if (!bench_->config().patient) return;
  if (due != kForever) return shared_.reader_is_safe(unit_, reader, due + slack);
  SharedBench::Lock lock(shared_);
  shared_.reader_is_safe(unit_, reader, lock.sequence() == sequence_ ? kForever : shared_.now());
}

Result<std::optional<Capture>> SimBackend::next_capture(HostTime host_deadline) {
  const HostTime deadline = bench_->pc_clock().bench_time(host_deadline);
  std::uint64_t run = 0;
  {
    MutexLock own(mutex_);
    if (!queue_) return Error(Errc::state, "the cameras are not started");
    run = camera_run_;
  }
  for (;;) {
    const std::uint32_t word = shared_.wake_word();
    GENLOCK_ASSIGN(const Polled polled, poll_capture(run, deadline));
    if (polled.order) {
      GENLOCK_ASSIGN(Capture capture, make_capture(*polled.order, unit_config()));
      return std::optional(std::move(capture));
    }
    if (polled.timed_out) return std::optional<Capture>();
    shared_.wait(word, polled.wake, SharedBench::readers_of(unit_));
  }
}

Status SimBackend::start_imu() {
  GENLOCK_ASSIGN(const auto gravity,
                 gravity_in_accelerometer(identity_.raw_calibration.bytes(), unit_config().pose));
  MutexLock own(mutex_);
  GENLOCK_TRY(check_here());
  if (imu_) return Error(Errc::state, "the IMU runs already");
  if (!timeline_) return Error(Errc::state, "the IMU needs a running camera");
  const int transfers = unit_state().transfers.imu;
  imu_.emplace(unit_config(), ImuTimeline::Setup{.unit = unit_,
                                                 .seed = bench_->config().seed,
                                                 .start = shared_.now(),
                                                 .powered = unit_state().powered,
                                                 .stalled = unit_state().stalled.imu || transfers == 0,
                                                 .gravity = gravity});
  imu_path_.emplace(unit_, shared_.now(), transfers, log_);
  imu_run_ = ++runs_;
  imu_->take(shared_.now(), counter(), {});  // its first sample is fixed now
  tell_imu_read();
  return {};
}

void SimBackend::stop_imu() {
  MutexLock own(mutex_);
  imu_.reset();
  shared_.reader_is_done(unit_, Reader::imu);
  imu_path_.reset();
  shared_.wake(SharedBench::readers_of(unit_));
}

Error SimBackend::imu_lost() const {
  if (gone() || browned_out_)
    return Error(Errc::disconnected, "reading the IMU failed: the unit is gone; close it and open it again");
  return Error(Errc::io, "reading the IMU failed: a USB transfer failed; stop the IMU and start it again");
}

const UnitCounter* SimBackend::counter() const {
  return timeline_ && timeline_->running() ? &timeline_->counter() : nullptr;
}

Result<std::size_t> SimBackend::read_imu(std::span<ImuSample> out, HostTime host_deadline) {
  const HostTime deadline = bench_->pc_clock().bench_time(host_deadline);
  std::optional<std::uint64_t> run;
  for (;;) {
    const std::uint32_t word = shared_.wake_word();
    HostTime wake{};
    {
      MutexLock own(mutex_);
      if (!imu_ || (run && *run != imu_run_)) return imu_stopped();
      run = imu_run_;
      const HostTime now = advance();
      const std::size_t taken = imu_->take(now, counter(), out);
      counters_.imu_samples_dropped = imu_->dropped();
      shared_.count(unit_, {.imu_samples = taken});
      tell_imu_read();
      if (taken > 0) return taken;
      imu_path_->look(now, *imu_);
      if (imu_->lost(now)) {
        shared_.reader_is_done(unit_, Reader::imu);
        return imu_lost();
      }
      if (now >= deadline) return std::size_t{0};
      wake = std::min(
          {deadline, imu_->next_delivery(counter()), counter() ? kForever : timeline_->next_delivery()});
    }
    shared_.wait(word, wake, SharedBench::readers_of(unit_));
  }
}

BackendCounters SimBackend::counters() const {
  MutexLock own(mutex_);
  return counters_;
}

}  // namespace genlock::device::sim
