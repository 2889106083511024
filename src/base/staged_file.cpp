#include "base/staged_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace genlock {
namespace {

/// Writes are of this size when the disk is behind.
constexpr std::size_t kWriteBytes = std::size_t{4} << 20;

constexpr DiskQueue::Ticket kSyncTicket = ~DiskQueue::Ticket{0};

/// While this lives, the file takes bytes of any number at any place.
class Plain {
 public:
  explicit Plain(int fd) : fd_(fd), flags_(::fcntl(fd, F_GETFL)) {
    ::fcntl(fd_, F_SETFL, flags_ & ~O_DIRECT);
  }
  ~Plain() { ::fcntl(fd_, F_SETFL, flags_); }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;

 private:
  const int fd_;
  const int flags_;
};

std::string_view advice(int errnum) {
  switch (errnum) {
    case ENOSPC:
      return "; free some space or record to another disk";
    case EDQUOT:
      return "; delete files of this user or ask for a larger quota";
    case EFBIG:
      return "; split the recording, or allow larger files (ulimit -f)";
    case EIO:
      return "; check the disk and its cable, or the network it is mounted over (dmesg says more)";
    default:
      return "";
  }
}

}  // namespace

std::size_t staging_bytes(std::size_t largest) {
  return std::max(kLeastStaging, 2 * (largest + 2 * StagedFile::kBlock));
}

StagedFile::StagedFile(std::filesystem::path path, UniqueFd fd, WriteMethod method,
                       std::unique_ptr<DiskQueue> queue)
    : path_(std::move(path)), fd_(std::move(fd)), method_(method), queue_(std::move(queue)) {}

StagedFile::~StagedFile() {
  if (!failure_) (void)push();
  (void)drain();
  if (space_.beyond(written_) || padded_to_ > written_)
    (void)::ftruncate(fd_.get(), static_cast<off_t>(written_));
}

Error StagedFile::error(int errnum, std::string_view doing) const {
  const Error plain = error_from_errno(errnum, fmt::format("{} {}", doing, path_.string()));
  return Error(plain.code(), fmt::format("{}{}", plain.message(), advice(errnum)));
}

/// A failure is told when it is known what the writes after it have left.
Status StagedFile::check() {
  if (!failure_) return {};
  while (anything_under_way()) take_one();
  return *failure_;
}

void StagedFile::fail(int errnum, std::string_view doing) {
  if (!failure_) failure_ = error(errnum, doing);
}

// --- placing what comes

Status StagedFile::append(ByteSpan bytes) {
  while (!bytes.empty()) {
    const ByteSpan piece = bytes.first(std::min(bytes.size(), kWriteBytes));
    GENLOCK_ASSIGN(const MutableByteSpan place, room(piece.size()));
    std::memcpy(place.data(), piece.data(), piece.size());
    GENLOCK_TRY(commit(piece.size()));
    bytes = bytes.subspan(piece.size());
  }
  GENLOCK_TRY(push());
  return drain();
}

Result<MutableByteSpan> StagedFile::room(std::size_t bytes) {
  GENLOCK_TRY(poll());
  GENLOCK_TRY(make_memory(bytes));
  const bool all_sent = active_ == 0 && sent_ == block_start(size_);
  if (all_sent || held() + bytes > stretch().size()) {
    GENLOCK_TRY(send_whole_blocks());
    GENLOCK_TRY(move_unsent_to(stretch()));
  }
  const MutableByteSpan place = stretch().subspan(held(), bytes);
  GENLOCK_TRY(wait_for_memory(place));
  return place;
}

Status StagedFile::make_memory(std::size_t bytes) {
  const std::size_t needed = staging_bytes(bytes);
  if (memory_.bytes().size() >= needed) return {};
  GENLOCK_TRY(send_whole_blocks());
  GENLOCK_TRY(drain());
  Result<StagingMemory> larger = StagingMemory::allocate(needed);
  if (!larger) return larger.error().context("writing " + path_.string());
  GENLOCK_TRY(move_unsent_to(larger->bytes().subspan(2 * kBlock)));
  memory_ = *std::move(larger);
  return {};
}

/// What was not sent, less than a block, goes to the start of `memory`, and the stretch begins with it.
Status StagedFile::move_unsent_to(MutableByteSpan memory) {
  const auto rest = static_cast<std::size_t>(size_ - sent_);
  if (rest > 0 && memory.data() != memory_at(sent_)) {
    GENLOCK_TRY(wait_for_memory(memory.first(rest)));
    std::memcpy(memory.data(), memory_at(sent_), rest);
  }
  base_ = sent_;
  return {};
}

bool StagedFile::in_use(MutableByteSpan part) const {
  return std::ranges::any_of(writes_, [&](const Write& write) {
    const auto* begin = static_cast<const std::byte*>(write.pieces[0].iov_base);
    return !write.done && begin < part.data() + part.size() && part.data() < begin + write.pieces[0].iov_len;
  });
}

