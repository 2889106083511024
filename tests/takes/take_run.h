#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "device/sim/bench.h"
#include "device/sim/bench_state.h"
#include "support/process.h"
#include "support/temporary_folder.h"
#include "take/take_file.h"
#include "takes/stage.h"

namespace genlock::test {

/// When something was done to the bench.
struct Strike {
  HostTime bench;  ///< by the clock of the bench
  WallTime wall;   ///< the same moment of its wall clock
};

/// One take of the real `genlock record`, on a bench of its own that this program looks at and acts on
/// meanwhile. What goes wrong beside what is tried fails the running test.
class TakeRun {
 public:
  explicit TakeRun(Stage stage);

  /// `genlock record` of `seconds`; 0: until it is stopped. `words` are further options, `before` shell words
  /// that the recorder inherits something from. The take is "take" in `takes`, by default the bench's own
  /// folder.
  void record(double seconds, std::vector<std::string> words = {}, const std::string& before = {},
              const std::filesystem::path& takes = {});

  /// Waits until all units record, having started the generator when they are ready for it; false if they
  /// never do.
  bool begins();

  /// The same of the next take, for which the recorder arms the rig again after a fault: `replug` is what it
  /// needs for that.
  bool begins_again(const std::vector<std::string>& replug);

  /// Waits while so much time passes on the bench.
  void pass(HostDuration time);

  /// What `genlock bench set` does with these words.
  Strike strike(const std::vector<std::string>& words);

  /// Something else that happens now.
  Strike now();

  /// Another program sets the exposure of a unit's colour camera.
  Strike set_exposure(std::size_t unit, std::int32_t us);

  /// Frames that were lost by strike(), with the moments at which that took effect.
  std::vector<device::sim::Event> drops();

  /// The recorder's end: its exit code.
  int wait();

  /// Sends a signal to the recorder, or to the process that has the unit.
  void signal(int number) { recorder_->signal(number); }
  void signal_unit(std::size_t unit, int number);

  /// Until no process has a unit any more.
  void wait_for_units();

  /// Another `genlock`, to its end.
  int genlock(std::vector<std::string> words, std::string& said);

  const Stage& stage() const { return stage_; }
  const std::string& output() const { return recorder_->output(); }
  std::filesystem::path folder() const { return takes_ / "take"; }
  std::filesystem::path next_folder() const { return takes_ / "take-0001"; }
  take::Take take() const { return take(folder()); }
  take::Take take(const std::filesystem::path& folder) const;
  device::sim::BenchStatus status() { return bench_->status(); }
  std::unique_ptr<device::Provider> units() const { return device::sim::make_provider(bench_); }
  int recorder_pid() const { return recorder_->pid(); }
  HostTime bench_now() { return bench_->clock().now(); }

 private:
  bool begins_from(std::size_t said);
  std::unique_ptr<Process> start(std::vector<std::string> command);

  const Stage stage_;
  TemporaryFolder home_;
  std::filesystem::path takes_;
  std::shared_ptr<device::sim::Bench> bench_;
  std::unique_ptr<Process> recorder_;
};

}  // namespace genlock::test
