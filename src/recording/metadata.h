#pragma once

#include <optional>
#include <vector>

#include "base/capture.h"
#include "mkv/output.h"
#include "recording/recording.h"

// The records of the GENLOCK track: docs/recording-format.md 2.

namespace genlock::recording {

/// Largest GENLOCK block that is taken apart; a second of records is a few KB.
inline constexpr std::uint64_t kMostMetadataBytes = std::uint64_t{16} << 20;

/// What the format has no place for, of one image.
struct FrameRecord {
  TrackKind track = TrackKind::color;
  DeviceTime device_time;
  std::optional<HostTime> host_time;
  std::optional<DeviceDuration> exposure;
  std::optional<std::uint32_t> white_balance;
  std::optional<std::uint32_t> iso;
  std::optional<float> temperature_c;
  std::optional<std::int64_t> pulse;
};

/// Where a block of a cluster lies.
struct BlockPlace {
  std::uint32_t offset = 0;    ///< of its content from the start of the cluster element
  std::uint32_t bytes = 0;     ///< of its content, from the track number on
  std::uint16_t after_us = 0;  ///< its time less the cluster's
  std::uint16_t span_us = 0;   ///< from its first to its last frame
  std::uint8_t track = 0;      ///< number
  std::uint16_t frames = 1;    ///< 1 to 256
};

/// What is in a cluster: the file's index is made of these.
struct ClusterRecord {
  std::uint64_t position = 0;  ///< from the start of the segment's data, as in Cues
  std::uint64_t bytes = 0;     ///< of the whole element
  DeviceTime time;             ///< of its Timestamp
  std::vector<BlockPlace> blocks;
};

/// Whether a cluster can be like that: its blocks lie behind one another in it, each large enough for its
/// frames.
bool is_possible(const ClusterRecord& cluster);

struct Metadata {
  std::vector<FrameRecord> frames;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
  std::vector<ClusterRecord> clusters;
  std::vector<Gap> gaps;
};

/// The record of an image; nothing where it has nothing to tell.
std::optional<FrameRecord> record_of(TrackKind track, const Image& image, float temperature_c);

void put_record(mkv::Output& out, const FrameRecord& record);
void put_record(mkv::Output& out, const HostPair& pair);
void put_record(mkv::Output& out, const JackObservation& jacks);
/// Leaves a cluster out that the record cannot describe: of more than 4094 blocks, or of 4 GiB.
void put_record(mkv::Output& out, const ClusterRecord& cluster);
void put_record(mkv::Output& out, const Gap& gap);

/// One record of a block as it is stored.
struct RawRecord {
  std::size_t offset = 0;  ///< in the block
  ByteSpan bytes;          ///< type and size included
  bool cluster = false;    ///< it belongs to the index
};
/// The records of a block, up to one that it ends within.
std::vector<RawRecord> split_records(ByteSpan block);

/// The type of a record that was taken back, in the first two bytes: readers skip it as unknown.
inline constexpr std::uint16_t kTakenBack = 0;

/// Adds what a block of the track says to `into`. Unknown records are skipped. False if the block ends within
/// a record; those before it are added.
bool read_records(ByteSpan block, Metadata& into);

}  // namespace genlock::recording