Status StagedFile::wait_for_memory(MutableByteSpan part) {
  while (in_use(part)) GENLOCK_TRY(wait_for_one());
  return {};
}

Status StagedFile::commit(std::size_t bytes) {
  GENLOCK_TRY(check());
  size_ += bytes;
  if (size_ - sent_ < kWriteBytes) return {};
  return send_whole_blocks();
}

Status StagedFile::reserve(std::uint64_t bytes) {
  GENLOCK_TRY(check());
  if (const int errnum = space_.ensure(fd_.get(), size_ + bytes)) return error(errnum, "reserving space for");
  return {};
}

// --- writing

Status StagedFile::push() {
  GENLOCK_TRY(poll());
  if (pushed_ == size_) return {};
  // What is left of padding that was longer than what came since must mean nothing once more.
  if (block_start(size_) == size_ && padded_to_ <= size_) return send_whole_blocks();
  return filler_ != nullptr ? send_padded() : write_tail();
}

Status StagedFile::send_whole_blocks() {
  const std::uint64_t end = block_start(size_);
  if (end == sent_) return {};
  const auto bytes = static_cast<std::size_t>(end - sent_);
  start({.offset = sent_, .end = end, .pieces = {{{memory_at(sent_), bytes}, {}}}, .bytes = bytes});
  sent_ = end;
  pushed_ = std::max(pushed_, end);
  return check();
}

/// The last block goes through memory of its own, so that more can be put behind it meanwhile.
Status StagedFile::send_padded() {
  while (active_ > 0 && writes_.back().padded) GENLOCK_TRY(wait_for_one());
  const std::uint64_t whole = block_start(size_);
  const auto used = static_cast<std::size_t>(size_ - whole);
  const MutableByteSpan tail = tail_memory().first(used + 2 > kBlock ? 2 * kBlock : kBlock);
  std::memcpy(tail.data(), memory_at(whole), used);
  filler_(tail.subspan(used));
  const auto before = static_cast<std::size_t>(whole - sent_);
  Write write{.offset = sent_, .end = size_, .bytes = before + tail.size(), .padded = true};
  write.pieces = {{{memory_at(sent_), before}, {tail.data(), tail.size()}}};
  padded_to_ = std::max(padded_to_, whole + tail.size());
  start(write);
  sent_ = whole;
  pushed_ = size_;
  return check();
}

/// Ends the file exactly at its size.
Status StagedFile::write_tail() {
  GENLOCK_TRY(send_whole_blocks());
  GENLOCK_TRY(drain());
  GENLOCK_TRY(write_plainly(sent_, {memory_at(sent_), static_cast<std::size_t>(size_ - sent_)}));
  pushed_ = written_ = size_;
  return {};
}

/// A block that was sent padded is written again by the write after it: never both at once.
void StagedFile::start(Write write) {
  const auto must_wait = [&] {
    return active_ > 0 && (active_ + 2 > DiskQueue::kDepth || writes_.back().padded);
  };
  while (!failure_ && must_wait()) (void)wait_for_one();
  if (failure_) return;
  if (active_ == 0 && !direct() && std::exchange(queue_is_direct_, false))
    queue_ = make_buffered_queue(fd_.get());
  writes_.push_back(write);
  ++active_;
  restart(writes_.size() - 1);
}

void StagedFile::restart(std::size_t index) {
  Write& write = writes_[index];
  const std::size_t skipped = write.pieces[0].iov_len == 0 ? 1 : 0;
  const std::size_t count = write.pieces[1].iov_len == 0 ? 1 : 2;
  queue_->write(first_ + index, std::span(write.pieces).first(count).subspan(skipped), write.offset);
}

