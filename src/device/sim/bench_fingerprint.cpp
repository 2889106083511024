#include <cstring>
#include <string_view>

#include "device/sim/bench_config.h"
#include "device/sim/chance.h"

namespace genlock::device::sim {
namespace {

/// Mixes values into a number; every value's kind and order counts.
class Fingerprint {
 public:
  void add(std::string_view text) {
    add_bits(text.size());
    for (const char c : text) add_bits(static_cast<unsigned char>(c));
  }
  void add(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    add_bits(bits);
  }
  template <class I>
  requires std::is_integral_v<I>
  void add(I value) { add_bits(static_cast<std::uint64_t>(value)); }
  void add(HostDuration d) { add_bits(static_cast<std::uint64_t>(d.count())); }
  void add(TickDuration t) { add(count_ticks(t)); }
  void add(const Version& v) { add_all(v.major, v.minor, v.iteration); }
  void add(const Streams& s) { add_all(s.color, s.depth, s.imu); }
  void add(const CableEnd& end) { add_all(end.unit, end.jack == Jack::in); }
  void add(const Pose& p) {
    for (const double x : p.position_m) add(x);
    add_all(p.yaw_deg, p.pitch_deg, p.roll_deg);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class... T>
  void add_all(const T&... values) {
    (add(values), ...);
  }
  std::uint64_t value() const { return hash_; }

 private:
  void add_bits(std::uint64_t bits) { hash_ = random_bits(hash_, Chance::instance, bits, count_++); }

  std::uint64_t hash_ = 1;
  std::uint64_t count_ = 0;
};

void add_unit(Fingerprint& f, const UnitConfig& u) {
  f.add_all(u.name, u.serial, u.version.color, u.version.depth, u.version.audio, u.version.depth_sensor);
  f.add_all(static_cast<int>(u.version.build), static_cast<int>(u.version.signature));
  f.add_all(u.calibration, u.images, u.pose, u.image_noise, u.clock_ppm, u.counter_offset);
  f.add_all(u.trigger_grid_ticks, u.trigger_tolerance_ppm);
  f.add_all(u.exposure_write_shift, u.exposure_write_frames, u.auto_exposure == AutoExposure::steady);
  f.add_all(u.subordinate_clock == SubordinateClock::free, u.jitter_ticks, u.depth_jitter_ticks,
            u.depth_bias_ticks);
  f.add_all(u.sensor_start, u.first_pulse, u.latency.min, u.latency.max, u.start_drops[0], u.start_drops[1]);
  f.add_all(u.latency.mean, u.early_depth_frames, u.warm_up, u.warm_up_mm);
  f.add(u.cold_temperature_c ? std::optional(static_cast<double>(*u.cold_temperature_c)) : std::nullopt);
  f.add_all(u.auto_exposure_us, u.imu_rate_error, u.imu_noise, static_cast<double>(u.temperature_c));
}

void add_random_fault(Fingerprint& f, const RandomFaultConfig& random) {
  f.add(random.units.size());
  for (const std::string& unit : random.units) f.add(unit);
  f.add(random.kinds.size());
  for (const FaultKind kind : random.kinds) f.add(static_cast<int>(kind));
  f.add_all(random.mean_interval, random.duration[0], random.duration[1], random.first, random.until);
}

}  // namespace

std::uint64_t fingerprint(const BenchConfig& config) {
  Fingerprint f;
  f.add_all(config.name, config.seed, config.speed, config.stepped, config.scene, config.mains_hz,
            config.loop_frames, config.patient, config.patience, config.hop_delay, config.pulses_after_stop,
            config.depth_gives_up);
  for (const UnitConfig& unit : config.units) add_unit(f, unit);
  for (const CableConfig& cable : config.cables) f.add_all(cable.from, cable.to);
  f.add(config.trigger.has_value());
  if (config.trigger) f.add_all(fps(config.trigger->rate), config.trigger->ppm, config.trigger->on);
  for (const HostConfig& host : config.hosts) {
    f.add_all(host.name, host.usb_mb_per_s, host.usbfs_mb, host.units.size());
    f.add_all(host.clock_offset, host.clock_ppm);
    for (const std::string& unit : host.units) f.add(unit);
  }
  for (const FaultConfig& fault : config.faults) {
    f.add_all(fault.unit, static_cast<int>(fault.kind), fault.streams, fault.jack == Jack::in,
              fault.after_start, fault.at, fault.duration, fault.count, fault.knob);
  }
  for (const RandomFaultConfig& random : config.random_faults) add_random_fault(f, random);
  return f.value();
}

}  // namespace genlock::device::sim
