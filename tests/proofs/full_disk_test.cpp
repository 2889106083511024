// Real file systems that fill, break and come back: the recorder says what happened, and what is on the disk
// is whole.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "cli/recorder_process.h"
#include "proofs/file_watch.h"
#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/planned_recording.h"
#include "support/small_disk.h"
#include "support/stock_rules.h"
#include "take/trim.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

/// Queue of the recorder for these cameras: recording::default_queue_bytes.
constexpr std::uint64_t kQueueBytes = 53'960'704;

/// With what a recorder needs besides, and the simulated unit with its pictures, which lives in the same
/// process.
[[maybe_unused]] constexpr std::uint64_t kMostMemory =
    kQueueBytes + (std::uint64_t{32} << 20) + (std::uint64_t{8} << 20);

struct Ended {
  int code = 0;
  std::string output;
  json event;  ///< recording_ended
  std::uint64_t peak_rss_bytes = 0;
};

Ended end_of(Process& recorder) {
  Ended ended{.code = recorder.wait(),
              .output = recorder.output(),
              .event = {},
              .peak_rss_bytes = recorder.peak_rss_bytes()};
  std::istringstream lines(ended.output);
  for (std::string line; std::getline(lines, line);) {
    const json event = json::parse(line, nullptr, false);
    if (event.is_object() && event["event"] == "recording_ended") ended.event = event;
  }
  return ended;
}

std::uint64_t told(const json& ended, const char* stream) {
  for (const json& one : ended["streams"])
    if (one["stream"] == stream) return one["recorded"];
  return 0;
}

/// The file is a complete one, has every image that the recorder counted as recorded, and no blocks behind
/// its end.
void expect_complete(const fs::path& path, const Ended& ended) {
  const Result<std::vector<std::byte>> bytes = load_file(path);
  ASSERT_TRUE(bytes) << bytes.error().message();
  const StockRules rules = check_stock_rules(*bytes);
  EXPECT_THAT(rules.broken, IsEmpty());
  EXPECT_TRUE(rules.complete);
  const Result<Playback> file = play(path);
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_TRUE(file->survey.finalised);
  EXPECT_THAT(file->survey.problems, IsEmpty());
  const auto frames = [&](recording::TrackKind kind) {
    return static_cast<std::uint64_t>(
        std::ranges::count(file->survey.frames, kind, &recording::FrameEntry::track));
  };
  EXPECT_EQ(frames(recording::TrackKind::color), told(ended.event, "color"));
  EXPECT_EQ(frames(recording::TrackKind::ir), told(ended.event, "depth"));
  EXPECT_EQ(file->survey.imu_samples, told(ended.event, "imu"));
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_LE(static_cast<std::uint64_t>(info.st_blocks) * 512, bytes->size() + 65536);
}

class FullDisk : public RecorderProcess {
 protected:
  static void SetUpTestSuite() { why_not_ = enter_private_mounts(); }

  void SetUp() override {
    if (why_not_) GTEST_SKIP() << "file systems cannot be mounted here: " << *why_not_;
    make_running_bench();
  }

  std::unique_ptr<SmallDisk> disk(SmallDisk::Kind kind, std::uint64_t bytes) {
    auto made = SmallDisk::make(kind, bytes);
    EXPECT_TRUE(made) << made.error().message();
    return made ? *std::move(made) : nullptr;
  }

  /// A recorder with small images and the buffer that it has by itself, for `seconds`; `before` is what a
  /// shell does first.
  std::unique_ptr<Process> recorder(const fs::path& file, const std::string& seconds,
                                    const std::string& before = ":") {
    return start("master", {"sh", "-c", before + "; exec \"$@\"", "sh", program("k4arecorder"), "-c", "720p",
                            "-d", "NFOV_2X2BINNED", "--json", "-r", "30", "-l", seconds, file});
  }

