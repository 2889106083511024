#include "sync/findings.h"

namespace genlock::sync {

std::string_view to_string(Stream stream) {
  return stream == Stream::color ? "color" : "depth";
}

std::string_view to_string(Code code) {
  switch (code) {
    case Code::other_take:
      return "other_take";
    case Code::same_take_unknown:
      return "same_take_unknown";
    case Code::same_unit_twice:
      return "same_unit_twice";
    case Code::no_master:
      return "no_master";
    case Code::two_masters:
      return "two_masters";
    case Code::standalone:
      return "standalone";
    case Code::single_unit:
      return "single_unit";
    case Code::frame_rate_differs:
      return "frame_rate_differs";
    case Code::simulated_mixed:
      return "simulated_mixed";
    case Code::exposure_differs:
      return "exposure_differs";
    case Code::no_frames:
      return "no_frames";
    case Code::missing_frames:
      return "missing_frames";
    case Code::duplicate_frames:
      return "duplicate_frames";
    case Code::outlier:
      return "outlier";
    case Code::off_pulse:
      return "off_pulse";
    case Code::clock_jump:
      return "clock_jump";
    case Code::silent:
      return "silent";
    case Code::damaged_file:
      return "damaged_file";
    case Code::missing_file:
      return "missing_file";
    case Code::changed_file:
      return "changed_file";
    case Code::unfinished_take:
      return "unfinished_take";
    case Code::unaligned_file:
      return "unaligned_file";
    case Code::short_of_take:
      return "short_of_take";
    case Code::no_common_pulse:
      return "no_common_pulse";
    case Code::constant_error:
      return "constant_error";
    case Code::start_order:
      return "start_order";
    case Code::own_zero:
      return "own_zero";
    case Code::wrong_pulse:
      return "wrong_pulse";
    case Code::pulse_uncertain:
      return "pulse_uncertain";
    case Code::drift:
      return "drift";
    case Code::drift_step:
      return "drift_step";
    case Code::phase_jump:
      return "phase_jump";
    case Code::unsteady:
      return "unsteady";
    case Code::lost_lock:
      return "lost_lock";
    case Code::recorded_on:
      return "recorded_on";
    case Code::exposure_changed:
      return "exposure_changed";
    case Code::lasers_overlap:
      return "lasers_overlap";
    case Code::pulse_number:
      return "pulse_number";
  }
  return "unknown";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::failure:
      return "failure";
  }
  return "unknown";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::in_sync:
      return "in_sync";
    case Verdict::not_in_sync:
      return "not_in_sync";
    case Verdict::refused:
      return "refused";
  }
  return "unknown";
}

std::string_view to_string(SameTake same) {
  switch (same) {
    case SameTake::yes:
      return "yes";
    case SameTake::no:
      return "no";
    case SameTake::unknown:
      return "unknown";
  }
  return "unknown";
}

Micros tolerance(FrameRate rate) {
  switch (rate) {
    case FrameRate::fps5:
      return Micros(660);
    case FrameRate::fps15:
      return Micros(220);
    case FrameRate::fps30:
      return Micros(110);
  }
  return Micros(110);
}

}  // namespace genlock::sync
