#include "sync/host_timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace genlock::sync {
namespace {

constexpr double kChunk = 2.0;  // s

double seconds(DeviceTime t) {
  return static_cast<double>(count_us(t)) * 1e-6;
}
double seconds(HostTime t) {
  return static_cast<double>(count_ns(t)) * 1e-9;
}
double seconds(WallTime t) {
  return static_cast<double>(count_ns(t)) * 1e-9;
}

}  // namespace

void HostTimeline::add(DeviceTime device, HostTime monotonic, std::optional<WallTime> utc) {
  const double d = seconds(device);
  const double m = seconds(monotonic);
  first_ = chunks_.empty() ? m : std::min(first_, m);
  last_ = chunks_.empty() ? m : std::max(last_, m);
  const auto [at, fresh] = chunks_.try_emplace(static_cast<std::int64_t>(std::floor(d / kChunk)));
  Chunk& chunk = at->second;
  if (fresh || m - d < chunk.ahead || (m - d == chunk.ahead && d < chunk.device)) {
    chunk.device = d;
    chunk.ahead = m - d;
  }
  if (!utc || (chunk.utc_ahead && chunk.utc_device <= d)) return;
  chunk.utc_device = d;
  chunk.utc_ahead = seconds(*utc) - m;
  has_utc_ = true;
}

std::vector<double> HostTimeline::utc_ahead_by_chunk() const {
  std::vector<double> ahead;
  std::optional<double> last;
  for (const auto& [index, chunk] : chunks_)
    if (!last && chunk.utc_ahead) last = chunk.utc_ahead;
  for (const auto& [index, chunk] : chunks_) {
    if (chunk.utc_ahead) last = chunk.utc_ahead;
    ahead.push_back(last.value_or(0));
  }
  return ahead;
}

HostTimeline::Span HostTimeline::span(HostScale scale) const {
  if (scale == HostScale::monotonic) return {first_, last_};
  const std::vector<double> ahead = utc_ahead_by_chunk();
  return {first_ + ahead.front(), last_ + ahead.back()};
}

HostTimeline::Converter HostTimeline::converter(HostScale scale) const {
  Converter made;
  const std::vector<double> utc = utc_ahead_by_chunk();
  std::size_t i = 0;
  for (const auto& [index, chunk] : chunks_) {
    made.knots_.push_back({chunk.device, chunk.ahead + (scale == HostScale::utc ? utc[i] : 0)});
    ++i;
  }
  return made;
}

// That of the chunk, else of the last one before that has it, else of the first behind.
double HostTimeline::utc_ahead_at(std::map<std::int64_t, Chunk>::const_iterator chunk) const {
  for (auto at = chunk;; --at) {
    if (at->second.utc_ahead) return *at->second.utc_ahead;
    if (at == chunks_.begin()) break;
  }
  for (auto at = chunk; at != chunks_.end(); ++at)
    if (at->second.utc_ahead) return *at->second.utc_ahead;
  return 0;
}

double HostTimeline::host_at(HostScale scale, double device_s) const {
  const auto off = [&](std::map<std::int64_t, Chunk>::const_iterator c) {
    return c == chunks_.end() ? std::numeric_limits<double>::max() : std::abs(c->second.device - device_s);
  };
  // A chunk's own sample may be further than that of either neighbour.
  auto nearest = chunks_.lower_bound(static_cast<std::int64_t>(std::floor(device_s / kChunk)));
  if (nearest == chunks_.end()) --nearest;
  const auto middle = nearest;
  if (middle != chunks_.begin() && off(std::prev(middle)) < off(nearest)) nearest = std::prev(middle);
  if (off(std::next(middle)) < off(nearest)) nearest = std::next(middle);
  const double utc = scale == HostScale::utc ? utc_ahead_at(nearest) : 0;
  return device_s + nearest->second.ahead + utc;
}

double HostTimeline::Converter::host_at(double device_s) const {
  auto next = std::ranges::lower_bound(knots_, device_s, {}, &Knot::device);
  if (next == knots_.end() ||
      (next != knots_.begin() && device_s - std::prev(next)->device < next->device - device_s))
    --next;
  return device_s + next->ahead;
}

double HostTimeline::Converter::device_at(double host_s) const {
  const auto host = [](const Knot& k) { return k.device + k.ahead; };
  auto next = std::ranges::lower_bound(knots_, host_s, {}, host);
  if (next == knots_.end() ||
      (next != knots_.begin() && host_s - host(*std::prev(next)) < host(*next) - host_s))
    --next;
  return host_s - next->ahead;
}

}  // namespace genlock::sync