  void expect_ended_well(const Ended& ended, const fs::path& file, const std::string& cause) {
    EXPECT_EQ(ended.code, 1);
    ASSERT_FALSE(ended.event.is_null()) << ended.output;
    EXPECT_THAT(ended.event["error"].get<std::string>(), HasSubstr(cause));
    EXPECT_EQ(ended.event["reason"], "failed");
    EXPECT_THAT(ended.event["error"].get<std::string>(), HasSubstr(file.filename().string()));
#ifndef GENLOCK_UNDER_SANITIZER
    EXPECT_LE(ended.peak_rss_bytes, kMostMemory);
#endif
    expect_complete(file, ended);
  }

  void add_row(const std::string& what, std::size_t cases, const OpenedBy& opened, std::uint64_t rss) {
    EXPECT_THAT(opened.complaints(), IsEmpty());
    std::vector<std::string> row{what, std::to_string(cases), std::to_string(rss >> 20)};
    for (const std::string& cell : opened.cells()) row.push_back(cell);
    add_proof_row("full-disk", row);
  }

  static inline std::optional<std::string> why_not_;
};

TEST_F(FullDisk, EndsTheRecordingAndCompletesTheFile) {
  for (const auto& [kind, name, least] : {std::tuple{SmallDisk::Kind::tmpfs, "tmpfs", 5'000'000U},
                                          {SmallDisk::Kind::ext4, "ext4", 12'000'000U}}) {
    const std::size_t cases = proof_cases(1, 6);
    OpenedBy opened;
    std::uint64_t rss = 0;
    for (std::size_t i = 0; i < cases; ++i) {
      const auto small = disk(kind, least + i * 1'300'000);
      ASSERT_TRUE(small);
      SCOPED_TRACE(std::string(name) + " of " + std::to_string(least + i * 1'300'000));
      const fs::path file = small->path() / "take.mkv";
      const Ended ended = end_of(*recorder(file, "60"));
      expect_ended_well(ended, file, "No space left on device");
      opened.ask_all(file);
      rss = std::max(rss, ended.peak_rss_bytes);
    }
    add_row(std::string(name) + " that fills", cases, opened, rss);
  }
}

TEST_F(FullDisk, OfALimitOfFileSizeIsAnErrorToo) {
  const std::size_t cases = proof_cases(1, 6);
  OpenedBy opened;
  std::uint64_t rss = 0;
  for (std::size_t i = 0; i < cases; ++i) {
    const fs::path file = folder_ / ("limit" + std::to_string(i) + ".mkv");
    const std::string blocks = std::to_string(10'000 + i * 2'345);  // of 512 bytes
    const Ended ended = end_of(*recorder(file, "60", "ulimit -f " + blocks));
    SCOPED_TRACE("limit of " + blocks + " blocks");
    expect_ended_well(ended, file, "File too large");
    EXPECT_GE(fs::file_size(file) + 2'500'000, std::stoul(blocks) * 512)
        << "what fits is in the file, but for a cluster and what is kept back for the end";
    opened.ask_all(file);
    rss = std::max(rss, ended.peak_rss_bytes);
  }
  add_row("limit of file size (`ulimit -f`)", cases, opened, rss);
}

