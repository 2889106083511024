#pragma once

#include <string>
#include <vector>

#include "base/buffer.h"

namespace genlock::test {

/// What a K4A file says about itself, found by a parser that shares no code with Genlock's own.
struct StockRules {
  std::vector<std::string>
      broken;                ///< demands of the stock reader (facts mkv.md 2) that the file does not meet
  std::size_t clusters = 0;  ///< found by going from element to element, as the stock reader does
  /// The file ends within a CRC-32, a Timestamp or a BlockGroup of a cluster: the official 1.4.1 library ends
  /// the whole program on opening such a file, its own included (docs/recording-proofs.md).
  bool crashes_official = false;
  bool complete = false;  ///< SeekHead with Cues, Duration and the segment's exact size
};

/// The demands: doctype and version; a segment of unknown or exact size; Info, Tracks and, once there is a
/// cluster, the start offset before it; K4A_DEPTH_MODE beside depth or IR; nothing but Matroska elements up
/// to the end, of which only the last may be cut; and every SeekHead entry and cue points at what it says.
StockRules check_stock_rules(ByteSpan file);

}  // namespace genlock::test
