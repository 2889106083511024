#include "sync/live_take.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync/numbering.h"

namespace genlock::sync {
namespace {

bool is_on(const UnitDescription& unit) {
  return unit.color || unit.depth;
}

Stream first_stream(const UnitDescription& unit) {
  return unit.color ? Stream::color : Stream::depth;
}

// As for files: the master, else the first unit with colour, else the first that has a camera on.
std::size_t choose_reference(const std::vector<UnitData>& units) {
  const auto master = std::ranges::find_if(units, [](const UnitData& u) {
    return is_on(u.description) && u.description.sync_mode == WiredSyncMode::master;
  });
  if (master != units.end()) return static_cast<std::size_t>(master - units.begin());
  const auto colored = std::ranges::find_if(units, [](const UnitData& u) { return u.description.color; });
  if (colored != units.end()) return static_cast<std::size_t>(colored - units.begin());
  const auto first = std::ranges::find_if(units, [](const UnitData& u) { return is_on(u.description); });
  return first == units.end() ? 0 : static_cast<std::size_t>(first - units.begin());
}

// Of a line by itself: as number_from_zero() has it.
std::optional<std::int64_t> shift_from_zero(std::size_t unit, Stream stream, const UnitData& data) {
  LineView view = bare_view(unit, stream, data);
  const std::vector<NumberedFrame>& all = view.line->frames();
  const auto settled = all.begin() + static_cast<std::ptrdiff_t>(view.line->settled());
  const auto first =
      std::find_if(all.begin(), settled, [](const NumberedFrame& f) { return f.place == Place::good; });
  if (first == settled) return std::nullopt;
  view.frames.push_back({first->stamp, first->number, first->half_exposure_us});
  number_from_zero(view);
  return view.shift;
}

double newest_fps(const PulseLine& line) {
  const std::vector<NumberedFrame>& all = line.frames();
  if (all.empty()) return 0;
  const FineDuration second = device_us(1'000'000) - line.period() / DeviceCount(2);
  const std::size_t most = std::min<std::size_t>(all.size(), 64);
  const auto count =
      std::count_if(all.end() - static_cast<std::ptrdiff_t>(most), all.end(), [&](const NumberedFrame& f) {
        return f.place != Place::duplicate && all.back().stamp - f.stamp < second;
      });
  return static_cast<double>(count);
}

}  // namespace

struct LiveTake::Unit {
  Unit(std::size_t i, const UnitData& d) : index(i), data(&d), first(first_stream(d.description)) {
    const UnitDescription& unit = d.description;
    if (unit.color) color.emplace(LineName{&unit, i, Stream::color}, d.color);
    if (unit.depth) depth.emplace(LineName{&unit, i, Stream::depth}, d.depth);
    if (unit.color && unit.depth) level.emplace(i, d);
  }

