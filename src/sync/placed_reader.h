#pragma once

#include <cstdint>
#include <optional>

#include "sync/line_reader.h"
#include "sync/line_view.h"

namespace genlock::sync {

/// Reads the good frames of a line, with pulses for its numbers, as they settle.
class PlacedReader {
 public:
  /// `line` outlives the reader. `shift` is the pulse less the number.
  PlacedReader(const PulseLine& line, double limit_us, std::int64_t shift)
      : line_(&line), reader_(line, limit_us), shift_(shift) {}

  /// The next frame; nothing while it is not settled.
  const std::optional<PlacedFrame>& front();
  void pop() { front_.reset(); }

  std::int64_t shift() const { return shift_; }
  std::uint64_t frames_read() const { return reader_.frames_read(); }

 private:
  const PulseLine* line_;
  LineReader reader_;
  std::int64_t shift_;
  std::optional<PlacedFrame> front_;
};

}  // namespace genlock::sync
