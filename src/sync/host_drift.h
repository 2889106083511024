#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sync/alignment.h"
#include "sync/line_fit.h"

namespace genlock::sync {

/// Partner frames that move apart by the hosts' clocks, whatever their stamps say.
struct HostMove {
  double by_ms = 0;   ///< when it was certain
  double from_s = 0;  ///< when it began, by a level up to then and a line from there on
};

/// Follows how much later a unit's frames are taken than the reference's of the same pulse, by the hosts'
/// clocks, sampled about every two seconds. The unit has moved when the median of half a minute is further
/// from that of the first half minute than latencies explain. Memory is 16 bytes a sample.
class HostDrift {
 public:
  explicit HostDrift(double limit_ms) : limit_ms_(limit_ms) {}

  /// The move, with the sample that makes it certain. It is told once. `t_s` is the unit's time.
  std::optional<HostMove> add(double t_s, double later_ms);

 private:
  double median_of(std::size_t begin, std::size_t end) const;
  double begin_of_move() const;

  double limit_ms_;
  std::vector<Point> samples_;
  bool told_ = false;
};

/// How far partner frames must move apart, ms: by half of a period at least where the hosts' own clocks may
/// differ.
double host_drift_limit_ms(HostEvidence::Scale scale, double period_us);

/// How much later the unit's frame of stamp `own` was taken than the reference's of stamp `other`, ms, the
/// configured delay (`expected`) taken out. The scale is known and not none.
double taken_later_ms(HostEvidence::Scale scale, const HostTimeline& own_host, FineDuration own,
                      const HostTimeline& other_host, FineDuration other, FineDuration expected);

}  // namespace genlock::sync
