#include "take/unit_trimmer.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/clock.h"
#include "recording/format.h"

namespace genlock::take {
namespace {

using recording::CustomTrack;
using recording::DataBlock;
using recording::RecordingInfo;
using recording::Writer;

/// Images and other data are written in turns of this much device time, so that none comes too late for its
/// place: a fraction of what the writer holds back.
constexpr DeviceDuration kTurn = device_us(50'000);

constexpr std::size_t kImuBatch = 256;

/// Between looks at whether the work is to stop, while the disk takes nothing.
constexpr HostDuration kPatience = std::chrono::seconds(1);

/// Those within the span, and the one before it, which still holds at its beginning.
template <class Record>
std::vector<Record> within(std::vector<Record> records, DeviceTime from, DeviceTime until) {
  std::ranges::stable_sort(records, {}, &Record::device);
  const auto begin = std::ranges::lower_bound(records, from, {}, &Record::device);
  const auto end = std::ranges::lower_bound(records, until, {}, &Record::device);
  return {begin == records.begin() ? begin : std::prev(begin), end};
}

std::size_t bytes_of(const Capture& capture) {
  std::size_t bytes = 0;
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) bytes += (*image)->data.size();
  return bytes;
}

Error stopped() {
  return Error(Errc::state, "stopped");
}

}  // namespace

/// What the source says of itself, as a writer takes it.
Result<RecordingInfo> UnitTrimmer::new_info() {
  RecordingInfo info = reader_.info();
  const std::string calibration =
      reader_.tag(recording::kTagCalibration).value_or(std::string(recording::kCalibrationFile));
  for (const std::string& name : reader_.attachment_names()) {
    if (name == calibration) continue;
    GENLOCK_ASSIGN(std::optional<Buffer> data, reader_.attachment(name));
    if (data) info.attachments.push_back({name, *std::move(data)});
  }
  std::erase_if(info.tags, [&](const auto& tag) {
    if (recording::is_tag_name(tag.first)) return false;
    done_.notes.push_back(
        fmt::format("the tag \"{}\" is left out: its name is not one of A-Z 0-9 - _ .", tag.first));
    return true;
  });
  return info;
}

Status UnitTrimmer::begin(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const recording::Survey survey, reader_.survey());
  pairs_ = within(survey.host_pairs, cut_.from, cut_.until);
  jacks_ = within(survey.jacks, cut_.from, cut_.until);
  GENLOCK_ASSIGN(const RecordingInfo info, new_info());
  for (const CustomTrack& track : info.custom_tracks) data_.push_back({track.name, {}});
  GENLOCK_ASSIGN(auto sink, create_file(file, IfExists::refuse));
  GENLOCK_ASSIGN(writer_, Writer::create(std::move(sink), info, {.name = file.filename().string()}));
  done_.file = file;
  reader_.seek(cut_.from);
  copied_upto_ = cut_.from;
  return {};
}

Status UnitTrimmer::wait_for_room(std::size_t bytes) {
  while (true) {
    const HostTime deadline = system_clock().now() + kPatience;
    if (writer_->wait_for_room(bytes, deadline)) return {};
    if (!progress_(0)) return stopped();
    if (system_clock().now() < deadline) return {};  // more than it can ever take: the write says so
  }
}

Status UnitTrimmer::copy_imu(DeviceTime before) {
  if (!reader_.info().imu_track) return {};
  std::vector<ImuSample> batch;
  for (bool more = true; more;) {
    if (!next_imu_) {
      GENLOCK_ASSIGN(next_imu_, reader_.next_imu_sample());
    }
    more = next_imu_ && next_imu_->accel_time < before;
    if (more) batch.push_back(*std::exchange(next_imu_, std::nullopt));
    if (batch.empty() || (more && batch.size() < kImuBatch)) continue;
    GENLOCK_TRY(wait_for_room(batch.size() * recording::kImuSampleBytes));
    GENLOCK_TRY(writer_->write(batch));
    done_.imu_samples += batch.size();
    batch.clear();
  }
  return {};
}

