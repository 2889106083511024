#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"

// Disks in memory that break, and that forget what was not synced.

namespace genlock::test {

/// What goes wrong with a disk, and when.
struct DiskFault {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  /// How long it lasts: that call alone; every call from it on; or only calls that need more room, as on a
  /// disk that is full.
  enum class Lasts : std::uint8_t { once, for_good, while_growing };
  /// What of the failing call's bytes reaches the disk all the same; of overwritten ones, whole sectors.
  enum class Share : std::uint8_t { nothing, half, all };

  std::uint64_t call = kNever;  ///< number of the failing call, from 0, of those below
  Errc code = Errc::io;
  Lasts lasts = Lasts::once;
  Share share = Share::nothing;

  std::string describe() const;
};

/// A disk that fails at one call of append, write_at, sync, truncate or reserve. To be looked at when the
/// writer is closed, or from the writer's thread.
class FaultyDisk final : public ByteSink {
 public:
  explicit FaultyDisk(DiskFault fault) : fault_(fault) {}

  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override;
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t bytes) override;
  std::uint64_t size() const override { return memory_.size(); }

  const std::vector<std::byte>& bytes() const { return memory_.bytes(); }
  std::uint64_t calls() const { return calls_; }
  const std::string& failed_call() const { return failed_call_; }  ///< its name; empty where none failed

 private:
  /// Whether this call fails.
  bool fails(const char* name, bool grows);
  std::size_t share_of(std::size_t bytes) const;
  Error error() const { return Error(fault_.code, "injected fault"); }

  const DiskFault fault_;
  MemorySink memory_;
  std::uint64_t calls_ = 0;
  std::string failed_call_;
};

/// A full disk with neighbours: it gives space up to a limit, and what is given back is gone.
class CrowdedDisk final : public ByteSink {
 public:
  explicit CrowdedDisk(std::uint64_t bytes) : free_to_(bytes) {}

  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return memory_.write_at(offset, bytes); }
  Status sync() override { return {}; }
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t bytes) override;
  std::uint64_t size() const override { return memory_.size(); }

  const std::vector<std::byte>& bytes() const { return memory_.bytes(); }

 private:
  MemorySink memory_;
  std::uint64_t free_to_;       ///< the farthest end that the file can have
  std::uint64_t reserved_ = 0;  ///< the neighbours have all that lies behind
};

/// A disk that remembers everything that was done to it, in order.
class LoggedDisk final : public ByteSink {
 public:
  struct Operation {
    enum class Kind : std::uint8_t { write, truncate, sync } kind = Kind::write;
    std::uint64_t offset = 0;  ///< of a write; the size of a truncate
    std::vector<std::byte> bytes;
  };

  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override;
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return memory_.size(); }

  const std::vector<std::byte>& bytes() const { return memory_.bytes(); }
  const std::vector<Operation>& log() const { return log_; }

 private:
  MemorySink memory_;
  std::vector<Operation> log_;
};

/// A file as a power cut may leave it.
struct PowerCut {
  std::vector<std::byte> file;
  const std::vector<std::byte>* durable =
      nullptr;            ///< the file at the last sync before; valid during the call
  std::size_t syncs = 0;  ///< how many were done before
  std::string story;
};

/// Calls `use` for the files that power cuts may leave: what was written up to a sync, and of the writes
/// since then any subset, in any order; where they are many, all single omissions and a choice of others by
/// `random`. Of one of them only some sectors of 512 bytes may be there. What was never written of a file is
/// zeros, and its size any that the writes gave it. Number of files.
std::size_t for_each_power_cut(const std::vector<LoggedDisk::Operation>& log, std::mt19937& random,
                               const std::function<void(const PowerCut&)>& use);

}  // namespace genlock::test
