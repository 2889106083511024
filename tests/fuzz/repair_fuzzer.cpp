// Check and repair on arbitrary files: whatever a repair gives has nothing left that a repair could mend, a
// second one changes nothing, and both ways of repairing keep the same frames.

#include <algorithm>

#include "fuzz_support.h"
#include "recording/reader.h"
#include "recording/repair.h"

namespace {

using namespace genlock;
using fuzz::require;
using recording::RepairReport;
using Bytes = std::vector<std::byte>;

std::uint64_t frames_kept(const RepairReport& report) {
  std::uint64_t frames = 0;
  for (const auto& [number, track] : report.tracks) frames += track.kept;
  return frames;
}

void require_complete(const Bytes& file) {
  const auto report = recording::check_recording(MemorySource(file));
  require(report.has_value());
  require(report->findings.repairable() == 0);
}

void require_openable(const Bytes& before, const Bytes& after) {
  if (!recording::Reader::open(fuzz::source_of(before))) return;
  require(recording::Reader::open(fuzz::source_of(after)).has_value());
}

void repair_in_place(const Bytes& damaged, const RepairReport& other) {
  MemorySink memory;
  require(memory.append(damaged).has_value());
  const Result<RepairReport> report = recording::repair_in_place(MemorySource(damaged), memory);
  if (!report) {
    require(report.error().code() == Errc::unsupported);
    require(memory.bytes() == damaged);
    return;
  }
  require(frames_kept(*report) == frames_kept(other));
  require_complete(memory.bytes());
  require_openable(damaged, memory.bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes damaged = fuzz::bytes_of(data, size);
  const auto before = recording::check_recording(MemorySource(damaged));
  MemorySink repaired;
  const Result<RepairReport> report = recording::repair_into(MemorySource(damaged), repaired);
  if (!report) {
    require(report.error().code() == Errc::corrupt);
    return 0;
  }
  require(before.has_value());
  require_complete(repaired.bytes());
  require_openable(damaged, repaired.bytes());
  MemorySink again;
  const Result<RepairReport> second = recording::repair_into(MemorySource(repaired.bytes()), again);
  require(second.has_value() && !second->changed && again.bytes() == repaired.bytes());
  repair_in_place(damaged, *report);
  return 0;
}
