#include "device/sim/imu_timeline.h"

#include <algorithm>
#include <cmath>

#include "device/sim/chance.h"
#include "device/sim/warm_up.h"
#include "geometry/calibration.h"

namespace genlock::device::sim {
namespace {

constexpr double kGravity = 9.81;
/// Deviations of one sample. The facts give none (device.md 1.3): chosen small against the vendor's sanity
/// bounds.
constexpr double kAccelSigma = 0.02;  ///< m/s²
constexpr double kGyroSigma = 0.003;  ///< rad/s
constexpr std::array<double, 3> kGyroBias{-0.001, -0.002,
                                          0.006};  ///< of a real standing unit (facts device.md 1.3)
constexpr HostDuration kTransfer = std::chrono::milliseconds(1);
constexpr double kTemperatureStep = 1.0 / 256;

}  // namespace

Result<std::array<double, 3>> gravity_in_accelerometer(ByteSpan calibration, const Pose& pose) {
  GENLOCK_ASSIGN(const geometry::RawCalibration raw, geometry::parse_calibration(calibration));
  const geometry::Point3 up{0, -kGravity,
                            0};  // at rest the sensor feels what holds it up; the world's y points down
  const auto in_depth = geometry::rotate(geometry::inverse(world_from_depth(pose)), up);
  const auto in_accel = geometry::rotate(raw.accel.from_depth, in_depth);
  return std::array{in_accel.x, in_accel.y, in_accel.z};
}

ImuTimeline::ImuTimeline(const UnitConfig& unit, const Setup& setup) : unit_(unit), setup_(setup) {
  if (setup.stalled) stalls_.push_back({setup.start, kForever});
}

void ImuTimeline::on_event(const Event& event) {
  if (event.unit != setup_.unit) return;
  if (ends_imu(event)) power_off_ = std::min(power_off_, event.time);
  if (event.kind != EventKind::stall || !event.streams.imu) return;
  if (event.on) stalls_.push_back({event.time, kForever});
  for (Stall& stall : stalls_)
    if (!event.on && stall.to == kForever) stall.to = event.time;
}

HostTime ImuTimeline::sample_time(std::uint64_t sample) const {
  const double rate = kImuRate * (1 + unit_.imu_rate_error);
  // The period in 10^-6 ns is a whole number, so that hours stay exact.
  const auto period = static_cast<std::int64_t>(std::llround(1e15 / rate));
  const Int128 fine = Int128(period) * static_cast<std::int64_t>(sample);
  return *first_ + HostDuration(static_cast<std::int64_t>(fine / 1'000'000));
}

std::uint64_t ImuTimeline::delivered_by(HostTime t) const {
  const HostTime limit = std::min(t, power_off_) - kTransfer;
  if (limit < *first_) return 0;
  const double rate = kImuRate * (1 + unit_.imu_rate_error);
  const double elapsed = static_cast<double>((limit - *first_).count()) * 1e-9;
  auto packets = static_cast<std::uint64_t>(elapsed * rate) / kImuPacketSamples;
  const auto last_of = [](std::uint64_t packet) { return packet * kImuPacketSamples - 1; };
  while (sample_time(last_of(packets + 1)) <= limit) ++packets;
  while (packets > 0 && sample_time(last_of(packets)) > limit) --packets;
  return packets * kImuPacketSamples;
}

bool ImuTimeline::begin(const UnitCounter* counter) {
  if (first_) return true;
  if (counter == nullptr) return false;
  first_ = std::max(setup_.start, counter->zero_time()) + std::chrono::microseconds(600);
  return true;
}

bool ImuTimeline::stalled(HostTime t) const {
  return std::ranges::any_of(stalls_, [&](const Stall& stall) { return stall.from <= t && t < stall.to; });
}

HostTime ImuTimeline::last_data(HostTime now) const {
  if (!first_) return setup_.start;
  HostTime last = std::max(setup_.start, std::min(now, power_off_));
  for (const Stall& stall : stalls_)
    if (stall.from <= last && last < stall.to) last = stall.from;
  return last;
}

std::size_t ImuTimeline::take(HostTime now, const UnitCounter* counter, std::span<ImuSample> out) {
  if (!begin(counter)) return 0;
  const std::uint64_t end = delivered_by(now);
  if (end > next_ + kImuQueue) {
    dropped_ += end - kImuQueue - next_;
    next_ = end - kImuQueue;
  }
  std::size_t taken = 0;
  for (; next_ < end && taken < out.size(); ++next_) {
    if (!stalled(sample_time(next_))) out[taken++] = sample(next_, *counter);
  }
  return taken;
}

HostTime ImuTimeline::next_delivery(const UnitCounter* counter) const {
  if (power_off_ != kForever) return power_off_;
  if (counter == nullptr || !first_) return kForever;
  const std::uint64_t packet = next_ / kImuPacketSamples;
  return sample_time((packet + 1) * kImuPacketSamples - 1) + kTransfer;
}

ImuSample ImuTimeline::sample(std::uint64_t number, const UnitCounter& counter) const {
  ImuSample sample;
  const DeviceTime stamp(api_time(counter.at(sample_time(number))));
  sample.accel_time = sample.gyro_time = stamp;
  for (std::uint64_t axis = 0; axis < 3; ++axis) {
    sample.accel[axis] = noisy(setup_.gravity[axis], kAccelSigma, number * 6 + axis);
    sample.gyro[axis] = noisy(kGyroBias[axis], kGyroSigma, number * 6 + 3 + axis);
  }
  constexpr std::uint64_t kSamplesPerTemperature = 32;  // 52 Hz
  const std::uint64_t bits =
      random_bits(setup_.seed, Chance::imu_noise, setup_.unit, ~(number / kSamplesPerTemperature));
  const HostTime measured = sample_time(number - number % kSamplesPerTemperature);
  const double steps = std::floor(temperature_c(unit_, measured - setup_.powered) / kTemperatureStep);
  const auto noise = static_cast<double>(unit_.imu_noise > 0 ? random_in(bits, -1, 1) : 0);
  sample.temperature_c = static_cast<float>(kTemperatureStep * (steps + noise));
  return sample;
}

/// Even noise with the deviation sigma: its bounds are known, and no library function differs between
/// machines.
float ImuTimeline::noisy(double value, double sigma, std::uint64_t counter) const {
  const double even = random_unit(random_bits(setup_.seed, Chance::imu_noise, setup_.unit, counter)) * 2 - 1;
  return static_cast<float>(value + even * sigma * 1.7320508 * unit_.imu_noise);
}

}  // namespace genlock::device::sim
