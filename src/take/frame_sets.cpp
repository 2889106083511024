#include "take/frame_sets.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sync/fine_time.h"
#include "take/surveys.h"
#include "take/unit_loader.h"

namespace genlock::take {
namespace {

using recording::FrameEntry;
using recording::Survey;
using recording::TrackKind;

constexpr auto kColor = static_cast<std::size_t>(TrackKind::color);
constexpr auto kDepth = static_cast<std::size_t>(TrackKind::depth);
constexpr auto kIr = static_cast<std::size_t>(TrackKind::ir);

/// How far from a depth frame's pulse an IR frame without one of its own may be, in periods: what sync takes
/// for a frame of a pulse.
constexpr double kOnPulse = 0.25;

SetUnit describe(const UnitRecording& recording) {
  const recording::RecordingInfo& info = recording.reader->info();
  SetUnit unit{.name = recording.unit.name, .serial = info.serial, .file = recording.file(), .tracks = {}};
  unit.tracks[kColor].present = info.color_track;
  unit.tracks[kDepth].present = info.depth_track;
  unit.tracks[kIr].present = info.ir_track;
  return unit;
}

std::optional<std::uint64_t> planned_pulses(const TakeSource& source) {
  if (!source.take || !source.take->first_pulse || !source.take->last_pulse) return std::nullopt;
  const std::int64_t pulses = *source.take->last_pulse - *source.take->first_pulse + 1;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, pulses));
}

}  // namespace

FrameSets::FrameSets(FrameSets&&) noexcept = default;
FrameSets& FrameSets::operator=(FrameSets&&) noexcept = default;
FrameSets::~FrameSets() = default;

FrameSets::FrameSets(TakeSource source, std::vector<UnitRecording> recordings)
    : source_(std::move(source)), recordings_(std::move(recordings)), notes_(source_.notes) {
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    if (source_.take) recordings_[i].unit.name = source_.names[i];
    units_.push_back(describe(recordings_[i]));
    loaders_.push_back(
        std::make_unique<UnitLoader>(*recordings_[i].reader, period_us(recordings_[i].unit.rate)));
  }
  index_.resize(recordings_.size());
}

Result<FrameSets> FrameSets::open(const std::vector<std::filesystem::path>& given, SetRange range) {
  GENLOCK_ASSIGN(TakeSource source, find_take(given));
  GENLOCK_ASSIGN(std::vector<UnitRecording> recordings, open_recordings(source.files));
  if (source.take && recordings.size() != source.files.size())
    return Error(Errc::corrupt, source.folder.string() + ": two units of this take have the same recording");
  FrameSets sets(std::move(source), std::move(recordings));
  GENLOCK_TRY(sets.read());
  GENLOCK_TRY(sets.set_range(range));
  const auto planned = planned_pulses(sets.source_);
  if (planned && sets.size() < *planned)
    sets.notes_.push_back(fmt::format(
        "the take was to have pulses {} to {}: {} of these {} have no set here; `genlock verify` "
        "names the units that are short",
        *sets.source_.take->first_pulse, *sets.source_.take->last_pulse, *planned - sets.size(), *planned));
  return sets;
}

// -- what is in the files

Status FrameSets::read() {
  sync::Monitor monitor(descriptions(recordings_));
  std::vector<std::vector<std::string>> problems(recordings_.size());
  const auto take_in = [&](std::size_t unit, Survey content) {
    observe(monitor, unit, recordings_[unit], content);
    list(unit, content);
    problems[unit] = std::move(content.problems);
  };
  GENLOCK_TRY(survey_all(recordings_, take_in, {}));
  for (std::size_t i = 0; i < recordings_.size(); ++i)
    for (const std::string& problem : problems[i]) notes_.push_back(units_[i].name + ": " + problem);
  sync::NumberedReport numbered = monitor.numbered_report();
  report_ = std::move(numbered.report);
  GENLOCK_TRY(check_comparable(numbered.units));
  for (std::size_t i = 0; i < recordings_.size(); ++i) place(i, numbered.units[i]);
  return {};
}

