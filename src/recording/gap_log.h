#pragma once

#include <span>
#include <vector>

#include "recording/window.h"

namespace genlock::recording {

/// Gaps that the file does not tell of yet: one for each track and reason, however much is refused.
class GapLog {
 public:
  void add(const Gap& gap);
  bool empty() const { return gaps_.empty(); }
  std::span<const Gap> gaps() const { return gaps_; }
  std::vector<Gap> take() { return std::exchange(gaps_, {}); }

 private:
  std::vector<Gap> gaps_;
};

/// What is missing if these windows do not get to the disk.
GapLog loss_of(std::span<const Window> windows);

}  // namespace genlock::recording
