// Real recorders, killed at any moment: what a kill costs is what was held back for ordering, and one
// cluster.

#include <gmock/gmock.h>
#include <signal.h>

#include <random>
#include <sstream>

#include "base/clock.h"
#include "cli/recorder_process.h"
#include "proofs/file_watch.h"
#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/stock_rules.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::IsEmpty;

/// Bytes of colour, depth and IR of one capture, about; used for choosing moments only.
constexpr std::uint64_t kCaptureBytes = 700'000;

class KilledRecorder : public RecorderProcess {
 protected:
  /// In CI a bench that waits for its readers; for the tables one that runs as time does, so that the moment
  /// of a kill is one of its own clock.
  void SetUp() override { making_proofs() ? make_running_bench() : make_bench(8); }

  struct Killed {
    fs::path file;
    std::uint64_t least_bytes = 0;  ///< on the disk when the signal was sent
    HostTime at;                    ///< when it was sent
    int code = 0;
    std::string output;
  };

  /// Starts a recorder and sends it `signal` as soon as its file has so many bytes, and `extra` later.
  Killed run_until(std::uint64_t bytes, HostDuration extra, int number) {
    Killed killed{.file = folder_ / "take.mkv"};
    fs::remove(killed.file);
    FileWatch watch(folder_.path());
    const auto recorder = record("master", {"--json", "-r", "30", "take.mkv"});
    const bool there = watch.wait_until(recorder->pid(), [&] {
      std::error_code none_yet;
      const std::uintmax_t size = fs::file_size(killed.file, none_yet);
      return !none_yet && size >= bytes;
    });
    EXPECT_TRUE(there) << recorder->output();
    wait_until(system_clock().now() + extra);
    killed.least_bytes = bytes;
    killed.at = system_clock().now();
    recorder->signal(number);
    killed.code = recorder->wait();
    killed.output = recorder->output();
    return killed;
  }

  static void wait_until(HostTime deadline) {
    Mutex mutex;
    CondVar never;
    MutexLock lock(mutex);
    while (system_clock().now() < deadline) system_clock().wait(never, mutex, deadline);
  }

  /// The last event of that kind that the recorder told before it ended.
  static json last_event(const std::string& output, const std::string& kind) {
    json last;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
      const json event = json::parse(line, nullptr, false);
      if (event.is_object() && event["event"] == kind) last = event;
    }
    return last;
  }

  static std::uint64_t images_in(const Playback& file) { return file.survey.frames.size(); }

  std::mt19937 random_{4711};
};

std::uint64_t told(const json& progress, const char* stream) {
  for (const json& one : progress["streams"])
    if (one["stream"] == stream) return one["recorded"];
  return 0;
}

/// Frames that were accepted before the last progress line and are not in the file were all still in the
/// queue then.
void expect_no_more_lost_than_queued(const json& progress, const Playback& file) {
  if (progress.is_null()) return;
  std::uint64_t lost_bytes = 0, found = 0, accepted = 0;
  for (const auto& [stream, kind] :
       {std::pair{"color", recording::TrackKind::color}, {"depth", recording::TrackKind::ir}}) {
    const auto frames = static_cast<std::uint64_t>(
        std::ranges::count(file.survey.frames, kind, &recording::FrameEntry::track));
    const std::uint64_t least = kind == recording::TrackKind::ir ? 2 * 320 * 288 * 2 : 1;
    accepted += told(progress, stream);
    found += frames;
    if (told(progress, stream) > frames) lost_bytes += (told(progress, stream) - frames) * least;
  }
  EXPECT_LE(lost_bytes, progress["bytes_queued"].get<std::uint64_t>())
      << accepted << " frames were accepted, " << found << " are in the file";
}

void expect_openable(const fs::path& file) {
  const Result<std::vector<std::byte>> bytes = load_file(file);
  ASSERT_TRUE(bytes);
  const StockRules rules = check_stock_rules(*bytes);
  EXPECT_THAT(rules.broken, IsEmpty());
  EXPECT_GE(rules.clusters, 1U);
}

/// Files repaired, and what became of them.
class Repairs {
 public:
  /// Repairs `file` into `out` with the program.
  void repair(const std::string& program, const fs::path& file, const fs::path& out) {
    Process process({program, "repair", "--force", file, out}, {});
    const int code = process.wait();
    ASSERT_LE(code, 1) << process.output();
    const Result<Playback> before = play(file), after = play(out);
    ASSERT_TRUE(before && after);
    EXPECT_TRUE(after->survey.finalised);
    EXPECT_THAT(after->survey.problems, IsEmpty());
    lost_.push_back(static_cast<double>(before->survey.frames.size()) -
                    static_cast<double>(after->survey.frames.size()));
    EXPECT_EQ(lost_.back(), 0);
    EXPECT_EQ(before->imu.size(), after->imu.size());
    const StockRules rules = check_stock_rules(load_file(out).value());
    EXPECT_THAT(rules.broken, IsEmpty());
    complete_ += rules.complete;
    opened_.ask_all(out);
  }

