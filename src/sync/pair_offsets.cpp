#include "sync/pair_offsets.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parallel.h"

namespace genlock::sync {
namespace {

std::vector<double> differences(const UnitErrors& a, const UnitErrors& b) {
  std::vector<double> apart;
  apart.reserve(std::min(a.frames.size(), b.frames.size()));
  auto other = b.frames.begin();
  for (const UnitErrors::Frame& frame : a.frames) {
    while (other != b.frames.end() && other->pulse < frame.pulse) ++other;
    if (other == b.frames.end()) break;
    if (other->pulse == frame.pulse) apart.push_back(double{other->error_us} - double{frame.error_us});
  }
  return apart;
}

PairOffset measure(const UnitErrors& a, const UnitErrors& b, std::vector<double> apart) {
  PairOffset pair{
      .first = a.unit, .second = b.unit, .configured = b.configured - a.configured, .frames = apart.size()};
  pair.expected = b.expected - a.expected;
  pair.measured = pair.expected + Micros(median(apart));
  for (double& us : apart) us = std::abs(us);
  pair.p99 = Micros(quantile(apart, 0.99));
  pair.worst = Micros(quantile(apart, 1));
  return pair;
}

}  // namespace

UnitErrors reference_errors(const LineView& view) {
  UnitErrors errors{.unit = view.unit,
                    .expected = Micros(to_us(view.expected)),
                    .configured = view.configured,
                    .frames = {}};
  errors.frames.reserve(view.frames.size());
  for (const PlacedFrame& frame : view.frames) errors.frames.push_back({frame.pulse, 0});
  return errors;
}

UnitErrors unit_errors(const LineView& view, const Pairs& pairs, std::span<const double> errors,
                       Micros own_zero) {
  UnitErrors out{.unit = view.unit,
                 .expected = Micros(to_us(view.expected)) + own_zero,
                 .configured = view.configured,
                 .frames = {}};
  out.frames.reserve(errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i)
    out.frames.push_back({view.frames[pairs.frames[i]].pulse, static_cast<float>(errors[i])});
  return out;
}

std::vector<PairOffset> pair_offsets(const std::vector<UnitErrors>& units) {
  std::vector<std::pair<std::size_t, std::size_t>> of;
  for (std::size_t a = 0; a < units.size(); ++a)
    for (std::size_t b = a + 1; b < units.size(); ++b) of.emplace_back(a, b);
  std::vector<PairOffset> pairs(of.size());
  for_each_index(of.size(), "judge", [&](std::size_t i) {
    const UnitErrors& a = units[of[i].first];
    const UnitErrors& b = units[of[i].second];
    pairs[i] = measure(a, b, differences(a, b));
  });
  std::erase_if(pairs, [](const PairOffset& pair) { return pair.frames == 0; });
  return pairs;
}

}  // namespace genlock::sync
