#pragma once

#include <memory>
#include <string>
#include <vector>

#include "session/child_output.h"
#include "session/session.h"

namespace genlock::session {

struct ProcessOptions {
  /// A program that calls serve_session() on descriptor ChildProcess::kInherited, and its words.
  std::vector<std::string> command;
  std::string name = "unit";  ///< in the thread's name and messages
  /// Told each line that the process prints, on a thread of its own, until the session is gone; none: they go
  /// to this process' standard error.
  ChildOutput::OnLine on_line = {};
  /// Without a sign of life for so long the process is killed.
  HostDuration silence_limit = std::chrono::seconds(10);
  HostDuration exit_limit = std::chrono::seconds(30);  ///< the same for its end, after the last command
};

/// A session in a process of its own, so that a libk4a that crashes or stands still takes nothing else with
/// it. When its process dies, a recording ends with an event as any other would, which says so: what had
/// reached the file is readable. All later commands fail with the same words.
///
/// Threads: "proc-<name>" receives, and calls the sink; ended by the destructor, which closes the unit. And
/// that of ChildOutput where lines are told.
class ProcessSession final : public Session {
 public:
  static Result<std::unique_ptr<ProcessSession>> start(ProcessOptions options, EventSink sink);
  ~ProcessSession() override;

  Status execute(const Command& command) override;

  int pid() const;

 private:
  struct Impl;
  explicit ProcessSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::session
