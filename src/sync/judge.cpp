#include "sync/judge.h"

#include <algorithm>
#include <cmath>

#include "sync/alignment.h"
#include "sync/common_span.h"
#include "sync/findings.h"
#include "sync/laser_findings.h"
#include "sync/numbering.h"
#include "sync/offset_measure.h"
#include "sync/pair_offsets.h"

namespace genlock::sync {
namespace {

constexpr double kRecordedOn = 2;  // s beyond the reference's end that are worth telling

/// One unit on its way through the judgement.
struct Member {
  const UnitData* data = nullptr;
  std::vector<LineView> lines;  ///< colour before depth; those that are on or have frames
  Alignment alignment;
  std::vector<DeviceTime> unplugged;
  bool compared = false;  ///< shares pulse numbers with the reference

  std::optional<std::size_t>
      first;  ///< the stream that stands for the unit: colour, or depth where there is none

  /// Null without frames.
  const LineView* primary() const { return first ? &lines[*first] : nullptr; }
};

class Judge {
 public:
  explicit Judge(const std::vector<UnitData>& units) : units_(units) {}

  Report run();

  /// After run().
  std::vector<UnitPulses> pulses() const;

 private:
  void view_unit(std::size_t index);
  void choose_reference();
  void number_reference();
  void number_unit(Member& member);
  void report_unit(std::size_t index);
  void report_stream(Member& member, const LineView& view, StreamReport& stream);
  void compare(Member& member, const LineView& view, StreamReport& stream);
  void tell_no_pairs(const LineView& view, const std::string& text);
  void note_reference(const LineView& view);
  void note_worst(const Offset& offset);
  void note_lasers(const LineView& depth, const Pairs& pairs, const OffsetSeries& series, double constant);
  void compare_depth(Member& member, const LineView& depth, StreamReport& stream);
  void judge_own_course(const Member& member);
  void judge_recorded_on(const Member& member);
  void tell_changes(const Member& member, const LineView& view, const OffsetSeries& series,
                    std::span<const Point> points, std::span<const std::size_t> frames);
  void judge_host_drift(const Member& member, const LineView& view, const Pairs& pairs,
                        const OffsetSeries& series);
  void judge_same_take();
  void judge_verdict();
  double tolerance_us() const { return report_.tolerance.count(); }
  const Member& reference() const { return members_[report_.reference]; }
  bool has_master() const { return reference().data->description.sync_mode == WiredSyncMode::master; }

