#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"

namespace genlock::capi {

/// What a handle stands for. Handles of different kinds never have the same value, in neither library.
enum class HandleKind : std::uint8_t { capture = 1, image, record, playback, data_block, device, transformation };

/// The counted objects of one kind behind the handles that C programs hold. A handle is a number that is
/// never used again, not an address: null, foreign and released ones are told for certain, and nothing is
/// read through them. Safe to use from any thread; an object in use by one lives until that use ends.
template <class Handle, class Object>
class HandleTable {
 public:
  /// `name` is for messages: "image".
  HandleTable(HandleKind kind, const char* name) : kind_(kind), name_(name) {}

  /// A handle with one reference.
  Handle add(std::shared_ptr<Object> object) {
    const std::uintptr_t key = (next_.fetch_add(1) << kKindBits << kAlignBits) | std::uintptr_t(kind_)
                                                                                     << kAlignBits;
    Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    shard.entries.emplace(key, Entry{std::move(object), 1});
    return reinterpret_cast<Handle>(key);
  }

  Result<std::shared_ptr<Object>> find(Handle handle) const {
    const auto key = reinterpret_cast<std::uintptr_t>(handle);
    const Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return unknown(handle);
    return found->second.object;
  }

  Status reference(Handle handle) {
    const auto key = reinterpret_cast<std::uintptr_t>(handle);
    Shard& shard = shard_of(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return unknown(handle);
    ++found->second.references;
    return {};
  }

  /// The last one ends the object, on this thread unless another is using it, and outside all locks.
  Status release(Handle handle) {
    const auto key = reinterpret_cast<std::uintptr_t>(handle);
    Shard& shard = shard_of(key);
    std::shared_ptr<Object> last;  // Before the lock, so that it goes after it.
    MutexLock lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return unknown(handle);
    if (--found->second.references == 0) {
      last = std::move(found->second.object);
      shard.entries.erase(found);
    }
    return {};
  }

 private:
  static constexpr unsigned kAlignBits = 4;
  static constexpr unsigned kKindBits = 4;

  struct Entry {
    std::shared_ptr<Object> object;
    std::uint64_t references = 0;
  };
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<std::uintptr_t, Entry> entries GENLOCK_GUARDED_BY(mutex);
  };

  Error unknown(Handle handle) const {
    if (handle == nullptr) return Error(Errc::invalid, std::string("the ") + name_ + " handle is null");
    return Error(Errc::invalid, std::string("the ") + name_ + " handle is of another kind or was released");
  }

  Shard& shard_of(std::uintptr_t key) { return shards_[(key >> kAlignBits >> kKindBits) % shards_.size()]; }
  const Shard& shard_of(std::uintptr_t key) const {
    return shards_[(key >> kAlignBits >> kKindBits) % shards_.size()];
  }

  const HandleKind kind_;
  const char* const name_;
  std::atomic<std::uintptr_t> next_{1};
  std::array<Shard, 16> shards_;
};

}  // namespace genlock::capi
