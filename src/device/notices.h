#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"

namespace genlock::device {

// What a host does that is too slow for its units: a library only logs it.
inline constexpr std::string_view kEngineTooSlow =
    "the depth engine is too slow for the frames that come, so depth images get lost: this host's GPU does "
    "not "
    "keep up with all units; use a smaller depth mode, a lower rate, or fewer units on this host";
inline constexpr std::string_view kEngineDropsFrames =
    "the depth engine gave up on a frame in time-out (code 106 or 208), so depth images get lost: this "
    "host's "
    "GPU does not keep up with all units; use a smaller depth mode, or fewer units on this host";

/// Things to tell people, each once: at most kMost kinds, of which those not yet taken wait. Any thread.
class Notices {
 public:
  static constexpr std::size_t kMost = 32;

  void add(std::string text);
  std::vector<std::string> take();

 private:
  Mutex mutex_;
  std::set<std::string> known_ GENLOCK_GUARDED_BY(mutex_);
  std::vector<std::string> waiting_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::device
