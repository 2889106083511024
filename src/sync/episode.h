#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sync/fine_time.h"

namespace genlock::sync {

/// Events of one kind: those that follow each other within ten seconds are one episode, which is told once,
/// with how many there were of it until then.
class Episode {
 public:
  struct Begun {
    FineDuration at{};
    std::int64_t pulse = 0;
    std::uint64_t count = 0;
    double worst = 0;
  };

  /// Whether an episode begins with this.
  bool note(FineDuration at, std::int64_t pulse, std::uint64_t count, double size = 0) {
    const bool goes_on = last_ && at - *last_ < kRest && *last_ - at < kRest;
    last_ = at;
    if (!goes_on)
      begun_.push_back({at, pulse, count, size});
    else if (!begun_.empty())
      add(begun_.back(), count, size);
    return !goes_on;
  }

  /// Episodes that have begun since the last call.
  std::vector<Begun> take() { return std::exchange(begun_, {}); }

 private:
  static constexpr FineDuration kRest = device_us(10'000'000);

  static void add(Begun& begun, std::uint64_t count, double size) {
    begun.count += count;
    if (size > begun.worst) begun.worst = size;
  }

  std::optional<FineDuration> last_;
  std::vector<Begun> begun_;
};

}  // namespace genlock::sync
