#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "recording/recording.h"

namespace genlock::recording {

struct WriterOptions {
  /// Data are held back this long (device time) so that late ones still find their place.
  DeviceDuration hold_back = device_us(250'000);
  /// Most bytes of frames waiting for the disk; beyond it they are refused with Errc::overflow.
  std::size_t max_queued_bytes = std::size_t{256} << 20;
  /// Shows in the thread's name and in messages: the file's name.
  std::string name = "recording";

  // For files that come out the same every time:
  std::optional<WallTime> date;           ///< of the file's info; now, if absent
  std::optional<std::uint64_t> uid_seed;  ///< of the tracks' and the attachment's random identifiers
  std::string writing_app;                ///< "genlock-<version>", if empty
};

struct WriterCounters {
  struct Track {
    std::uint64_t written = 0;  ///< images or samples accepted, less those that a failing disk lost since
    std::uint64_t refused = 0;  ///< not accepted: queue full, or too late for their place; or lost by a failing disk
  };
  Track color, depth, ir, imu;
  std::uint64_t bytes_on_disk = 0;
  std::size_t bytes_queued = 0;  ///< of images and samples
};

/// Writes one recording on a thread of its own, which the writer owns and close() or the destructor stops.
/// The calls may come from several threads and never wait for the disk. A failure of the thread is sticky:
/// every later write, and close, returns it. Whatever was written before it is finalised as far as the sink
/// allows.
class Writer {
 public:
  /// Writes the header at once, so that a failing sink is known before cameras start.
  static Result<std::unique_ptr<Writer>> create(std::unique_ptr<ByteSink> sink, const RecordingInfo& info,
                                                WriterOptions options);
  ~Writer();

  /// Each image goes to its track; one that is refused does not keep the others out, and the first error is
  /// returned. Errc::invalid: the track does not exist or the format is another. Errc::too_late: older than
  /// what is on disk.
  Status write(const Capture& capture);
  Status write(std::span<const ImuSample> samples);

  /// Taken whatever else waits for the disk, until 65536 of these do: Errc::overflow.
  Status write(const HostPair& pair);
  Status write(const JackObservation& jacks);

  /// Writes what is pending, makes the file complete, and stops the thread. Returns the first failure of the
  /// recording's whole life. Further calls return the same.
  Status close();

  WriterCounters counters() const;

 private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::recording
