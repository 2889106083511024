#include "sync/unit_judge.h"

#include <algorithm>
#include <cmath>

#include "sync/offset_measure.h"

namespace genlock::sync {
namespace {

constexpr double kRecordedOn = 2;  // s beyond the reference's end that are worth telling

DeviceDuration seconds_later(double s) {
  return device_us(std::llround(s * 1e6));
}

class UnitJudge {
 public:
  UnitJudge(const Member& member, const Measure& by) : member_(member), by_(by) {}

  UnitJudgement run();

 private:
  void judge_stream(const LineView& view, StreamReport& stream);
  void compare(const LineView& view, StreamReport& stream);
  void tell_no_pairs(const LineView& view, const std::string& text);
  void note_reference(const LineView& view);
  void note_worst(const Offset& offset);
  void note_lasers(const LineView& depth, const Pairs& pairs, const OffsetSeries& series, double constant);
  void compare_depth(const LineView& depth, StreamReport& stream);
  void judge_own_course();
  void judge_recorded_on();
  void tell_changes(const LineView& view, const OffsetSeries& series, std::span<const Point> points,
                    std::span<const std::size_t> frames);
  void judge_host_drift(const LineView& view, const Pairs& pairs, const OffsetSeries& series);
  double tolerance_us() const { return by_.tolerance.count(); }
  const Member& reference() const { return *by_.reference; }
  const UnitData& data() const { return *member_.data; }
  bool is_reference() const { return &member_ == by_.reference; }

