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

}  // namespace

TakeRecorder::TakeRecorder(const Plan& plan, TakeOrder order, SessionMaker make, TakeSink sink, Clock& clock)
    : plan_(plan),
      order_(std::move(order)),
      make_(std::move(make)),
      sink_(std::move(sink)),
      clock_(clock),
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
  RecordOrder order{.folder = order_.folder,
                    .tags = {{"GENLOCK_TAKE", take_.name}, {"GENLOCK_RIG", take_.rig}},
                    .cluster_crc = order_.cluster_crc,
                    .pulses = {},
                    .pre_roll = order_.pre_roll};
  if (order_.length) order.pulses = pulses_in(*order_.length, plan_.rig.rate());
  const TakeSink sink = [this](const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (told != nullptr)
      if (const auto* opened = std::get_if<session::Opened>(&told->event)) watch_.opened(told->unit, *opened);
    sink_(event);
  };
  return RigStart(plan_, order, sessions_, inbox_, sink).run();
}

/// Until all recordings have ended.
void TakeRecorder::follow() {
  running_ = plan_.rig.units.size();
  set_newest(take_.first_pulse);
  auto marks = listen_for_marks();
  while (running_ > 0) {
    const TakeInbox::Item item = inbox_.next();
    obey(item.stops);
    take_markers();
    if (item.event) take_event(item.unit, *item.event);
  }
  marks.reset();
  set_newest({});
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
  for (take::Incident& incident : watch_.take(unit, event)) tell(std::move(incident));
  if (const auto newest = watch_.newest()) set_newest(newest);
  if (const auto* ended = std::get_if<session::RecordingEnded>(&event)) finish_unit(unit, *ended);
}

void TakeRecorder::tell(take::Incident incident) {
  const bool failure = incident.severity == to_string(sync::Severity::failure);
  sink_(incident);
  take_.incidents.push_back(std::move(incident));
  static_cast<void>(save().has_value());  // the last save tells whether the disk takes it
  if (failure && running_ > 0 && order_.on_fault == OnFault::stop) end_in_order();
}

void TakeRecorder::finish_unit(std::size_t unit, const session::RecordingEnded& ended) {
  --running_;
  take::TakenUnit& taken = take_.units[unit];
  taken.end = to_string(ended.reason);
  taken.error = ended.error;
  for (const session::StreamCount& s : ended.streams)
    taken.streams.push_back({std::string(to_string(s.stream)), s.recorded, s.missing, s.refused});
  if (ended.file.empty()) return;
  std::vector<fs::path> files{ended.file};
  files.insert(files.end(), ended.more_files.begin(), ended.more_files.end());
  for (const fs::path& file : files)
    taken.files.push_back({.name = file.filename().string(), .bytes = size_of(file)});
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
  sessions_.stop_recordings();
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
  auto judged = judge_recorded(order_.folder, take_);
  take_.advice = advise(take_, judged);
  auto report = judged ? Result<sync::Report>(std::move(judged->report)) : judged.error();
  return {.take = {}, .report = std::move(report), .watched = std::move(watched)};
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