  void add_row(const std::string& what) {
    EXPECT_THAT(opened_.complaints(), IsEmpty());
    EXPECT_EQ(complete_, lost_.size());
    std::vector<std::string> row{what, std::to_string(lost_.size()), worst_and_median(lost_),
                                 of(complete_, lost_.size())};
    for (const std::string& cell : opened_.cells()) row.push_back(cell);
    add_proof_row("repaired", row);
  }

 private:
  std::vector<double> lost_;
  std::size_t complete_ = 0;
  OpenedBy opened_;
};

/// Time between the arrival of the last image in the file and the kill, in ms. The host times of the last
/// second are lost with its records, so the unit's clock is compared with the host's where they are known:
/// not in the first second of a take.
std::optional<double> lost_ms(const Playback& file, HostTime killed_at) {
  std::optional<std::chrono::nanoseconds> offset;
  DeviceTime last{};
  for (const recording::FrameEntry& frame : file.survey.frames) {
    last = std::max(last, frame.device_time);
    if (frame.host_time)
      offset = frame.host_time->time_since_epoch() - std::chrono::microseconds(count_us(frame.device_time));
  }
  if (!offset) return std::nullopt;
  const auto arrived = *offset + std::chrono::microseconds(count_us(last));
  return std::chrono::duration<double, std::milli>(killed_at.time_since_epoch() - arrived).count();
}

TEST_F(KilledRecorder, LosesOnlyWhatWasHeldBack) {
  const std::size_t cases = proof_cases(6, 50);
  OpenedBy opened;
  Repairs repairs;
  std::vector<double> lost, frames;
  for (std::size_t i = 0; i < cases; ++i) {
    const std::uint64_t bytes =
        20'000 + random_() % (making_proofs() ? 70 * kCaptureBytes : 15 * kCaptureBytes);
    const Killed killed = run_until(bytes, std::chrono::microseconds(random_() % 50'000), SIGKILL);
    SCOPED_TRACE("killed at " + std::to_string(killed.least_bytes) + " bytes");
    EXPECT_EQ(killed.code, 128 + SIGKILL);
    const Result<Playback> file = play(killed.file);
    ASSERT_TRUE(file) << file.error().message();
    expect_no_more_lost_than_queued(last_event(killed.output, "progress"), *file);
    expect_openable(killed.file);
    opened.ask_all(killed.file);
    repairs.repair(program("genlock"), killed.file, folder_ / "repaired.mkv");
    if (const std::optional<double> ms = making_proofs() ? lost_ms(*file, killed.at) : std::nullopt) {
      EXPECT_LE(*ms, 1000.0);
      lost.push_back(*ms);
      frames.push_back(std::floor(*ms * 30 / 1000));
    }
  }
  EXPECT_THAT(opened.complaints(), IsEmpty());
  repairs.add_row("killed recorder's");
  std::vector<std::string> row{"recorder, SIGKILL", std::to_string(cases), worst_and_median(lost),
                               worst_and_median(frames)};
  for (const std::string& cell : opened.cells()) row.push_back(cell);
  add_proof_row("kill", row);
}

TEST_F(KilledRecorder, CompletesTheFileOnSignalsThatAskItToEnd) {
  for (const auto& [number, name] : {std::pair{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}}) {
    const std::size_t cases = proof_cases(1, 4);
    OpenedBy opened;
    std::vector<double> lost;
    for (std::size_t i = 0; i < cases; ++i) {
      const Killed killed = run_until(20'000 + random_() % (20 * kCaptureBytes), {}, number);
      SCOPED_TRACE(name);
      EXPECT_EQ(killed.code, 0) << killed.output;
      const json ended = last_event(killed.output, "recording_ended");
      const Result<Playback> file = play(killed.file);
      ASSERT_TRUE(file) << file.error().message();
      EXPECT_TRUE(file->survey.finalised);
      EXPECT_THAT(file->survey.problems, IsEmpty());
      lost.push_back(static_cast<double>(told(ended, "color") + 2 * told(ended, "depth")) -
                     static_cast<double>(images_in(*file)));
      EXPECT_EQ(lost.back(), 0);
      expect_openable(killed.file);
      opened.ask_all(killed.file);
    }
    EXPECT_THAT(opened.complaints(), IsEmpty());
    std::vector<std::string> row{std::string("recorder, ") + name, std::to_string(cases), "0 / 0",
                                 worst_and_median(lost)};
    for (const std::string& cell : opened.cells()) row.push_back(cell);
    add_proof_row("kill", row);
  }
}

}  // namespace
}  // namespace genlock::test
