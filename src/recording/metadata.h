#pragma once

#include <optional>
#include <vector>

#include "base/capture.h"
#include "mkv/output.h"
#include "recording/recording.h"

// The records of the GENLOCK track: docs/recording-format.md 2.

namespace genlock::recording {

/// What the format has no place for, of one image.
struct FrameRecord {
  TrackKind track = TrackKind::color;
  DeviceTime device_time;
  std::optional<HostTime> host_time;
  std::optional<DeviceDuration> exposure;
  std::optional<std::uint32_t> white_balance;
  std::optional<std::uint32_t> iso;
  std::optional<float> temperature_c;
};

struct Metadata {
  std::vector<FrameRecord> frames;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
};

/// The record of an image; nothing where it has nothing to tell.
std::optional<FrameRecord> record_of(TrackKind track, const Image& image, float temperature_c);

void put_record(mkv::Output& out, const FrameRecord& record);
void put_record(mkv::Output& out, const HostPair& pair);
void put_record(mkv::Output& out, const JackObservation& jacks);

/// Adds what a block of the track says to `into`. Unknown records are skipped. False if the block ends within
/// a record; those before it are added.
bool read_records(ByteSpan block, Metadata& into);

}  // namespace genlock::recording
