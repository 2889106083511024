#include "capi/k4arecord/copy_pool.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/mutex.h"
#include "base/pieces.h"
#include "base/staging_memory.h"
#include "capi/k4arecord/free_ranges.h"
#include "capi/k4arecord/stream_copy.h"

namespace genlock::capi {
namespace {

/// Smaller copies come from the heap, which has such memory at hand.
constexpr std::size_t kSmallest = std::size_t{64} << 10;

/// Copies begin at multiples of this.
constexpr std::size_t kPage = 4096;

/// Made ready at once: a huge page, where the system has them.
constexpr std::size_t kStep = StagingMemory::kAlignment;

/// Less is copied nearly as soon as another thread wakes up.
constexpr std::size_t kWorthTwo = std::size_t{1} << 20;

/// Copied at a time where two threads copy.
constexpr std::size_t kPiece = std::size_t{128} << 10;

constexpr std::size_t whole_pages(std::size_t size) {
  return (size + kPage - 1) / kPage * kPage;
}

StagingMemory memory_of(std::size_t bytes) {
  Result<StagingMemory> memory = StagingMemory::allocate(bytes);
  return memory ? std::move(*memory) : StagingMemory();
}

}  // namespace

/// Up to touched_ the memory has its pages. All that is taken lies below it.
struct CopyPool::Shelf {
  explicit Shelf(const Options& options)
      : memory(memory_of(options.most_bytes)),
        ready_bytes(std::min(options.ready_bytes, size())),
        free(size()) {}

  std::size_t size() const { return memory.bytes().size(); }

  const StagingMemory memory;
  const std::size_t ready_bytes;
  mutable Mutex mutex;
  CondVar work;
  FreeRanges free GENLOCK_GUARDED_BY(mutex);
  std::size_t touched GENLOCK_GUARDED_BY(mutex) = 0;
  std::size_t taken GENLOCK_GUARDED_BY(mutex) = 0;
  bool closing GENLOCK_GUARDED_BY(mutex) = false;

  std::size_t ready() const GENLOCK_REQUIRES(mutex) { return touched - taken; }
  bool wants_more() const GENLOCK_REQUIRES(mutex) { return ready() < ready_bytes && touched < size(); }

  /// A place for `bytes`, whole pages; empty where there is none.
  MutableByteSpan take(std::size_t bytes) {
    MutexLock lock(mutex);
    const std::optional<std::size_t> place = free.take(bytes);
    if (!place) return {};
    taken += bytes;
    touched = std::max(touched, *place + bytes);
    return memory.bytes().subspan(*place, bytes);
  }

  void give_back(MutableByteSpan place) {
    MutexLock lock(mutex);
    free.give_back(static_cast<std::size_t>(place.data() - memory.bytes().data()), place.size());
    taken -= place.size();
  }

  /// Once copies are made: before, waking the thread and its work would hold them up.
  void make_up_for_copies() {
    MutexLock lock(mutex);
    if (wants_more()) work.notify_one();
  }

  /// The next bytes without pages, taken; empty when nothing more is to be done.
  MutableByteSpan next_step() {
    MutexLock lock(mutex);
    while (!wants_more() && !closing) work.wait(mutex);
    return closing ? MutableByteSpan() : take_untouched(kStep);
  }

  MutableByteSpan take_untouched(std::size_t most) GENLOCK_REQUIRES(mutex) {
    const std::size_t start = touched;
    const std::size_t step = free.take_at(start, most);
    touched += step;
    taken += step;
    return memory.bytes().subspan(start, step);
  }

  void touch(MutableByteSpan place) {
    for (std::size_t at = 0; at < place.size(); at += kPage) place[at] = std::byte{0};
    give_back(place);
  }

  void touch_first(std::size_t bytes) {
    MutableByteSpan place;
    {
      MutexLock lock(mutex);
      place = take_untouched(bytes);
    }
    if (!place.empty()) touch(place);
  }

  void close() {
    MutexLock lock(mutex);
    closing = true;
    work.notify_all();
  }

  /// The maker's thread.
  void make_ready() {
    for (MutableByteSpan place = next_step(); !place.empty(); place = next_step()) touch(place);
  }
};

CopyPool::CopyPool(const Options& options) : shelf_(std::make_shared<Shelf>(options)) {
  shelf_->touch_first(whole_pages(options.first_bytes));
  maker_ = Thread("k4a copies", [shelf = shelf_] {
    stay_in_background();
    shelf->make_ready();
  });
}

CopyPool::~CopyPool() {
  shelf_->close();
}

std::size_t CopyPool::ready() const {
  MutexLock lock(shelf_->mutex);
  return shelf_->ready();
}

std::size_t CopyPool::touched() const {
  MutexLock lock(shelf_->mutex);
  return shelf_->touched;
}

/// From the heap where there is no place.
WritableBuffer CopyPool::memory_for(std::size_t bytes) {
  const MutableByteSpan place = bytes < kSmallest ? MutableByteSpan() : shelf_->take(whole_pages(bytes));
  if (place.empty()) {
    const std::shared_ptr<std::byte[]> memory(new std::byte[bytes]);
    return {memory, MutableByteSpan(memory.get(), bytes)};
  }
  const auto give_back = [shelf = shelf_, place](std::byte*) { shelf->give_back(place); };
  return {std::shared_ptr<std::byte>(place.data(), give_back), place.first(bytes)};
}

Buffer CopyPool::copy_of(ByteSpan bytes) {
  return std::move(copies_of({bytes})[0]);
}

std::array<Buffer, 3> CopyPool::copies_of(const std::array<ByteSpan, 3>& originals) {
  std::array<WritableBuffer, 3> copies;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (!originals[i].empty()) copies[i] = memory_for(originals[i].size());
  copy(originals, copies);
  shelf_->make_up_for_copies();
  std::array<Buffer, 3> sealed;
  std::ranges::transform(copies, sealed.begin(), [](WritableBuffer& copy) { return std::move(copy).seal(); });
  return sealed;
}

void CopyPool::copy(const std::array<ByteSpan, 3>& from, std::array<WritableBuffer, 3>& to) {
  std::array<std::size_t, 3> sizes;
  std::ranges::transform(from, sizes.begin(), &ByteSpan::size);
  const Pieces pieces(sizes, kPiece);
  const auto copy_piece = [&](std::size_t number) noexcept {
    const auto [image, at, size] = pieces[number];
    stream_copy(to[image].bytes().subspan(at, size), from[image].subspan(at, size));
  };
  if (pieces.bytes() >= kWorthTwo) return helper_.run(pieces.count(), copy_piece);
  for (std::size_t i = 0; i < pieces.count(); ++i) copy_piece(i);
}

}  // namespace genlock::capi
