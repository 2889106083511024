#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"

namespace genlock {

/// Makes bytes, 2 or more, that mean nothing in the format of a file.
using Filler = void (*)(MutableByteSpan);

/// Memory that a sink of files takes for pieces of at most `largest` bytes: twice that, so that one is put
/// together while the one before is being written, and kLeastStaging at least.
std::size_t staging_bytes(std::size_t largest);
inline constexpr std::size_t kLeastStaging = std::size_t{16} << 20;

/// Where a recording's bytes go. One thread at a time.
///
/// append() writes at once. Whoever must not wait puts the bytes together in memory of the sink instead:
/// room(), commit(), push(). Their failures may come late: any later call returns them, when nothing is under
/// way any more, and from then on every call but truncate() does. The base class does the same by append(),
/// at once.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// Adds `bytes` at the end: all of them, or an error and an unknown part of them.
  virtual Status append(ByteSpan bytes) = 0;

  /// Memory in which the next `bytes` of the file can be put together. Valid until the next call.
  virtual Result<MutableByteSpan> room(std::size_t bytes);

  /// Adds the first `bytes` of room() at the end. They may stay in memory until push() or sync().
  virtual Status commit(std::size_t bytes);

  /// Sends off everything committed. Does not wait for it where the system can do without.
  virtual Status push() { return {}; }

  /// Starts to make durable what was pushed until now, without waiting where the system can.
  virtual Status start_sync() { return sync(); }

  /// Takes note of what has finished: whether something is still under way.
  virtual Result<bool> poll() { return false; }

  /// Bytes from the start that are known to be in the file; once a failure was returned, what can be built
  /// on.
  virtual std::uint64_t written() const { return size(); }

  /// Lets the sink end the file with such bytes, behind size(), where writes need whole blocks; the next
  /// bytes take their place, and truncate(size()) takes them away. Without it the file always ends at its
  /// size.
  virtual void pad_with(Filler) {}

  /// Overwrites bytes that exist already.
  virtual Status write_at(std::uint64_t offset, ByteSpan bytes) = 0;

  /// Returns once everything written survives a power cut.
  virtual Status sync() = 0;

  /// Ends the file at `size`, which is at most its present size (after a failure, written()), and gives back
  /// whatever was reserved behind it. Ends the failure too.
  virtual Status truncate(std::uint64_t size) = 0;

  /// Makes sure that `bytes` more can be appended, as far as the file system can promise it; Errc::no_space
  /// if they can't. The file's size does not change.
  virtual Status reserve(std::uint64_t bytes) = 0;

  /// Of all that was appended and committed.
  virtual std::uint64_t size() const = 0;

  /// How the bytes reach the disk, for people; known once something was appended. Empty where there is no
  /// disk.
  virtual std::string_view method_name() const { return ""; }

 private:
  std::vector<std::byte> room_;
};

/// Where they are read from. Safe to read from several threads.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Reads up to out.size() bytes, at least one before the end; files and memory give fewer only at the end.
  virtual Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const = 0;

  virtual std::uint64_t size() const = 0;
};

/// Fills `out` from `source`; false if that ends before.
Result<bool> read_whole(const ByteSource& source, std::uint64_t offset, MutableByteSpan out);

enum class IfExists { refuse, replace };

/// Makes a file, written by the best method there is (base/file.h). The directory must exist. Errors name the
/// path. The sink's destructor gives back what was reserved and padded.
Result<std::unique_ptr<ByteSink>> create_file(const std::filesystem::path& path, IfExists if_exists);
/// A file that exists, to be changed in place: appended to at its end.
Result<std::unique_ptr<ByteSink>> update_file(const std::filesystem::path& path);
Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& path);

/// A sink that keeps everything in memory; copies of it made with bytes() are snapshots.
class MemorySink final : public ByteSink {
 public:
  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override { return {}; }
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return bytes_.size(); }

  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads from memory that it owns.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override;
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  std::vector<std::byte> bytes_;
};

/// Passes everything on until told to fail, like a disk that fills or breaks.
class FaultySink final : public ByteSink {
 public:
  struct Faults {
    std::optional<std::uint64_t>
        capacity;  ///< bytes after which append says no_space, having written what fits
    std::optional<std::uint64_t> fail_call;  ///< number (from 0) of the call that fails with io
  };

  FaultySink(ByteSink& inner, Faults faults) : inner_(inner), faults_(faults) {}

  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override;
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t bytes) override;
  std::uint64_t size() const override { return inner_.size(); }

  /// Calls made so far.
  std::uint64_t calls() const { return calls_; }

 private:
  Status count_call();

  ByteSink& inner_;
  const Faults faults_;
  std::uint64_t calls_ = 0;
};

}  // namespace genlock
