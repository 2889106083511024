#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "sync/findings.h"
#include "sync/live_offset.h"

namespace genlock::sync {

/// A unit's first stream against the reference's while the take goes on. When both have gone on for 5 s it
/// finds the pulse that their frames share, as align() does for files; from then on each second is compared
/// once, by the code that files go through.
class PairWatch {
 public:
  struct Side {
    const UnitData* unit = nullptr;  ///< outlives the watch
    std::size_t index = 0;
    Stream stream = Stream::color;
  };
  PairWatch(Side unit, Side reference);
  ~PairWatch();
  PairWatch(PairWatch&&) noexcept;

  /// Tells what has become certain since the last call. `unplugged` are the times at which the unit lost its
  /// plug: what follows from that is not told again.
  void advance(std::span<const DeviceTime> unplugged, Findings& out);

  /// Pulse less number of the unit's line, once that is known.
  std::optional<std::int64_t> shift() const;

  /// Of the newest whole second; offset and error are absent before the first.
  void measure(LiveOffset& offset) const;

  std::uint64_t frames_read() const;

 private:
  struct Comparison;
  void try_to_align();

  Side unit_, reference_;
  double tolerance_us_;
  double next_try_s_;
  std::uint64_t frames_aligned_ = 0;
  std::unique_ptr<Comparison> comparison_;
};

}  // namespace genlock::sync
