#include "session/recording_job.h"

#include <fmt/core.h>

namespace genlock::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxHeldImu =
    16384;  // about ten seconds: captures that stall longer have failed already
constexpr std::size_t kMaxGaps = 100;

bool only_counted(const Error& error) {
  return error.code() == Errc::overflow || error.code() == Errc::too_late;
}

Status unless_counted(Status status) {
  if (!status && only_counted(status.error())) return {};
  return status;
}

const std::optional<Image>& depth_image(const Capture& capture) {
  return capture.ir ? capture.ir : capture.depth;
}

/// Stamps that go back mean that the unit's counter was reset: nothing later would fit into the file.
Status check_stamp(StreamKind stream, const GapCounter& counter, const std::optional<Image>& image) {
  if (!image || !counter.last() || image->device_time > *counter.last()) return {};
  return Error(Errc::corrupt,
               fmt::format("{} stamps went back from {} to {} us: the unit's clock was reset (unit or master "
                           "restarted?); start all units again and record anew",
                           to_string(stream), count_us(*counter.last()), count_us(image->device_time)));
}

/// A frame may reach the host late, never early: stamps further ahead of it than of any frame before have
/// jumped. Frames take up to 156 ms (facts device.md 2.8), a clock that is off by 50 ppm gains 0.2 s an hour.
constexpr HostDuration kJump = 1s;

}  // namespace

RecordingJob::RecordingJob(const Record& request, const Configure& config, OutputFile file,
                           std::shared_ptr<PartList> parts, std::unique_ptr<recording::Writer> writer)
    : config_(config),
      by_pulses_(request.by_pulses),
      span_(request, config.camera),
      file_(std::move(file)),
      parts_(std::move(parts)),
      writer_(std::move(writer)),
      color_(config.camera.rate),
      depth_(config.camera.rate) {}

Result<std::unique_ptr<RecordingJob>> RecordingJob::create(const Record& request, const Configure& config,
                                                           const device::Device& unit,
                                                           std::size_t max_queued_bytes) {
  GENLOCK_TRY(PartList::check(request));
  GENLOCK_ASSIGN(OutputFile file, OutputFile::create(request.file, request.overwrite));
  const device::DeviceIdentity& id = unit.identity();
  recording::RecordingInfo info = recording::info_from_unit(config.camera, config.imu, id.serial, id.version,
                                                            id.raw_calibration, id.simulated, id.host);
  for (const Tag& tag : request.tags) info.tags[tag.name] = tag.value;
  auto parts = std::make_shared<PartList>(request);
  recording::WriterOptions options{.max_queued_bytes = max_queued_bytes,
                                   .cluster_crc = request.cluster_crc,
                                   .split = split_rule(request, parts),
                                   .name = request.file.filename().string()};
  GENLOCK_ASSIGN(auto writer, recording::Writer::create(file.take_sink(), info, std::move(options)));
  return std::unique_ptr<RecordingJob>(
      new RecordingJob(request, config, std::move(file), std::move(parts), std::move(writer)));
}

Result<RecordingJob::Outcome> RecordingJob::accept(const Capture& capture, std::int64_t pulse,
                                                   const PulseOrder& order) {
  if (capture.empty()) return Outcome::not_yet;
  GENLOCK_TRY(check_clock(capture));
  const bool first = !started();
  if (order.first) span_.set_pulses(*order.first, order.last);
  switch (span_.place(schedule_time(capture, config_.camera.depth_delay_off_color), pulse + order.shift)) {
    case RecordingSpan::Place::before:
      return Outcome::not_yet;
    case RecordingSpan::Place::after:
      return Outcome::complete;
    case RecordingSpan::Place::inside:
      break;
  }
  if (first) GENLOCK_TRY(file_.keep());
  started_ = true;
  count(capture);
  GENLOCK_TRY(
      release_imu(earliest_time(capture)));  // after a gap in the captures they are much older than this one
  GENLOCK_TRY(by_pulses_ ? write_numbered(capture, pulse + order.shift)
                         : unless_counted(writer_->write(capture)));
  GENLOCK_TRY(release_imu(DeviceTime::max()));
  return Outcome::recorded;
}

Status RecordingJob::write_numbered(Capture capture, std::int64_t pulse) {
  for (std::optional<Image>* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) (*image)->pulse = pulse;
  const Status written = writer_->write(capture);
  if (written) tell(capture);
  return unless_counted(written);
}

void RecordingJob::tell(const Capture& capture) {
  const auto add = [&](StreamKind stream, const std::optional<Image>& image) {
    if (image)
      frames_.push_back(
          {stream, image->device_time, image->host_time, image->exposure, image->pulse.value_or(0)});
  };
  add(StreamKind::color, capture.color);
  add(StreamKind::depth, depth_image(capture));
}

Status RecordingJob::accept_imu(std::span<const ImuSample> samples) {
  held_imu_.insert(held_imu_.end(), samples.begin(), samples.end());
  for (; held_imu_.size() > kMaxHeldImu; held_imu_.pop_front())
    if (started()) ++lost_imu_;
  return release_imu(DeviceTime::max());
}

