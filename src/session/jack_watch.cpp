#include "session/jack_watch.h"

#include <optional>
#include <utility>

namespace genlock::session {
namespace {

constexpr HostDuration kPollEvery = std::chrono::milliseconds(500);

}  // namespace

JackWatch::JackWatch(device::Device& unit, const std::string& name, Seen seen)
    : unit_(unit), seen_(std::move(seen)), thread_("watch-" + name, [this] { watch(); }) {}

JackWatch::~JackWatch() {
  MutexLock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void JackWatch::watch() {
  std::optional<SyncJacks> known;
  do {
    const auto jacks = unit_.sync_jacks();
    if (!jacks) continue;
    seen_(*jacks, known && *jacks != *known);
    known = *jacks;
  } while (wait());
}

/// Until the next poll; false when there is none.
bool JackWatch::wait() {
  MutexLock lock(mutex_);
  if (!stopping_) unit_.clock().wait(changed_, mutex_, unit_.clock().now() + kPollEvery);
  return !stopping_;
}

}  // namespace genlock::session
