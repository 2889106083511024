#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sync/findings.h"
#include "sync/level_follower.h"

namespace genlock::sync {
namespace {

constexpr double kStill = 0.3;            // ppm: no drift
constexpr double kCertain = 5;            // standard deviations: a slope is one of few windows
constexpr double kWorthTelling = 0.5;     // ppm
constexpr double kPlausibleDrift = 1000;  // ppm

std::string name_of(const UnitData& unit, const LineView& view) {
  return fmt::format("{} {}", unit.description.name, to_string(view.stream));
}

std::string name_of(const OffsetCase& c) {
  return name_of(*c.unit, *c.view);
}

Finding about(const LineView& view, Code code, Severity severity, std::string text) {
  return {
      .code = code, .severity = severity, .unit = view.unit, .stream = view.stream, .text = std::move(text)};
}

std::string amount(double us) {
  return std::abs(us) < 10000 ? fmt::format("{:.0f} µs", us) : fmt::format("{:.1f} ms", us / 1000);
}

void judge_wrong_pulse(const OffsetCase& c, const Alignment& alignment, double period, Findings& out) {
  const double constant = c.offset->constant_error.count();
  const double phase = constant - std::round(constant / period) * period;
  const bool on_grid = std::abs(phase) <= c.tolerance_us + c.offset->uncertainty.count();
  const char* hosts = alignment.host.scale == HostEvidence::Scale::utc
                          ? " If the clocks of the hosts differ by that much, set them (NTP) instead."
                          : "";
  if (on_grid)
    out.push_back(about(
        *c.view, Code::wrong_pulse, Severity::failure,
        fmt::format(
            "{}: frames stamped alike were taken {} pulses apart, by the host's clock: its clock was set "
            "to zero at another pulse than the reference's. Start the subordinates first, the master last.{}",
            name_of(c), std::abs(alignment.pulses_off), hosts)));
  else
    out.push_back(
        about(*c.view, Code::start_order, Severity::failure,
              fmt::format(
                  "{}: its stamps are {:+.6f} s off the reference's, which is no whole number of pulses: its "
                  "clock was not set to zero by the first pulse. Start the subordinates first, the master "
                  "last, and restart all units if one was restarted.{}",
                  name_of(c), constant * 1e-6, hosts)));
}

void judge_constant(const OffsetCase& c, Findings& out) {
  const double error = c.offset->constant_error.count();
  // The depth of a unit whose colour is off is off as well: told once.
  const bool told = std::ranges::any_of(
      out, [&](const Finding& f) { return f.code == Code::constant_error && f.unit == c.view->unit; });
  if (std::abs(error) <= c.tolerance_us || told) return;
  const bool certain = std::abs(error) > c.tolerance_us + c.offset->uncertainty.count();
  const std::string measured = fmt::format(
      "{}: {} after the reference instead of {} ({:+.0f} µs, allowed {:.0f})", name_of(c),
      amount(c.offset->expected.count() + error), amount(c.offset->expected.count()), error, c.tolerance_us);
  if (certain)
    out.push_back(about(
        *c.view, Code::constant_error, Severity::failure,
        measured +
            ". Either a delay is set otherwise than the recording says, or the unit was started after its "
            "master, exposures, depth modes or colour firmware differ, or it lost its pulse before the "
            "recording began."));
  else
    out.push_back(about(
        *c.view, Code::constant_error, Severity::warning,
        measured + fmt::format(". The recording begins so late after the first pulse that drift alone may "
                               "explain it (±{:.0f} µs).",
                               c.offset->uncertainty.count())));
}

void judge_own_zero(const OffsetCase& c, const Alignment& alignment, Findings& out) {
  if (!c.primary) return;
  const std::string& name = c.unit->description.name;
  const bool colorless = !c.unit->description.color;
  out.push_back(
      about(*c.view, Code::own_zero, Severity::warning,
            fmt::format(
                "{}: {} without colour, so its clock was not set to zero by the first pulse: its stamps are "
                "{:+.6f} s off the reference's. {}; from its stamps alone nobody can tell how exactly, nor "
                "when its laser shone. Give it a colour mode if that must be proved.",
                name, colorless ? "it records" : "the reference records", c.offset->own_zero->count() * 1e-6,
                alignment.pulse_from_hosts ? "That it keeps to the pulses is judged, and which frames share "
                                             "one is taken from the hosts' clocks"
                                           : "That it keeps to the pulses is judged")));
}

void judge_drift(const OffsetCase& c, Findings& out) {
  const double ppm = c.offset->drift_ppm;
  if (judge_rate(c, std::abs(ppm) > std::abs(c.series->start.slope) ? ppm : c.series->start.slope, out))
    return;
  if (std::abs(ppm) > std::max(kWorthTelling, 4 * c.offset->drift_sd_ppm))
    out.push_back(
        about(*c.view, Code::drift, Severity::note,
              fmt::format(
                  "{}: its clock drifts {:+.2f} ppm against the reference's ({:+.1f} ms an hour). Its stamps "
                  "need converting before they are compared.",
                  name_of(c), ppm, ppm * 3.6)));
}

bool exposed_alike(const ExposureLog& a, const ExposureLog& b) {
  return a.changes() == 0 && b.changes() == 0 && a.least() == b.least();
}

void judge_exposure(const OffsetCase& c, Findings& out) {
  if (std::abs(c.pairs->exposure_shift_us) < 50) return;
  if (exposed_alike(c.unit->exposures, c.reference->exposures))
    return out.push_back(
        about(*c.view, Code::exposure_differs, Severity::note,
              fmt::format("{}: exposed as long as the reference, but its middle lies up to {} from there, as "
                          "colour goes by the depth mode, and these differ. The figures have that taken out.",
                          name_of(c), amount(c.pairs->exposure_shift_us))));
  out.push_back(about(
      *c.view, Code::exposure_differs, Severity::warning,
      fmt::format(
          "{}: its exposure differs from the reference's, which moves the middle of its frames by up to "
          "{}. The figures have that taken out. Set one manual exposure on all units.",
          name_of(c), amount(c.pairs->exposure_shift_us))));
}

/// `off` says of what frames are off; what follows the text is what to do.
Finding unsteady(const OffsetCase& c, std::string_view off, std::string_view remedy) {
  Finding finding = about(
      *c.view, Code::unsteady, Severity::failure,
      fmt::format("{}: in the second at {} half of the frames are more than {:.0f} µs {}, allowed {:.0f}. {}",
                  name_of(c), in_seconds(c.offset->worst_window_at), c.offset->worst_window.count(), off,
                  c.tolerance_us, remedy));
  finding.at = c.offset->worst_window_at;
  return finding;
}

}  // namespace

bool is_still(double ppm, double sd) {
  return !drifts(ppm, sd);
}
bool drifts(double ppm, double sd) {
  return std::abs(ppm) > std::max(kStill, kCertain * sd);
}

Finding unsteady_finding(const OffsetCase& c) {
  return unsteady(c, "off", "The unit does not follow the pulse there.");
}

Finding depth_unsteady_finding(const OffsetCase& c) {
  return unsteady(c, "from their place after the unit's own colour", "Restart the unit and record again.");
}

Finding depth_step_finding(const OffsetCase& c, DeviceTime at, std::int64_t pulse, double step_us) {
  Finding finding = about(
      *c.view, Code::phase_jump, Severity::failure,
      fmt::format("{}: at about {} it jumps by {:+.0f} µs against the unit's own colour. What is behind "
                  "that does not belong together: restart the unit and record again.",
                  name_of(c), in_seconds(at), step_us));
  finding.at = at;
  finding.pulse = pulse;
  return finding;
}

Finding depth_delay_finding(const OffsetCase& c, double error_us) {
  const double expected = c.offset->expected.count();
  return about(
      *c.view, Code::constant_error, Severity::failure,
      fmt::format("{}: {} after the unit's own colour instead of {} ({:+.0f} µs, allowed {:.0f}): the "
                  "depth delay is set otherwise than the recording says.",
                  name_of(c), amount(expected + error_us), amount(expected), error_us, c.tolerance_us));
}

bool judge_rate(const OffsetCase& c, double ppm, Findings& out) {
  if (std::abs(ppm) <= kPlausibleDrift) return false;
  out.push_back(
      about(*c.view, Code::drift, Severity::failure,
            fmt::format(
                "{}: {:+.1f} ppm against the reference's clock is more than crystals differ: its pulses are "
                "not the reference's.",
                name_of(c), ppm)));
  return true;
}

void judge_place(const OffsetCase& c, const Alignment& alignment, Findings& out) {
  if (c.offset->own_zero)
    judge_own_zero(c, alignment, out);
  else if (c.primary && alignment.pulses_off != 0)
    judge_wrong_pulse(c, alignment, to_us(c.view->line->period()), out);
  else if (alignment.pulses_off == 0)
    judge_constant(c, out);
}

void judge_windows(const OffsetCase& c, Findings& out) {
  if (c.offset->worst_window.count() > c.tolerance_us) out.push_back(unsteady_finding(c));
}

void judge_offset(const OffsetCase& c, const Alignment& alignment, Findings& out) {
  judge_place(c, alignment, out);
  judge_windows(c, out);
  if (!c.primary) return;
  judge_drift(c, out);
  judge_exposure(c, out);
  if (c.offset->own_zero && !alignment.pulse_from_hosts && !alignment.host_ambiguous)
    out.push_back(about(*c.view, Code::pulse_uncertain, Severity::warning,
                        fmt::format("{}: neither its stamps nor the hosts' clocks tell which of its frames "
                                    "share a pulse with the reference's.",
                                    c.unit->description.name)));
  else if (alignment.pulse_doubtful && !alignment.pulse_from_hosts && !c.offset->own_zero)
    out.push_back(
        about(*c.view, Code::pulse_uncertain, Severity::warning,
              fmt::format(
                  "{}: it drifted too far before the recording began to tell from stamps alone which frames "
                  "share a pulse: the numbers may be off by one.",
                  c.unit->description.name)));
}

void judge_depth_offset(const OffsetCase& c, Findings& out) {
  LevelFollower level(c.tolerance_us);
  std::optional<double> constant;
  std::vector<std::size_t> off;
  const auto take = [&](const LevelNews& news) {
    if (news.constant_error) constant = news.constant_error;
    off.insert(off.end(), news.off.begin(), news.off.end());
  };
  auto change = c.series->changes.begin();
  for (std::size_t w = 0; w < c.series->windows.size(); ++w) {
    const bool changed = change != c.series->changes.end() && change->known_at == w;
    take(level.add(c.series->windows[w].residual, changed ? std::optional(*change) : std::nullopt));
    if (changed) ++change;
  }
  take(level.end());
  for (const Change& step : c.series->changes) {
    if (!step.is_step) continue;
    const PlacedFrame& at = c.view->frames[c.pairs->frames[c.series->windows[step.window].begin]];
    out.push_back(depth_step_finding(c, device_time(at.stamp), at.pulse, step.step));
  }
  if (constant) out.push_back(depth_delay_finding(c, *constant));
  if (!off.empty()) out.push_back(depth_unsteady_finding(c));
}

void judge_changes(const UnitData& unit, const LineView& view, std::span<const Change> changes,
                   std::span<const DeviceTime> stamps, std::span<const DeviceTime> unplugged, Findings& out) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    const DeviceTime at = stamps[i];
    const bool lost = is_still(change.after, change.after_sd) && drifts(change.before, change.before_sd);
    const bool late = is_still(change.before, change.before_sd) && drifts(change.after, change.after_sd);
    const std::string rates =
        fmt::format("its drift goes from {:+.1f} to {:+.1f} ppm", change.before, change.after);
    const std::string& name = unit.description.name;
    Finding f = about(view, Code::drift_step, Severity::warning,
                      fmt::format("{}: at about {} {}, all at once.", name, in_seconds(at), rates));
    if (change.is_step) {
      f.code = Code::phase_jump;
      f.text = fmt::format(
          "{}: at about {} its frames jump by {:+.0f} µs against the reference. It lost the pulse, or its "
          "exposure was set again. Fix the cable, set exposure before recording.",
          name, in_seconds(at), change.step);
    } else if (lost || late) {
      f.code = Code::lost_lock;
      f.text = fmt::format(
          "{}: at about {} {}: {} it ran free on its own clock. Check the cable and record again.", name,
          in_seconds(at), rates, lost ? "from there on" : "until then");
    }
    if (f.code != Code::drift_step) f.severity = Severity::failure;
    f.at = at;
    if (!view.empty()) f.pulse = pulse_at(view, fine_time(at));
    const bool told = f.code == Code::lost_lock && std::ranges::any_of(unplugged, [&](DeviceTime pulled) {
                        return std::abs(count_us(at - pulled)) < 5'000'000;
                      });
    if (!told) out.push_back(std::move(f));
  }
}

