#include "recording/cluster_writer.h"

#include <algorithm>
#include <bit>

#include "mkv/block.h"
#include "mkv/crc32.h"
#include "mkv/endian.h"
#include "recording/pixel_order.h"

namespace genlock::recording {
namespace {

using mkv::ElementWriter;
using Id = mkv::ElementId;

/// Pixels are copied and summed in pieces that stay in the processor's nearest caches.
constexpr std::size_t kCachedPiece = std::size_t{64} << 10;

// For cluster_bound. What stands around data: a cluster's head, CRC and Timestamp; a block's group, head and
// duration.
constexpr std::size_t kAroundCluster = 64;
constexpr std::size_t kAroundBlock = 64;

/// One less than a lace can hold: libmatroska's tools pass over blocks of 256 frames.
constexpr std::size_t kMostLaced = mkv::kMaxLacedFrames - 1;

/// One block of the cluster to come: an image, consecutive IMU samples, or data of a custom track.
struct Entry {
  DeviceTime time;
  DeviceTime last;
  std::uint64_t track = 0;
  const Image* image = nullptr;
  std::span<const ImuSample> imu;
  std::span<const PendingData> data;
  bool laced = false;  ///< of data: a block that keeps its first and its last time
};

std::uint64_t number_of(const std::vector<TrackPlan>& tracks, TrackRole role) {
  const auto track = std::ranges::find(tracks, role, &TrackPlan::role);
  return track == tracks.end() ? 0 : track->number;
}

TrackRole role_of(TrackKind kind) {
  return static_cast<TrackRole>(kind);
}
static_assert(static_cast<int>(TrackKind::imu) == static_cast<int>(TrackRole::imu));

void add_imu(std::span<const ImuSample> imu, std::uint64_t track, std::vector<Entry>& entries) {
  while (!imu.empty()) {
    const auto lace = imu.first(std::min(imu.size(), kMostLaced));
    Entry entry{.time = lace.front().accel_time, .last = lace.back().accel_time, .track = track};
    entry.imu = lace;
    entries.push_back(entry);
    imu = imu.subspan(lace.size());
  }
}

/// `data` are of one track and sorted by time.
void add_data(std::span<const PendingData> data, const TrackPlan& track, std::vector<Entry>& entries) {
  while (!data.empty()) {
    const auto block = data.first(track.laced ? std::min(data.size(), kMostLaced) : 1);
    Entry entry{.time = block.front().time, .last = block.back().time, .track = track.number};
    entry.data = block;
    entry.laced = track.laced;
    entries.push_back(entry);
    data = data.subspan(block.size());
  }
}

std::vector<Entry> sorted_entries(Window& window, const std::vector<TrackPlan>& tracks) {
  std::vector<Entry> entries;
  for (const PendingImage& pending : window.images) {
    const DeviceTime time = pending.image.device_time;
    Entry entry{.time = time, .last = time, .track = number_of(tracks, role_of(pending.track))};
    entry.image = &pending.image;
    entries.push_back(entry);
  }
  std::ranges::stable_sort(window.imu, {}, &ImuSample::accel_time);
  add_imu(window.imu, number_of(tracks, TrackRole::imu), entries);
  std::ranges::stable_sort(window.data, {},
                           [](const PendingData& data) { return std::pair(data.track, data.time); });
  for (const TrackPlan& track : tracks) {
    if (track.role != TrackRole::custom) continue;
    const auto begin = std::ranges::lower_bound(window.data, track.custom, {}, &PendingData::track);
    const auto end = std::ranges::upper_bound(window.data, track.custom, {}, &PendingData::track);
    add_data({begin, end}, track, entries);
  }
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time < b.time : a.track < b.track;
  });
  return entries;
}

void store_sample(const ImuSample& sample, MutableByteSpan out) {
  const auto put_time = [&](DeviceTime time) {
    mkv::store_little(static_cast<std::uint64_t>(count_us(time)) * 1000, out.first(8));
    out = out.subspan(8);
  };
  const auto put_vector = [&](const std::array<float, 3>& vector) {
    for (float value : vector) {
      mkv::store_little(std::bit_cast<std::uint32_t>(value), out.first(4));
      out = out.subspan(4);
    }
  };
  put_time(sample.accel_time);
  put_vector(sample.accel);
  put_time(sample.gyro_time);
  put_vector(sample.gyro);
}

