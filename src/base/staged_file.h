#pragma once

#include <array>
#include <deque>
#include <filesystem>

#include "base/disk_queue.h"
#include "base/file.h"
#include "base/preallocation.h"
#include "base/staging_memory.h"
#include "base/unique_fd.h"

namespace genlock {

/// A file whose bytes are put together in aligned memory and written from there in large pieces. The memory
/// holds a stretch of the file without gaps: what was committed but not sent, and before it what is under
/// way. Blocks at the end that are not full are written padded, or exactly, and once more when more has come.
class StagedFile final : public FileSink {
 public:
  /// `fd` is open for reading and writing, at size 0; O_DIRECT is set unless the method is buffered.
  StagedFile(std::filesystem::path path, UniqueFd fd, WriteMethod method, std::unique_ptr<DiskQueue> queue);
  ~StagedFile() override;

  Status append(ByteSpan bytes) override;
  Result<MutableByteSpan> room(std::size_t bytes) override;
  Status commit(std::size_t bytes) override;
  Status push() override;
  Status start_sync() override;
  Result<bool> poll() override;
  std::uint64_t written() const override { return written_; }
  void pad_with(Filler filler) override { filler_ = filler; }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override;
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t bytes) override;
  std::uint64_t size() const override { return size_; }
  WriteMethod method() const override { return method_; }
  std::string_view method_name() const override { return to_string(method_); }

  /// What O_DIRECT asks of offsets, sizes and memory, at most; file systems that want more are not written
  /// directly.
  static constexpr std::size_t kBlock = 4096;

 private:
  /// A write under way, or done and not yet counted because one before it is not.
  struct Write {
    std::uint64_t offset = 0;
    std::uint64_t end = 0;  ///< of the file's bytes in it; padding follows
    std::array<iovec, 2> pieces{};
    std::size_t bytes = 0;  ///< of all pieces
    bool padded = false;
    bool refused = false;  ///< by a file system that cannot do O_DIRECT; tried again without
    bool done = false;
    bool failed = false;
  };

  bool direct() const { return method_ != WriteMethod::buffered; }
  std::uint64_t block_start(std::uint64_t offset) const {
    return direct() ? offset / kBlock * kBlock : offset;
  }
  /// The first two blocks of the memory are for the end of a padded write.
  MutableByteSpan tail_memory() const { return memory_.bytes().first(2 * kBlock); }
  MutableByteSpan stretch() const { return memory_.bytes().subspan(2 * kBlock); }
  std::byte* memory_at(std::uint64_t offset) { return stretch().data() + (offset - base_); }
  std::size_t held() const { return static_cast<std::size_t>(size_ - base_); }
  Error error(int errnum, std::string_view doing) const;
  Status check();

  // Placing what comes.
  Status make_memory(std::size_t bytes);
  Status move_unsent_to(MutableByteSpan memory);
  Status wait_for_memory(MutableByteSpan part);
  bool in_use(MutableByteSpan part) const;

  // Writing.
  Status send_whole_blocks();
  Status send_padded();
  Status write_tail();
  void start(Write write);
  Status write_plainly(std::uint64_t offset, ByteSpan bytes);

  // Finishing.
  Status load_last_block();
  Status wait_for_one();
  void take_one();
  Status drain();
  void take(const DiskQueue::Done& done);
  void take_write(std::size_t index, int result);
  void restart(std::size_t index);
  bool try_again(Write& write, int result);
  void go_buffered();
  static void advance(Write& write, std::size_t bytes);
  void count_written();
  void sync_when_possible();
  void fail(int errnum, std::string_view doing);
  bool anything_under_way() const { return active_ > 0 || sync_active_; }

  const std::filesystem::path path_;
  const UniqueFd fd_;
  WriteMethod method_;
  std::unique_ptr<DiskQueue> queue_;
  bool queue_is_direct_ = direct();  ///< made for a direct file
  Filler filler_ = nullptr;
  Preallocation space_;

  StagingMemory memory_;
  std::uint64_t base_ = 0;       ///< offset of the stretch's first byte, at a block
  std::uint64_t size_ = 0;       ///< of all that was committed
  std::uint64_t sent_ = 0;       ///< up to here, whole blocks were sent
  std::uint64_t pushed_ = 0;     ///< up to here, bytes were sent, with padding behind them if need be
  std::uint64_t written_ = 0;    ///< up to here, all writes are done
  std::uint64_t padded_to_ = 0;  ///< end of the farthest padding

  std::deque<Write> writes_;  ///< in order of offset; tickets count from first_
  DiskQueue::Ticket first_ = 0;
  std::size_t active_ = 0;  ///< writes not done
  bool sync_active_ = false;
  std::optional<DiskQueue::Ticket> sync_wanted_;  ///< once all writes before this one are done
  std::optional<Error> failure_;
};

}  // namespace genlock
