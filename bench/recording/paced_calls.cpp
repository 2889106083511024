#include "recording/rivals.h"

namespace genlock::bench {

rusage PacedCalls::thread_usage() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage;
}

void PacedCalls::note(double seconds, const rusage& before, const rusage& after) {
  const auto more = [&](auto member) { return static_cast<double>(after.*member - before.*member); };
  values_.insert(values_.end(), {seconds, more(&rusage::ru_nivcsw), more(&rusage::ru_nvcsw),
                                 more(&rusage::ru_minflt) + more(&rusage::ru_majflt)});
}

std::vector<PacedCall> PacedCalls::from(const std::vector<double>& values) {
  std::vector<PacedCall> calls;
  for (std::size_t at = 0; at + 4 <= values.size(); at += 4)
    calls.push_back({values[at], values[at + 1], values[at + 2], values[at + 3]});
  return calls;
}

}  // namespace genlock::bench