Status UnitTrimmer::copy_data(DataTrack& track, DeviceTime before) {
  while (true) {
    if (!track.next) {
      GENLOCK_ASSIGN(track.next, reader_.next_data(track.name));
    }
    if (!track.next || track.next->device_time >= before) return {};
    GENLOCK_TRY(wait_for_room(track.next->data.size()));
    const DataBlock block = *std::exchange(track.next, std::nullopt);
    GENLOCK_TRY(writer_->write(track.name, block.device_time, block.data));
  }
}

Status UnitTrimmer::copy_records(DeviceTime before) {
  for (; next_pair_ < pairs_.size() && pairs_[next_pair_].device < before; ++next_pair_)
    GENLOCK_TRY(writer_->write(pairs_[next_pair_]));
  for (; next_jacks_ < jacks_.size() && jacks_[next_jacks_].device < before; ++next_jacks_)
    GENLOCK_TRY(writer_->write(jacks_[next_jacks_]));
  return {};
}

Status UnitTrimmer::copy_others(DeviceTime before) {
  before = std::min(before, cut_.until);
  while (copied_upto_ < before) {
    copied_upto_ = std::min(before, copied_upto_ + kTurn);
    GENLOCK_TRY(copy_imu(copied_upto_));
    for (DataTrack& track : data_) GENLOCK_TRY(copy_data(track, copied_upto_));
    GENLOCK_TRY(copy_records(copied_upto_));
  }
  return {};
}

/// Whether the image is kept, and which pulse it has then.
bool UnitTrimmer::keep(std::size_t track, std::optional<Image>& image) {
  if (!image) return false;
  const std::optional<std::int64_t> pulse = cut_.pulse(track, image->device_time);
  const bool again = done_.frames[track] > 0 && image->device_time == last_kept_[track];
  if (!pulse || again) {
    image.reset();
    return false;
  }
  image->pulse = pulse;
  last_kept_[track] = image->device_time;
  ++done_.frames[track];
  return true;
}

Status UnitTrimmer::copy(Capture capture) {
  const auto images = images_of(capture);
  bool any = false;
  for (std::size_t t = 0; t < kImageTracks; ++t) any = keep(t, *images[t]) || any;
  if (!any) return {};
  GENLOCK_TRY(copy_others(earliest_time(capture)));
  const std::size_t bytes = bytes_of(capture);
  GENLOCK_TRY(wait_for_room(bytes));
  GENLOCK_TRY(writer_->write(capture));
  return progress_(bytes) ? Status() : Status(stopped());
}

Status UnitTrimmer::copy_captures() {
  // A capture may begin a delay, at most a period, before its first kept image.
  const DeviceTime end = cut_.until + period_us(reader_.info().config.rate);
  while (done_.frames != cut_.frames) {
    GENLOCK_ASSIGN(std::optional<Capture> capture, reader_.next_capture());
    if (!capture || earliest_time(*capture) >= end) break;
    GENLOCK_TRY(copy(*std::move(capture)));
  }
  return copy_others(cut_.until);
}

Status UnitTrimmer::check_counts() const {
  for (std::size_t t = 0; t < kImageTracks; ++t)
    if (done_.frames[t] != cut_.frames[t])
      return Error(Errc::corrupt,
                   fmt::format("{} of {} frames of {} could be read; `genlock check` says more",
                               done_.frames[t], cut_.frames[t], track_name(t)));
  return {};
}

Result<TrimmedUnit> UnitTrimmer::write(const std::filesystem::path& file) {
  GENLOCK_TRY(begin(file));
  GENLOCK_TRY(copy_captures());
  GENLOCK_TRY(check_counts());
  GENLOCK_TRY(writer_->close());
  return std::move(done_);
}

}  // namespace genlock::take
