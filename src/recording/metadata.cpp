#include "recording/metadata.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "mkv/endian.h"
#include "recording/block_reader.h"

namespace genlock::recording {
namespace {

// Types and payload sizes. A later version may make a payload longer, never change what is there.
constexpr std::uint16_t kFrame = 1;
constexpr std::uint16_t kFrameBytes = 40;
constexpr std::uint16_t kNumberedFrameBytes = 48;  // with a pulse number
constexpr std::uint16_t kHostPair = 2;
constexpr std::uint16_t kHostPairBytes = 24;
constexpr std::uint16_t kJacks = 3;
constexpr std::uint16_t kJacksBytes = 10;
constexpr std::uint16_t kCluster = 4;
constexpr std::uint16_t kClusterBytes = 24;  // and the entries
constexpr std::uint16_t kEntryBytes = 16;
constexpr std::uint16_t kGap = 5;
constexpr std::uint16_t kGapBytes = 24;
constexpr std::size_t kHeadBytes = 4;

constexpr std::size_t kMostEntries = (65535 - kClusterBytes) / kEntryBytes;
constexpr std::uint64_t kFirstCustomTrack = 16;  // in gaps

// Which of a frame record's fields are there.
constexpr unsigned kHasHostTime = 1;
constexpr unsigned kHasExposure = 2;
constexpr unsigned kHasWhiteBalance = 4;
constexpr unsigned kHasIso = 8;
constexpr unsigned kHasTemperature = 16;
constexpr unsigned kHasPulse = 32;

/// Fills a record's payload field by field.
class Fields {
 public:
  Fields(mkv::Output& out, std::uint16_t type, std::uint16_t bytes) : rest_(out.extend(kHeadBytes + bytes)) {
    put(type, 2);
    put(bytes, 2);
  }
  template <class I>
  void put(I value, std::size_t bytes) {
    mkv::store_little(static_cast<std::uint64_t>(value), rest_.first(bytes));
    rest_ = rest_.subspan(bytes);
  }

 private:
  MutableByteSpan rest_;
};

/// Takes fields from the front of a payload that is known to be long enough.
class Taker {
 public:
  explicit Taker(ByteSpan payload) : rest_(payload) {}
  std::uint64_t take(std::size_t bytes) {
    const std::uint64_t value = mkv::load_little(rest_.first(bytes));
    rest_ = rest_.subspan(bytes);
    return value;
  }
  std::int64_t take_signed() { return static_cast<std::int64_t>(take(8)); }

