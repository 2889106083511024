#include "sync/frame_pulses.h"

namespace genlock::sync {

std::vector<FramePulse> frame_pulses(const LineView& view) {
  const std::vector<NumberedFrame>& all = view.line->frames();
  std::vector<FramePulse> pulses(all.size());
  if (view.empty()) return pulses;
  const std::size_t end = view.line->jump().value_or(all.size());
  for (std::size_t i = 0; i < end; ++i) {
    pulses[i].pulse = all[i].number + view.shift;
    pulses[i].on_pulse = all[i].place == Place::good || all[i].place == Place::outlier;
  }
  for (const std::size_t i : view.outliers) pulses[i].outlier = true;
  return pulses;
}

}  // namespace genlock::sync
