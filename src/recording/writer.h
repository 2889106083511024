#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "recording/recording.h"

namespace genlock::recording {

/// Gives the file of each further part of a split recording; `part` counts from 2. Called on the writer's
/// thread.
using NextPart = std::function<Result<std::unique_ptr<ByteSink>>(std::uint32_t part)>;

/// When a recording goes on in another file.
struct SplitRule {
  /// A part ends before it would have more than this, at the next place where no capture is torn: with
  /// ordinary captures one or two clusters further, and then comes its index. 0: no limit.
  std::uint64_t bytes = 0;
  DeviceDuration duration{};  ///< of a part, ended likewise; 0: no limit
  NextPart next_part;         ///< must be given where there is a limit
  /// Told that a part got no frames, because the recording failed before; its sink is gone, and its file may
  /// go too. On the writer's thread; may be empty.
  std::function<void(std::uint32_t part)> drop_part{};

  bool on() const { return bytes > 0 || duration > DeviceDuration{}; }
};

struct WriterOptions {
  /// Data are held back this long (device time) so that late ones still find their place; less where they
  /// would fill more than three quarters of the queue.
  DeviceDuration hold_back = device_us(250'000);
  /// Most bytes of frames waiting for the disk, those held back included; beyond it they are refused with
  /// Errc::overflow. 0: what two seconds of the recording's cameras can fill (default_queue_bytes), and as
  /// much more as is held back longer than one second. A recording with clusters of more than 8 MB, which are
  /// put together in memory of that size twice over (staging_bytes), spends up to half of this on that.
  std::size_t max_queued_bytes = 0;
  /// A CRC-32 in every cluster.
  bool cluster_crc = true;
  /// Takes images of any size, as the C ABI must; else their bytes and pixels must be the mode's.
  bool any_image_size = false;
  SplitRule split;
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
    std::uint64_t refused =
        0;  ///< not accepted: queue full, or too late for their place; or lost by a failing disk
  };
  Track color, depth, ir, imu;
  std::vector<Track> custom;  ///< in the order of RecordingInfo::custom_tracks
  std::uint64_t bytes_on_disk = 0;
  std::size_t bytes_queued = 0;   ///< of images, samples and custom data
  std::uint32_t parts = 1;        ///< files so far
  std::string_view write_method;  ///< ByteSink::method_name() of the present file
};

/// Bytes that two seconds of the cameras and tracks of `info` fill at most: compressed colour is taken for 4
/// bits a pixel, half more than what units send of it.
std::size_t default_queue_bytes(const RecordingInfo& info);

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

  /// Data of a custom track, which the file stores as they are. Errc::invalid: no such track.
  Status write(std::string_view custom_track, DeviceTime time, Buffer data);

  /// Writes what is pending, brings it to the disk, and makes the file complete as it stands; waits for that.
  /// Recording can go on. Data not later than the newest flushed are refused from now on.
  Status flush();

  /// Waits until `bytes` more would be taken: for whoever makes data faster than a disk can be and must lose
  /// none. False at the deadline, or at once where they are more than the queue can hold; true too when the
  /// recording has failed, so that the next write can say so.
  /// Never call it from a thread that reads a camera.
  bool wait_for_room(std::size_t bytes, HostTime deadline);

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