Status RecordingJob::release_imu(DeviceTime before) {
  std::vector<ImuSample> ready;
  while (!held_imu_.empty() && held_imu_.front().accel_time < before &&
         !span_.imu_after(held_imu_.front().accel_time)) {
    if (span_.imu_inside(held_imu_.front().accel_time)) {
      ready.push_back(held_imu_.front());
      imu_.add(ready.back().accel_time, *span_.first());
    }
    held_imu_.pop_front();
  }
  imu_passed_end_ = started() && !held_imu_.empty();
  return ready.empty() ? Status{} : unless_counted(writer_->write(ready));
}

Status RecordingJob::check_clock(const Capture& capture) {
  GENLOCK_TRY(check_stamp(StreamKind::color, color_, capture.color));
  GENLOCK_TRY(check_stamp(StreamKind::depth, depth_, depth_image(capture)));
  GENLOCK_TRY(check_jump(capture.color, least_color_offset_));
  return check_jump(depth_image(capture), least_depth_offset_);
}

Status RecordingJob::check_jump(const std::optional<Image>& image, std::optional<HostDuration>& least) {
  if (!image || !image->host_time) return {};
  const HostDuration offset =
      image->host_time->time_since_epoch() - std::chrono::microseconds(count_us(image->device_time));
  const HostDuration ahead = least.value_or(offset) - offset;
  least = std::min(least.value_or(offset), offset);
  if (ahead < kJump) return {};
  return Error(Errc::corrupt,
               fmt::format("stamps jumped ahead by {:.1f} s: the unit's clock is wrong from {} us "
                           "on; start all units again and record anew",
                           std::chrono::duration<double>(ahead).count(), count_us(image->device_time)));
}

void RecordingJob::count(const Capture& capture) {
  if (capture.color) count_frame(StreamKind::color, color_, capture.color->device_time);
  if (depth_image(capture)) count_frame(StreamKind::depth, depth_, depth_image(capture)->device_time);
}

void RecordingJob::count_frame(StreamKind stream, GapCounter& counter, DeviceTime stamp) {
  const std::optional<DeviceTime> before = counter.last();
  const std::uint64_t missing = counter.add(stamp);
  if (missing > 0 && gaps_.size() < kMaxGaps) gaps_.push_back({stream, *before, missing});
}

bool RecordingJob::observe_jacks(const JackObservation& jacks) {
  return writer_->write(jacks).has_value();
}

Status RecordingJob::note_host(const HostPair& pair) {
  return unless_counted(writer_->write(pair));
}

/// Frames that a camera lacks at the end, where the other one went on or the recording did.
std::uint64_t RecordingJob::missing_at_end(const GapCounter& counter, DeviceTime end) const {
  if (!counter.last() || end <= *counter.last()) return 0;
  const DeviceDuration period = period_us(config_.camera.rate);
  return static_cast<std::uint64_t>(((end - *counter.last() + period / 2) / period).value());
}

/// Of the last frame that the recording has or, having reached its length, should have.
DeviceTime RecordingJob::last_schedule_time() const {
  DeviceTime last = span_.last_of_length().value_or(DeviceTime{});
  if (color_.last()) last = std::max(last, *color_.last());
  if (depth_.last()) last = std::max(last, *depth_.last() - config_.camera.depth_delay_off_color);
  return last;
}

std::vector<StreamCount> RecordingJob::stream_counts(bool ended) const {
  const recording::WriterCounters written = writer_->counters();
  const DeviceTime last = last_schedule_time();
  std::vector<StreamCount> counts;
  if (config_.camera.color_on())
    counts.push_back({StreamKind::color, written.color.written,
                      color_.missing() + missing_at_end(color_, last), written.color.refused});
  if (config_.camera.depth_on())
    counts.push_back({StreamKind::depth, written.ir.written,
                      depth_.missing() + missing_at_end(depth_, last + config_.camera.depth_delay_off_color),
                      std::max(written.ir.refused, written.depth.refused)});
  if (config_.imu) counts.push_back(imu_count(written, ended));
  return counts;
}

/// While the recording goes on, samples may still be on their way.
StreamCount RecordingJob::imu_count(const recording::WriterCounters& written, bool ended) const {
  const std::uint64_t holes = ended ? imu_.missing_until(last_schedule_time()) : imu_.missing();
  return {StreamKind::imu, written.imu.written, holes - std::min(holes, lost_imu_),
          written.imu.refused + lost_imu_};
}

Progress RecordingJob::progress() const {
  const recording::WriterCounters written = writer_->counters();
  return {.recorded = span_.covered(),
          .streams = stream_counts(false),
          .bytes_on_disk = written.bytes_on_disk,
          .bytes_queued = written.bytes_queued};
}

RecordingEnded RecordingJob::finish(EndReason reason, std::string error, std::uint64_t captures_dropped) {
  if (const Status closed = writer_->close(); !closed && error.empty()) error = closed.error().message();
  RecordingEnded ended{.reason = error.empty() ? reason : EndReason::failed,
                       .error = std::move(error),
                       .file = file_.kept() ? file_.path() : std::filesystem::path(),
                       .more_files = parts_->files(),
                       .recorded = span_.covered(),
                       .streams = stream_counts(true),
                       .gaps = std::move(gaps_),
                       .captures_dropped = captures_dropped,
                       .file_bytes = writer_->counters().bytes_on_disk};
  return ended;
}

}  // namespace genlock::session
