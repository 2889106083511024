#include "session/process_session.h"

#include <fmt/core.h>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "session/child_process.h"
#include "session/line_socket.h"
#include "session/output_file.h"
#include "session/wire.h"

namespace genlock::session {
namespace {

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file, failed);
  return failed ? 0 : size;
}

/// A recording as its events have told of it.
class SeenRecording {
 public:
  void begin(const Record& request) {
    request_ = request;
    ended_ = RecordingEnded{.reason = EndReason::failed};
    runs_ = true;
  }
  /// At the answer to `request`, before which it may have begun, and even ended.
  void answered(const Record& request) {
    if (!std::exchange(begun_by_event_, false)) begin(request);
  }
  bool runs() const { return runs_; }

  /// `asked`: the Record that has not been answered yet; null if there is none.
  void see(const Event& event, const Record* asked) {
    if (asked != nullptr && !runs_ && std::holds_alternative<RecordingStarted>(event)) {
      begin(*asked);
      begun_by_event_ = true;
    }
    if (const auto* started = std::get_if<RecordingStarted>(&event)) ended_.file = started->file;
    if (const auto* progress = std::get_if<Progress>(&event)) {
      ended_.recorded = progress->recorded;
      ended_.streams = progress->streams;
    }
    if (std::holds_alternative<RecordingEnded>(event)) runs_ = false;
  }

  /// What is left of it when its process is gone. Counts are those of the last progress.
  RecordingEnded cut_off(int pid, std::string error) {
    runs_ = false;
    std::error_code ignored;
    std::filesystem::remove(OutputFile::temporary_path(request_.file, pid), ignored);
    if (!ended_.file.empty())
      error +=
          fmt::format("; what had reached {} is readable, genlock repair completes it", ended_.file.string());
    ended_.error = std::move(error);
    ended_.unit_lost = true;
    ended_.file_bytes = size_of(ended_.file);
    return ended_;
  }

 private:
  Record request_;
  RecordingEnded ended_;
  bool runs_ = false;
  bool begun_by_event_ = false;  ///< before the answer to its Record
};

/// Names that JSON cannot carry would become others on the way.
Status check_transport(const Command& command, const std::string& line) {
  const auto* record = std::get_if<Record>(&command);
  if (record == nullptr) return {};
  const auto arrives = command_from_json(line);
  if (arrives && std::get<Record>(*arrives).file == record->file) return {};
  return Error(Errc::unsupported,
               fmt::format("the name of {} is not UTF-8: give another name, or record without isolation",
                           record->file.filename().string()));
}

}  // namespace

struct ProcessSession::Impl {
  Impl(ProcessOptions o, EventSink s, std::unique_ptr<ChildOutput> printed, ChildProcess c, UniqueFd socket)
      : options(std::move(o)),
        sink(std::move(s)),
        output(std::move(printed)),
        child(std::move(c)),
        pid(child.pid()),
        link(std::move(socket)) {}

  const ProcessOptions options;
  const EventSink sink;
  const std::unique_ptr<ChildOutput> output;  ///< null: its lines go to standard error
  ChildProcess child;                         ///< the receiver's, once it runs
  const int pid;
  LineSocket link;

  Mutex commands;  ///< held while a command is carried out; taken before `mutex`
  Mutex mutex;
  CondVar changed;
  const Command* asked GENLOCK_GUARDED_BY(mutex) = nullptr;
  std::optional<Status> answer GENLOCK_GUARDED_BY(mutex);
  std::optional<Error> gone GENLOCK_GUARDED_BY(mutex);

  SeenRecording recording;  ///< the receiver's
  Thread receiver;

  void receive();
  Error receive_until_end();
  void take(const Message& message);
  void take(const Reply& reply);
  const Record* asked_record() GENLOCK_REQUIRES(mutex) {
    return asked != nullptr && !answer ? std::get_if<Record>(asked) : nullptr;
  }
  Error explain(const Error& end);
};

