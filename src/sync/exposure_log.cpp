#include "sync/exposure_log.h"

#include <algorithm>

namespace genlock::sync {

void ExposureLog::add(DeviceTime at, DeviceDuration exposure) {
  if (exposure <= DeviceDuration{}) return;
  least_ = last_ ? std::min(least_, exposure) : exposure;
  most_ = std::max(most_, exposure);
  if (last_ && *last_ != exposure) {
    newest_ = {at, *last_, exposure};
    if (changes_++ == 0) first_ = newest_;
  }
  last_ = exposure;
}

}  // namespace genlock::sync
