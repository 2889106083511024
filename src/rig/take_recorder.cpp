#include "rig/take_recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "rig/take_verdict.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

constexpr HostDuration kEndMargin = std::chrono::milliseconds(500);
constexpr int kMostEnds = 6;  // with a doubled margin each
constexpr std::size_t kMostMarkers = 100'000;

std::int64_t pulses_in(HostDuration length, FrameRate rate) {
  return (count_ns(length) * fps(rate) + 999'999'999) / 1'000'000'000;
}

std::uint64_t size_of(const fs::path& file) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  return failed ? 0 : size;
}

void add_files(const session::RecordingEnded& ended, std::vector<take::RecordedFile>& to) {
  if (ended.file.empty()) return;
  std::vector<fs::path> files{ended.file};
  files.insert(files.end(), ended.more_files.begin(), ended.more_files.end());
  for (const fs::path& file : files) to.push_back({.name = file.filename().string(), .bytes = size_of(file)});
}

}  // namespace

TakeRecorder::TakeRecorder(const Plan& plan, TakeOrder order, SessionMaker make, TakeSink sink, Clock& clock)
    : plan_(plan),
      order_(std::move(order)),
      make_(std::move(make)),
      sink_(std::move(sink)),
      clock_(clock),
      record_order_(record_order()),
      returns_(plan_.rig.units.size()),
      sessions_(plan_, make_, inbox_),
      watch_(plan_.rig, clock) {
  describe();
}

void TakeRecorder::describe() {
  take_ = {.name = order_.folder.filename().string(),
           .rig = plan_.rig.name,
           .forced = order_.forced,
           .started = clock_.wall_now(),
           .rate = plan_.rig.rate()};
  for (const RigUnit& unit : plan_.rig.units)
    take_.units.push_back(
        {.name = unit.name, .serial = unit.serial, .host = unit.host, .role = unit.camera.sync_mode});
}

RecordOrder TakeRecorder::record_order() const {
  RecordOrder order{
      .folder = order_.folder,
      .tags = {{"GENLOCK_TAKE", order_.folder.filename().string()}, {"GENLOCK_RIG", plan_.rig.name}},
      .cluster_crc = order_.cluster_crc,
      .pulses = {},
      .pre_roll = order_.pre_roll};
  if (order_.length) order.pulses = pulses_in(*order_.length, plan_.rig.rate());
  return order;
}

Status TakeRecorder::save() {
  return take::save_take(order_.folder, take_);
}

Result<RecordedTake> TakeRecorder::record() {
  GENLOCK_TRY(save());
  const auto begun = start();
  if (!begun) {
    sessions_.close();
    return begun.error();
  }
  take_.first_pulse = begun->first;
  take_.last_pulse = begun->last;
  if (const Status saved = save(); !saved) warn(saved.error().message());
  set_newest(take_.first_pulse);  // whoever is told that the take runs may mark it
  sink_(*begun);
  follow();
  sessions_.close();
  settle_last_pulse();
  take_.ended = true;
  take_.stopped = clock_.wall_now();
  RecordedTake recorded = judge();
  GENLOCK_TRY(save());
  recorded.take = take_;
  return recorded;
}

Result<TakeBegins> TakeRecorder::start() {
  const TakeSink sink = [this](const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (told != nullptr) prepare(told->unit, told->event);
    sink_(event);
  };
  return RigStart(plan_, record_order_, sessions_, inbox_, sink).run();
}

/// What units say before the take begins.
void TakeRecorder::prepare(std::size_t unit, const session::Event& event) {
  if (const auto* opened = std::get_if<session::Opened>(&event)) {
    watch_.opened(unit, *opened);
    if (take_.units[unit].host.empty()) take_.units[unit].host = opened->host.name;
  }
  if (const auto* warning = std::get_if<session::Warning>(&event))
    tell({.unit = unit,
          .utc = clock_.wall_now(),
          .severity = std::string(to_string(sync::Severity::warning)),
          .text = warning->text});
}

