#include "sync/pair_watch.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "sync/course_follower.h"
#include "sync/episode.h"
#include "sync/numbering.h"
#include "sync/offset_measure.h"
#include "sync/placed_reader.h"

namespace genlock::sync {
namespace {

constexpr double kFirstTry = 5;         // s of frames of both
constexpr double kLastTry = 160;        // s; what is not certain by then is left to the end of the take
constexpr double kClearlyHosts = 0.25;  // periods from a whole number of them
constexpr std::size_t kHostsLater = 6;  // windows behind a moment by which its least latency is known
constexpr double kMargin = 1.5;         // of the tolerance: told before the course from the start is settled

LineView numbered_view(const PairWatch::Side& side) {
  const double limit_us = 2 * tolerance(side.unit->description.rate).count();
  LineView view = view_line(side.index, side.stream, side.unit->line(side.stream), limit_us);
  set_expected(view, side.unit->description);
  if (!view.empty()) number_from_zero(view);
  return view;
}

double seconds_of(const PulseLine& line) {
  const std::size_t settled = line.settled();
  return settled == 0 ? 0 : to_seconds(line.frames()[settled - 1].stamp - line.frames().front().stamp);
}

bool is_settled(const Alignment& a) {
  if (a.host.apart) return false;
  if (a.host.scale == HostEvidence::Scale::none) return !a.pulse_doubtful;
  return a.pulse_from_hosts && std::abs(a.host.pulses - std::round(a.host.pulses)) < kClearlyHosts;
}

PlacedReader reader_of(const PairWatch::Side& side, std::int64_t shift) {
  return {side.unit->line(side.stream), 2 * tolerance(side.unit->description.rate).count(), shift};
}

}  // namespace

struct PairWatch::Comparison {
  Comparison(const PairWatch::Side& unit, const PairWatch::Side& reference, std::int64_t shift,
             std::int64_t reference_shift, const Alignment& aligned, double tolerance)
      : unit_side(unit),
        reference_side(reference),
        own(reader_of(unit, shift)),
        other(reader_of(reference, reference_shift)),
        alignment(aligned),
        view(bare_view(unit.index, unit.stream, *unit.unit)),
        against(bare_view(reference.index, reference.stream, *reference.unit)),
        tolerance_us(tolerance),
        has_master(reference.unit->description.sync_mode == WiredSyncMode::master),
        host_drift(host_drift_limit_ms(aligned.host.scale, to_us(view.line->period()))) {
    offset.expected = Micros(to_us(view.expected - against.expected));
  }

  // Where a window begins.
  struct Mark {
    FineDuration own{}, other{};
    std::int64_t pulse = 0;
    double t = 0;
    std::vector<Point> points;  // until the window is settled
  };

  void advance(std::span<const DeviceTime> unplugged, Findings& out);
  void add(const PlacedFrame& frame, const PlacedFrame& partner, std::span<const DeviceTime> unplugged,
           Findings& out);
  void take(const Window& window, std::span<const DeviceTime> unplugged, Findings& out);
  void tell_change(const Change& change, std::span<const DeviceTime> unplugged, Findings& out);
  void settle(const SettledFit& settled);
  void tell_unsteady(Findings& out);
  void judge_start(Findings& out);
  bool early_enough(double error_us, double uncertainty_us) const;
  void sample_hosts(Findings& out);
  OffsetCase offset_case() const;
  Mark& mark(std::size_t window) { return marks[window - first_mark]; }

