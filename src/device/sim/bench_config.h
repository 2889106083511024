#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/camera.h"
#include "base/result.h"
#include "base/time.h"
#include "device/sim/fault_kinds.h"
#include "device/sim/images/scene.h"

// What a bench is made of, as plain values; docs/bench.md explains every field and where its default comes
// from.

namespace genlock::device::sim {

/// Most units, cables, hosts and scheduled faults of one bench: the shared state has a fixed size.
inline constexpr std::size_t kMaxUnits = 100;
inline constexpr std::size_t kMaxCables = 200;
inline constexpr std::size_t kMaxFaults = 512;

/// Most that a unit may let pass before its first frame, and may reset its counter to: ten periods at 30 fps.
/// A depth frame stamped eleven periods or later is, to the vendor's library, one from before the reset
/// (facts k4a-abi.md C3), so a unit whose first ones are cannot be used on real hosts.
inline constexpr int kMaxFirstPulse = 10;
inline constexpr TickDuration kMaxCounterOffset = device_ticks(30'000);

/// Furthest that an external generator may be off.
inline constexpr double kMaxTriggerPpm = 50'000;

/// Whether a subordinate's counter runs on its own crystal between resets, or at the rate of the pulses.
enum class SubordinateClock : std::uint8_t { free, disciplined };

/// Whether automatic exposure keeps to one value, or wanders over the neighbouring steps as in changing
/// light.
enum class AutoExposure : std::uint8_t { steady, drifts };

/// How late the host gets a frame after its exposure ended: spread between the two, evenly or to a mean.
struct Latency {
  HostDuration min = std::chrono::milliseconds(90);
  HostDuration max = std::chrono::milliseconds(90);
  std::optional<HostDuration> mean;  ///< most frames come early and few late, or the other way round
  bool operator==(const Latency&) const = default;
};

struct UnitConfig {
  std::string name;
  std::string serial;  ///< 12 digits, the first a 9, with a right check digit
  HardwareVersion version{
      .color = {1, 6, 110}, .depth = {1, 6, 79}, .audio = {1, 6, 14}, .depth_sensor = {6109, 7, 0}};
  std::string calibration = "builtin:1";  ///< or the path of a raw calibration
  std::string images = "scene";           ///< or "flat" or "dark", or the path of a recording
  Pose pose;
  double image_noise = 1.0;  ///< factor on the model's noise; 0 is none

  double clock_ppm = 0;  ///< error of the crystal, positive is fast
  std::optional<TickDuration>
      counter_offset;  ///< what the counter is reset to, 0 to kMaxCounterOffset; else by firmware and role
  SubordinateClock subordinate_clock = SubordinateClock::free;
  int jitter_ticks = 1;        ///< of the placement of a frame, colour and depth together
  int depth_jitter_ticks = 1;  ///< of depth on top of that
  int depth_bias_ticks = 3;    ///< of a master's depth when its depth delay is negative
  double trigger_grid_ticks =
      0;  ///< exposures on a generator's pulses begin on lines so far apart; 0: anywhere
  double trigger_tolerance_ppm = 500;   ///< pulses further off the unit's own rate spoil colour frames
  HostDuration exposure_write_shift{};  ///< most by which a write of the exposure moves a frame, either way
  int exposure_write_frames = 4;        ///< frames that a write of the exposure moves

  HostDuration sensor_start = std::chrono::milliseconds(570);  ///< from the call of start to the first pulse
  std::optional<int> first_pulse;  ///< first one delivered; 0 to kMaxFirstPulse; else by firmware and role
  Latency latency;
  int early_depth_frames =
      0;  ///< with the old count, before the colour camera resets it; the pairing drops them
  std::array<int, 2> start_drops{0, 0};  ///< fewest and most frames lost in the first second of streaming

  AutoExposure auto_exposure = AutoExposure::steady;
  std::optional<std::int32_t> auto_exposure_us;  ///< what auto exposure chooses; else the control's default
  double imu_rate_error = 0;                     ///< of the 1666 Hz, -0.02 to 0.02
  double imu_noise = 1.0;                        ///< factor on the model's noise; 0 is none
  float temperature_c = 27.0F;                   ///< of a unit that has been on for long
  std::optional<float> cold_temperature_c;       ///< when it is given power; else it is warm at once
  HostDuration warm_up = std::chrono::minutes(45);
  double warm_up_mm = 0;  ///< what a cold unit adds to every distance
  bool operator==(const UnitConfig&) const = default;
};

/// A cable end: a unit's jack, or the external trigger (an empty unit) that has only an out.
struct CableEnd {
  std::string unit;
  Jack jack = Jack::out;
  bool operator==(const CableEnd&) const = default;
};

struct CableConfig {
  CableEnd from{.jack = Jack::out};
  CableEnd to{.jack = Jack::in};
  bool operator==(const CableConfig&) const = default;
};

/// An external pulse generator; cables name it "trigger".
struct TriggerConfig {
  FrameRate rate = FrameRate::fps30;
  double ppm = 0;
  bool on = true;  ///< from the bench's boot; else once switched on
  bool operator==(const TriggerConfig&) const = default;
};

struct HostConfig {
  std::string name;
  std::vector<std::string> units;  ///< in the order of their indices
  double usb_mb_per_s = 400;       ///< what its controller carries, in 10^6 bytes per second
  int usbfs_mb = 0;                ///< memory for USB transfers of all its units, in MiB; 0 is unlimited
  HostDuration clock_offset{};     ///< of its clocks, monotonic and wall, from bench time
  double clock_ppm = 0;            ///< their error
  bool operator==(const HostConfig&) const = default;
};

/// Something that goes wrong by itself.
struct FaultConfig {
  std::string unit;
  FaultKind kind = FaultKind::drop;
  Streams streams;           ///< none: those usual for the kind
  Jack jack = Jack::in;      ///< cable
  bool after_start = false;  ///< `at` counts from each start of the unit, else from the bench's boot
  HostDuration at{};
  std::optional<HostDuration> duration;  ///< it ends by itself after that, if it is one that lasts
  int count = 1;                         ///< frames, transfers: the kinds that count
  std::optional<std::int32_t> knob;      ///< else what is usual for the kind
  bool operator==(const FaultConfig&) const = default;
};

/// Faults that come by chance: which, when and how long follows from the bench's seed.
struct RandomFaultConfig {
  std::vector<std::string> units;  ///< empty: all
  std::vector<FaultKind> kinds;
  HostDuration mean_interval = std::chrono::seconds(30);  ///< on one unit, from one to the next
  std::array<HostDuration, 2> duration{std::chrono::milliseconds(200), std::chrono::seconds(1)};
  HostDuration first = std::chrono::seconds(5);   ///< none before, after the bench's boot
  HostDuration until = std::chrono::minutes(10);  ///< none begins after
  bool operator==(const RandomFaultConfig&) const = default;
};

struct BenchConfig {
  std::string name = "default";
  std::uint64_t seed = 1;
  double speed = 1;      ///< bench seconds per real second
  bool stepped = false;  ///< time stands still until a test steps it; `speed` has no effect
  bool patient = false;  ///< time waits for readers that are late; not together with `stepped`
  HostDuration patience = std::chrono::seconds(2);  ///< real; who has not read for so long is not waited for
  std::string scene = "room";
  int mains_hz = 60;     ///< of the scene's lamps: 50, 60, or 0 for light that does not flicker
  int loop_frames = 16;  ///< pulses after which what moves in the scene is where it was; 1 to 256
  HostDuration hop_delay = std::chrono::nanoseconds(500);           ///< through one unit, in to out
  HostDuration pulses_after_stop = std::chrono::milliseconds(550);  ///< a stopped master still gives pulses
  HostDuration depth_gives_up = std::chrono::seconds(60);  ///< an armed unit's depth camera without pulses
  std::vector<UnitConfig> units;
  std::vector<CableConfig> cables;
  std::optional<TriggerConfig> trigger;
  std::vector<HostConfig> hosts;
  std::vector<FaultConfig> faults;
  std::vector<RandomFaultConfig> random_faults;
  bool operator==(const BenchConfig&) const = default;

  std::optional<std::size_t> unit_index(std::string_view unit_name) const;
};

/// The built-in bench of that name: "default" (a daisy chain of master, sub1 and sub2, one host each, that
/// loses nothing), "realistic" (the same with the drops, drifts and latencies of real units) or "hostile"
/// (that with faults by chance).
Result<BenchConfig> preset(std::string_view name);
std::vector<std::string> preset_names();

/// A serial number for simulated unit `number`, 1 to 99 899: 9, the number, the check digit, and 100 more
/// than it.
std::string simulated_serial(int number);

/// Checks names, serials, ranges and references. Errors name the field.
Status validate(const BenchConfig& config);

/// Reads a preset, or a TOML file, and validates it. Errors name file and line, the key and what is allowed.
Result<BenchConfig> load_bench(const std::string& preset_or_path);

/// The TOML text of `source`, which errors call `name`; relative paths in it are taken from `directory`.
Result<BenchConfig> parse_bench(std::string_view text, const std::string& name,
                                const std::filesystem::path& directory = {});

/// The default bench as TOML, with every field, its unit and what it means.
std::string bench_template();

/// A number that differs when any value of the configuration does.
std::uint64_t fingerprint(const BenchConfig& config);

std::string_view to_string(SubordinateClock clock);

/// Parts per 10^9 of a ppm value: clocks are computed in whole numbers.
std::int64_t parts_per_billion(double ppm);

}  // namespace genlock::device::sim