  const Member& member_;
  const Measure& by_;
  std::vector<DeviceTime> unplugged_;
  UnitJudgement out_;
};

// `frames` are the points' indices in the view; without them they are the points themselves.
void UnitJudge::tell_changes(const LineView& view, const OffsetSeries& series, std::span<const Point> points,
                             std::span<const std::size_t> frames) {
  std::vector<DeviceTime> stamps;
  for (const Change& change : series.changes) {
    const std::size_t point = series.windows[change.window].begin;
    const FineDuration stamp = view.frames[frames.empty() ? point : frames[point]].stamp;
    stamps.push_back(device_time(stamp) + seconds_later(change.t - points[point].t));
  }
  judge_changes(data(), view, series.changes, stamps, unplugged_, out_.findings);
}

void UnitJudge::judge_own_course() {
  if (!member_.primary()) return;
  const std::vector<Point> course = own_course(*member_.primary());
  tell_changes(*member_.primary(), analyse_offsets(course, tolerance_us(), 0), course, {});
}

// A unit that loses its pulse with the end of the reference's recording has no partner frames that show it;
// its own course does.
void UnitJudge::judge_recorded_on() {
  const LineView& view = *member_.primary();
  const std::int64_t end = reference().primary()->frames.back().pulse;
  const auto beyond = std::ranges::upper_bound(view.frames, end, {}, &PlacedFrame::pulse);
  const double period_s = to_seconds(view.line->period());
  const double seconds = static_cast<double>(view.frames.back().pulse - end) * period_s;
  if (beyond == view.frames.end() || seconds <= kRecordedOn || reference().primary()->line->jump()) return;
  tell_recorded_on(data(), *reference().data, view, static_cast<std::size_t>(beyond - view.frames.begin()),
                   out_.findings);
  if (!by_.has_master()) return;
  const std::vector<Point> course = own_course(view);
  OffsetSeries series = analyse_offsets(course, tolerance_us(), 0);
  std::erase_if(series.changes, [&](const Change& change) {
    const PlacedFrame& at = view.frames[series.windows[change.window].begin];
    return static_cast<double>(at.pulse - end) * period_s < -kRecordedOn;
  });
  tell_changes(view, series, course, {});
}

void UnitJudge::tell_no_pairs(const LineView& view, const std::string& text) {
  out_.findings.push_back({.code = Code::no_common_pulse,
                           .severity = Severity::failure,
                           .unit = view.unit,
                           .stream = view.stream,
                           .text = data().description.name + ": " + text});
}

void UnitJudge::note_reference(const LineView& view) {
  out_.errors = reference_errors(view);
  if (view.stream == Stream::depth) out_.lasers.push_back(laser_course_of_reference(view));
}

void UnitJudge::note_worst(const Offset& offset) {
  out_.worst_window = std::max(out_.worst_window, offset.worst_window);
  out_.worst_constant = std::max(out_.worst_constant, Micros(std::abs(offset.constant_error.count())));
}

void UnitJudge::compare(const LineView& view, StreamReport& stream) {
  if (is_reference()) {  // its depth
    stream.offset = stream.depth_minus_color;
    return;
  }
  const LineView& against = *reference().primary();
  const Pairs pairs = pair_frames(view, against);
  const bool primary = &view == member_.primary();
  if (pairs.points.empty()) {
    if (primary)
      tell_no_pairs(
          view, "it has no frame of any pulse that the reference has one of. Give the files of one take.");
    return;
  }
  const OffsetSeries series = analyse_offsets(pairs.points, tolerance_us(), since_zero(pairs.points));
  MeasuredOffset measured =
      measure_offset(view, against, pairs, series, by_.tolerance, member_.alignment.own_zero);
  stream.offset = std::move(measured.offset);
  note_worst(*stream.offset);
  if (primary)
    out_.errors = unit_errors(view, pairs, measured.errors, stream.offset->own_zero.value_or(Micros(0)));
  judge_offset({.unit = member_.data,
                .reference = reference().data,
                .view = &view,
                .pairs = &pairs,
                .series = &series,
                .offset = &*stream.offset,
                .tolerance_us = tolerance_us(),
                .primary = primary},
               member_.alignment, out_.findings);
  if (view.stream == Stream::depth) note_lasers(view, pairs, series, stream.offset->constant_error.count());
  if (!primary) return;
  if (by_.has_master()) tell_changes(view, series, pairs.points, pairs.frames);
  judge_host_drift(view, pairs, series);
}

// As a take that goes on is judged: a sample every other window.
void UnitJudge::judge_host_drift(const LineView& view, const Pairs& pairs, const OffsetSeries& series) {
  const HostEvidence::Scale scale = member_.alignment.host.scale;
  if (scale == HostEvidence::Scale::none) return;
  const LineView& against = *reference().primary();
  HostDrift drift(host_drift_limit_ms(scale, to_us(view.line->period())));
  for (std::size_t w = 0; w < series.windows.size(); w += 2) {
    const std::size_t point = series.windows[w].begin;
    const FineDuration own = view.frames[pairs.frames[point]].stamp;
    const FineDuration other = against.frames[pairs.partners[point]].stamp;
    const double later = taken_later_ms(scale, data().host, own, reference().data->host, other,
                                        view.expected - against.expected);
    const std::optional<HostMove> move = drift.add(to_seconds(own), later);
    if (move) out_.findings.push_back(host_drift_finding(data().description, view.unit, *move));
  }
}

// The stamps of a clock that was not set to zero by the first pulse say nothing of when a laser shone.
void UnitJudge::note_lasers(const LineView& depth, const Pairs& pairs, const OffsetSeries& series,
                            double constant) {
  const bool no_zero = std::ranges::any_of(out_.findings, [&](const Finding& f) {
    return (f.code == Code::start_order || f.code == Code::own_zero) && f.unit == depth.unit;
  });
  if (!no_zero) out_.lasers.push_back(laser_course(depth, *reference().primary(), pairs, series, constant));
}

void UnitJudge::compare_depth(const LineView& depth, StreamReport& stream) {
  const LineView& color = *member_.primary();
  const Pairs pairs = pair_frames(depth, color);
  if (pairs.points.empty())
    return tell_no_pairs(
        depth, "no depth frame is of a pulse that its own colour has a frame of. Do not use its depth.");
  const Micros tolerated = tolerance(data().description.rate);
  const OffsetSeries series = analyse_level(pairs.points, tolerated.count());
  stream.depth_minus_color = measure_level(depth, color, pairs, series, tolerated);
  note_worst(*stream.depth_minus_color);
  if (is_reference()) note_lasers(depth, pairs, series, 0);
  judge_depth_offset({.unit = member_.data,
                      .reference = reference().data,
                      .view = &depth,
                      .pairs = &pairs,
                      .series = &series,
                      .offset = &*stream.depth_minus_color,
                      .tolerance_us = tolerated.count(),
                      .primary = false},
                     out_.findings);
}

void UnitJudge::judge_stream(const LineView& view, StreamReport& stream) {
  const auto& all = view.line->frames();
  stream.stream = view.stream;
  stream.frames = all.size();
  if (!all.empty()) {
    stream.first = device_time(all.front().stamp);
    stream.last = device_time(all.back().stamp);
  }
  if (!view.empty()) {
    stream.first_pulse = view.frames.front().pulse;
    stream.last_pulse = view.frames.back().pulse;
    Missing missing = missing_frames(view);
    for (const LineView& other : member_.lines) add_missing_ends(view, other, missing);
    stream.missing = missing.frames;
    stream.gaps = std::move(missing.listed);
  }
  stream.duplicates =
      static_cast<std::uint64_t>(std::ranges::count(all, Place::duplicate, &NumberedFrame::place));
  stream.off_pulse =
      static_cast<std::uint64_t>(std::ranges::count(all, Place::off_pulse, &NumberedFrame::place));
  stream.outliers = view.outliers.size();
  stream.own_jitter = Micros(own_jitter(view, 4 * tolerance_us()));
  judge_line(data(), view, stream, out_.findings);
  if (by_.recorder_ahead && member_.compared)
    judge_pulse_numbers(data(), view, *by_.recorder_ahead,
                        member_.alignment.own_zero ? Severity::warning : Severity::failure, out_.findings);
  if (view.stream == Stream::color) judge_exposures(data(), view, out_.findings);
  const bool secondary = &view != member_.primary();
  if (view.empty()) return;
  if (secondary && view.stream == Stream::depth) compare_depth(view, stream);
  if (&view == reference().primary())
    note_reference(view);
  else if (member_.compared)
    compare(view, stream);
}

void note_exposures(const UnitData& data, UnitReport& unit) {
  if (data.exposures.most() <= DeviceDuration{}) return;
  unit.least_exposure = data.exposures.least();
  unit.most_exposure = data.exposures.most();
}

UnitJudgement UnitJudge::run() {
  out_.report.description = data().description;
  out_.report.reference = is_reference();
  note_exposures(data(), out_.report);
  if (member_.lines.empty()) judge_no_streams(data(), member_.index, out_.findings);
  unplugged_ = judge_jacks(*by_.units, member_.index, out_.findings);
  if (!is_reference() && member_.primary())
    judge_hosts(data(), member_.index, member_.alignment, out_.findings);
  for (const LineView& view : member_.lines) judge_stream(view, out_.report.streams.emplace_back());
  if (!by_.has_master() || by_.alone) judge_own_course();
  if (member_.compared && !is_reference()) judge_recorded_on();
  return std::move(out_);
}

}  // namespace

UnitJudgement judge_unit(const Member& member, const Measure& by) {
  return UnitJudge(member, by).run();
}

}  // namespace genlock::sync
