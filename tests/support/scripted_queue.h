#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "base/disk_queue.h"
#include "base/staged_file.h"
#include "support/faulty_disk.h"
#include "support/temporary_folder.h"

// The sink of real files above a kernel that follows a script: requests finish late and out of order, one of
// them fails or stops short, and everything that reaches the disk is remembered.

namespace genlock::test {

/// What becomes of one request, and of those after it.
struct RequestFault {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t request = kNever;  ///< number of the failing one, from 0, writes and syncs together
  int errnum = 0;                  ///< it fails so; 0: it stops half way, which is no failure
  bool half = false;               ///< half of a failing write's bytes reach the disk
  bool lasts = false;              ///< all later requests fail so too
};

class ScriptedQueue final : public DiskQueue {
 public:
  using Log = std::vector<LoggedDisk::Operation>;

  /// `log` and `requests`, which counts, must outlive it.
  ScriptedQueue(int fd, const RequestFault& fault, unsigned seed, Log& log, std::uint64_t& requests)
      : fd_(fd), fault_(fault), random_(seed), log_(log), requests_(requests) {}

  void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) override;
  void sync(Ticket ticket) override;
  std::optional<Done> next(bool wait) override;

 private:
  struct Pending {
    Ticket ticket = 0;
    std::vector<iovec> pieces;
    std::uint64_t offset = 0;
    std::uint64_t number = 0;
  };
  bool fails(std::uint64_t number) const;
  Done finish(const Pending& write);
  void put(const std::vector<std::byte>& bytes, std::uint64_t offset);

  const int fd_;
  const RequestFault fault_;
  std::mt19937 random_;
  Log& log_;
  std::uint64_t& requests_;
  std::vector<Pending> pending_;
  std::deque<Done> done_;
};

/// A file in a folder of its own, written through a StagedFile above a ScriptedQueue, with everything that
/// happened to it. The file and its log outlive the sink.
class ScriptedFile {
 public:
  explicit ScriptedFile(const RequestFault& fault = {}, unsigned seed = 1) : fault_(fault), seed_(seed) {}

  /// To be called once.
  std::unique_ptr<ByteSink> make_sink();

  const std::filesystem::path& path() const { return path_; }
  const ScriptedQueue::Log& log() const { return log_; }
  std::uint64_t requests() const { return requests_; }

 private:
  const RequestFault fault_;
  const unsigned seed_;
  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_ / "take.mkv";
  ScriptedQueue::Log log_;
  std::uint64_t requests_ = 0;
};

}  // namespace genlock::test
