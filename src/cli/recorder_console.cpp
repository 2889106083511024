#include "cli/recorder_console.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "cli/output.h"
#include "cli/session_text.h"
#include "cli/text.h"
#include "session/wire.h"

namespace genlock::cli {
namespace {

using namespace std::chrono_literals;
using session::StreamCount;
using session::StreamKind;

constexpr DeviceDuration kPlainLineEvery = device_us(10'000'000);

const char* unit_of(StreamKind stream) {
  return stream == StreamKind::color   ? "colour frames"
         : stream == StreamKind::depth ? "depth frames"
                                       : "IMU samples";
}

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

}  // namespace

std::string summary(const session::RecordingEnded& ended, std::size_t most_gaps) {
  if (ended.file.empty()) return "Nothing was recorded; no file was left behind.\n";
  std::string text = fmt::format("{}: {:.3f} s, {}\n", ended.file.string(), in_seconds(ended.recorded),
                                 readable_bytes(ended.file_bytes));
  for (const std::filesystem::path& part : ended.more_files)
    text += fmt::format("  goes on in {}\n", part.string());
  for (const StreamCount& s : ended.streams) {
    text += fmt::format("  {:>7} {}", s.recorded, unit_of(s.stream));
    if (s.stream != StreamKind::imu) text += fmt::format(", {} missing", s.missing);
    if (s.recorded == 0) text += ": NONE came";
    if (s.refused > 0)
      text += fmt::format(", {} LOST{}", s.refused,
                          ended.error.empty() ? ": the disk or this host was too slow" : "");
    text += "\n";
  }
  if (ended.captures_dropped > 0)
    text += fmt::format("  {:>7} captures LOST: this host read the unit too late\n", ended.captures_dropped);
  for (std::size_t i = 0; i < std::min(ended.gaps.size(), most_gaps); ++i)
    text += fmt::format("  gap: {} {} after {} us\n", ended.gaps[i].frames, unit_of(ended.gaps[i].stream),
                        count_us(ended.gaps[i].after));
  if (ended.gaps.size() > most_gaps)
    text += fmt::format("  and {} more gaps\n", ended.gaps.size() - most_gaps);
  return text;
}

RecorderConsole::RecorderConsole(const RecorderOptions& options)
    : options_(options), terminal_(isatty(STDERR_FILENO) != 0) {}

void RecorderConsole::on_event(const session::Event& event) {
  if (options_.json) return put_out(session::to_json(event) + "\n");
  std::visit([this](const auto& e) { (*this)(e); }, event);
}

void RecorderConsole::say(const std::string& line) {
  end_live();
  put_out(line + "\n");
}

void RecorderConsole::live(const std::string& text, bool worth_a_line) {
  if (options_.quiet) return;
  if (!terminal_) {
    if (worth_a_line) put_err(text + "\n");
    return;
  }
  const std::string shown = text.substr(0, terminal_width() - 1);  // a full line would scroll
  put_err(fmt::format("\r{:<{}}", shown, live_width_));
  live_width_ = shown.size();
}

void RecorderConsole::end_live() {
  if (terminal_ && live_width_ > 0) put_err(fmt::format("\r{:<{}}\r", "", live_width_));
  live_width_ = 0;
}

void RecorderConsole::stopping() {
  if (!options_.json && !stop_said_) say("Stopping recording...");
  stop_said_ = true;
}

void RecorderConsole::operator()(const session::Opened& event) {
  say("Device serial number: " + event.serial);
  say("Device version: " + version_line(event.version));
  if (event.simulated) say("Simulated unit: this recording shows no real scene");
}

void RecorderConsole::operator()(const session::Started& event) {
  say("Device started");
  if (event.sync_mode == WiredSyncMode::subordinate) say("[subordinate mode] Waiting for signal from master");
}

void RecorderConsole::operator()(const session::Waiting& event) {
  const bool subordinate = options_.camera.sync_mode == WiredSyncMode::subordinate;
  if (!subordinate && event.waited < 3s) return;
  std::string text =
      fmt::format("waiting for {}: {} s, for {} s more", subordinate ? "the master" : "the first capture",
                  whole_seconds(event.waited), whole_seconds(event.remaining));
  if (subordinate && options_.camera.depth_on() && event.waited < 60s)
    text += fmt::format(" (the depth camera sleeps in {} s)", whole_seconds(60s - event.waited));
  live(text, whole_seconds(event.waited) % 10 == 0);
}

void RecorderConsole::operator()(const session::Rearmed& event) {
  say(fmt::format(
      "{} s without a signal: the unit's depth camera powers itself down after 60 s and stays off until the "
      "cameras are started again; started them again, waiting goes on",
      whole_seconds(event.waited)));
}

void RecorderConsole::operator()(const session::RecordingStarted& event) {
  say("Started recording");
  if (!options_.quiet && event.write_method == to_string(WriteMethod::buffered))
    put_err(
        fmt::format("the file system of {} takes no direct I/O: the recording goes through the page cache, "
                    "at less speed\n",
                    event.file.string()));
  if (!options_.length) say("Press Ctrl-C to stop recording.");
}

void RecorderConsole::operator()(const session::Progress& event) {
  const double time = in_seconds(event.recorded);
  const double rate = time > 0 ? static_cast<double>(event.bytes_on_disk + event.bytes_queued) / time : 0;
  std::string text = fmt::format("{:7.1f} s", time);
  std::uint64_t missing = 0;
  for (const StreamCount& s : event.streams) {
    if (s.stream == StreamKind::imu) continue;
    missing += s.missing + s.refused;
    text += fmt::format("  {} {}", s.recorded, to_string(s.stream));
  }
  text += fmt::format("  {} dropped  {}/s  disk: {}", missing,
                      readable_bytes(static_cast<std::uint64_t>(rate)), disk_left(rate));
  live(text, event.recorded >= next_plain_line_ + kPlainLineEvery);
  if (event.recorded >= next_plain_line_ + kPlainLineEvery) next_plain_line_ = event.recorded;
}

void RecorderConsole::operator()(const session::Warning& event) {
  end_live();
  put_err(fmt::format("warning: {}\n", event.text));
}

void RecorderConsole::operator()(const session::RecordingEnded& event) {
  stopping();
  if (!event.error.empty()) put_err(fmt::format("error: {}\n", event.error));
  if (!event.file.empty()) say("Saving recording...");
  say(session::complete(event) ? "Done" : "Not complete");
  put_out(summary(event));
}

std::string RecorderConsole::disk_left(double bytes_per_second) const {
  struct statvfs disk {};
  const std::filesystem::path folder = options_.file.has_parent_path() ? options_.file.parent_path() : ".";
  if (bytes_per_second <= 0 || statvfs(folder.c_str(), &disk) != 0) return "?";
  return readable_seconds(static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) /
                          bytes_per_second) +
         " left";
}

}  // namespace genlock::cli