/// The CRC-32 of what is put into an Output, taken up while it is still in the caches.
class RunningCrc {
 public:
  RunningCrc(const mkv::Output& out, bool on) : out_(out), on_(on) {}

  /// Sums from here.
  void begin() { at_ = out_.size(); }

  /// Sums up to here. What was summed must not change any more.
  void catch_up() {
    if (on_) value_ = mkv::crc32(out_.bytes().subspan(at_), value_);
    at_ = out_.size();
  }
  std::uint32_t value() const { return value_; }

 private:
  const mkv::Output& out_;
  const bool on_;
  std::size_t at_ = 0;
  std::uint32_t value_ = 0;
};

class ClusterWriter {
 public:
  ClusterWriter(mkv::Output& out, DeviceTime cluster_time, bool crc)
      : out_(out),
        writer_(out),
        cluster_time_(cluster_time),
        start_(out.size()),
        with_crc_(crc),
        crc_(out, crc) {}

  template <class Body>
  void put(DeviceTime start_offset, Body body) {
    writer_.put_master(Id::cluster, {.size_width = 8}, [&] {
      constexpr std::byte kLater[4]{};
      if (with_crc_) writer_.put_binary(Id::crc32, kLater);
      const std::size_t data_at = out_.size();
      crc_.begin();
      writer_.put_uint(Id::timestamp, static_cast<std::uint64_t>(count_us(cluster_time_ - start_offset)));
      body();
      crc_.catch_up();
      if (with_crc_) mkv::store_little(crc_.value(), out_.at(data_at - sizeof kLater, sizeof kLater));
    });
    record_.time = cluster_time_;
    record_.bytes = out_.size() - start_;
  }

  ClusterRecord take_record() { return std::move(record_); }

  void put_entry(const Entry& entry) {
    if (entry.image != nullptr) {
      put_image(entry);
    } else if (!entry.imu.empty()) {
      put_imu(entry);
    } else if (entry.laced) {
      put_laced_data(entry);
    } else {
      put_data(entry);
    }
  }

  /// Where the block stands, from the start of the cluster's data.
  std::uint64_t put_metadata(std::uint64_t track, ByteSpan records) {
    const std::uint64_t at = out_.size() - start_ - kClusterHeadBytes;
    const std::uint64_t bytes =
        mkv::begin_block(writer_, out_, Id::simple_block, {track, 0, mkv::kKeyFrame}, records.size());
    out_.append(records);
    note_block({.time = cluster_time_, .last = cluster_time_, .track = track}, bytes, 1, 0);
    return at;
  }

 private:
  std::int16_t relative(DeviceTime time) const {
    return static_cast<std::int16_t>(count_us(time - cluster_time_));
  }

  /// Notes a block whose content ended `behind` bytes before the end of the output.
  void note_block(const Entry& entry, std::uint64_t bytes, std::size_t frames, std::size_t behind) {
    record_.blocks.push_back({.offset = static_cast<std::uint32_t>(out_.size() - behind - bytes - start_),
                              .bytes = static_cast<std::uint32_t>(bytes),
                              .after_us = static_cast<std::uint16_t>(relative(entry.time)),
                              .span_us = static_cast<std::uint16_t>(count_us(entry.last - entry.time)),
                              .track = static_cast<std::uint8_t>(entry.track),
                              .frames = static_cast<std::uint16_t>(frames)});
  }

  void put_image(const Entry& entry) {
    const ByteSpan pixels = entry.image->data.bytes();
    const std::uint64_t bytes = mkv::begin_block(
        writer_, out_, Id::simple_block, {entry.track, relative(entry.time), mkv::kKeyFrame}, pixels.size());
    const bool swap = entry.image->format == PixelFormat::depth16 || entry.image->format == PixelFormat::ir16;
    for (std::size_t at = 0; at < pixels.size(); at += kCachedPiece) {
      const ByteSpan piece = pixels.subspan(at, std::min(kCachedPiece, pixels.size() - at));
      swap ? copy_swapping_pairs(piece, out_.extend(piece.size())) : out_.append(piece);
      crc_.catch_up();
    }
    note_block(entry, bytes, 1, 0);
  }

