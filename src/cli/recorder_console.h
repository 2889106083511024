#pragma once

#include <optional>
#include <string>

#include "cli/recorder_options.h"
#include "session/event.h"

namespace genlock::cli {

/// What k4arecorder says: the documented lines on standard output, a live line on standard error when that is
/// a terminal (plain lines now and then when it is not). Calls come one at a time.
class RecorderConsole {
 public:
  explicit RecorderConsole(const RecorderOptions& options);

  void on_event(const session::Event& event);

  /// The user or the system asked to stop.
  void stopping();

 private:
  void operator()(const session::Opened& event);
  void operator()(const session::Started& event);
  void operator()(const session::Waiting& event);
  void operator()(const session::Rearmed& event);
  void operator()(const session::Streaming&) {}  // only of takes, as Frames
  void operator()(const session::RecordingStarted& event);
  void operator()(const session::Frames&) {}
  void operator()(const session::Progress& event);
  void operator()(const session::Warning& event);
  void operator()(const session::RecordingEnded& event);
  friend struct EventPrinter;

  void say(const std::string& line);
  void live(const std::string& text, bool worth_a_line);
  void end_live();
  std::string disk_left(double bytes_per_second) const;

  const RecorderOptions& options_;
  const bool terminal_;
  std::size_t live_width_ = 0;
  bool stop_said_ = false;
  DeviceDuration next_plain_line_ = device_us(0);
};

/// The summary of a recording, a line a stream, and one for each of the first gaps.
std::string summary(const session::RecordingEnded& ended, std::size_t most_gaps = 100);

}  // namespace genlock::cli
