#include "support/scripted_queue.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace genlock::test {

using Operation = LoggedDisk::Operation;

bool ScriptedQueue::fails(std::uint64_t number) const {
  return number == fault_.request || (number > fault_.request && fault_.lasts);
}

void ScriptedQueue::write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) {
  pending_.push_back({ticket, {pieces.begin(), pieces.end()}, offset, requests_++});
}

/// Done at once: what was written before is durable from here on.
void ScriptedQueue::sync(Ticket ticket) {
  const bool failed = fails(requests_++) && fault_.errnum != 0;
  if (!failed) log_.push_back({Operation::Kind::sync, 0, {}});
  done_.push_back({ticket, failed ? -fault_.errnum : 0});
}

std::optional<DiskQueue::Done> ScriptedQueue::next(bool wait) {
  if (!done_.empty()) {
    const Done done = done_.front();
    done_.pop_front();
    return done;
  }
  if (pending_.empty() || (!wait && random_() % 2 == 0)) return std::nullopt;
  const auto chosen = pending_.begin() + static_cast<std::ptrdiff_t>(random_() % pending_.size());
  const Pending write = *chosen;
  pending_.erase(chosen);
  return finish(write);
}

/// The memory is looked at only now, so that whoever changes it too early is found out.
DiskQueue::Done ScriptedQueue::finish(const Pending& write) {
  std::vector<std::byte> bytes;
  for (const iovec& piece : write.pieces) {
    const auto* begin = static_cast<const std::byte*>(piece.iov_base);
    bytes.insert(bytes.end(), begin, begin + piece.iov_len);
  }
  const bool failed = fails(write.number);
  const std::size_t half = bytes.size() / 2 / StagedFile::kBlock * StagedFile::kBlock;
  if (failed && fault_.errnum != 0) {
    bytes.resize(fault_.half ? half : 0);
    put(bytes, write.offset);
    return {write.ticket, -fault_.errnum};
  }
  if (failed && half > 0) bytes.resize(half);
  put(bytes, write.offset);
  return {write.ticket, static_cast<int>(bytes.size())};
}

void ScriptedQueue::put(const std::vector<std::byte>& bytes, std::uint64_t offset) {
  if (bytes.empty()) return;
  log_.push_back({Operation::Kind::write, offset, bytes});
  if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("the test's own folder cannot be written");
}

namespace {

/// Adds to the log what the sink does on the caller's thread, past the queue.
class LoggedSink final : public ByteSink {
 public:
  LoggedSink(std::unique_ptr<ByteSink> inner, std::filesystem::path path, ScriptedQueue::Log& log)
      : inner_(std::move(inner)), path_(std::move(path)), log_(log) {}

  Status append(ByteSpan bytes) override { return noted(inner_->append(bytes)); }
  Result<MutableByteSpan> room(std::size_t bytes) override { return inner_->room(bytes); }
  Status commit(std::size_t bytes) override { return inner_->commit(bytes); }
  Status push() override { return noted(inner_->push()); }
  Status start_sync() override { return inner_->start_sync(); }
  Result<bool> poll() override { return inner_->poll(); }
  std::uint64_t written() const override { return inner_->written(); }
  void pad_with(Filler filler) override { inner_->pad_with(filler); }
  Status reserve(std::uint64_t bytes) override { return inner_->reserve(bytes); }
  std::uint64_t size() const override { return inner_->size(); }

  Status write_at(std::uint64_t offset, ByteSpan bytes) override {
    GENLOCK_TRY(noted(inner_->write_at(offset, bytes)));
    const std::uint64_t end = std::min(offset + bytes.size(), inner_->written());
    if (offset < end) log_.push_back(write(offset, bytes.first(static_cast<std::size_t>(end - offset))));
    return {};
  }
  Status sync() override {
    GENLOCK_TRY(noted(inner_->sync()));
    log_.push_back({Operation::Kind::sync, 0, {}});
    return {};
  }
  Status truncate(std::uint64_t size) override {
    GENLOCK_TRY(noted(inner_->truncate(size)));
    log_.push_back({Operation::Kind::truncate, size, {}});
    return {};
  }

 private:
  static Operation write(std::uint64_t offset, ByteSpan bytes) {
    return {Operation::Kind::write, offset, {bytes.begin(), bytes.end()}};
  }

  /// Where the file ends by the log.
  std::uint64_t logged_end() const {
    std::uint64_t end = 0;
    for (const Operation& one : log_) {
      if (one.kind == Operation::Kind::write)
        end = std::max<std::uint64_t>(end, one.offset + one.bytes.size());
      if (one.kind == Operation::Kind::truncate) end = one.offset;
    }
    return end;
  }

  /// The end of a file that is not padded is written past the queue.
  Status noted(Status status) {
    const std::uint64_t from = logged_end(), to = inner_->written();
    if (to <= from) return status;
    std::vector<std::byte> bytes(static_cast<std::size_t>(to - from));
    GENLOCK_ASSIGN(const auto file, open_file(path_));
    GENLOCK_TRY(file->read_at(from, bytes));
    log_.push_back(write(from, bytes));
    return status;
  }

  std::unique_ptr<ByteSink> inner_;
  const std::filesystem::path path_;
  ScriptedQueue::Log& log_;
};

}  // namespace

std::unique_ptr<ByteSink> ScriptedFile::make_sink() {
  UniqueFd fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  auto queue = std::make_unique<ScriptedQueue>(fd.get(), fault_, seed_, log_, requests_);
  auto file = std::make_unique<StagedFile>(path_, std::move(fd), WriteMethod::uring, std::move(queue));
  return std::make_unique<LoggedSink>(std::move(file), path_, log_);
}

}  // namespace genlock::test
