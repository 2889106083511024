#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/capture.h"
#include "base/clock.h"
#include "device/pairing.h"
#include "device/registry.h"
#include "device/sim/bench_config.h"
#include "device/sim/cables.h"
#include "device/sim/image_source.h"
#include "device/sim/pc_clock.h"

namespace genlock::device::sim {

/// Makes images of a recording for a unit that is configured to show one; the parts above provide it.
using RecordedImages = std::function<Result<std::unique_ptr<ImageSource>>(const std::filesystem::path& path,
                                                                          const CameraConfig& config)>;

/// Which bench, and from where one looks at it.
struct BenchOptions {
  std::string bench = "default";      ///< a preset's name or the path of a TOML file
  std::optional<BenchConfig> config;  ///< instead of `bench`; its name tells benches apart
  std::string host;  ///< the host whose units show; empty: all units, in the order of the file
  std::filesystem::path state_directory;  ///< empty: see state_directory() in shared_bench.h
  RecordedImages recorded_images;         ///< empty: units that show a recording do not start
};

/// `GENLOCK_BENCH` (or "default") and `GENLOCK_BENCH_HOST`.
BenchOptions bench_options_from_environment();

/// Something done to a bench from outside while it runs: `genlock bench set`.
struct BenchCommand {
  enum class Kind : std::uint8_t { jack, stall, drop, power, refuse_open, trigger, fault };
  Kind kind{};
  std::string unit;  ///< empty for trigger
  Jack jack{};       ///< jack
  Streams streams;   ///< stall, drop
  int count = 1;     ///< drop: frames of each stream
  bool on =
      false;  ///< jack: plugged; power: plugged in; stall: begins; refuse_open: refuses; trigger: pulses
  FaultKind failure{};               ///< fault, with `on`: begins, jack, streams, count and
  std::optional<std::int32_t> knob;  ///< its number, else the usual one
  bool operator==(const BenchCommand&) const = default;
};

/// Words of a command line, for example {"sub1", "cable-in", "pull"}; bench_command_help() lists them all.
Result<BenchCommand> parse_bench_command(std::span<const std::string> words);
std::string_view bench_command_help();

struct UnitStatus {
  std::string name;
  std::string serial;
  unsigned index = 0;
  bool plugged = true;
  int open_by = 0;  ///< process id; 0: nobody
  std::optional<CameraConfig> running;
  SyncJacks jacks;
  bool open_refused = false;
  Streams stalled;
  std::vector<std::string> faults;     ///< that last, begun on the unit: "slow_gpu ms=50"
  bool locked = false;                 ///< its last frame followed a pulse; its own count for a master
  bool has_pulses = false;             ///< some come to its sync in
  std::uint64_t captures_dropped = 0;  ///< out of its full queue, this session
  std::uint64_t pulses = 0;            ///< number of the last pulse that gave a frame, this session
  std::uint64_t captures = 0;
  std::uint64_t color_frames = 0;
  std::uint64_t depth_frames = 0;
  std::uint64_t imu_samples = 0;
};

struct BenchStatus {
  HostDuration since_boot{};
  std::filesystem::path state_file;
  std::vector<UnitStatus> units;         ///< all of the bench, in its order
  std::optional<std::size_t> waits_for;  ///< patient clock: the unit whose reader holds time up
  HostDuration waited{};                 ///< patient clock: bench time that has so been waited away
};

/// How the host's library treats a unit's frames; programs choose by its environment (facts k4a-abi.md F).
struct LibraryOptions {
  PairingMode pairing = PairingMode::pair;
  bool log_stamps = false;  ///< a line for every frame that comes and every capture made of them
};

class SharedBench;
class BenchClock;

/// A bench as one process sees it: configuration, clock and the state it shares with others. Any thread.
class Bench {
 public:
  static Result<std::shared_ptr<Bench>> open(const BenchOptions& options);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  const BenchConfig& config() const { return config_; }
  const Wiring& wiring() const { return wiring_; }
  Clock& clock();

  /// What turns bench time into that of the host looked from.
  const PcClock& pc_clock() const { return pc_clock_; }

  /// Moves the time of a bench whose configuration says `stepped`, in all processes.
  Status step(HostDuration by);

  Status apply(const BenchCommand& command);
  BenchStatus status();

  /// The host looked from, and its units as places in config().units.
  HostIdentity host() const;
  const std::vector<std::size_t>& visible_units() const { return visible_; }

  /// The state shared with other processes; for the parts of the bench.
  SharedBench& shared() { return *shared_; }
  const RecordedImages& recorded_images() const { return options_.recorded_images; }

 private:
  Bench(BenchOptions options, BenchConfig config);
  Status find_host();

  const BenchOptions options_;
  const BenchConfig config_;
  const Wiring wiring_;
  std::vector<std::size_t> visible_;
  std::unique_ptr<SharedBench> shared_;
  PcClock pc_clock_;
  std::unique_ptr<BenchClock> clock_;
};

/// The units of a bench as devices.
Result<std::unique_ptr<Provider>> open_bench(const BenchOptions& options);

/// The same on a bench that is open already, for looking and stepping beside it.
std::unique_ptr<Provider> make_provider(std::shared_ptr<Bench> bench, LibraryOptions library = {});

}  // namespace genlock::device::sim