void FrameSets::list(std::size_t unit, const Survey& survey) {
  for (const FrameEntry& entry : survey.frames) {
    const auto track = static_cast<std::size_t>(entry.track);
    if (track >= kImageTracks) continue;
    Placed frame{.pulse = entry.pulse.value_or(0),
                 .stamp = entry.device_time,
                 .host = entry.host_time.value_or(HostTime{}),
                 .frame = static_cast<std::uint32_t>(units_[unit].tracks[track].frames++),
                 .bytes = static_cast<std::uint32_t>(entry.bytes),
                 .has_host = entry.host_time.has_value(),
                 .has_pulse = entry.pulse.has_value()};
    index_[unit][track].push_back(frame);
  }
}

Status FrameSets::check_comparable(const std::vector<sync::UnitPulses>& pulses) const {
  for (std::size_t i = 0; i < pulses.size(); ++i) {
    if (pulses[i].compared || (pulses[i].color.empty() && pulses[i].depth.empty())) continue;
    std::string why = units_[i].name + ": its frames cannot be numbered with the others'";
    for (const sync::Finding& finding : report_.findings)
      if (finding.severity == sync::Severity::failure && finding.unit.value_or(i) == i)
        return Error(Errc::invalid, fmt::format("{}. {}", why, finding.text));
    return Error(Errc::invalid, why + "; `genlock verify` says more");
  }
  return {};
}

// -- pulses

void FrameSets::place(std::size_t unit, const sync::UnitPulses& pulses) {
  place_observed(unit, kColor, pulses.color);
  place_observed(unit, static_cast<std::size_t>(recordings_[unit].depth_track), pulses.depth);
  if (recordings_[unit].depth_track == TrackKind::depth) place_ir(unit);
  for (std::size_t t = 0; t < kImageTracks; ++t)
    units_[unit].tracks[t].apart = units_[unit].tracks[t].frames - index_[unit][t].size();
}

/// Frames in the order of the file. Good ones rise; an outlier has a pulse only where it fits in between.
void FrameSets::put(Track& placed, Placed frame, const sync::FramePulse& where, SetUnit& unit) const {
  if (frame.has_pulse && frame.pulse != where.pulse) ++unit.renumbered;
  frame.pulse = where.pulse;
  frame.outlier = where.outlier;
  while (!where.outlier && !placed.empty() && placed.back().pulse >= frame.pulse) placed.pop_back();
  if (placed.empty() || (placed.back().pulse < frame.pulse && placed.back().stamp < frame.stamp))
    placed.push_back(frame);
}

void FrameSets::place_observed(std::size_t unit, std::size_t track,
                               const std::vector<sync::FramePulse>& pulses) {
  Track placed;
  auto where = pulses.begin();
  for (const Placed& frame : index_[unit][track]) {
    if (!sync::possible(frame.stamp)) continue;
    if (where->on_pulse) put(placed, frame, *where, units_[unit]);
    ++where;
  }
  index_[unit][track] = std::move(placed);
}

/// An IR frame belongs to the pulse of the depth frame of its stamp; one without by how far it is from the
/// nearest.
void FrameSets::place_ir(std::size_t unit) {
  const Track& depth = index_[unit][kDepth];
  const double period = static_cast<double>(count_us(period_us(recordings_[unit].unit.rate)));
  Track placed;
  for (const Placed& frame : index_[unit][kIr]) {
    if (depth.empty() || !sync::possible(frame.stamp)) continue;
    auto next = std::ranges::lower_bound(depth, frame.stamp, {}, &Placed::stamp);
    if (next == depth.end() ||
        (next != depth.begin() && frame.stamp - std::prev(next)->stamp < next->stamp - frame.stamp))
      --next;
    const double away = static_cast<double>(count_us(frame.stamp - next->stamp)) / period;
    if (std::abs(away - std::round(away)) >= kOnPulse) continue;
    const bool outlier = next->outlier && frame.stamp == next->stamp;
    put(placed, frame, {next->pulse + std::llround(away), true, outlier}, units_[unit]);
  }
  index_[unit][kIr] = std::move(placed);
}

