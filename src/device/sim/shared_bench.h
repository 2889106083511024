#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "device/sim/bench_state.h"
#include "device/sim/cables.h"
#include "device/sim/patient_clock.h"

namespace genlock::device::sim {

/// What every process sees of a unit in use, for people.
struct UnitUse {
  int pid = 0;  ///< of the process that has it open; 0: none
  std::uint64_t captures = 0;
  std::uint64_t color_frames = 0;
  std::uint64_t depth_frames = 0;
  std::uint64_t imu_samples = 0;
  std::uint64_t pulses = 0;
  std::uint64_t captures_dropped = 0;
  bool locked = false;  ///< the last frame followed a pulse
};

/// The file through which all processes share one bench: its clock, its state, and the events of late. It has
/// a fixed size, and a process may die at any point without harm: an event counts once its number is
/// published, and the state it makes is written beside the old one before. Any thread.
class SharedBench {
 public:
  static constexpr std::size_t kEvents = 4096;

  /// Who waits or is woken, one bit for several units: what concerns one unit should not stir a hundred.
  using Readers = std::uint32_t;
  static constexpr Readers kEveryReader = ~Readers{0};
  static constexpr Readers readers_of(std::size_t unit) { return Readers{1} << (unit % 32); }

  /// Opens the file `name` in `directory`, or makes both. A file of another configuration is replaced if no
  /// unit of it is open (Errc::busy otherwise), as is one of an earlier boot of this machine.
  static Result<std::unique_ptr<SharedBench>> attach(const std::filesystem::path& directory,
                                                     const std::string& name, const BenchConfig& config);
  ~SharedBench();
  SharedBench(const SharedBench&) = delete;
  SharedBench& operator=(const SharedBench&) = delete;

  /// Sole access to the state, among all threads and processes. Wakes those whom what was appended concerns.
  class Lock {
   public:
    explicit Lock(SharedBench& bench);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    const BenchState& state() const;
    std::uint64_t sequence() const;  ///< events so far
    bool retired() const;            ///< the file has been replaced; nothing done here matters

    void append(const Event& event);

    /// Event number `sequence`, which must have happened; nothing if it is so old that it was overwritten.
    const Event* event(std::uint64_t sequence) const;

   private:
    SharedBench& bench_;
    Readers concerned_ = 0;  ///< by what was appended
  };

  HostTime boot() const;

  /// The time of the bench. Never less than any process has seen before.
  HostTime now() const;

  /// On a bench with a patient clock: the unit whose reader time waits for, and how much bench time has gone
  /// by without passing. Nothing and zero on others.
  std::optional<std::size_t> held_by() const;
  HostDuration waited() const;

  /// Tell a patient clock about a reader of a unit: that it loses nothing by `until` (kForever: until
  /// something happens on the bench), or that there is nothing to read any more. No effect on other clocks.
  void reader_is_safe(std::size_t unit, Reader reader, HostTime until);
  void reader_is_done(std::size_t unit, Reader reader);

  WallTime wall_now() const;
  bool stepped() const;
  void step(HostDuration by);

  /// Real CLOCK_MONOTONIC when the bench's clock shows `t`, if it never waits; for a stepped bench kForever.
  HostTime real_time(HostTime t) const;

  /// A number that changes with every event and step.
  std::uint32_t wake_word() const;

  /// Makes those of them that wait look around.
  void wake(Readers readers = kEveryReader) const;

  /// Returns at once if the word is no longer `word`, when one of `readers` is woken, at `deadline`, and now
  /// and then.
  void wait(std::uint32_t word, HostTime deadline, Readers readers = kEveryReader) const;

  /// Takes a unit for the holder of the returned descriptor, until it is closed or its process dies.
  /// Errc::busy.
  Result<UniqueFd> take_unit(std::size_t unit);

  /// Whether anyone has the unit.
  bool unit_taken(std::size_t unit) const;

  UnitUse use(std::size_t unit) const;
  void set_owner(std::size_t unit, int pid);
  void count(std::size_t unit, const UnitUse& more);  ///< pid is ignored, `pulses` replaces; not the next two
  void note(std::size_t unit, bool locked, std::uint64_t captures_dropped);
  void reset_counts(std::size_t unit);

  /// UUID-shaped; differs between makings of the bench.
  std::string instance_id(std::uint64_t salt) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  struct File;
  SharedBench(std::filesystem::path path, const BenchConfig& config, UniqueFd fd, File* file);
  static Result<std::unique_ptr<SharedBench>> map(const std::filesystem::path& path,
                                                  const BenchConfig& config, UniqueFd fd);
  static Result<std::unique_ptr<SharedBench>> create(const std::filesystem::path& path,
                                                     const BenchConfig& config);
  static Result<std::unique_ptr<SharedBench>> attach_or_make(const std::filesystem::path& path,
                                                             const BenchConfig& config);
  PatientClock::Look look() const;
  HostDuration running_time() const;
  void raise_hopes(const Event& event, const BenchState& after);
  bool usable() const;
  Status retire();

  const std::filesystem::path path_;
  const BenchConfig& config_;
  const Wiring wiring_;
  const UniqueFd fd_;
  File* const file_;
};

/// Where state files live: $GENLOCK_STATE_DIR, else $XDG_RUNTIME_DIR/genlock, else /dev/shm/genlock-UID.
std::filesystem::path state_directory();

}  // namespace genlock::device::sim