  const std::vector<UnitData>& units_;
  std::vector<Member> members_;
  std::vector<LaserCourse> lasers_;
  std::vector<UnitErrors> errors_;              ///< of a take that has ended
  std::optional<std::int64_t> recorder_ahead_;  ///< on the reference
  Report report_;
};

void Judge::view_unit(std::size_t index) {
  const UnitData& unit = units_[index];
  Member member{.data = &unit, .lines = {}, .alignment = {}, .unplugged = {}, .compared = false, .first = {}};
  for (const Stream stream : {Stream::color, Stream::depth}) {
    const bool on = stream == Stream::color ? unit.description.color : unit.description.depth;
    if (!on && unit.line(stream).frames().empty()) continue;
    member.lines.push_back(
        view_line(index, stream, unit.line(stream), 2 * tolerance(unit.description.rate).count()));
    set_expected(member.lines.back(), unit.description);
  }
  const auto with_frames = std::ranges::find_if(member.lines, [](const LineView& l) { return !l.empty(); });
  if (with_frames != member.lines.end())
    member.first = static_cast<std::size_t>(with_frames - member.lines.begin());
  members_.push_back(std::move(member));
}

void Judge::choose_reference() {
  const auto first = [&](auto&& wanted) { return std::ranges::find_if(members_, wanted); };
  auto chosen = first(
      [](const Member& m) { return m.primary() && m.data->description.sync_mode == WiredSyncMode::master; });
  if (chosen == members_.end())
    chosen = first([](const Member& m) { return m.primary() && m.data->description.color; });
  if (chosen == members_.end()) chosen = first([](const Member& m) { return m.primary() != nullptr; });
  report_.reference = chosen == members_.end() ? 0 : static_cast<std::size_t>(chosen - members_.begin());
  report_.tolerance = tolerance(units_[report_.reference].description.rate);
}

void number_lines(Member& member) {
  for (LineView& view : member.lines) {
    if (view.empty()) continue;
    const bool joins = view.stream == Stream::depth && &view != member.primary();
    if (joins)
      join_depth(view, *member.primary());
    else
      number_from_zero(view);
  }
}

void Judge::number_reference() {
  Member& member = members_[report_.reference];
  number_lines(member);
  member.compared = member.primary() != nullptr;
}

void Judge::number_unit(Member& member) {
  const bool comparable = member.primary() && reference().primary() &&
                          member.data->description.rate == reference().data->description.rate;
  number_lines(member);
  if (!comparable) return;
  LineView& first = member.lines[*member.first];
  member.alignment = align(*member.data, first, *reference().data, *reference().primary(), tolerance_us());
  member.compared = !member.alignment.host.apart;
  for (LineView& view : member.lines)
    if (&view != &first && !view.empty()) join_depth(view, first);
}

DeviceDuration seconds_later(double s) {
  return device_us(std::llround(s * 1e6));
}

// `frames` are the points' indices in the view; without them they are the points themselves.
void Judge::tell_changes(const Member& member, const LineView& view, const OffsetSeries& series,
                         std::span<const Point> points, std::span<const std::size_t> frames) {
  std::vector<DeviceTime> stamps;
  for (const Change& change : series.changes) {
    const std::size_t point = series.windows[change.window].begin;
    const FineDuration stamp = view.frames[frames.empty() ? point : frames[point]].stamp;
    stamps.push_back(device_time(stamp) + seconds_later(change.t - points[point].t));
  }
  judge_changes(*member.data, view, series.changes, stamps, member.unplugged, report_.findings);
}

void Judge::judge_own_course(const Member& member) {
  if (!member.primary()) return;
  const std::vector<Point> course = own_course(*member.primary());
  tell_changes(member, *member.primary(), analyse_offsets(course, tolerance_us(), 0), course, {});
}

// A unit that loses its pulse with the end of the reference's recording has no partner frames that show it;
// its own course does.
void Judge::judge_recorded_on(const Member& member) {
  const LineView& view = *member.primary();
  const std::int64_t end = reference().primary()->frames.back().pulse;
  const auto beyond = std::ranges::upper_bound(view.frames, end, {}, &PlacedFrame::pulse);
  const double period_s = to_seconds(view.line->period());
  const double seconds = static_cast<double>(view.frames.back().pulse - end) * period_s;
  if (beyond == view.frames.end() || seconds <= kRecordedOn || reference().primary()->line->jump()) return;
  tell_recorded_on(*member.data, *reference().data, view,
                   static_cast<std::size_t>(beyond - view.frames.begin()), report_.findings);
  if (!has_master()) return;
  const std::vector<Point> course = own_course(view);
  OffsetSeries series = analyse_offsets(course, tolerance_us(), 0);
  std::erase_if(series.changes, [&](const Change& change) {
    const PlacedFrame& at = view.frames[series.windows[change.window].begin];
    return static_cast<double>(at.pulse - end) * period_s < -kRecordedOn;
  });
  tell_changes(member, view, series, course, {});
}

void Judge::tell_no_pairs(const LineView& view, const std::string& text) {
  report_.findings.push_back({.code = Code::no_common_pulse,
                              .severity = Severity::failure,
                              .unit = view.unit,
                              .stream = view.stream,
                              .text = units_[view.unit].description.name + ": " + text});
}

void Judge::note_reference(const LineView& view) {
  errors_.push_back(reference_errors(view));
  if (view.stream == Stream::depth) lasers_.push_back(laser_course_of_reference(view));
}

void Judge::note_worst(const Offset& offset) {
  report_.worst_window = std::max(report_.worst_window, offset.worst_window);
  report_.worst_constant = std::max(report_.worst_constant, Micros(std::abs(offset.constant_error.count())));
}

void Judge::compare(Member& member, const LineView& view, StreamReport& stream) {
  const bool own_depth = member.data == reference().data;
  if (own_depth) {
    stream.offset = stream.depth_minus_color;
    return;
  }
  const LineView& against = *reference().primary();
  const Pairs pairs = pair_frames(view, against);
  const bool primary = &view == member.primary();
  if (pairs.points.empty()) {
    if (primary)
      tell_no_pairs(
          view, "it has no frame of any pulse that the reference has one of. Give the files of one take.");
    return;
  }
  const OffsetSeries series = analyse_offsets(pairs.points, tolerance_us(), since_zero(pairs.points));
  MeasuredOffset measured =
      measure_offset(view, against, pairs, series, report_.tolerance, member.alignment.own_zero);
  stream.offset = std::move(measured.offset);
  note_worst(*stream.offset);
  if (primary)
    errors_.push_back(unit_errors(view, pairs, measured.errors, stream.offset->own_zero.value_or(Micros(0))));
  judge_offset({.unit = member.data,
                .reference = reference().data,
                .view = &view,
                .pairs = &pairs,
                .series = &series,
                .offset = &*stream.offset,
                .tolerance_us = tolerance_us(),
                .primary = primary},
               member.alignment, report_.findings);
  if (view.stream == Stream::depth) note_lasers(view, pairs, series, stream.offset->constant_error.count());
  if (!primary) return;
  if (has_master()) tell_changes(member, view, series, pairs.points, pairs.frames);
  judge_host_drift(member, view, pairs, series);
}

// As a take that goes on is judged: a sample every other window.
void Judge::judge_host_drift(const Member& member, const LineView& view, const Pairs& pairs,
                             const OffsetSeries& series) {
  const HostEvidence::Scale scale = member.alignment.host.scale;
  if (scale == HostEvidence::Scale::none) return;
  const LineView& against = *reference().primary();
  HostDrift drift(host_drift_limit_ms(scale, to_us(view.line->period())));
  for (std::size_t w = 0; w < series.windows.size(); w += 2) {
    const std::size_t point = series.windows[w].begin;
    const FineDuration own = view.frames[pairs.frames[point]].stamp;
    const FineDuration other = against.frames[pairs.partners[point]].stamp;
    const double later = taken_later_ms(scale, member.data->host, own, reference().data->host, other,
                                        view.expected - against.expected);
    const std::optional<HostMove> move = drift.add(to_seconds(own), later);
    if (move) report_.findings.push_back(host_drift_finding(member.data->description, view.unit, *move));
  }
}

// The stamps of a clock that was not set to zero by the first pulse say nothing of when a laser shone.
void Judge::note_lasers(const LineView& depth, const Pairs& pairs, const OffsetSeries& series,
                        double constant) {
  const bool no_zero = std::ranges::any_of(report_.findings, [&](const Finding& f) {
    return (f.code == Code::start_order || f.code == Code::own_zero) && f.unit == depth.unit;
  });
  if (!no_zero) lasers_.push_back(laser_course(depth, *reference().primary(), pairs, series, constant));
}

void Judge::compare_depth(Member& member, const LineView& depth, StreamReport& stream) {
  const LineView& color = *member.primary();
  const Pairs pairs = pair_frames(depth, color);
  if (pairs.points.empty())
    return tell_no_pairs(
        depth, "no depth frame is of a pulse that its own colour has a frame of. Do not use its depth.");
  const Micros tolerated = tolerance(member.data->description.rate);
  const OffsetSeries series = analyse_level(pairs.points, tolerated.count());
  stream.depth_minus_color = measure_level(depth, color, pairs, series, tolerated);
  note_worst(*stream.depth_minus_color);
  if (member.data == reference().data) note_lasers(depth, pairs, series, 0);
  judge_depth_offset({.unit = member.data,
                      .reference = reference().data,
                      .view = &depth,
                      .pairs = &pairs,
                      .series = &series,
                      .offset = &*stream.depth_minus_color,
                      .tolerance_us = tolerated.count(),
                      .primary = false},
                     report_.findings);
}

void Judge::report_stream(Member& member, const LineView& view, StreamReport& stream) {
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
    for (const LineView& other : member.lines) add_missing_ends(view, other, missing);
    stream.missing = missing.frames;
    stream.gaps = std::move(missing.listed);
  }
  stream.duplicates =
      static_cast<std::uint64_t>(std::ranges::count(all, Place::duplicate, &NumberedFrame::place));
  stream.off_pulse =
      static_cast<std::uint64_t>(std::ranges::count(all, Place::off_pulse, &NumberedFrame::place));
  stream.outliers = view.outliers.size();
  stream.own_jitter = Micros(own_jitter(view, 4 * tolerance_us()));
  judge_line(*member.data, view, stream, report_.findings);
  if (recorder_ahead_ && member.compared)
    judge_pulse_numbers(*member.data, view, *recorder_ahead_,
                        member.alignment.own_zero ? Severity::warning : Severity::failure, report_.findings);
  if (view.stream == Stream::color) judge_exposures(*member.data, view, report_.findings);
  const bool secondary = &view != member.primary();
  if (view.empty()) return;
  if (secondary && view.stream == Stream::depth) compare_depth(member, view, stream);
  if (&view == reference().primary())
    note_reference(view);
  else if (member.compared)
    compare(member, view, stream);
}

void note_exposures(const UnitData& data, UnitReport& unit) {
  if (data.exposures.most() <= DeviceDuration{}) return;
  unit.least_exposure = data.exposures.least();
  unit.most_exposure = data.exposures.most();
}

void Judge::report_unit(std::size_t index) {
  Member& member = members_[index];
  UnitReport& unit = report_.units.emplace_back();
  unit.description = member.data->description;
  unit.reference = index == report_.reference;
  note_exposures(*member.data, unit);
  report_.simulated = report_.simulated || unit.description.simulated;
  if (member.lines.empty()) judge_no_streams(*member.data, index, report_.findings);
  member.unplugged = judge_jacks(*member.data, index, report_.findings);
  if (!unit.reference && member.primary())
    judge_hosts(*member.data, index, member.alignment, report_.findings);
  for (const LineView& view : member.lines) report_stream(member, view, unit.streams.emplace_back());
  if (!has_master() || members_.size() == 1) judge_own_course(member);
  if (member.compared && !unit.reference) judge_recorded_on(member);
}

void Judge::judge_same_take() {
  bool all_known = true;
  std::string unknown;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const HostEvidence& host = members_[i].alignment.host;
    if (i == report_.reference) continue;
    if (host.apart) report_.same_take = SameTake::no;
    if (host.scale != HostEvidence::Scale::none) continue;
    all_known = false;
    unknown += (unknown.empty() ? "" : ", ") + units_[i].description.name;
  }
  if (report_.same_take == SameTake::no || members_.size() < 2) return;
  if (all_known) {
    report_.same_take = SameTake::yes;
    return;
  }
  report_.findings.push_back({.code = Code::same_take_unknown,
                              .severity = Severity::note,
                              .text = "Same take: unknown. No host times tie " + unknown +
                                      " to the reference (the stock recorder "
                                      "writes none): that these files belong together is taken from you."});
}

