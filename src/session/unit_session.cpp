#include "session/unit_session.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "session/control_check.h"
#include "session/stream_reader.h"

namespace genlock::session {

std::string_view to_string(StreamKind kind) {
  return kind == StreamKind::color ? "color" : kind == StreamKind::depth ? "depth" : "imu";
}

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::length_reached:
      return "length_reached";
    case EndReason::stopped:
      return "stopped";
    case EndReason::end_of_replay:
      return "end_of_replay";
    case EndReason::failed:
      return "failed";
  }
  return "failed";
}

bool complete(const RecordingEnded& ended) {
  const bool may_lack_streams = ended.reason == EndReason::end_of_replay;
  const bool whole = std::ranges::all_of(ended.streams, [&](const StreamCount& s) {
    return s.refused == 0 && (s.recorded > 0 || may_lack_streams);
  });
  return ended.error.empty() && !ended.file.empty() && ended.captures_dropped == 0 && whole;
}

bool can_be_missed(const Event& event) {
  return std::holds_alternative<Progress>(event) || std::holds_alternative<Waiting>(event) ||
         std::holds_alternative<Streaming>(event);
}

struct UnitSession::Impl {
  Impl(device::Provider& p, EventSink s, SessionOptions o)
      : provider(p), sink(std::move(s)), options(std::move(o)) {}

  device::Provider& provider;
  const EventSink sink;
  const SessionOptions options;

  Mutex commands;  // held while a command is carried out
  std::unique_ptr<device::Device> unit GENLOCK_GUARDED_BY(commands);
  std::optional<Configure> config GENLOCK_GUARDED_BY(commands);
  std::unique_ptr<StreamReader> reader GENLOCK_GUARDED_BY(commands);

  Mutex events;  // held while the sink runs: one call at a time

  void emit(const Event& event) {
    MutexLock lock(events);
    if (sink) sink(event);
  }

  std::unique_ptr<StreamReader> make_reader() GENLOCK_REQUIRES(commands);

  Status need_unit() GENLOCK_REQUIRES(commands) {
    if (!unit) return Error(Errc::state, options.name + ": no unit is open");
    return {};
  }

  // One overload a command, so that std::visit finds them.
  Status operator()(const OpenUnit& open) GENLOCK_REQUIRES(commands);
  Status operator()(const SetControls& set) GENLOCK_REQUIRES(commands);
  Status operator()(const Configure& configure) GENLOCK_REQUIRES(commands);
  Status operator()(const Record& record) GENLOCK_REQUIRES(commands);
  Status operator()(const BeginAt& begin) GENLOCK_REQUIRES(commands);
  Status operator()(const EndAt& end) GENLOCK_REQUIRES(commands);
  Status operator()(const Start& start) GENLOCK_REQUIRES(commands);
  Status operator()(const StopRecording& stop) GENLOCK_REQUIRES(commands);
  Status operator()(const Close& close) GENLOCK_REQUIRES(commands);
};

Status UnitSession::Impl::operator()(const OpenUnit& open) {
  if (unit) return Error(Errc::state, options.name + ": a unit is open already");
  auto opened = open.serial.empty() ? provider.open(open.index) : device::open_serial(provider, open.serial);
  if (!opened) return opened.error();
  unit = *std::move(opened);
  const device::DeviceIdentity& id = unit->identity();
  emit(Opened{id.serial, id.version, id.backend, id.simulated, id.host});
  return {};
}

Status UnitSession::Impl::operator()(const SetControls& set) {
  GENLOCK_TRY(need_unit());
  for (const SetControls::Setting& setting : set.settings)
    GENLOCK_TRY(unit->set_color_control(setting.control, setting.value));
  GENLOCK_ASSIGN(const ControlCheck check, check_controls(*unit, set.settings));
  const std::string who = fmt::format("unit {} ({}): ", unit->identity().serial, options.name);
  if (!check.wrong.empty()) return Error(Errc::state, who + fmt::format("{}", fmt::join(check.wrong, "; ")));
  if (!check.rounded.empty()) emit(Warning{who + fmt::format("{}", fmt::join(check.rounded, "; "))});
  return {};
}

Status UnitSession::Impl::operator()(const Configure& configure) {
  GENLOCK_TRY(need_unit());
  if (reader) return Error(Errc::state, options.name + ": already configured and recording or running");
  config = configure;
  return {};
}

std::unique_ptr<StreamReader> UnitSession::Impl::make_reader() {
  return std::make_unique<StreamReader>(
      *unit, *config, [this](const Event& e) { emit(e); }, options);
}

Status UnitSession::Impl::operator()(const Record& record) {
  GENLOCK_TRY(need_unit());
  if (!config) return Error(Errc::state, options.name + ": not configured yet");
  if (reader) return reader->begin_recording(record);
  auto made = make_reader();
  GENLOCK_TRY(made->begin_recording(record));
  reader = std::move(made);
  return {};
}

Status UnitSession::Impl::operator()(const BeginAt& begin) {
  if (!reader) return Error(Errc::state, options.name + ": nothing is being recorded");
  return reader->begin_at(begin);
}

Status UnitSession::Impl::operator()(const EndAt& end) {
  if (!reader) return Error(Errc::state, options.name + ": nothing is being recorded");
  return reader->end_at(end);
}

Status UnitSession::Impl::operator()(const Start&) {
  GENLOCK_TRY(need_unit());
  if (!config) return Error(Errc::state, options.name + ": not configured yet");
  if (!reader) reader = make_reader();
  return reader->start();
}

Status UnitSession::Impl::operator()(const StopRecording&) {
  if (!reader) return Error(Errc::state, options.name + ": nothing is being recorded");
  return reader->end_recording();
}

Status UnitSession::Impl::operator()(const Close&) {
  reader.reset();
  unit.reset();
  config.reset();
  return {};
}

UnitSession::UnitSession(device::Provider& provider, EventSink sink, SessionOptions options)
    : impl_(std::make_unique<Impl>(provider, std::move(sink), std::move(options))) {}

UnitSession::~UnitSession() {
  static_cast<void>(execute(Close{}).has_value());
}

Status UnitSession::execute(const Command& command) {
  MutexLock lock(impl_->commands);
  return std::visit(*impl_, command);
}

device::Device* UnitSession::unit() {
  MutexLock lock(impl_->commands);
  return impl_->unit.get();
}

}  // namespace genlock::session
