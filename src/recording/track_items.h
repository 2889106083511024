#pragma once

#include <optional>

#include "recording/cluster_sequence.h"

// What the blocks of tracks without images hold, for ItemCursor.

namespace genlock::recording {

/// The sample stored at `frame`, with the times in ns that decide on its order; nothing, and a problem noted,
/// if it is not of a sample's size.
struct StoredSample {
  ImuSample sample;
  std::int64_t accel_ns = 0;
};
std::optional<StoredSample> read_imu_sample(mkv::Input& input, const mkv::Extent& frame);

struct ImuItems {
  using Item = StoredSample;
  std::optional<Item> item(Part& part, const TrackBlock& block, std::size_t index);
  std::int64_t time_ns(const Item& item) const { return item.accel_ns; }
};

/// Where data of a custom track lie. In a block of several the times between the first and the last are
/// spread evenly: docs/recording-format.md 1.
struct DataPlace {
  Part* part = nullptr;
  std::int64_t time_ns = 0;
  mkv::Extent bytes;
};

/// Largest piece of custom data that is read.
inline constexpr std::uint64_t kMostDataBytes = std::uint64_t{64} << 20;

struct DataItems {
  using Item = DataPlace;
  std::optional<Item> item(Part& part, const TrackBlock& block, std::size_t index);
  std::int64_t time_ns(const Item& item) const { return item.time_ns; }
};

/// When item `index` of a block is.
std::int64_t item_time_ns(const TrackBlock& block, std::size_t index);

/// When its last item is, or ends as far as the block's duration tells: facts k4a-abi.md B12 on END.
std::int64_t end_time_ns(const TrackBlock& block);

}  // namespace genlock::recording
