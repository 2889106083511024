#include "sync/silence_watch.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::sync {
namespace {

constexpr double kSilent = 1.5;      // s
constexpr double kSilentToo = 1.0;   // s: the other stream of the same unit, at the same time
constexpr double kMostAtOnce = 0.5;  // s that one frame can take the time on: it may be a wrong stamp
constexpr double kBehind = 0.1;      // s behind which a stream catches up
constexpr double kCatchUp = 1.1;
constexpr double kJoining = 2.0;  // s that the first frames of streams may come apart

}  // namespace

SilenceWatch::SilenceWatch(const std::vector<UnitData>& units) : units_(units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].description.color) streams_.push_back({.unit = i, .stream = Stream::color});
    if (units[i].description.depth) streams_.push_back({.unit = i, .stream = Stream::depth});
  }
}

const PulseLine& SilenceWatch::line(const Watched& w) const {
  return units_[w.unit].line(w.stream);
}

void SilenceWatch::add(std::size_t unit, Stream stream) {
  const auto at =
      std::ranges::find_if(streams_, [&](const Watched& w) { return w.unit == unit && w.stream == stream; });
  if (at == streams_.end()) return;
  const std::int64_t number = line(*at).frames().back().number;
  const double step = static_cast<double>(number - at->number) * to_seconds(line(*at).period());
  const double speed = take_s_ - at->at_s > kBehind ? kCatchUp : 1;
  if (!at->begun)
    at->at_s = std::max(0.0, take_s_ - kJoining);
  else
    at->at_s += std::clamp(step, 0.0, kMostAtOnce) * speed;
  at->begun = true;
  at->number = number;
  take_s_ = std::max(take_s_, at->at_s);
  at->seen_s = take_s_;
  at->told = false;
}

void SilenceWatch::ended(std::size_t unit) {
  for (Watched& w : streams_) w.told = w.told || w.unit == unit;
}

bool SilenceWatch::is_silent(const Watched& w, double seconds) const {
  return take_s_ - w.seen_s > seconds;
}

bool SilenceWatch::silent(std::size_t unit) const {
  return std::ranges::all_of(streams_,
                             [&](const Watched& w) { return w.unit != unit || is_silent(w, kSilent); });
}

Finding SilenceWatch::finding(const Watched& w, bool whole_unit) const {
  const UnitDescription& unit = units_[w.unit].description;
  const LineName name{&unit, w.unit, w.stream};
  Finding found{.code = Code::silent,
                .severity = Severity::warning,
                .unit = w.unit,
                .stream = whole_unit ? std::nullopt : std::optional(w.stream),
                .count = 0,
                .text = whole_unit ? unit.name : name.text()};
  if (w.begun) {
    found.at = device_time(line(w).frames().back().stamp);
    found.text += fmt::format(": no frames since {}, while others go on. ", in_seconds(*found.at));
  } else {
    found.text += ": no frame yet, while others have them. ";
  }
  if (unit.sync_mode == WiredSyncMode::master)
    found.text += "Without a master that runs, its subordinates are not synchronised. ";
  found.text += "Look at its power and USB port.";
  return found;
}

void SilenceWatch::tell(Findings& out) {
  for (Watched& w : streams_) {
    if (w.told || !is_silent(w, kSilent)) continue;
    const auto of_unit = [&](const Watched& other) { return other.unit == w.unit; };
    const bool whole_unit = std::ranges::all_of(
        streams_, [&](const Watched& other) { return !of_unit(other) || is_silent(other, kSilentToo); });
    for (Watched& other : streams_) other.told = other.told || (whole_unit && of_unit(other));
    w.told = true;
    out.push_back(finding(w, whole_unit));
  }
}

}  // namespace genlock::sync