/// Until all recordings of the take have ended, and with them those beside it.
void TakeRecorder::follow() {
  running_ = plan_.rig.units.size();
  auto marks = listen_for_marks();
  while (running_ > 0) {
    const TakeInbox::Item item = inbox_.next();
    obey(item.stops);
    take_markers();
    if (item.event) take_event(item.unit, *item.event);
  }
  marks.reset();
  set_newest({});
  end_returns();
  take_markers();
  if (const std::uint64_t lost = inbox_.lost(); lost > 0)
    warn(
        fmt::format("{} events of units found no room while this program was held up, so the watch over the "
                    "take has holes; the files have none of them",
                    lost));
}

std::unique_ptr<MarkServer> TakeRecorder::listen_for_marks() {
  auto server = MarkServer::start(order_.folder, [this](const std::string& text) { return mark(text); });
  if (server) return *std::move(server);
  warn(fmt::format("genlock mark cannot reach this take: {}", server.error().message()));
  return nullptr;
}

void TakeRecorder::set_newest(std::optional<std::int64_t> pulse) {
  MutexLock lock(mutex_);
  newest_ = pulse;
}

void TakeRecorder::warn(std::string text) {
  tell({.utc = clock_.wall_now(),
        .severity = std::string(to_string(sync::Severity::warning)),
        .text = std::move(text)});
}

void TakeRecorder::take_event(std::size_t unit, const session::Event& event) {
  sink_(UnitTold{unit, event});
  if (returns_[unit]) return take_unaligned(unit, event);
  for (take::Incident& incident : watch_.take(unit, event)) tell(std::move(incident));
  if (const auto offsets = watch_.take_offsets()) sink_(*offsets);
  if (const auto newest = watch_.newest()) set_newest(newest);
  const auto* ended = std::get_if<session::RecordingEnded>(&event);
  if (ended == nullptr) return;
  if (!ended->error.empty() && take_.units[unit].role == WiredSyncMode::master) tell_masterless(unit);
  finish_unit(unit, *ended);
}

/// At once: what the subordinates' stamps show of it comes later, or with the pulses of a master that is
/// back.
void TakeRecorder::tell_masterless(std::size_t master) {
  std::string names;
  for (const take::TakenUnit& unit : take_.units)
    if (unit.role == WiredSyncMode::subordinate && unit.end.empty())
      names += (names.empty() ? "" : ", ") + unit.name;
  const auto last = watch_.newest(master);
  if (names.empty() || !last) return;
  tell({.pulse = *last + 1,
        .utc = clock_.wall_now(),
        .severity = std::string(to_string(sync::Severity::failure)),
        .text = fmt::format("{}: without a master from pulse {} on; each runs on by its own clock", names,
                            *last + 1)});
}

/// Of a unit that was lost.
void TakeRecorder::take_unaligned(std::size_t unit, const session::Event& event) {
  if (const auto* started = std::get_if<session::RecordingStarted>(&event))
    return tell_unaligned(
        unit,
        fmt::format("it is back and goes on in {}, out of sync with the others{}",
                    started->file.filename().string(),
                    take_.units[unit].role == WiredSyncMode::master
                        ? "; subordinates, which ran on by themselves, follow its new pulses from here on"
                        : ""));
  if (const auto* warning = std::get_if<session::Warning>(&event)) return tell_unaligned(unit, warning->text);
  const auto* ended = std::get_if<session::RecordingEnded>(&event);
  if (ended == nullptr) return;
  add_files(*ended, take_.units[unit].unaligned);
  if (!ended->error.empty()) tell_unaligned(unit, "it was lost once more: " + ended->error);
}

void TakeRecorder::tell_unaligned(std::size_t unit, std::string text) {
  tell({.unit = unit,
        .pulse = watch_.newest(),
        .utc = clock_.wall_now(),
        .severity = std::string(to_string(sync::Severity::warning)),
        .text = std::move(text)});
}

void TakeRecorder::tell(take::Incident incident) {
  const bool failure = incident.severity == to_string(sync::Severity::failure);
  sink_(incident);
  take_.incidents.push_back(std::move(incident));
  static_cast<void>(save().has_value());  // the last save tells whether the disk takes it
  if (!failure || running_ == 0 || order_.on_fault == OnFault::go_on) return;
  by_fault_ = by_fault_ || !ending_;
  end_in_order();
}