Status StagedFile::write_plainly(std::uint64_t offset, ByteSpan bytes) {
  const Plain plain(fd_.get());
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      fail(errno, "writing");
      return check();
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Status StagedFile::write_at(std::uint64_t offset, ByteSpan bytes) {
  GENLOCK_TRY(check());
  if (offset > size_ || bytes.size() > size_ - offset)
    return Error(Errc::internal, fmt::format("overwriting {} bytes at {} of {} in {}", bytes.size(), offset,
                                             size_, path_.string()));
  GENLOCK_TRY(drain());
  const std::uint64_t end = offset + bytes.size();
  if (end > sent_) {  // the last block is written again, from memory
    const std::uint64_t from = std::max(offset, sent_);
    std::memcpy(memory_at(from), bytes.data() + (from - offset), static_cast<std::size_t>(end - from));
  }
  if (offset >= written_) return {};
  return write_plainly(offset, bytes.first(static_cast<std::size_t>(std::min(end, written_) - offset)));
}

// --- finishing

Result<bool> StagedFile::poll() {
  while (const auto done = queue_->next(false)) take(*done);
  sync_when_possible();
  GENLOCK_TRY(check());
  return anything_under_way() || sync_wanted_;
}

Status StagedFile::wait_for_one() {
  take_one();
  return check();
}

void StagedFile::take_one() {
  if (const auto done = queue_->next(true)) return take(*done);
  active_ = 0;
  sync_active_ = false;
  fail(EIO, "waiting for the kernel to write");
}

Status StagedFile::drain() {
  while (anything_under_way()) take_one();
  return check();
}

void StagedFile::take(const DiskQueue::Done& done) {
  if (done.ticket != kSyncTicket)
    return take_write(static_cast<std::size_t>(done.ticket - first_), done.result);
  sync_active_ = false;
  if (done.result < 0) fail(-done.result, "syncing");
}

void StagedFile::take_write(std::size_t index, int result) {
  Write& write = writes_[index];
  if (try_again(write, result)) return restart(index);
  --active_;
  write.done = true;
  write.failed = result <= 0;
  if (write.failed) fail(result < 0 ? -result : EIO, "writing");
  count_written();
}

/// Whether a write has to go on, because it was interrupted, was refused for being direct, or did not get to
/// its end.
bool StagedFile::try_again(Write& write, int result) {
  if (result == -EINTR || result == -EAGAIN) return true;
  if (result == -EINVAL && !std::exchange(write.refused, true)) {
    go_buffered();
    return true;
  }
  if (result <= 0) return false;
  const auto bytes = static_cast<std::size_t>(result);
  if (bytes < write.bytes && bytes % kBlock != 0) go_buffered();
  advance(write, bytes);
  return write.bytes > 0;
}

/// Some file systems find out with the first write that they cannot do O_DIRECT; some end a write within a
/// block near a limit of size, and the rest of it is no longer one for O_DIRECT.
void StagedFile::go_buffered() {
  ::fcntl(fd_.get(), F_SETFL, ::fcntl(fd_.get(), F_GETFL) & ~O_DIRECT);
  method_ = WriteMethod::buffered;
}

void StagedFile::advance(Write& write, std::size_t bytes) {
  write.offset += bytes;
  write.bytes -= bytes;
  for (iovec& piece : write.pieces) {
    const std::size_t part = std::min(bytes, piece.iov_len);
    piece = {static_cast<std::byte*>(piece.iov_base) + part, piece.iov_len - part};
    bytes -= part;
  }
}

/// What is known to be there ends within the first write that failed, or before the first that is not done.
void StagedFile::count_written() {
  for (; !writes_.empty() && writes_.front().done && !writes_.front().failed; writes_.pop_front(), ++first_)
    written_ = std::max(written_, writes_.front().end);
  if (writes_.empty() || !writes_.front().failed) return;
  written_ = std::max(written_, std::min(writes_.front().offset, writes_.front().end));
}

Status StagedFile::start_sync() {
  GENLOCK_TRY(poll());
  if (!sync_wanted_) sync_wanted_ = first_ + writes_.size();
  GENLOCK_TRY(poll());
  return {};
}

void StagedFile::sync_when_possible() {
  const auto oldest = std::ranges::find(writes_, false, &Write::done);
  const auto before = first_ + static_cast<DiskQueue::Ticket>(oldest - writes_.begin());
  if (failure_ || !sync_wanted_ || sync_active_ || before < *sync_wanted_) return;
  sync_wanted_.reset();
  sync_active_ = true;
  queue_->sync(kSyncTicket);
}

Status StagedFile::sync() {
  GENLOCK_TRY(push());
  sync_wanted_.reset();
  GENLOCK_TRY(drain());
  if (::fdatasync(fd_.get()) != 0) fail(errno, "syncing");
  return check();
}

Status StagedFile::truncate(std::uint64_t size) {
  if (!failure_) (void)push();
  (void)drain();
  if (size > written_ && failure_) return *failure_;
  if (size > written_)
    return Error(Errc::internal,
                 fmt::format("shortening {} of {} bytes to {}", path_.string(), written_, size));
  if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return error(errno, "shortening");
  failure_.reset();
  sync_wanted_.reset();
  first_ += writes_.size();
  writes_.clear();
  space_.cut(size);
  padded_to_ = 0;
  size_ = pushed_ = written_ = size;
  sent_ = block_start(size);
  return sent_ >= base_ ? Status() : load_last_block();
}

/// After a cut to before what memory has.
Status StagedFile::load_last_block() {
  base_ = sent_;
  if (size_ == sent_) return {};
  ssize_t got = 0;
  do {
    got = ::pread(fd_.get(), stretch().data(), kBlock, static_cast<off_t>(sent_));
  } while (got < 0 && errno == EINTR);
  if (got < 0) return error(errno, "reading back the end of");
  return {};
}

}  // namespace genlock