/// Until the connection ends: why it did. Silence is counted in slices, so that a time in which this process
/// was stopped itself, as by Ctrl-Z, counts for one at most.
Error ProcessSession::Impl::receive_until_end() {
  constexpr int kSlices = 10;
  for (int silent = 0;;) {
    const auto line = link.receive(options.silence_limit / kSlices);
    if (!line) return line.error();
    if (!*line && ++silent == kSlices) return Error(Errc::io, "silent");
    if (!*line) continue;
    silent = 0;
    const auto message = message_from_json(**line);
    if (!message) return message.error();
    take(*message);
  }
}

void ProcessSession::Impl::take(const Message& message) {
  if (const auto* reply = std::get_if<Reply>(&message)) return take(*reply);
  const auto& event = std::get<Event>(message);
  {
    MutexLock lock(mutex);
    recording.see(event, asked_record());
  }
  sink(event);
}

void ProcessSession::Impl::take(const Reply& reply) {
  if (std::holds_alternative<Alive>(reply)) return;
  MutexLock lock(mutex);
  const auto* failed = std::get_if<Failed>(&reply);
  const Record* record = asked_record();
  if (record != nullptr && failed == nullptr) recording.answered(*record);
  answer = failed != nullptr ? Status(Error(failed->code, failed->error)) : Status();
  changed.notify_all();
}

Error ProcessSession::Impl::explain(const Error& end) {
  const bool left = end.code() == Errc::disconnected;
  if (!left) child.kill();
  const std::string how = child.wait(options.exit_limit);
  if (left)
    return Error(Errc::disconnected,
                 fmt::format("the process of {} {}, probably in its libk4a", options.name, how));
  const auto seconds = std::chrono::duration<double>(options.silence_limit).count();
  const std::string why = end.code() == Errc::io ? fmt::format("gave no sign of life for {} s", seconds)
                                                 : "sent what is no message (" + end.message() + ")";
  return Error(Errc::disconnected,
               fmt::format("the process of {} {}, probably because its libk4a hangs; it was "
                           "ended, unplug the unit and plug it in again",
                           options.name, why));
}

void ProcessSession::Impl::receive() {
  const Error error = explain(receive_until_end());
  if (recording.runs()) sink(recording.cut_off(pid, error.message()));
  MutexLock lock(mutex);
  gone = error;
  changed.notify_all();
}

Result<std::unique_ptr<ProcessSession>> ProcessSession::start(ProcessOptions options, EventSink sink) {
  GENLOCK_ASSIGN(auto ends, connected_sockets());
  std::unique_ptr<ChildOutput> output;
  if (options.on_line) {
    GENLOCK_ASSIGN(output, ChildOutput::create(options.name, options.on_line));
  }
  const UniqueFd inherits_ours;
  GENLOCK_ASSIGN(ChildProcess child, ChildProcess::start(options.command, ends.second,
                                                         output ? output->write_end() : inherits_ours));
  if (output) output->close_write_end();
  auto impl = std::make_unique<Impl>(std::move(options), std::move(sink), std::move(output), std::move(child),
                                     std::move(ends.first));
  impl->receiver = Thread("proc-" + impl->options.name, [impl = impl.get()] { impl->receive(); });
  return std::unique_ptr<ProcessSession>(new ProcessSession(std::move(impl)));
}

ProcessSession::ProcessSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ProcessSession::~ProcessSession() {
  static_cast<void>(execute(Close{}).has_value());
  impl_->link.shut_down();
  impl_->receiver.join();
}

Status ProcessSession::execute(const Command& command) {
  const std::string line = to_json(command);
  GENLOCK_TRY(check_transport(command, line));
  MutexLock turn(impl_->commands);
  {
    MutexLock lock(impl_->mutex);
    if (impl_->gone) return *impl_->gone;
    impl_->asked = &command;
    impl_->answer.reset();
  }
  static_cast<void>(impl_->link.send(line).has_value());  // the receiver finds out why it cannot be sent
  MutexLock lock(impl_->mutex);
  while (!impl_->answer && !impl_->gone) impl_->changed.wait(impl_->mutex);
  impl_->asked = nullptr;
  return impl_->answer ? *impl_->answer : Status(*impl_->gone);
}

int ProcessSession::pid() const {
  return impl_->pid;
}

}  // namespace genlock::session
