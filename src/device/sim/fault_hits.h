#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// Faults that hit the next so many frames after they happened.
class FaultHits {
 public:
  void add(FaultKind kind, HostTime from, int count, std::int32_t knob = 0) {
    hits_.push_back({kind, from, count, knob});
  }

  /// Whether a fault of this kind hits a frame of time `t`; its knob, and one frame less to come.
  std::optional<std::int32_t> take(FaultKind kind, HostTime t) {
    std::erase_if(hits_, [](const Hit& hit) { return hit.left == 0; });
    const auto hit = std::ranges::find_if(hits_, [&](const Hit& h) { return h.kind == kind && h.from <= t; });
    if (hit == hits_.end()) return std::nullopt;
    --hit->left;
    return hit->knob;
  }

 private:
  struct Hit {
    FaultKind kind;
    HostTime from;
    int left;
    std::int32_t knob;
  };
  std::vector<Hit> hits_;
};

/// A value that changes now and then, by time; keeps its recent past.
template <class T>
class Course {
 public:
  Course(HostTime from, T value) : steps_{{from, value}} {}

  void set(HostTime from, T value) {
    if (!(steps_.back().value == value)) steps_.push_back({from, value});
    constexpr std::size_t kMost = 64;
    if (steps_.size() > kMost) steps_.erase(steps_.begin());
  }

  const T& at(HostTime t) const {
    std::size_t i = steps_.size() - 1;
    while (i > 0 && steps_[i].from > t) --i;
    return steps_[i].value;
  }

 private:
  struct Step {
    HostTime from;
    T value;
  };
  std::vector<Step> steps_;
};

}  // namespace genlock::device::sim