  std::size_t index;
  const UnitData* data;
  Stream first;
  std::optional<LineWatch> color, depth;
  std::optional<LevelWatch> level;
  std::optional<PairWatch> pair;
  std::optional<OwnCourseWatch> own_course;
  JackWatch in{&SyncJacks::in, false}, out{&SyncJacks::out, true};
  std::vector<DeviceTime> unplugged;
  std::optional<std::size_t> told_behind;  // the unit before it whose lost plug was told of this one
  Findings pending;                        // plugs and exposures, not told yet
  std::uint64_t exposures_seen = 0;
  Episode exposure;
  bool impossible_told = false;
  std::optional<std::int64_t> shift;  // of the first stream
};

LiveTake::LiveTake(const std::vector<UnitData>& units)
    : units_(units), reference_(choose_reference(units)), silence_(units) {
  if (units.empty()) return;
  const UnitDescription& against = units[reference_].description;
  const double tolerance_us = tolerance(against.rate).count();
  for (std::size_t i = 0; i < units.size(); ++i) {
    Unit& unit = watched_.emplace_back(i, units[i]);
    if (!is_on(units[i].description)) continue;
    if (against.sync_mode != WiredSyncMode::master || units.size() == 1)
      unit.own_course.emplace(i, unit.first, units[i], tolerance_us);
    if (i == reference_ || units[i].description.rate != against.rate) continue;
    unit.pair.emplace(PairWatch::Side{&units[i], i, unit.first},
                      PairWatch::Side{&units[reference_], reference_, first_stream(against)});
  }
}

LiveTake::~LiveTake() = default;

void LiveTake::added(std::size_t unit, Stream stream) {
  silence_.add(unit, stream);
  Unit& watched = watched_[unit];
  const ExposureLog& log = watched.data->exposures;
  if (log.changes() == watched.exposures_seen) return;
  watched.exposures_seen = log.changes();
  if (watched.exposure.note(fine_time(log.newest().at), 0, 1))
    watched.pending.push_back(exposure_finding(watched.data->description, unit, log.newest()));
}

void LiveTake::added(std::size_t unit, const JackObservation& jacks) {
  Unit& watched = watched_[unit];
  const UnitDescription& description = watched.data->description;
  if (description.sync_mode == WiredSyncMode::subordinate && watched.in.add(jacks)) {
    watched.unplugged.push_back(jacks.device);
    watched.pending.push_back(sync_in_pulled_finding(description, unit, jacks.device, {}));
    tell_behind(unit, SyncJack::in, jacks.device);
  }
  if (watched.out.add(jacks)) {
    watched.pending.push_back(sync_out_pulled_finding(description, unit, jacks.device, {}));
    tell_behind(unit, SyncJack::out, jacks.device);
  }
}

// A unit that lost its own plug was told so, and one of several units before it is enough.
void LiveTake::tell_behind(std::size_t before, SyncJack jack, DeviceTime at) {
  for (Unit& unit : watched_) {
    if (!hangs_behind(units_, unit.index, before)) continue;
    if (!unit.in.unplugged().empty() || unit.told_behind.value_or(before) != before) continue;
    unit.told_behind = before;
    unit.unplugged.push_back(at);
    unit.pending.push_back(
        hangs_behind_finding(unit.data->description, unit.index, units_[before].description, jack, at, {}));
  }
}

// Before the units are compared, each counts from its own zero, which is the same pulse.
void LiveTake::number(Unit& unit) {
  if (unit.pair && unit.pair->shift())
    unit.shift = unit.pair->shift();
  else if (!unit.shift)
    unit.shift = shift_from_zero(unit.index, unit.first, *unit.data);
}

void LiveTake::advance(Unit& unit, Findings& out) {
  number(unit);
  std::ranges::move(unit.pending, std::back_inserter(out));
  unit.pending.clear();
  if (unit.data->impossible_stamps > 0 && !std::exchange(unit.impossible_told, true))
    out.push_back(impossible_finding(unit.data->description, unit.index, unit.data->impossible_stamps));
  if (unit.pair) unit.pair->advance(unit.unplugged, out);
  if (unit.own_course) unit.own_course->advance(unit.unplugged, out);
  if (!unit.shift) return;
  if (unit.color) unit.color->advance(*unit.shift, out);
  if (unit.level) unit.level->advance(*unit.shift, out);
  if (unit.depth && !unit.level) unit.depth->advance(*unit.shift, out);
  if (unit.depth && unit.level && unit.level->depth_shift())
    unit.depth->advance(*unit.shift + *unit.level->depth_shift(), out);
}

void LiveTake::put_pulse(Finding& finding) const {
  if (!finding.unit || !finding.at || finding.pulse) return;
  const Unit& unit = watched_[*finding.unit];
  const std::vector<NumberedFrame>& all = unit.data->line(unit.first).frames();
  if (!unit.shift || all.empty()) return;
  const auto behind = std::ranges::upper_bound(all, fine_time(*finding.at), {}, &NumberedFrame::stamp);
  finding.pulse = (behind == all.begin() ? behind : std::prev(behind))->number + *unit.shift;
}

Findings LiveTake::poll() {
  Findings out;
  if (units_.empty()) return out;
  if (!std::exchange(set_told_, true)) judge_set(units_, reference_, out);
  for (Unit& unit : watched_) advance(unit, out);
  silence_.tell(out);
  for (Finding& finding : out) put_pulse(finding);
  std::ranges::stable_sort(out, std::ranges::greater{}, &Finding::severity);
  return out;
}

std::vector<LiveOffset> LiveTake::offsets() const {
  std::vector<LiveOffset> offsets;
  for (const Unit& unit : watched_) {
    const PulseLine& line = unit.data->line(unit.first);
    LiveOffset& offset = offsets.emplace_back(LiveOffset{.unit = unit.index, .fps = newest_fps(line)});
    if (unit.shift && !line.frames().empty()) offset.last_pulse = line.frames().back().number + *unit.shift;
    offset.silent = silence_.silent(unit.index);
    if (unit.pair) unit.pair->measure(offset);
  }
  return offsets;
}

std::uint64_t LiveTake::frames_read() const {
  std::uint64_t read = 0;
  for (const Unit& unit : watched_) {
    if (unit.color) read += unit.color->frames_read();
    if (unit.depth) read += unit.depth->frames_read();
    if (unit.level) read += unit.level->frames_read();
    if (unit.pair) read += unit.pair->frames_read();
    if (unit.own_course) read += unit.own_course->frames_read();
  }
  return read;
}

}  // namespace genlock::sync
