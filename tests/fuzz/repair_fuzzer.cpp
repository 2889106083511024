// Check and repair on arbitrary files: both ways of repairing keep the same frames. Where all the tags and
// tracks in the file can be understood, what readers opened they still open, whatever a repair gives has
// nothing left that a repair could mend, and a second one changes nothing; where they cannot, what is mended
// may be what makes them so, and with them more to be mended.

#include <algorithm>

#include "element_mutator.h"
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

void require_unchanged(const Bytes& complete) {
  MemorySink again;
  const Result<RepairReport> report = recording::repair_into(MemorySource(complete), again);
  require(report.has_value() && !report->changed && again.bytes() == complete);
}

bool understood(const RepairReport& report) {
  return report.before.findings.count(recording::FindingCode::configuration) == 0;
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
  if (!understood(other)) return;
  require_complete(memory.bytes());
  require_openable(damaged, memory.bytes());
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t room);

/// Every other change is one of elements: changes of bytes alone hardly ever give two Tracks or torn Tags.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t room,
                                               unsigned seed) {
  const std::size_t changed = seed % 2 == 0 ? fuzz::mutate_elements(data, size, room, seed / 2) : 0;
  return changed > 0 ? changed : LLVMFuzzerMutate(data, size, room);
}

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
  if (understood(*report)) {
    require_openable(damaged, repaired.bytes());
    require_complete(repaired.bytes());
    require_unchanged(repaired.bytes());
  }
  repair_in_place(damaged, *report);
  return 0;
}
