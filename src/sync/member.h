#pragma once

#include <optional>
#include <vector>

#include "sync/alignment.h"

namespace genlock::sync {

/// One unit on its way through the judgement.
struct Member {
  std::size_t index = 0;
  const UnitData* data = nullptr;
  std::vector<LineView> lines;  ///< colour before depth; those that are on or have frames
  Alignment alignment;
  bool compared = false;  ///< shares pulse numbers with the reference

  std::optional<std::size_t>
      first;  ///< the stream that stands for the unit: colour, or depth where there is none

  /// Null without frames.
  const LineView* primary() const { return first ? &lines[*first] : nullptr; }
};

/// A unit with its streams as they are. `data` outlives it.
Member member_of(const UnitData& data, std::size_t index);

/// Gives its frames pulse numbers by its own stamps.
void number_alone(Member& member);

/// Gives its frames the pulse numbers of the reference, where the two can be compared.
void number_by(Member& member, const Member& reference, double tolerance_us);

}  // namespace genlock::sync
