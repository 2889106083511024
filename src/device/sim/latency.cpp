#include "device/sim/latency.h"

#include <algorithm>
#include <cmath>

#include "device/sim/chance.h"

namespace genlock::device::sim {
namespace {

constexpr int kMaxPower = 1000;

/// 0 <= x <= 1 with the mean `mean`, at most a half: a power of an even number, whose mean is 1 / (power +
/// 1). Of the two whole powers beside the mean, each is taken so often that it is exact.
double skewed(double mean, std::uint64_t bits) {
  const int power = std::min(static_cast<int>(1 / mean), kMaxPower) - 1;
  const double larger = 1.0 / (power + 1), smaller = 1.0 / (power + 2);
  constexpr double kScale = 0x1p-32;
  const bool takes_larger =
      static_cast<double>(bits & 0xffff'ffffU) * kScale < (mean - smaller) / (larger - smaller);
  const double even = static_cast<double>(bits >> 32) * kScale;
  double value = 1;
  for (int i = 0; i < (takes_larger ? power : power + 1); ++i) value *= even;
  return value;
}

}  // namespace

HostDuration latency_of(const Latency& latency, std::uint64_t bits) {
  const HostDuration span = latency.max - latency.min;
  if (!latency.mean || span == HostDuration::zero())
    return HostDuration(random_in(bits, latency.min.count(), latency.max.count()));
  const double mean =
      static_cast<double>((*latency.mean - latency.min).count()) / static_cast<double>(span.count());
  if (mean <= 0 || mean >= 1) return *latency.mean;
  const double share = mean <= 0.5 ? skewed(mean, bits) : 1 - skewed(1 - mean, bits);
  return latency.min + HostDuration(std::llround(share * static_cast<double>(span.count())));
}

}  // namespace genlock::device::sim
