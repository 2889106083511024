// Check and repair on arbitrary files: both ways of repairing keep the same frames; readers still open what
// they opened, and give of it every image, sample and piece of data that they gave. Whatever a repair gives
// has nothing left that a repair could mend, and a second one changes nothing. Only where no reader opens the
// file, because its tags and tracks contradict each other, a repair may leave that: what it mends may be what
// makes them do so.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

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

/// What a reader gives of a file, by track: a hash of each image, sample and piece of data. The order of what
/// has the same time is not the reader's to keep.
struct Played {
  std::map<std::string, std::multiset<std::size_t>> items;
  std::map<std::string, std::uint64_t> custom;  ///< numbers of custom tracks by name

  bool has_custom(std::uint64_t number) const {
    return std::ranges::any_of(custom, [&](const auto& track) { return track.second == number; });
  }
};

std::size_t hash_of(const void* bytes, std::size_t size) {
  return std::hash<std::string_view>()({static_cast<const char*>(bytes), size});
}

template <class Next, class Add>
void for_each(Next next, Add add) {
  while (true) {
    auto item = next();
    require(item.has_value());
    if (!*item) return;
    add(**item);
  }
}

Played play(recording::Reader& reader) {
  Played played;
  for_each([&] { return reader.next_capture(); },
           [&](const Capture& capture) {
             for (const auto& [track, image] :
                  {std::pair{"COLOR", &capture.color}, {"DEPTH", &capture.depth}, {"IR", &capture.ir}})
               if (*image)
                 played.items[track].insert(hash_of((*image)->data.bytes().data(), (*image)->data.size()));
           });
  for_each([&] { return reader.next_imu_sample(); },
           [&](const ImuSample& sample) {
             played.items["IMU"].insert(hash_of(sample.accel.data(), sizeof(sample.accel)) ^
                                        hash_of(&sample.accel_time, sizeof(sample.accel_time)));
           });
  for (const recording::TrackInfo& track : reader.tracks()) {
    if (track.built_in) continue;
    played.custom[track.name] = track.number;
    for_each([&] { return reader.next_data(track.name); },
             [&](const recording::DataBlock& data) {
               played.items[track.name].insert(hash_of(data.data.bytes().data(), data.data.size()));
             });
  }
  return played;
}

/// Nothing where readers do not open the file.
std::optional<Played> play(const Bytes& file) {
  const auto reader = recording::Reader::open(fuzz::source_of(file));
  return reader ? std::optional(play(**reader)) : std::nullopt;
}

/// Readers open what they opened before, and give all that they gave. Only the data of a custom track may
/// come back as something else, where it is known only now that it is the unit's or Genlock's own.
void require_as_readable(const std::optional<Played>& before, const Bytes& after) {
  if (!before) return;
  std::optional<Played> repaired = play(after);
  require(repaired.has_value());
  for (const auto& [track, items] : before->items) {
    const auto custom = before->custom.find(track);
    if (custom != before->custom.end() && !repaired->has_custom(custom->second)) continue;
    require(std::ranges::includes(repaired->items[track], items));
  }
}

void require_unchanged(const Bytes& complete) {
  MemorySink again;
  const Result<RepairReport> report = recording::repair_into(MemorySource(complete), again);
  require(report.has_value() && !report->changed && again.bytes() == complete);
}

bool understood(const RepairReport& report) {
  return report.before.findings.count(recording::FindingCode::configuration) == 0;
}

void repair_in_place(const Bytes& damaged, const RepairReport& other, const std::optional<Played>& before) {
  MemorySink memory;
  require(memory.append(damaged).has_value());
  const Result<RepairReport> report = recording::repair_in_place(MemorySource(damaged), memory);
  if (!report) {
    require(report.error().code() == Errc::unsupported);
    require(memory.bytes() == damaged);
    return;
  }
  require(frames_kept(*report) == frames_kept(other));
  require_as_readable(before, memory.bytes());
  if (understood(other)) require_complete(memory.bytes());
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
  const std::optional<Played> played = play(damaged);
  require_as_readable(played, repaired.bytes());
  if (understood(*report)) {
    require_complete(repaired.bytes());
    require_unchanged(repaired.bytes());
  }
  repair_in_place(damaged, *report, played);
  return 0;
}
