#include "take/unit_loader.h"

#include <fmt/core.h>

#include <algorithm>

#include "take/frame_sets.h"

namespace genlock::take {
namespace {

/// Frames that reading goes over rather than seeking, as each costs the reading of its pixels.
constexpr std::int64_t kReadOver = 3;

DeviceTime first_of(const UnitFrames& wanted) {
  DeviceTime first = DeviceTime::max();
  for (const auto& frame : wanted.tracks)
    if (frame) first = std::min(first, frame->stamp);
  return first;
}

DeviceTime last_of(const UnitFrames& wanted) {
  DeviceTime last = DeviceTime::min();
  for (const auto& frame : wanted.tracks)
    if (frame) last = std::max(last, frame->stamp);
  return last;
}

}  // namespace

bool UnitLoader::must_seek(const UnitFrames& wanted) const {
  if (!newest_ || first_of(wanted) > *newest_ + kReadOver * period_) return true;
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    if (!wanted.tracks[t] || !read_upto_[t] || wanted.tracks[t]->stamp > *read_upto_[t]) continue;
    const bool here = std::ranges::any_of(
        waiting_[t], [&](const Waiting& w) { return w.image.device_time == wanted.tracks[t]->stamp; });
    if (!here) return true;
  }
  return false;
}

void UnitLoader::seek(DeviceTime time) {
  reader_.seek(time);
  ++seeks_;
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    waiting_[t].clear();
    read_upto_[t].reset();
  }
  newest_ = time;
}

/// False at the end.
Result<bool> UnitLoader::read_on() {
  GENLOCK_ASSIGN(std::optional<Capture> capture, reader_.next_capture());
  if (!capture) return false;
  const auto images = images_of(*capture);
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    if (!*images[t]) continue;
    const DeviceTime stamp = (*images[t])->device_time;
    read_upto_[t] = std::max(read_upto_[t].value_or(stamp), stamp);
    newest_ = std::max(newest_.value_or(stamp), stamp);
    waiting_[t].push_back({*std::move(*images[t]), capture->temperature_c});
  }
  return true;
}

/// Whether all that is wanted is there now.
bool UnitLoader::take(const UnitFrames& wanted, Capture& into) {
  const auto images = images_of(into);
  bool all = true;
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    if (!wanted.tracks[t] || *images[t]) continue;
    const DeviceTime stamp = wanted.tracks[t]->stamp;
    while (!waiting_[t].empty() && waiting_[t].front().image.device_time < stamp) waiting_[t].pop_front();
    all = all && !waiting_[t].empty() && waiting_[t].front().image.device_time == stamp;
    if (waiting_[t].empty() || waiting_[t].front().image.device_time != stamp) continue;
    into.temperature_c = waiting_[t].front().temperature_c;
    *images[t] = std::move(waiting_[t].front().image);
    waiting_[t].pop_front();
  }
  return all;
}

Result<Capture> UnitLoader::load(const UnitFrames& wanted) {
  Capture found;
  if (wanted.empty()) return found;
  if (must_seek(wanted)) seek(first_of(wanted));
  while (!take(wanted, found)) {
    const bool beyond = *newest_ > last_of(wanted) + 2 * period_;
    GENLOCK_ASSIGN(const bool more, beyond ? Result<bool>(false) : read_on());
    if (more) continue;
    return Error(Errc::corrupt, fmt::format("the frame of {} us cannot be read; `genlock check` says more",
                                            count_us(last_of(wanted))));
  }
  return found;
}

}  // namespace genlock::take
