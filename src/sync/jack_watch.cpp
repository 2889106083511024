#include "sync/jack_watch.h"

namespace genlock::sync {

bool JackWatch::add(const JackObservation& observed) {
  const std::optional<bool> in = observed.jacks.*jack_;
  if (!in) return false;
  const bool pulled = !*in && was_in_;
  if (pulled) unplugged_.push_back({observed.device, {}});
  const bool back = *in && !unplugged_.empty() && !unplugged_.back().until;
  if (back) unplugged_.back().until = observed.device;
  was_in_ = *in || (was_in_ && !pulled);
  return pulled;
}

}  // namespace genlock::sync
