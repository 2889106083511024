#include "device/sim/depth_engine.h"

#include <algorithm>

namespace genlock::device::sim {
namespace {

// Result codes of the engine (facts device.md 3).
constexpr int kNoDisplay = 204, kNoOpenGl = 207;
constexpr int kWaitingFailed = 106, kGpuTimeOut = 208;

std::int32_t slow_ms(const FaultState& fault) {
  return fault.on ? fault.knob : 0;
}

}  // namespace

Status check_depth_engine(const UnitState& unit, const UnitLog& log) {
  if (unit.fault(FaultKind::engine_missing).on) {
    log.say(LogLevel::error, "loading the depth engine plug-in libdepthengine.so.2.0 failed");
    return Error(Errc::unsupported,
                 "this host has no depth engine (libdepthengine.so.2.0): install it, or record colour alone");
  }
  const auto not_made = [&](int code, std::string_view why, std::string_view remedy) {
    log.say(LogLevel::error, "creating the depth engine failed with code {}: {}", code, why);
    return Error(Errc::unsupported,
                 fmt::format("the depth engine cannot be made here (code {}: {}); {}", code, why, remedy));
  };
  if (unit.fault(FaultKind::no_display).on)
    return not_made(kNoDisplay, "no display", "export DISPLAY of a running X server on a real GPU");
  if (unit.fault(FaultKind::no_opengl).on)
    return not_made(kNoOpenGl, "no OpenGL context", "it needs OpenGL 4.4 on a real GPU");
  return {};
}

DepthEngine::DepthEngine(const UnitState& unit, HostTime start, const UnitLog& log)
    : log_(log),
      period_(duration_of(frame_period(unit.config.rate), 0)),
      slow_ms_(start, slow_ms(unit.fault(FaultKind::slow_gpu))) {}

void DepthEngine::on_event(const Event& event) {
  if (event.is(FaultKind::slow_gpu)) slow_ms_.set(event.time, event.on ? event.knob : 0);
  if (event.is(FaultKind::engine_error))
    hits_.add(FaultKind::engine_error, event.time, event.count, event.knob);
}

bool DepthEngine::pass(const Frame& frame) {
  if (dead_) return false;
  if (const auto code = hits_.take(FaultKind::engine_error, frame.centre)) return fail(*code);
  return in_time(frame);
}

bool DepthEngine::fail(std::int32_t code) {
  const bool survives = code == kWaitingFailed || code == kGpuTimeOut;
  log_.say(LogLevel::error, "the depth engine failed on a frame with code {}: {}", code,
           survives ? "the frame is dropped" : "the depth engine has ended");
  if (survives) log_.notice(kEngineDropsFrames);
  if (!survives) dead_ = code;
  return false;
}

/// A frame waits while another is worked on; one that finds the place taken is lost.
bool DepthEngine::in_time(const Frame& frame) {
  const std::int32_t ms = slow_ms_.at(frame.centre);
  const HostDuration takes = std::chrono::milliseconds(ms);
  const auto threshold = std::chrono::duration_cast<std::chrono::milliseconds>(period_);
  if (takes <= threshold) return true;
  log_.notice(kEngineTooSlow);
  if (const auto count = slow_said_.due(frame.delivery))
    log_.say(LogLevel::warning,
             "depth processing is too slow at {} ms a frame (threshold {} ms, {} frames so far)", ms,
             threshold.count(), *count);
  if (free_at_ > frame.delivery + takes) return false;
  free_at_ = std::max(free_at_, frame.delivery) + takes;
  return true;
}

}  // namespace genlock::device::sim
