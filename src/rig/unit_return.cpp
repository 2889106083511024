#include "rig/unit_return.h"

#include <fmt/format.h>

#include <utility>

#include "recording/format.h"

namespace genlock::rig {

UnitReturn::UnitReturn(std::size_t unit, std::string name, const RecordOrder& order, RigSessions& sessions,
                       TakeInbox& inbox, Clock& clock)
    : unit_(unit),
      name_(std::move(name)),
      order_(order),
      sessions_(sessions),
      inbox_(inbox),
      clock_(clock),
      thread_("back-" + name_, [this] { run(); }) {}

UnitReturn::~UnitReturn() {
  end();
}

void UnitReturn::end() {
  MutexLock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
}

bool UnitReturn::ending() {
  MutexLock lock(mutex_);
  return ending_;
}

void UnitReturn::run() {
  sessions_.drop(unit_);  // what is left of the session that lost it
  while (!ending()) try_once();
}

void UnitReturn::try_once() {
  if (const Status back = bring_back(); !back) {
    const bool there = back.error().code() != Errc::not_found;
    if (there) tell(back.error().message());
    if (there) sessions_.drop(unit_);
    return wait_for_next_try();
  }
  if (!ends_by_itself()) {
    static_cast<void>(sessions_.execute(unit_, session::StopRecording{}).has_value());
    static_cast<void>(end_of_recording());
    return;
  }
  const session::RecordingEnded ended = end_of_recording();
  if (ended.file.empty()) tell(ended.error);
  if (!ended.file.empty()) ++files_;
  sessions_.drop(unit_);
}

Status UnitReturn::bring_back() {
  {
    MutexLock lock(mutex_);
    ended_.reset();
  }
  GENLOCK_TRY(sessions_.reopen(unit_, [this](const session::Event& event) { take(event); }));
  GENLOCK_TRY(sessions_.execute(unit_, request()));
  return sessions_.execute(unit_, session::Start{});
}

session::Record UnitReturn::request() const {
  session::Record record = record_request(order_, name_);
  record.file = order_.folder / fmt::format("{}-unaligned-{}.mkv", name_, files_ + 1);
  record.by_pulses = false;
  record.tags.push_back({std::string(recording::kTagUnaligned), "1"});
  return record;
}

void UnitReturn::take(const session::Event& event) {
  const auto* ended = std::get_if<session::RecordingEnded>(&event);
  if (ended == nullptr || !ended->file.empty()) inbox_.push(unit_, event);
  if (ended == nullptr) return;
  MutexLock lock(mutex_);
  ended_ = *ended;
  changed_.notify_all();
}

void UnitReturn::tell(const std::string& why) {
  if (std::exchange(told_, why) == why) return;
  inbox_.push(unit_, session::Warning{"it is back and cannot go on yet: " + why});
}

void UnitReturn::wait_for_next_try() {
  MutexLock lock(mutex_);
  const HostTime next = clock_.now() + kLookEvery;
  while (!ending_ && clock_.now() < next) clock_.wait(changed_, mutex_, next);
}

/// False when the take ends before the recording.
bool UnitReturn::ends_by_itself() {
  MutexLock lock(mutex_);
  while (!ending_ && !ended_) changed_.wait(mutex_);
  return ended_.has_value();
}

/// There is one for each recording, which may be told after StopRecording has returned.
session::RecordingEnded UnitReturn::end_of_recording() {
  MutexLock lock(mutex_);
  while (!ended_) changed_.wait(mutex_);
  return *ended_;
}

}  // namespace genlock::rig
