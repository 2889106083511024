#include "device/sim/host_path.h"

namespace genlock::device::sim {

HostPath::HostPath(const BenchConfig& bench, const BenchState& state, std::size_t unit, const UnitLog& log)
    : unit_(unit),
      log_(log),
      usb_(bench, state, unit, log),
      engine_(state.units[unit], state.units[unit].start, log) {}

void HostPath::on_event(const Event& event, const BenchState& after) {
  usb_.on_event(event, after);
  if (event.unit != unit_) return;
  engine_.on_event(event);
  if (event.is(FaultKind::no_memory)) hits_.add(FaultKind::no_memory, event.time, 1);
}

bool HostPath::pass(Frame& frame) {
  if (no_memory_ || !usb_.pass(frame)) return false;
  if (hits_.take(FaultKind::no_memory, frame.centre)) {
    log_.say(LogLevel::error, "allocating memory for a frame failed; the streams have ended");
    no_memory_ = true;
  }
  if (no_memory_) return false;
  return frame.stream == FrameStream::color || engine_.pass(frame);
}

Status HostPath::captures() const {
  if (no_memory_)
    return Error(Errc::io, "no memory for a frame: its streams have ended; free memory and start it again");
  if (const auto code = engine_.dead())
    return Error(Errc::io,
                 fmt::format("the depth engine failed with code {}; close the unit and open it again, "
                             "in a new process",
                             *code));
  return {};
}

ImuPath::ImuPath(std::size_t unit, HostTime start, int granted, const UnitLog& log)
    : unit_(unit), log_(log), watch_(log, "imu", start) {
  if (granted == 0)
    log_.say(LogLevel::error,
             "submitting imu transfers: errno 12 (ENOMEM), none accepted; the host's usbfs memory is too "
             "small (usbfs_memory_mb)");
}

void ImuPath::on_event(const Event& event) {
  if (event.unit != unit_ || !ends_imu(event)) return;
  constexpr int kNoDevice = 5;
  log_.say(LogLevel::warning, "a streaming imu transfer failed, status {:08x}",
           event.is(FaultKind::transfer_error) ? event.knob : kNoDevice);
}

void ImuPath::look(HostTime now, const ImuTimeline& imu) {
  watch_.flowed_until(imu.last_data(now));
  if (!imu.lost(now)) watch_.look(now);
}

}  // namespace genlock::device::sim
