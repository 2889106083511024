#include "take/imu_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace genlock::take {
namespace {

constexpr int kStretches = 12;
constexpr double kStretch = 4;    // s
constexpr double kReach = 0.05;   // s: offsets that are looked for
constexpr double kGrid = 0.001;   // s
constexpr double kMotion = 0.05;  // rad/s, of the standard deviation: ten times a gyroscope's noise
constexpr double kCorrelation = 0.8;

double seconds(DeviceTime t) {
  return static_cast<double>(count_us(t)) * 1e-6;
}

/// How fast a unit turns, every millisecond.
using Turning = std::vector<double>;

double rate_of(const ImuSample& sample) {
  return std::hypot(double{sample.gyro[0]}, double{sample.gyro[1]}, double{sample.gyro[2]});
}

/// Puts samples onto the grid from `from` on.
class Gridder {
 public:
  Gridder(double from, std::size_t points) : from_(from), points_(points) {}

  void add(const ImuSample& sample) {
    const double t = seconds(sample.gyro_time);
    const double rate = rate_of(sample);
    for (; last_ && t > last_t_ && next() <= t && out_.size() < points_;)
      out_.push_back(*last_ + (rate - *last_) * (next() - last_t_) / (t - last_t_));
    if (!last_ && t > next()) points_ = 0;  // it began too late
    last_ = rate;
    last_t_ = t;
  }
  bool full() const { return out_.size() >= points_; }
  Turning take() { return points_ == 0 ? Turning() : std::move(out_); }

 private:
  double next() const { return from_ + kGrid * static_cast<double>(out_.size()); }

  double from_;
  std::size_t points_;
  std::optional<double> last_;
  double last_t_ = 0;
  Turning out_;
};

/// Empty where the recording does not cover it.
Result<Turning> turning(recording::Reader& reader, double from, double length) {
  const auto points = static_cast<std::size_t>(length / kGrid);
  Gridder gridder(from, points);
  reader.seek(device_time_us(std::llround((from - 0.05) * 1e6)));
  while (!gridder.full()) {
    GENLOCK_ASSIGN(const auto sample, reader.next_imu_sample());
    if (!sample || seconds(sample->gyro_time) > from + length + 1) break;
    gridder.add(*sample);
  }
  if (!gridder.full()) return Turning();
  return gridder.take();
}

struct Moments {
  double mean = 0, sd = 0;
};

Moments moments(const double* values, std::size_t count) {
  const auto n = static_cast<double>(count);
  const double mean = std::accumulate(values, values + count, 0.0) / n;
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) squares += (values[i] - mean) * (values[i] - mean);
  return {mean, std::sqrt(squares / n)};
}

double correlation(const Turning& a, const double* b) {
  const Moments ma = moments(a.data(), a.size()), mb = moments(b, a.size());
  if (ma.sd < kMotion || mb.sd < kMotion) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - ma.mean) * (b[i] - mb.mean);
  return sum / static_cast<double>(a.size()) / (ma.sd * mb.sd);
}

struct Match {
  double offset_ms = 0;
  double correlation = 0;
};

/// `b` begins kReach before `a`, and ends as much behind it.
Match match(const Turning& a, const Turning& b) {
  std::vector<double> at;
  for (std::size_t lag = 0; lag + a.size() <= b.size(); ++lag) at.push_back(correlation(a, b.data() + lag));
  const auto best = static_cast<std::size_t>(std::ranges::max_element(at) - at.begin());
  if (best == 0 || best + 1 >= at.size()) return {};  // a peak beyond what was looked at is none
  const double bend = at[best - 1] - 2 * at[best] + at[best + 1];
  const double part = bend < 0 ? (at[best - 1] - at[best + 1]) / (2 * bend) : 0;
  return {(static_cast<double>(best) + part - kReach / kGrid) * kGrid * 1e3, at[best]};
}

/// How far a unit's clock is ahead of the reference's at `t` on the latter, by the stamps.
std::optional<double> clock_ahead(const sync::UnitReport& unit, double t) {
  for (const sync::StreamReport& stream : unit.streams) {
    if (!stream.offset || stream.offset->course.empty()) continue;
    const std::vector<sync::CourseWindow>& course = stream.offset->course;
    auto window =
        std::ranges::find_if(course, [&](const sync::CourseWindow& w) { return seconds(w.at) >= t; });
    if (window == course.end()) --window;
    return window->apart.count() * 1e-6;
  }
  return std::nullopt;
}

/// What is found of one unit, stretch by stretch.
struct Matches {
  std::vector<double> offsets;
  double correlation = 0;
  void add(const Match& found) {
    if (found.correlation < kCorrelation) return;
    offsets.push_back(found.offset_ms);
    correlation += found.correlation;
  }
};

std::vector<double> stretch_starts(const sync::CommonSpan& span) {
  const double from = seconds(span.from) + 2 * kReach;
  const double room = seconds(span.to) - 2 * kReach - kStretch - from;
  std::vector<double> starts;
  const int count = std::clamp(static_cast<int>(room / kStretch) + 1, 0, kStretches);
  for (int i = 0; room >= 0 && i < count; ++i)
    starts.push_back(from + (count == 1 ? 0 : room * i / (count - 1)));
  return starts;
}

Status compare_at(double t, const std::vector<UnitRecording>& recordings, const sync::Report& report,
                  std::vector<Matches>& out) {
  GENLOCK_ASSIGN(const Turning reference, turning(*recordings[report.reference].reader, t, kStretch));
  if (reference.empty() || moments(reference.data(), reference.size()).sd < kMotion) return {};
  for (std::size_t u = 0; u < recordings.size(); ++u) {
    const std::optional<double> ahead = clock_ahead(report.units[u], t);
    if (u == report.reference || !ahead || !recordings[u].reader->info().imu_track) continue;
    GENLOCK_ASSIGN(const Turning unit,
                   turning(*recordings[u].reader, t + *ahead - kReach, kStretch + 2 * kReach));
    if (!unit.empty()) out[u].add(match(reference, unit));
  }
  return {};
}

}  // namespace

Result<std::vector<ImuCheck>> check_imus(const std::vector<UnitRecording>& recordings,
                                         const sync::Report& report) {
  std::vector<ImuCheck> checks;
  if (!report.common || !recordings[report.reference].reader->info().imu_track) return checks;
  std::vector<Matches> found(recordings.size());
  for (const double t : stretch_starts(*report.common)) GENLOCK_TRY(compare_at(t, recordings, report, found));
  for (std::size_t u = 0; u < found.size(); ++u) {
    std::vector<double>& offsets = found[u].offsets;
    if (offsets.empty()) continue;
    const auto count = static_cast<double>(offsets.size());
    std::ranges::nth_element(offsets, offsets.begin() + std::ssize(offsets) / 2);
    checks.push_back({.unit = u,
                      .offset_ms = offsets[offsets.size() / 2],
                      .correlation = found[u].correlation / count,
                      .seconds = count * kStretch});
  }
  return checks;
}

}  // namespace genlock::take
