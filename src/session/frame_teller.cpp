#include "session/frame_teller.h"

#include <utility>

namespace genlock::session {
namespace {

constexpr HostDuration kTellEvery = std::chrono::milliseconds(250);

}  // namespace

void FrameTeller::begin() {
  MutexLock lock(mutex_);
  noted_ = {};
}

void FrameTeller::note(const HostPair& pair) {
  MutexLock lock(mutex_);
  noted_.host_pairs.push_back(pair);
}

void FrameTeller::note(const JackObservation& jacks) {
  MutexLock lock(mutex_);
  noted_.jacks.push_back(jacks);
}

bool FrameTeller::due(HostTime now) {
  if (now - last_told_ < kTellEvery) return false;
  last_told_ = now;
  return true;
}

void FrameTeller::tell(const Streaming& seen, HostTime now) {
  if (due(now)) emit_(seen);
}

void FrameTeller::tell_when_due(RecordingJob& job, HostTime now) {
  if (due(now)) tell(job);
}

void FrameTeller::tell(RecordingJob& job) {
  if (!job.by_pulses()) return;
  Frames told;
  {
    MutexLock lock(mutex_);
    told = std::exchange(noted_, {});
  }
  told.frames = job.take_frames();
  if (!told.frames.empty() || !told.host_pairs.empty() || !told.jacks.empty()) emit_(told);
}

}  // namespace genlock::session
