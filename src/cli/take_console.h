#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/live_take.h"
#include "cli/take_screen.h"
#include "rig/rig.h"
#include "rig/take_recorder.h"

namespace genlock::cli {

/// What `genlock record RIG` says (docs/take.md): what happens on standard output, warnings and errors on
/// standard error, and there progress too: a table that is redrawn in place on a terminal, else a line a unit
/// every ten seconds. Or all as JSON, an object a line, on standard output. Calls come one at a time, but for
/// log(), which is for any thread.
class TakeConsole {
 public:
  /// `rig` outlives the console. `folder` is the take's.
  TakeConsole(const rig::Rig& rig, std::filesystem::path folder, bool json);

  void on_event(const rig::TakeEvent& event);

  /// A line of the log, on standard error.
  void log(const std::string& line) { screen_.err(line); }

  /// Nothing was recorded.
  void failed(const Error& error);

  /// The last line: what to do with the take, after `before`, which is empty or ends with a line break. Rings
  /// the bell of a terminal.
  void verdict(const take::Take& take, const std::string& before);

  /// The same of a rehearsal, whose report is shown since its files are not kept.
  void rehearsed(const std::string& report, const take::Take& take);

 private:
  struct Text;
  void say(const std::string& line) { screen_.out(line); }
  void complain(const std::string& line) { screen_.err(line); }
  void draw();
  const std::string& name(std::size_t unit) const { return rig_.units[unit].name; }

  const rig::Rig& rig_;
  const std::filesystem::path folder_;
  const bool json_;
  const bool live_;  ///< standard error is a terminal
  LiveTake table_;
  HostTime next_draw_;
  std::vector<DeviceDuration> next_progress_;  ///< of each unit
  TakeScreen screen_;
};

/// One line of JSON (docs/take.md), with its line break.
std::string take_event_json(const rig::Rig& rig, const rig::TakeEvent& event);
std::string verdict_json(const std::filesystem::path& folder, const take::Take& take);
/// `advice`: READY or NOT READY, and why.
std::string rehearsal_json(const std::string& advice);
std::string failure_json(const Error& error);
/// `left`: of the length; absent: until it is stopped.
std::string rearming_json(std::optional<HostDuration> left);

}  // namespace genlock::cli