void Judge::judge_verdict() {
  const bool all_compared = members_.size() < 2 || std::ranges::all_of(members_, &Member::compared);
  const bool failed = has_failure(report_.findings) || !all_compared;
  report_.verdict = report_.same_take == SameTake::no ? Verdict::refused
                    : failed                          ? Verdict::not_in_sync
                                                      : Verdict::in_sync;
  std::ranges::stable_sort(report_.findings, std::ranges::greater{}, &Finding::severity);
}

Report Judge::run() {
  if (units_.empty()) return report_;
  for (std::size_t i = 0; i < units_.size(); ++i) view_unit(i);
  choose_reference();
  number_reference();
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (i != report_.reference) number_unit(members_[i]);
  if (reference().primary()) recorder_ahead_ = recorder_ahead(*reference().data, *reference().primary());
  judge_set(units_, report_.reference, report_.findings);
  for (std::size_t i = 0; i < members_.size(); ++i) report_unit(i);
  std::vector<UnitLines> compared;
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i].compared) compared.push_back({i, members_[i].primary(), &members_[i].lines});
  report_common(compared, report_.reference, report_);
  judge_lasers(units_, lasers_, report_.findings);
  report_.pairs = pair_offsets(errors_);
  judge_same_take();
  judge_verdict();
  return std::move(report_);
}

std::vector<UnitPulses> Judge::pulses() const {
  std::vector<UnitPulses> units;
  for (const Member& member : members_) {
    UnitPulses& unit = units.emplace_back();
    unit.compared = member.compared;
    for (const LineView& view : member.lines)
      (view.stream == Stream::color ? unit.color : unit.depth) = frame_pulses(view);
  }
  return units;
}

}  // namespace

Report judge(const std::vector<UnitData>& units) {
  return Judge(units).run();
}

NumberedReport judge_numbered(const std::vector<UnitData>& units) {
  Judge judge(units);
  NumberedReport numbered{judge.run(), {}};
  numbered.units = judge.pulses();
  return numbered;
}

}  // namespace genlock::sync