 private:
  ByteSpan rest_;
};

HostTime host_time_ns(std::int64_t ns) {
  return HostTime(std::chrono::nanoseconds(ns));
}

void read_frame(ByteSpan payload, Metadata& into) {
  Taker from(payload);
  FrameRecord record;
  const std::uint64_t track = from.take(1);
  const std::uint64_t has = from.take(1);
  from.take(2);
  record.device_time = device_time_us(from.take_signed());
  const HostTime host = host_time_ns(from.take_signed());
  const DeviceDuration exposure = device_us(from.take_signed());
  const auto white_balance = static_cast<std::uint32_t>(from.take(4));
  const auto iso = static_cast<std::uint32_t>(from.take(4));
  const auto temperature = std::bit_cast<float>(static_cast<std::uint32_t>(from.take(4)));
  if (track > static_cast<std::uint64_t>(TrackKind::ir)) return;
  record.track = static_cast<TrackKind>(track);
  if (has & kHasHostTime) record.host_time = host;
  if (has & kHasExposure) record.exposure = exposure;
  if (has & kHasWhiteBalance) record.white_balance = white_balance;
  if (has & kHasIso) record.iso = iso;
  if (has & kHasTemperature) record.temperature_c = temperature;
  if (has & kHasPulse && payload.size() >= kNumberedFrameBytes) record.pulse = from.take_signed();
  into.frames.push_back(record);
}

void read_host_pair(ByteSpan payload, Metadata& into) {
  Taker from(payload);
  HostPair pair;
  pair.device = device_time_us(from.take_signed());
  pair.monotonic = host_time_ns(from.take_signed());
  pair.utc = WallTime(std::chrono::nanoseconds(from.take_signed()));
  into.host_pairs.push_back(pair);
}

std::uint8_t coded_jack(std::optional<bool> plugged) {
  return !plugged ? 2 : *plugged ? 1 : 0;
}
std::optional<bool> decoded_jack(std::uint64_t code) {
  return code > 1 ? std::nullopt : std::optional<bool>(code == 1);
}

void read_jacks(ByteSpan payload, Metadata& into) {
  Taker from(payload);
  JackObservation jacks;
  jacks.device = device_time_us(from.take_signed());
  jacks.jacks.in = decoded_jack(from.take(1));
  jacks.jacks.out = decoded_jack(from.take(1));
  into.jacks.push_back(jacks);
}

BlockPlace read_entry(ByteSpan entry) {
  Taker from(entry);
  BlockPlace place;
  place.offset = static_cast<std::uint32_t>(from.take(4));
  place.bytes = static_cast<std::uint32_t>(from.take(4));
  place.after_us = static_cast<std::uint16_t>(from.take(2));
  place.span_us = static_cast<std::uint16_t>(from.take(2));
  place.track = static_cast<std::uint8_t>(from.take(1));
  place.frames = static_cast<std::uint16_t>(from.take(1) + 1);
  return place;
}

void read_cluster(ByteSpan payload, Metadata& into) {
  Taker from(payload);
  ClusterRecord cluster;
  cluster.position = from.take(8);
  cluster.bytes = from.take(4);
  const auto entry_bytes = static_cast<std::size_t>(from.take(2));
  const auto entries = static_cast<std::size_t>(from.take(2));
  cluster.time = device_time_us(from.take_signed());
  if (entry_bytes < kEntryBytes || entries * entry_bytes > payload.size() - kClusterBytes) return;
  for (std::size_t i = 0; i < entries; ++i)
    cluster.blocks.push_back(read_entry(payload.subspan(kClusterBytes + i * entry_bytes, kEntryBytes)));
  into.clusters.push_back(std::move(cluster));
}

void read_gap(ByteSpan payload, Metadata& into) {
  Taker from(payload);
  const std::uint64_t reason = from.take(1);
  const std::uint64_t track = from.take(1);
  from.take(2);
  Gap gap;
  gap.frames = from.take(4);
  gap.first = device_time_us(from.take_signed());
  gap.last = device_time_us(from.take_signed());
  const bool known = track < kFirstCustomSlot || track >= kFirstCustomTrack;
  if (reason < 1 || reason > static_cast<std::uint64_t>(Gap::Reason::disk_failed) || !known) return;
  gap.reason = static_cast<Gap::Reason>(reason);
  gap.track = track < kFirstCustomSlot ? track : track - kFirstCustomTrack + kFirstCustomSlot;
  into.gaps.push_back(gap);
}

unsigned fields_of(const FrameRecord& record) {
  return (record.host_time ? kHasHostTime : 0) | (record.exposure ? kHasExposure : 0) |
         (record.white_balance ? kHasWhiteBalance : 0) | (record.iso ? kHasIso : 0) |
         (record.temperature_c ? kHasTemperature : 0) | (record.pulse ? kHasPulse : 0);
}

}  // namespace

bool is_possible(const ClusterRecord& cluster) {
  std::uint64_t end = 0;
  for (const BlockPlace& block : cluster.blocks) {
    if (block.offset < end || block.bytes < block.frames) return false;
    end = std::uint64_t{block.offset} + block.bytes;
  }
  constexpr DeviceDuration kLimit = device_us(kTimeLimitNs / 1000);
  const DeviceDuration time = cluster.time.time_since_epoch();
  return cluster.bytes > 0 && end <= cluster.bytes && time >= -kLimit && time <= kLimit;
}

std::optional<FrameRecord> record_of(TrackKind track, const Image& image, float temperature_c) {
  FrameRecord record{.track = track,
                     .device_time = image.device_time,
                     .host_time = image.host_time,
                     .exposure = image.exposure,
                     .white_balance = image.white_balance,
                     .iso = image.iso,
                     .temperature_c = std::nullopt,
                     .pulse = image.pulse};
  if (!std::isnan(temperature_c)) record.temperature_c = temperature_c;
  if (fields_of(record) == 0) return std::nullopt;
  return record;
}

void put_record(mkv::Output& out, const FrameRecord& record) {
  Fields to(out, kFrame, record.pulse ? kNumberedFrameBytes : kFrameBytes);
  to.put(static_cast<unsigned>(record.track), 1);
  to.put(fields_of(record), 1);
  to.put(0, 2);
  to.put(count_us(record.device_time), 8);
  to.put(count_ns(record.host_time.value_or(HostTime{})), 8);
  to.put(count_us(record.exposure.value_or(DeviceDuration{})), 8);
  to.put(record.white_balance.value_or(0), 4);
  to.put(record.iso.value_or(0), 4);
  to.put(std::bit_cast<std::uint32_t>(record.temperature_c.value_or(0)), 4);
  if (record.pulse) to.put(*record.pulse, 8);
}

void put_record(mkv::Output& out, const HostPair& pair) {
  Fields to(out, kHostPair, kHostPairBytes);
  to.put(count_us(pair.device), 8);
  to.put(count_ns(pair.monotonic), 8);
  to.put(count_ns(pair.utc), 8);
}

void put_record(mkv::Output& out, const JackObservation& jacks) {
  Fields to(out, kJacks, kJacksBytes);
  to.put(count_us(jacks.device), 8);
  to.put(coded_jack(jacks.jacks.in), 1);
  to.put(coded_jack(jacks.jacks.out), 1);
}

void put_record(mkv::Output& out, const ClusterRecord& cluster) {
  if (cluster.blocks.size() > kMostEntries || cluster.bytes > std::numeric_limits<std::uint32_t>::max())
    return;
  Fields to(out, kCluster, static_cast<std::uint16_t>(kClusterBytes + kEntryBytes * cluster.blocks.size()));
  to.put(cluster.position, 8);
  to.put(cluster.bytes, 4);
  to.put(kEntryBytes, 2);
  to.put(cluster.blocks.size(), 2);
  to.put(count_us(cluster.time), 8);
  for (const BlockPlace& block : cluster.blocks) {
    to.put(block.offset, 4);
    to.put(block.bytes, 4);
    to.put(block.after_us, 2);
    to.put(block.span_us, 2);
    to.put(block.track, 1);
    to.put(block.frames - 1, 1);
    to.put(0, 2);
  }
}

void put_record(mkv::Output& out, const Gap& gap) {
  const TrackSlot track =
      gap.track < kFirstCustomSlot ? gap.track : gap.track - kFirstCustomSlot + kFirstCustomTrack;
  Fields to(out, kGap, kGapBytes);
  to.put(static_cast<unsigned>(gap.reason), 1);
  to.put(track, 1);
  to.put(0, 2);
  to.put(std::min<std::uint64_t>(gap.frames, std::numeric_limits<std::uint32_t>::max()), 4);
  to.put(count_us(gap.first), 8);
  to.put(count_us(gap.last), 8);
}

std::vector<RawRecord> split_records(ByteSpan block) {
  std::vector<RawRecord> records;
  for (std::size_t at = 0; block.size() - at >= kHeadBytes;) {
    const ByteSpan rest = block.subspan(at);
    const std::size_t bytes = kHeadBytes + static_cast<std::size_t>(mkv::load_little(rest.subspan(2, 2)));
    if (rest.size() < bytes) break;
    records.push_back({at, rest.first(bytes), mkv::load_little(rest.first(2)) == kCluster});
    at += bytes;
  }
  return records;
}

bool read_records(ByteSpan block, Metadata& into) {
  while (!block.empty()) {
    if (block.size() < kHeadBytes) return false;
    const std::uint64_t type = mkv::load_little(block.first(2));
    const std::size_t bytes = static_cast<std::size_t>(mkv::load_little(block.subspan(2, 2)));
    if (block.size() - kHeadBytes < bytes) return false;
    const ByteSpan payload = block.subspan(kHeadBytes, bytes);
    block = block.subspan(kHeadBytes + bytes);
    if (type == kFrame && bytes >= kFrameBytes) read_frame(payload, into);
    if (type == kHostPair && bytes >= kHostPairBytes) read_host_pair(payload, into);
    if (type == kJacks && bytes >= kJacksBytes) read_jacks(payload, into);
    if (type == kCluster && bytes >= kClusterBytes) read_cluster(payload, into);
    if (type == kGap && bytes >= kGapBytes) read_gap(payload, into);
  }
  return true;
}

}  // namespace genlock::recording