void TakeRecorder::finish_unit(std::size_t unit, const session::RecordingEnded& ended) {
  --running_;
  take::TakenUnit& taken = take_.units[unit];
  taken.end = to_string(ended.reason);
  taken.error = ended.error;
  for (const session::StreamCount& s : ended.streams)
    taken.streams.push_back({std::string(to_string(s.stream)), s.recorded, s.missing, s.refused});
  add_files(ended, taken.files);
  if (ended.unit_lost && !ending_ && order_.on_fault == OnFault::go_on)
    returns_[unit] = std::make_unique<UnitReturn>(unit, taken.name, record_order_, sessions_, inbox_, clock_);
}

void TakeRecorder::end_returns() {
  for (const auto& back : returns_)
    if (back) back->end();
  for (const auto& back : returns_)
    if (back) back->join();
  while (const auto item = inbox_.try_next()) take_event(item->unit, *item->event);
}

// -- the end

void TakeRecorder::obey(int stops) {
  if (stops > 0) end_in_order();
  if (stops > 1) end_at_once();
}

void TakeRecorder::end_in_order() {
  if (std::exchange(ending_, true)) return;
  HostDuration margin = kEndMargin;
  for (int tries = 0; tries < kMostEnds; ++tries, margin *= 2) {
    std::int64_t last = watch_.newest().value_or(*take_.first_pulse) + pulses_in(margin, take_.rate);
    const bool sooner = !take_.last_pulse || last < *take_.last_pulse;
    if (sooner && !tell_end(last)) continue;
    if (sooner) take_.last_pulse = last;
    return sink_(TakeEnds{take_.last_pulse});
  }
  end_at_once();
}

/// Whether no unit was past the pulse. One that has ended already is none.
bool TakeRecorder::tell_end(std::int64_t last) {
  bool in_time = true;
  for (std::size_t unit = 0; unit < take_.units.size(); ++unit) {
    if (!take_.units[unit].end.empty()) continue;
    const Status told = sessions_.execute(unit, session::EndAt{last});
    if (!told && told.error().code() == Errc::too_late) in_time = false;
  }
  return in_time;
}

void TakeRecorder::end_at_once() {
  if (std::exchange(cut_, true)) return;
  sink_(TakeEnds{});
  for (std::size_t unit = 0; unit < take_.units.size(); ++unit)
    if (take_.units[unit].end.empty()) sessions_.stop_recording(unit);
}

/// Recordings that were cut end anywhere: the take ends where the first of them does.
void TakeRecorder::settle_last_pulse() {
  if (!cut_ && take_.last_pulse) return;
  for (std::size_t unit = 0; unit < take_.units.size(); ++unit) {
    const auto newest = watch_.newest(unit);
    if (newest && take_.units[unit].error.empty())
      take_.last_pulse = std::min(take_.last_pulse.value_or(*newest), *newest);
  }
}

RecordedTake TakeRecorder::judge() {
  sync::Report watched = watch_.report();
  for (take::Incident& incident : watch_.untold(watched)) tell(std::move(incident));
  auto judged = judge_recorded(order_.folder, take_, plan_.rig);
  take_.advice = advise(take_, judged);
  auto report = judged ? Result<sync::Report>(std::move(judged->report)) : judged.error();
  return {
      .take = {}, .report = std::move(report), .watched = std::move(watched), .ended_by_fault = by_fault_};
}

// -- markers

Result<take::Marker> TakeRecorder::mark(const std::string& text) {
  MutexLock lock(mutex_);
  if (!newest_) return Error(Errc::state, "the take is not running: nothing was marked");
  if (markers_.size() >= kMostMarkers) return Error(Errc::overflow, "too many markers wait to be written");
  markers_.push_back({.pulse = *newest_, .utc = clock_.wall_now(), .text = text});
  inbox_.wake();
  return markers_.back();
}

void TakeRecorder::take_markers() {
  std::vector<take::Marker> fresh;
  {
    MutexLock lock(mutex_);
    fresh.swap(markers_);
  }
  if (fresh.empty()) return;
  for (const take::Marker& marker : fresh) sink_(marker);
  take_.markers.insert(take_.markers.end(), fresh.begin(), fresh.end());
  static_cast<void>(save().has_value());
}

}  // namespace genlock::rig
