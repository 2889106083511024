#pragma once

#include <span>
#include <string>

#include "cli/recorder_options.h"
#include "session/event.h"

namespace genlock::cli {

/// What genlock record says, each line beginning with the unit's name: what happens on standard output,
/// progress (every ten seconds of a recording), warnings and errors on standard error. Calls come one at a
/// time.
class UnitsConsole {
 public:
  /// `units` outlive the console.
  explicit UnitsConsole(std::span<const RecorderOptions> units);

  void on_event(std::size_t unit, const session::Event& event);

  /// A unit could not be begun.
  void failed(std::size_t unit, const Error& error);

  /// The user or the system asked to stop.
  void stopping();

 private:
  struct Text;
  std::string name(std::size_t unit) const { return units_[unit].file.stem().string(); }

  const std::span<const RecorderOptions> units_;
  std::vector<DeviceDuration> next_progress_;  ///< of each unit
  bool stop_said_ = false;
};

}  // namespace genlock::cli
