#include "device/notices.h"

#include <utility>

namespace genlock::device {

void Notices::add(std::string text) {
  MutexLock lock(mutex_);
  if (known_.size() < kMost && known_.insert(text).second) waiting_.push_back(std::move(text));
}

std::vector<std::string> Notices::take() {
  MutexLock lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace genlock::device