  void put_imu(const Entry& entry) {
    const mkv::BlockHead head{entry.track, relative(entry.time), 0};
    put_group(entry, entry.imu.size(), [&] {
      const std::uint64_t bytes =
          mkv::begin_fixed_lace(writer_, out_, Id::block, head, entry.imu.size(), kImuSampleBytes);
      for (const ImuSample& sample : entry.imu) store_sample(sample, out_.extend(kImuSampleBytes));
      return bytes;
    });
  }

  void put_data(const Entry& entry) {
    const ByteSpan data = entry.data.front().data.bytes();
    const std::uint64_t bytes = mkv::begin_block(
        writer_, out_, Id::simple_block, {entry.track, relative(entry.time), mkv::kKeyFrame}, data.size());
    out_.append(data);
    note_block(entry, bytes, 1, 0);
  }

  void put_laced_data(const Entry& entry) {
    std::vector<ByteSpan> frames;
    for (const PendingData& data : entry.data) frames.push_back(data.data.bytes());
    const mkv::BlockHead head{entry.track, relative(entry.time), 0};
    put_group(entry, frames.size(),
              [&] { return mkv::put_laced_block(writer_, out_, Id::block, head, frames); });
  }

  /// A block that `put_block` writes and gives the size of, with its duration.
  template <class PutBlock>
  void put_group(const Entry& entry, std::size_t frames, PutBlock put_block) {
    std::uint64_t bytes = 0;
    std::size_t duration_bytes = 0;
    writer_.put_master(Id::block_group, [&] {
      bytes = put_block();
      const std::size_t at = out_.size();
      writer_.put_uint(Id::block_duration, static_cast<std::uint64_t>(count_us(entry.last - entry.time)) + 1);
      duration_bytes = out_.size() - at;
    });
    note_block(entry, bytes, frames, duration_bytes);
  }

  mkv::Output& out_;
  ElementWriter writer_;
  const DeviceTime cluster_time_;
  const std::size_t start_;
  const bool with_crc_;
  RunningCrc crc_;
  ClusterRecord record_;
};

}  // namespace

std::size_t cluster_bound(const Window& window, ByteSpan metadata) {
  std::size_t bytes = kAroundCluster + kAroundBlock + metadata.size();
  for (const PendingImage& pending : window.images) bytes += kAroundBlock + pending.image.data.size();
  bytes += window.imu.size() * kImuSampleBytes + (window.imu.size() / kMostLaced + 1) * kAroundBlock;
  // A lace stores the size of each frame, in as many bytes as it is long by 255 or fewer.
  for (const PendingData& pending : window.data)
    bytes += kAroundBlock + pending.data.size() + pending.data.size() / 255;
  return bytes;
}

ClusterSummary put_cluster(mkv::Output& out, Window& window, const ClusterPlan& plan) {
  const std::vector<Entry> entries = sorted_entries(window, plan.tracks);
  ClusterSummary summary;
  summary.first = summary.last = entries.front().time;
  summary.first_track = entries.front().track;
  for (const Entry& entry : entries) {
    summary.last = std::max(summary.last, entry.last);
    if (entry.track == 1 && !summary.track_1_time) summary.track_1_time = entry.time;
  }
  ClusterWriter writer(out, summary.first, plan.crc);
  writer.put(plan.start_offset, [&] {
    if (!plan.metadata.empty())
      summary.metadata_at = writer.put_metadata(number_of(plan.tracks, TrackRole::metadata), plan.metadata);
    for (const Entry& entry : entries) writer.put_entry(entry);
  });
  summary.record = writer.take_record();
  return summary;
}

ClusterSummary put_metadata_cluster(mkv::Output& out, DeviceTime at, const ClusterPlan& plan) {
  ClusterSummary summary;
  summary.first = summary.last = at;
  summary.first_track = number_of(plan.tracks, TrackRole::metadata);
  ClusterWriter writer(out, at, plan.crc);
  writer.put(plan.start_offset,
             [&] { summary.metadata_at = writer.put_metadata(summary.first_track, plan.metadata); });
  summary.record = writer.take_record();
  return summary;
}

}  // namespace genlock::recording