void tell_recorded_on(const UnitData& unit, const UnitData& reference, const LineView& view,
                      std::size_t begin, Findings& out) {
  const PlacedFrame& first = view.frames[begin];
  const std::size_t count = view.frames.size() - begin;
  const bool master = reference.description.sync_mode == WiredSyncMode::master;
  Finding finding =
      about(view, Code::recorded_on, Severity::warning,
            fmt::format(
                "{}: {} frames from {} on come after the last one of {}: they were not compared with {} and "
                "may not be synchronised. {}",
                name_of(unit, view), count, in_seconds(device_time(first.stamp)), reference.description.name,
                master ? "the master" : "the reference",
                master ? "Did the master stop? Stop the master last, and leave these frames out."
                       : "Leave these frames out."));
  finding.at = device_time(first.stamp);
  finding.pulse = first.pulse;
  finding.count = count;
  out.push_back(std::move(finding));
}

void judge_hosts(const UnitData& unit, std::size_t index, const Alignment& alignment, Findings& out) {
  const HostEvidence& host = alignment.host;
  const auto add = [&](Code code, Severity severity, std::optional<DeviceTime> at, std::string text) {
    out.push_back({.code = code, .severity = severity, .unit = index, .at = at, .text = std::move(text)});
  };
  const std::string& name = unit.description.name;
  if (host.apart)
    return add(
        Code::other_take, Severity::failure, {},
        fmt::format("{}: not the same take as the reference: {:.1f} s lie between the two recordings, by {}. "
                    "Give the files "
                    "of one take.",
                    name, host.apart_s,
                    host.scale == HostEvidence::Scale::utc ? "UTC of their hosts" : "their host's clock"));
  if (alignment.host_ambiguous)
    add(Code::pulse_uncertain, Severity::warning, {},
        fmt::format("{}: the hosts' times lie {:.1f} periods from the stamps', between two pulses: they do "
                    "not confirm which frames "
                    "share a pulse.",
                    name, host.pulses));
}

Finding host_drift_finding(const UnitDescription& unit, std::size_t index, const HostMove& move) {
  const DeviceTime from = device_time_us(std::llround(move.from_s * 1e6));
  return {.code = Code::lost_lock,
          .severity = Severity::failure,
          .unit = index,
          .at = from,
          .text = fmt::format("{}: by the hosts' clocks its frames move away from their partners, though "
                              "stamped alike, from about {} on, by {:+.0f} ms when that became certain: it "
                              "ran free. Check the cable and record again.",
                              unit.name, in_seconds(from), move.by_ms)};
}

}  // namespace genlock::sync
