#include "base/buffer.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace genlock {

Buffer Buffer::copy_of(ByteSpan bytes) { return from_vector({bytes.begin(), bytes.end()}); }

Buffer Buffer::from_vector(std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  const ByteSpan view(*owner);
  return Buffer(std::move(owner), view);
}

Buffer Buffer::wrap(const std::byte* data, std::size_t size, std::function<void()> release) {
  std::shared_ptr<const void> owner(data, [release = std::move(release)](const void*) {
    if (release) release();
  });
  return Buffer(std::move(owner), ByteSpan(data, size));
}

Buffer Buffer::shared(std::shared_ptr<const void> owner, ByteSpan bytes) { return Buffer(std::move(owner), bytes); }

Buffer Buffer::slice(std::size_t offset, std::size_t size) const {
  return Buffer(owner_, bytes_.subspan(offset, size));
}

Buffer WritableBuffer::seal(std::size_t size) && {
  Buffer sealed = Buffer::shared(std::move(owner_), ByteSpan(bytes_).first(size));
  bytes_ = {};
  return sealed;
}

struct BufferPool::Shelf {
  explicit Shelf(std::size_t max) : max_idle(max) {}

  const std::size_t max_idle;
  mutable Mutex mutex;
  std::vector<std::vector<std::byte>> blocks GENLOCK_GUARDED_BY(mutex);

  /// The one that came back last, of which most is still in the processor's caches.
  std::vector<std::byte> take(std::size_t size) {
    MutexLock lock(mutex);
    auto fits = std::find_if(blocks.rbegin(), blocks.rend(), [size](const auto& b) { return b.size() >= size; });
    if (fits == blocks.rend()) return {};
    std::vector<std::byte> block = std::move(*fits);
    blocks.erase(std::next(fits).base());
    return block;
  }

  void give_back(std::vector<std::byte> block) {
    MutexLock lock(mutex);
    if (blocks.size() < max_idle) blocks.push_back(std::move(block));
  }
};

BufferPool::BufferPool(std::size_t max_idle) : shelf_(std::make_shared<Shelf>(max_idle)) {}
BufferPool::~BufferPool() = default;

WritableBuffer BufferPool::take(std::size_t size) {
  auto block = std::make_unique<std::vector<std::byte>>(shelf_->take(size));
  if (block->size() < size) block->resize(size);
  const MutableByteSpan view(block->data(), size);
  std::shared_ptr<void> owner(block.release(), [shelf = shelf_](void* p) {
    std::unique_ptr<std::vector<std::byte>> returned(static_cast<std::vector<std::byte>*>(p));
    shelf->give_back(std::move(*returned));
  });
  return WritableBuffer(std::move(owner), view);
}

std::size_t BufferPool::idle() const {
  MutexLock lock(shelf_->mutex);
  return shelf_->blocks.size();
}

}  // namespace genlock
