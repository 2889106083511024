#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "recording/reader.h"
#include "recording/recording.h"
#include "recording/writer.h"

// Made-up recordings and whole ones in memory, for the tests of every part that records or plays back.

namespace genlock::test {

/// Every camera on at 30 fps, with as few pixels as there are: 720p MJPG and NFOV 2x2 binned.
CameraConfig small_config();

/// Pixels that differ between seeds and positions. MJPG "images" are not decodable: 1000 bytes and a few, by
/// seed.
Image synthetic_image(PixelFormat format, Size size, DeviceTime time, unsigned seed);

/// The images of one pulse: colour at `time`, depth and IR behind it by the configured delay. All metadata
/// are filled in.
Capture synthetic_capture(const CameraConfig& config, DeviceTime time, unsigned seed);

/// `count` samples, `period` apart, gyroscope 3 us behind the accelerometer.
std::vector<ImuSample> synthetic_imu(DeviceTime first, std::size_t count,
                                     DeviceDuration period = device_us(600));

/// A simulated unit with serial, firmware, calibration and host.
recording::RecordingInfo synthetic_info(const CameraConfig& config, bool imu);

/// A sink into memory that outlives the writer that owns the sink. Not for use while the writer's thread
/// runs.
class KeptSink final : public ByteSink {
 public:
  explicit KeptSink(std::shared_ptr<ByteSink> kept) : kept_(std::move(kept)) {}
  Status append(ByteSpan bytes) override { return kept_->append(bytes); }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return kept_->write_at(offset, bytes); }
  Status sync() override { return kept_->sync(); }
  Status truncate(std::uint64_t size) override { return kept_->truncate(size); }
  Status reserve(std::uint64_t bytes) override { return kept_->reserve(bytes); }
  std::uint64_t size() const override { return kept_->size(); }

 private:
  std::shared_ptr<ByteSink> kept_;
};

/// Options that give the same bytes every time.
recording::WriterOptions fixed_options();

struct TakeContent {
  std::vector<Capture> captures;
  std::vector<ImuSample> imu;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
};

/// `captures` captures at the config's frame rate from `start` on, with IMU samples around them, if wanted.
TakeContent synthetic_take(const CameraConfig& config, bool imu, std::size_t captures,
                           DeviceTime start = device_time_us(1'000'000));

/// Writes `content` in the order a recorder would and closes. The first error; the writing goes on after one.
Status record_into(std::unique_ptr<ByteSink> sink, const recording::RecordingInfo& info,
                   const TakeContent& content, recording::WriterOptions options = fixed_options());

/// The file that recording `content` gives.
Result<std::vector<std::byte>> record(const recording::RecordingInfo& info, const TakeContent& content,
                                      recording::WriterOptions options = fixed_options());

/// The same as a recorder leaves it that is killed after the last cluster: nothing is filled in at the end.
Result<std::vector<std::byte>> record_unfinished(const recording::RecordingInfo& info,
                                                 const TakeContent& content);

/// Makes a file of the stock recorder what it would be, had the recorder been killed before its first flush.
void unfinish_stock_file(std::vector<std::byte>& file);

/// A whole file.
Result<std::vector<std::byte>> load_file(const std::filesystem::path& file);

/// Everything a reader finds in a file.
struct Playback {
  recording::RecordingInfo info;
  std::vector<Capture> captures;
  std::vector<ImuSample> imu;
  recording::Survey survey;
};
Result<Playback> play(std::unique_ptr<ByteSource> source);
Result<Playback> play(std::vector<std::byte> file);
Result<Playback> play(const std::filesystem::path& file);

/// Whether two images have the same format, size, pixels and times, and the same metadata.
bool same_image(const Image& a, const Image& b);
bool same_image(const std::optional<Image>& a, const std::optional<Image>& b);
bool same_capture(const Capture& a, const Capture& b);
bool same_sample(const ImuSample& a, const ImuSample& b);

/// A file of tests/data.
std::filesystem::path data_file(const std::filesystem::path& name);

}  // namespace genlock::test