// As after a power cut, the journal is replayed at the next mount; what was never synced need not be there.
TEST_F(FullDisk, ThatGoesAwayKeepsWhatWasSynced) {
  const std::size_t cases = proof_cases(1, 6);
  OpenedBy opened;
  std::uint64_t rss = 0;
  for (std::size_t i = 0; i < cases; ++i) {
    const auto small = disk(SmallDisk::Kind::ext4, 200'000'000);
    ASSERT_TRUE(small);
    const fs::path file = small->path() / "take.mkv";
    FileWatch watch(small->path());
    const auto running = recorder(file, "60");
    const std::uint64_t bytes = 40'000'000 + i * 1'100'000;
    SCOPED_TRACE("gone at " + std::to_string(bytes) + " bytes");
    ASSERT_TRUE(watch.wait_until(running->pid(), [&] {
      std::error_code none_yet;
      const std::uintmax_t size = fs::file_size(file, none_yet);
      return !none_yet && size >= bytes;
    })) << running->output();
    const Status gone = small->shut_down();
    ASSERT_TRUE(gone) << gone.error().message();
    const Ended ended = end_of(*running);
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.event["error"].get<std::string>(), HasSubstr("Input/output error"));
    rss = std::max(rss, ended.peak_rss_bytes);
    const Status again = small->mount_again();
    ASSERT_TRUE(again) << again.error().message();
    const Result<std::vector<std::byte>> left = load_file(file);
    ASSERT_TRUE(left) << left.error().message();
    EXPECT_THAT(check_stock_rules(*left).broken, IsEmpty());
    opened.ask_all(file);
  }
  add_row("ext4 that goes away (EIO, then mounted again)", cases, opened, rss);
}

/// Takes all the room that a disk has left.
void fill(const fs::path& file) {
  const std::string block(4096, 'x');
  std::ofstream out(file, std::ios::binary);
  while (out << block << std::flush) {
  }
}

TEST_F(FullDisk, ThatFillsDuringATrimIsLeftAsItWas) {
  const auto files = write_planned(folder_.path(), planned_take(12));
  const auto small = disk(SmallDisk::Kind::tmpfs, 40'000'000);
  ASSERT_TRUE(small);
  const fs::path cut = small->path() / "cut", filler = small->path() / "filler";
  const auto trim = [&](const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    auto sets = *take::FrameSets::open(files);
    return take::trim(sets, cut, {.progress = progress});
  };
  const auto failed = trim([&](std::uint64_t, std::uint64_t) {
    if (!fs::exists(filler)) fill(filler);
    return true;
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::no_space) << failed.error().message();
  EXPECT_THAT(failed.error().message(), HasSubstr("no file was made"));
  EXPECT_EQ(std::distance(fs::directory_iterator(small->path()), {}), 1) << "the filler alone";
  fs::remove(filler);
  const auto report = trim({});
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->sets, 12U);
}

std::uint64_t refused(const json& ended) {
  std::uint64_t frames = 0;
  for (const json& stream : ended["streams"]) frames += stream["refused"].get<std::uint64_t>();
  return frames;
}

// Takes as long as the disk is slow, so it runs for the tables alone; writer_test has it with a disk of the
// test's own.
TEST_F(FullDisk, ThatIsTooSlowCostsFramesThatAreCountedAndNoMemory) {
  const std::size_t cases = proof_cases(0, 2);
  if (cases == 0) GTEST_SKIP() << "tried by make proofs";
  const std::uint64_t memory = end_of(*recorder(folder_ / "fast.mkv", "8")).peak_rss_bytes;
  OpenedBy opened;
  std::uint64_t rss = 0;
  for (std::size_t i = 0; i < cases; ++i) {
    const auto slow = disk(SmallDisk::Kind::ext4, 300'000'000);
    ASSERT_TRUE(slow);
    const auto group = slow->throttle(6'000'000 + i * 2'000'000);
    if (!group) GTEST_SKIP() << "disks cannot be made slow here: " << group.error().message();
    const fs::path file = slow->path() / "take.mkv";
    const Ended ended = end_of(*recorder(file, "8", "echo $$ > " + (*group / "cgroup.procs").string()));
    EXPECT_EQ(ended.code, 1) << "lost data are a failure";
    EXPECT_GT(refused(ended.event), 0U);
    EXPECT_LE(ended.peak_rss_bytes, memory + kQueueBytes) << "on a fast disk: " << memory;
    expect_complete(file, ended);
    opened.ask_all(file);
    rss = std::max(rss, ended.peak_rss_bytes);
  }
  add_row("ext4 at 6 and 8 MB/s, cameras at 20", cases, opened, rss);
}

}  // namespace
}  // namespace genlock::test