// -- sets

/// Where there is no frame at all, or no pulse that all cover: nothing.
std::optional<std::pair<std::int64_t, std::int64_t>> FrameSets::covered(SetRange range) const {
  if (range == SetRange::common && report_.common)
    return std::pair(report_.common->first_pulse, report_.common->last_pulse);
  if (range == SetRange::common && report_.compared) return std::nullopt;
  std::optional<std::pair<std::int64_t, std::int64_t>> span;
  for (const UnitIndex& unit : index_)
    for (const Track& track : unit) {
      if (track.empty()) continue;
      if (!span) span.emplace(track.front().pulse, track.back().pulse);
      span->first = std::min(span->first, track.front().pulse);
      span->second = std::max(span->second, track.back().pulse);
      if (range == SetRange::common) return span;  // of a unit alone: what its first stream covers
    }
  return span;
}

Status FrameSets::set_range(SetRange range) {
  const auto span = covered(range);
  if (!span && report_.compared)
    return Error(Errc::invalid, "there is no pulse that all units cover: one ended before another began");
  if (!span) return Error(Errc::not_found, "there is no frame of any pulse in these recordings");
  first_pulse_ = span->first;
  size_ = static_cast<std::uint64_t>(span->second - span->first) + 1;
  return {};
}

std::optional<std::uint64_t> FrameSets::number_of(std::int64_t pulse) const {
  if (pulse < first_pulse_ || static_cast<std::uint64_t>(pulse - first_pulse_) >= size_) return std::nullopt;
  return static_cast<std::uint64_t>(pulse - first_pulse_);
}

FrameSet FrameSets::operator[](std::uint64_t number) const {
  FrameSet set{.number = number, .pulse = pulse_of(number), .units = {}};
  set.units.resize(units_.size());
  for (std::size_t u = 0; u < units_.size(); ++u)
    for (std::size_t t = 0; t < kImageTracks; ++t) {
      if (!units_[u].tracks[t].present) continue;
      const Track& track = index_[u][t];
      const auto at = std::ranges::lower_bound(track, set.pulse, {}, &Placed::pulse);
      if (at == track.end() || at->pulse != set.pulse) {
        ++set.missing;
        continue;
      }
      set.outliers += at->outlier;
      set.units[u].tracks[t] = {.frame = at->frame,
                                .stamp = at->stamp,
                                .host = at->has_host ? std::optional(at->host) : std::nullopt,
                                .bytes = at->bytes,
                                .outlier = at->outlier};
    }
  return set;
}

std::optional<std::int64_t> FrameSets::pulse_of(std::size_t unit, TrackKind track, DeviceTime stamp) const {
  const Track& placed = index_[unit][static_cast<std::size_t>(track)];
  const auto at = std::ranges::lower_bound(placed, stamp, {}, &Placed::stamp);
  if (at == placed.end() || at->stamp != stamp) return std::nullopt;
  return at->pulse;
}

Result<std::vector<Capture>> FrameSets::load(const FrameSet& set) {
  std::vector<Capture> captures;
  for (std::size_t i = 0; i < units_.size(); ++i) {
    Result<Capture> capture = loaders_[i]->load(set.units[i]);
    if (!capture) return capture.error().context(units_[i].file.string());
    captures.push_back(*std::move(capture));
  }
  return captures;
}

recording::Reader& FrameSets::reader(std::size_t unit) {
  loaders_[unit]->forget();
  return *recordings_[unit].reader;
}

std::uint64_t FrameSets::seeks() const {
  std::uint64_t seeks = 0;
  for (const auto& loader : loaders_) seeks += loader->seeks();
  return seeks;
}

}  // namespace genlock::take
