#include "capi/k4arecord/copy_pool.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "base/mutex.h"

namespace genlock::capi {
namespace {

/// Smaller copies come from the heap, which has such memory at hand.
constexpr std::size_t kSmallest = std::size_t{64} << 10;

/// Blocks come in multiples of this, so that JPEGs of changing size share them.
constexpr std::size_t kGrain = std::size_t{64} << 10;

/// Blocks of each size that are kept ready: what a camera needs until the maker's thread gets its turn.
constexpr std::size_t kSpare = 4;

constexpr std::size_t kMostOrders = 64;

constexpr std::size_t capacity_for(std::size_t size) {
  return (size + kGrain - 1) / kGrain * kGrain;
}

/// The largest block that is worth using for so many bytes.
constexpr std::size_t largest_for(std::size_t size) {
  return capacity_for(size + size / 2);
}

struct Block {
  std::unique_ptr<std::byte[]> memory;
  std::size_t capacity = 0;
};

Block touched_block(std::size_t size) {
  Block block{std::unique_ptr<std::byte[]>(new std::byte[capacity_for(size)]), capacity_for(size)};
  std::memset(block.memory.get(), 0, block.capacity);
  return block;
}

}  // namespace

struct CopyPool::Shelf {
  explicit Shelf(std::size_t most) : most_bytes(most) {}

  const std::size_t most_bytes;
  mutable Mutex mutex;
  CondVar work;
  std::multimap<std::size_t, Block> idle GENLOCK_GUARDED_BY(mutex);  ///< by capacity
  std::deque<std::size_t> orders GENLOCK_GUARDED_BY(mutex);          ///< sizes
  std::size_t bytes GENLOCK_GUARDED_BY(mutex) = 0;                   ///< of all blocks, in use or idle
  bool closing GENLOCK_GUARDED_BY(mutex) = false;

  std::size_t ready(std::size_t size) const GENLOCK_REQUIRES(mutex) {
    return static_cast<std::size_t>(
        std::distance(idle.lower_bound(size), idle.upper_bound(largest_for(size))));
  }

  /// Ready, or about to be.
  std::size_t expected(std::size_t size) const GENLOCK_REQUIRES(mutex) {
    const auto fits = [size](std::size_t ordered) {
      return capacity_for(ordered) >= size && capacity_for(ordered) <= largest_for(size);
    };
    return ready(size) + static_cast<std::size_t>(std::ranges::count_if(orders, fits));
  }

  void order(std::size_t size) GENLOCK_REQUIRES(mutex) {
    if (orders.size() >= kMostOrders || bytes + capacity_for(size) > most_bytes) return;
    orders.push_back(size);
    work.notify_one();
  }

  /// An idle block, or none.
  Block take(std::size_t size) {
    MutexLock lock(mutex);
    Block block;
    if (const auto found = idle.lower_bound(size); found != idle.end() && found->first <= largest_for(size)) {
      block = std::move(found->second);
      idle.erase(found);
    }
    if (expected(size) < kSpare) order(size);
    return block;
  }

  void count_new(const Block& block) {
    MutexLock lock(mutex);
    bytes += block.capacity;
  }

  void give_back(Block block) {
    MutexLock lock(mutex);
    if (closing || bytes > most_bytes) {
      bytes -= block.capacity;
      return;
    }
    const std::size_t capacity = block.capacity;
    idle.emplace(capacity, std::move(block));
  }

  std::optional<std::size_t> next_order() {
    MutexLock lock(mutex);
    while (orders.empty() && !closing) work.wait(mutex);
    if (closing) return std::nullopt;
    return orders.front();
  }

  void order_done() {
    MutexLock lock(mutex);
    orders.pop_front();
  }

  void close() {
    MutexLock lock(mutex);
    closing = true;
    idle.clear();
    work.notify_all();
  }

  /// The maker's thread.
  void make_blocks() {
    while (const std::optional<std::size_t> size = next_order()) {
      Block block = touched_block(*size);
      count_new(block);
      give_back(std::move(block));
      order_done();
    }
  }
};

CopyPool::CopyPool(std::size_t most_bytes)
    : shelf_(std::make_shared<Shelf>(most_bytes)),
      maker_("k4a copies", [shelf = shelf_] { shelf->make_blocks(); }) {}

CopyPool::~CopyPool() {
  shelf_->close();
}

void CopyPool::expect(std::size_t size) {
  if (size < kSmallest) return;
  MutexLock lock(shelf_->mutex);
  for (std::size_t i = 0; i < kSpare; ++i) shelf_->order(size);
}

std::size_t CopyPool::ready(std::size_t size) const {
  MutexLock lock(shelf_->mutex);
  return shelf_->ready(size);
}

Buffer CopyPool::copy_of(ByteSpan bytes) {
  if (bytes.size() < kSmallest) return Buffer::copy_of(bytes);
  Block block = shelf_->take(bytes.size());
  if (!block.memory) {
    block = touched_block(bytes.size());
    shelf_->count_new(block);
  }
  std::memcpy(block.memory.get(), bytes.data(), bytes.size());
  const ByteSpan copied(block.memory.get(), bytes.size());
  const auto give_back = [shelf = shelf_, capacity = block.capacity](std::byte* memory) {
    shelf->give_back({std::unique_ptr<std::byte[]>(memory), capacity});
  };
  return Buffer::shared(std::shared_ptr<std::byte>(block.memory.release(), give_back), copied);
}

}  // namespace genlock::capi
