#pragma once

#include <functional>
#include <memory>

#include "recording/reader.h"
#include "recording/writer.h"
#include "take/trim.h"

namespace genlock::take {

/// What of one recording is kept.
struct UnitCut {
  /// The pulse of a frame that is kept, by its stamp; nothing for one that is not.
  std::function<std::optional<std::int64_t>(std::size_t track, DeviceTime stamp)> pulse;
  std::array<std::uint64_t, kImageTracks> frames{};  ///< how many these are
  DeviceTime from, until;                            ///< of all other data; `until` is excluded
};

/// Copies what is kept of one recording into a new file.
class UnitTrimmer {
 public:
  /// Told after each capture how many bytes of images it had; false stops.
  using Progress = std::function<bool(std::uint64_t bytes)>;

  /// `reader` and `cut` outlive this.
  UnitTrimmer(recording::Reader& reader, const UnitCut& cut, Progress progress)
      : reader_(reader), cut_(cut), progress_(std::move(progress)) {}

  /// Errc::corrupt where frames that the index lists are not in the recording.
  Result<TrimmedUnit> write(const std::filesystem::path& file);

 private:
  /// A custom track on its way.
  struct DataTrack {
    std::string name;
    std::optional<recording::DataBlock> next;
  };

  Result<recording::RecordingInfo> new_info();
  Status begin(const std::filesystem::path& file);
  Status copy_captures();
  Status copy(Capture capture);
  bool keep(std::size_t track, std::optional<Image>& image);
  Status copy_others(DeviceTime before);
  Status copy_imu(DeviceTime before);
  Status copy_data(DataTrack& track, DeviceTime before);
  Status copy_records(DeviceTime before);
  Status wait_for_room(std::size_t bytes);
  Status check_counts() const;

  recording::Reader& reader_;
  const UnitCut& cut_;
  const Progress progress_;

  std::unique_ptr<recording::Writer> writer_;
  TrimmedUnit done_;
  std::array<DeviceTime, kImageTracks> last_kept_{};
  std::vector<HostPair> pairs_;  ///< in order of time, as jacks
  std::vector<JackObservation> jacks_;
  std::size_t next_pair_ = 0, next_jacks_ = 0;
  std::optional<ImuSample> next_imu_;
  std::vector<DataTrack> data_;
  DeviceTime copied_upto_;  ///< of all but images
};

}  // namespace genlock::take
