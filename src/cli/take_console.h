#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/printer.h"
#include "rig/rig.h"
#include "rig/take_recorder.h"

namespace genlock::cli {

/// What `genlock record RIG` says (docs/take.md): what happens on standard output, progress, warnings and
/// errors on standard error; or all as JSON, an object a line, on standard output. Calls come one at a time.
class TakeConsole {
 public:
  /// `rig` outlives the console.
  TakeConsole(const rig::Rig& rig, bool json);

  void on_event(const rig::TakeEvent& event);

  /// Nothing was recorded.
  void failed(const Error& error);

  /// The last line: what to do with the take. Rings the bell of a terminal.
  void verdict(const std::filesystem::path& folder, const take::Take& take);

 private:
  struct Text;
  void say(const std::string& line);
  void complain(const std::string& line);
  const std::string& name(std::size_t unit) const { return rig_.units[unit].name; }

  const rig::Rig& rig_;
  const bool json_;
  std::vector<DeviceDuration> next_progress_;  ///< of each unit
  Printer printer_;
};

/// One line of JSON (docs/take.md), with its line break.
std::string take_event_json(const rig::Rig& rig, const rig::TakeEvent& event);
std::string verdict_json(const std::filesystem::path& folder, const take::Take& take);
std::string failure_json(const Error& error);

}  // namespace genlock::cli
