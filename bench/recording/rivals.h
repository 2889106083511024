#pragma once

#include <sys/resource.h>

#include <filesystem>

#include "recording/load.h"
#include "recording/measure.h"
#include "recording/writer.h"

// The ways of writing that are set beside each other. Each makes `file` and leaves it.

namespace genlock::bench {

/// Times calls, in seconds.
class CallTimer {
 public:
  template <class Call>
  Status time(Call call) {
    const HostTime before = system_clock().now();
    Status status = call();
    seconds_.push_back(std::chrono::duration<double>(system_clock().now() - before).count());
    return status;
  }
  std::vector<double> take() { return std::move(seconds_); }

 private:
  std::vector<double> seconds_;
};

/// A call of the thread that feeds a recorder, and what the kernel counted for that thread meanwhile.
struct PacedCall {
  double seconds = 0;
  double preempted = 0;    ///< times the processor was taken away
  double waited = 0;       ///< times the call gave it up: a lock, the disk
  double page_faults = 0;  ///< pages of memory that had to be made
};

/// Times calls with their causes. Values of a Work, four for each call.
class PacedCalls {
 public:
  template <class Call>
  Status time(Call call) {
    const rusage before = thread_usage();
    const HostTime start = system_clock().now();
    Status status = call();
    const double seconds = std::chrono::duration<double>(system_clock().now() - start).count();
    note(seconds, before, thread_usage());
    return status;
  }
  std::vector<double> take() { return std::move(values_); }
  static std::vector<PacedCall> from(const std::vector<double>& values);

 private:
  static rusage thread_usage();
  void note(double seconds, const rusage& before, const rusage& after);

  std::vector<double> values_;
};

/// Bytes of zeros by O_DIRECT and io_uring, 4 MiB at a time, four under way, space taken ahead as our files
/// do: the limit of this folder. Time includes making it durable.
Result<Work> write_raw(const std::filesystem::path& file, std::uint64_t bytes);

/// Captures as fast as they are accepted, none lost.
Result<Work> write_ours(const std::filesystem::path& file, const Load& load, std::size_t captures,
                        const recording::WriterOptions& options);
/// The same with every capture in memory of its own, so that what waits for the disk shows in the process's
/// memory.
Result<Work> write_ours_fresh(const std::filesystem::path& file, const Load& load, std::size_t captures);
/// Through the C ABI of our library.
Result<Work> write_c_abi(const std::filesystem::path& file, const Load& load, std::size_t captures);
Result<Work> write_stock(const std::filesystem::path& file, const Load& load, std::size_t captures);

/// Captures at 30 fps in real time, each just written into memory of its own, as from a camera. Values are
/// those of PacedCalls, for each call with a capture.
Result<Work> pace_ours(const std::filesystem::path& file, const Load& load, std::size_t captures);
/// Through the C ABI of our library.
Result<Work> pace_c_abi(const std::filesystem::path& file, const Load& load, std::size_t captures);
Result<Work> pace_stock(const std::filesystem::path& file, const Load& load, std::size_t captures);
/// No recording: what memcpy takes for the pixels, into memory that has been used before.
Result<Work> pace_memcpy(const Load& load, std::size_t captures);

/// The same as pace_ours on a disk that is slower than the camera. The value is the number of depth images
/// refused.
Result<Work> pace_ours_slowly(const std::filesystem::path& file, const Load& load, std::size_t captures,
                              double bytes_per_second);

}  // namespace genlock::bench
