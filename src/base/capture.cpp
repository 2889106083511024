#include "base/capture.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace genlock {

DeviceTime earliest_time(const Capture& capture) {
  DeviceTime earliest = DeviceTime::max();
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) earliest = std::min(earliest, (*image)->device_time);
  return earliest;
}

HostIdentity this_host() {
  HostIdentity host;
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) host.name = name.data();
  std::ifstream("/proc/sys/kernel/random/boot_id") >> host.boot_id;
  return host;
}

}  // namespace genlock