  PairWatch::Side unit_side, reference_side;
  PlacedReader own, other;
  Alignment alignment;
  LineView view, against;
  double tolerance_us;
  bool has_master;
  HostDrift host_drift;
  WindowCutter cutter;
  std::optional<CourseFollower> follower;  // from the first pair on
  double back_s = 0;
  Mark next_mark;  // of the window that is open
  bool window_open = false;
  std::deque<Mark> marks;
  std::size_t first_mark = 0;
  std::size_t windows = 0;
  std::size_t hosts_sampled = 0;
  Offset offset;
  bool place_told = false, rate_told = false;
  Episode unsteady;
  std::optional<Window> newest;
};

OffsetCase PairWatch::Comparison::offset_case() const {
  return {.unit = unit_side.unit,
          .reference = reference_side.unit,
          .view = &view,
          .pairs = nullptr,
          .series = nullptr,
          .offset = &offset,
          .tolerance_us = tolerance_us,
          .primary = true};
}

void PairWatch::Comparison::advance(std::span<const DeviceTime> unplugged, Findings& out) {
  while (own.front() && other.front()) {
    const std::int64_t a = own.front()->pulse, b = other.front()->pulse;
    if (a == b) add(*own.front(), *other.front(), unplugged, out);
    if (a <= b) own.pop();
    if (b <= a) other.pop();
  }
}

void PairWatch::Comparison::add(const PlacedFrame& frame, const PlacedFrame& partner,
                                std::span<const DeviceTime> unplugged, Findings& out) {
  const Point point = pair_point(view, frame, against, partner).point;
  if (!follower) {
    back_s = since_zero(std::span(&point, 1));
    follower.emplace(tolerance_us, back_s);
  }
  if (const auto window = cutter.add(point)) {
    take(*window, unplugged, out);
    window_open = false;
  }
  if (!window_open) next_mark = {frame.stamp, partner.stamp, frame.pulse, point.t, {}};
  window_open = true;
}

void PairWatch::Comparison::take(const Window& window, std::span<const DeviceTime> unplugged, Findings& out) {
  next_mark.points = cutter.window_points();
  marks.push_back(std::move(next_mark));
  ++windows;
  newest = window;
  const CourseNews news = follower->add(window);
  if (windows >= kFewestWindows) {
    if (news.change && has_master) tell_change(*news.change, unplugged, out);
    judge_start(out);
  }
  for (const SettledFit& settled : news.settled) settle(settled);
  tell_unsteady(out);
  sample_hosts(out);
  for (; marks.size() > kPlaceableWindows; ++first_mark) marks.pop_front();
}

void PairWatch::Comparison::tell_change(const Change& change, std::span<const DeviceTime> unplugged,
                                        Findings& out) {
  const Mark& at = mark(change.window);
  const DeviceTime stamp = device_time(at.own) + device_us(std::llround((change.t - at.t) * 1e6));
  judge_changes(*unit_side.unit, view, std::span(&change, 1), std::span(&stamp, 1), unplugged, out);
}

void PairWatch::Comparison::settle(const SettledFit& settled) {
  Mark& at = mark(settled.window);
  std::vector<double> residuals;
  for (const Point& p : at.points) residuals.push_back(p.value - settled.fit.at(p.t));
  at.points = {};
  const double residual = std::abs(median(std::move(residuals)));
  if (residual > tolerance_us) unsteady.note(at.other, at.pulse, 1, residual);
}

void PairWatch::Comparison::tell_unsteady(Findings& out) {
  for (const Episode::Begun& b : unsteady.take()) {
    offset.worst_window = Micros(b.worst);
    offset.worst_window_at = device_time(b.at);
    out.push_back(unsteady_finding(offset_case()));
    out.back().pulse = b.pulse;
  }
}

// Before the course is settled, only what more of it will not change.
bool PairWatch::Comparison::early_enough(double error_us, double uncertainty_us) const {
  const double period = to_us(view.line->period());
  if (alignment.own_zero && std::abs(error_us) > period / 4) return true;
  if (alignment.pulses_off == 0) return std::abs(error_us) > kMargin * tolerance_us + 2 * uncertainty_us;
  const double phase = std::abs(error_us - std::round(error_us / period) * period);
  return phase < tolerance_us / kMargin || phase > kMargin * tolerance_us + 2 * uncertainty_us;
}

void PairWatch::Comparison::judge_start(Findings& out) {
  if (place_told && rate_told) return;
  const LineFit start = follower->start();
  const Constant constant = constant_part(start, follower->centres().front().t, back_s);
  put_constant(constant, alignment.own_zero, Micros(tolerance_us), offset);
  const bool settled = follower->start_is_settled();
  if (!place_told && (settled || early_enough(constant.value_us, constant.uncertainty_us))) {
    place_told = true;
    judge_place(offset_case(), alignment, out);
  }
  if (!settled) return;
  rate_told = true;
  judge_rate(offset_case(), start.slope, out);
}

void PairWatch::Comparison::sample_hosts(Findings& out) {
  const HostEvidence::Scale scale = alignment.host.scale;
  for (; scale != HostEvidence::Scale::none && hosts_sampled + kHostsLater < windows; hosts_sampled += 2) {
    const Mark& at = mark(hosts_sampled);
    const double later = taken_later_ms(scale, unit_side.unit->host, at.own, reference_side.unit->host,
                                        at.other, view.expected - against.expected);
    const std::optional<HostMove> move = host_drift.add(to_seconds(at.own), later);
    if (move) out.push_back(host_drift_finding(unit_side.unit->description, view.unit, *move));
  }
}

PairWatch::PairWatch(Side unit, Side reference)
    : unit_(unit),
      reference_(reference),
      tolerance_us_(tolerance(reference.unit->description.rate).count()),
      next_try_s_(kFirstTry) {}
PairWatch::~PairWatch() = default;
PairWatch::PairWatch(PairWatch&&) noexcept = default;

void PairWatch::try_to_align() {
  const double both = std::min(seconds_of(unit_.unit->line(unit_.stream)),
                               seconds_of(reference_.unit->line(reference_.stream)));
  if (both < next_try_s_ || next_try_s_ > kLastTry) return;
  next_try_s_ *= 2;
  LineView view = numbered_view(unit_);
  const LineView against = numbered_view(reference_);
  frames_aligned_ += view.frames.size() + against.frames.size();
  if (view.empty() || against.empty()) return;
  const Alignment found = align(*unit_.unit, view, *reference_.unit, against, tolerance_us_);
  if (is_settled(found))
    comparison_ =
        std::make_unique<Comparison>(unit_, reference_, view.shift, against.shift, found, tolerance_us_);
}

void PairWatch::advance(std::span<const DeviceTime> unplugged, Findings& out) {
  if (!comparison_) try_to_align();
  if (comparison_) comparison_->advance(unplugged, out);
}

std::optional<std::int64_t> PairWatch::shift() const {
  if (!comparison_) return std::nullopt;
  return comparison_->own.shift();
}

void PairWatch::measure(LiveOffset& offset) const {
  if (!comparison_ || !comparison_->newest) return;
  const Window& newest = *comparison_->newest;
  offset.apart = Micros(newest.centre) - comparison_->offset.own_zero.value_or(Micros(0));
  const double error = newest.centre - comparison_->follower->course_at_newest();
  offset.error = Micros(error + comparison_->offset.constant_error.count());
}

std::uint64_t PairWatch::frames_read() const {
  if (!comparison_) return frames_aligned_;
  return frames_aligned_ + comparison_->own.frames_read() + comparison_->other.frames_read();
}

}  // namespace genlock::sync
