#pragma once

#include <optional>
#include <utility>

#include "recording/track_cursor.h"

namespace genlock::recording {

/// A position between two items of a track whose blocks hold several. `Items` says what an item is:
/// std::optional<Item> item(Part&, const TrackBlock&, std::size_t index), which gives nothing for a damaged
/// one, and std::int64_t time_ns(const Item&) on the unit's clock.
template <class Items>
class ItemCursor {
 public:
  ItemCursor(ClusterSequence& clusters, TrackKey track, Items items)
      : clusters_(&clusters), blocks_(clusters, track), items_(std::move(items)) {}

  using Item = typename Items::Item;

  void to_start() {
    blocks_.to_start();
    at_ = 0;
  }

  /// Before the first item that is not earlier than `time_ns`.
  void seek(std::int64_t time_ns) {
    blocks_.seek(time_ns);
    at_ = 0;
    if (blocks_.previous(time_ns - kLongestBlockNs) == nullptr) return;
    blocks_.retreat();
    while (const TrackBlock* block = blocks_.next(time_ns)) {
      for (; at_ < block->frames.size(); ++at_)
        if (const auto item = load(*block); item && items_.time_ns(*item) >= time_ns) return;
      blocks_.advance();
      at_ = 0;
    }
  }

  std::optional<Item> forward() {
    while (const TrackBlock* block = blocks_.next()) {
      while (at_ < block->frames.size()) {
        auto item = load(*block);
        ++at_;
        if (item) return item;
      }
      blocks_.advance();
      at_ = 0;
    }
    return std::nullopt;
  }

  std::optional<Item> backward() {
    while (true) {
      if (at_ == 0) {
        const TrackBlock* before = blocks_.previous();
        if (before == nullptr) return std::nullopt;
        at_ = before->frames.size();
        blocks_.retreat();
      }
      const TrackBlock& block = *blocks_.next();
      while (at_ > 0) {
        --at_;
        if (auto item = load(block)) return item;
      }
    }
  }

 private:
  /// Recorders put at most a cluster's window into a block.
  static constexpr std::int64_t kLongestBlockNs = 10'000'000'000;

  std::optional<Item> load(const TrackBlock& block) {
    return items_.item(clusters_->part_of(blocks_.cluster()), block, at_);
  }

  ClusterSequence* clusters_;
  TrackCursor blocks_;
  Items items_;
  std::size_t at_ = 0;  ///< in the block behind the position of `blocks_`
};

}  // namespace genlock::recording
