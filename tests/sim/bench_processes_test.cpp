#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "device/sim/bench.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::device::sim {
namespace {

using test::Process;

/// A bench file and a state directory for agents and this process.
class Processes : public testing::Test {
 protected:
  Processes() { write_bench("speed = 4\nloop_frames = 1\n"); }

  /// The bench file: the default bench with more fields.
  void write_bench(const std::string& fields) const {
    std::string text = bench_template();
    text.insert(text.find("[[unit]]"), fields);
    std::ofstream(file()) << text;
  }

  /// The same with all units on one host.
  void write_bench_of_one_host(const std::string& host_fields) const {
    const std::string text = bench_template();
    std::ofstream(file()) << "loop_frames = 1\n"
                          << text.substr(0, text.find("[[host]]"))
                          << "[[host]]\nname = \"pc\"\nunits = [\"master\", \"sub1\", \"sub2\"]\n"
                          << host_fields;
  }

  std::string file() const { return (folder_ / "bench.toml").string(); }
  std::filesystem::path state() const { return folder_ / "state"; }

  std::unique_ptr<Process> agent(std::vector<std::string> words, const std::string& host = "") const {
    words.insert(words.begin(), GENLOCK_BENCH_AGENT);
    return std::make_unique<Process>(
        words, Process::Options{.environment = {{"GENLOCK_BENCH", file()},
                                                {"GENLOCK_BENCH_HOST", host},
                                                {"GENLOCK_STATE_DIR", state().string()}},
                                .directory = "."});
  }

  BenchOptions options() const {
    return {.bench = file(), .config = {}, .host = "", .state_directory = state(), .recorded_images = {}};
  }

  std::shared_ptr<Bench> must_open() const {
    const auto bench = Bench::open(options());
    if (!bench) throw std::runtime_error(bench.error().message());
    return *bench;
  }

  std::size_t state_bytes() const {
    std::size_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(state())) bytes += entry.file_size();
    return bytes;
  }

 private:
  const test::TemporaryFolder folder_;
};

/// Stamps by the pulse that the pixels show.
std::map<unsigned, long long> captures(const std::string& output) {
  std::map<unsigned, long long> stamps;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    unsigned pulse = 0;
    long long stamp = 0;
    if (std::sscanf(line.c_str(), "capture %u %lld", &pulse, &stamp) == 2) stamps[pulse] = stamp;
  }
  return stamps;
}

/// Numbers of the depth images by the pulse that the pixels show.
std::map<unsigned, unsigned long long> depth_images(const std::string& output) {
  std::map<unsigned, unsigned long long> images;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    unsigned pulse = 0;
    unsigned long long number = 0;
    if (std::sscanf(line.c_str(), "capture %u %*d %llu", &pulse, &number) == 2 && number != 0)
      images[pulse] = number;
  }
  return images;
}

TEST_F(Processes, HaveAUnitForThemselvesUntilTheyAreKilled) {
  const auto holder = agent({"sub1", "hold"});
  ASSERT_TRUE(holder->wait_for("holding")) << holder->output();
  const auto provider = open_bench(options());
  ASSERT_TRUE(provider) << provider.error().message();
  const auto busy = (*provider)->open(1);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code(), Errc::busy);
  EXPECT_THAT(busy.error().message(), testing::HasSubstr(std::to_string(holder->pid())));
  EXPECT_EQ((*provider)->list()->size(), 3U);
  holder->signal(SIGKILL);
  EXPECT_EQ(holder->wait(), 128 + SIGKILL);
  const auto unit = (*provider)->open(1);
  ASSERT_TRUE(unit) << unit.error().message();
  ASSERT_TRUE((*unit)->start_cameras({.depth_mode = DepthMode::nfov_2x2binned}));
  EXPECT_TRUE((*unit)->next_capture(HostDuration(-1))->has_value());
}

TEST_F(Processes, AreTriggeredByAMasterInAnotherOne) {
  const auto sub1 = agent({"sub1", "subordinate", "60"}, "sub1");
  const auto sub2 = agent({"sub2", "subordinate", "60"}, "sub2");
  ASSERT_TRUE(sub1->wait_for("started")) << sub1->output();
  ASSERT_TRUE(sub2->wait_for("started")) << sub2->output();
  const auto master = agent({"master", "master", "60"}, "master");
  EXPECT_EQ(master->wait(), 0) << master->output();
  EXPECT_EQ(sub1->wait(), 0) << sub1->output();
  EXPECT_EQ(sub2->wait(), 0) << sub2->output();
  const auto of_master = captures(master->output()), of_sub1 = captures(sub1->output()),
             of_sub2 = captures(sub2->output());
  std::size_t common = 0;
  for (const auto& [pulse, stamp] : of_master) {
    for (const auto* sub : {&of_sub1, &of_sub2}) {
      const auto found = sub->find(pulse);
      if (found == sub->end()) continue;
      ++common;
      EXPECT_NEAR(static_cast<double>(found->second - stamp), 0, 34) << pulse;
    }
  }
  EXPECT_GE(common, 2U);
}

TEST_F(Processes, SeeTheSameDepthInEveryRunWhoeverIsLate) {
  // All three light up the same room at once: every image has the others in it. The clock waits for readers,
  // so that the images are there to be compared.
  write_bench("speed = 4\nloop_frames = 1\nclock = \"patient\"\n");
  using Run = std::map<std::string, std::map<unsigned, unsigned long long>>;
  const auto run = [&](const std::string& late) {
    std::map<std::string, std::unique_ptr<Process>> agents;
    for (const std::string unit : {"sub1", "sub2", "master"}) {
      const std::string role = unit == "master" ? "master" : "subordinate";
      std::vector<std::string> words{unit, role, "40"};
      if (unit == late) words.emplace_back("late");
      agents[unit] = agent(words, unit);
      EXPECT_TRUE(agents[unit]->wait_for("started")) << agents[unit]->output();
    }
    Run images;
    for (const auto& [unit, process] : agents) {
      EXPECT_EQ(process->wait(), 0) << process->output();
      images[unit] = depth_images(process->output());
    }
    return images;
  };
  const Run a = run("sub1"), b = run("sub2");
  unsigned last = ~0U;  // up to here all three ran, in both
  for (const Run* one : {&a, &b})
    for (const auto& [unit, images] : *one) {
      ASSERT_FALSE(images.empty()) << unit;
      last = std::min(last, images.rbegin()->first);
    }
  std::size_t common = 0;
  for (const auto& [unit, images] : a) {
    for (const auto& [pulse, number] : images) {
      const auto other = b.at(unit).find(pulse);
      if (pulse > last || other == b.at(unit).end()) continue;
      ++common;
      EXPECT_EQ(other->second, number) << unit << " " << pulse;
    }
  }
  EXPECT_GE(common, 10U);
}

TEST_F(Processes, RunFreeWhenTheMastersProcessIsKilled) {
  const auto sub = agent({"sub1", "subordinate", "120"});
  ASSERT_TRUE(sub->wait_for("started")) << sub->output();
  const auto master = agent({"master", "master", "100000"});
  ASSERT_TRUE(sub->wait_for("capture")) << sub->output();
  master->signal(SIGKILL);
  EXPECT_EQ(sub->wait(), 0) << sub->output();
  const auto bench = Bench::open(options());
  ASSERT_TRUE(bench);
  const BenchStatus status = (*bench)->status();
  EXPECT_FALSE(status.units[0].running);
  EXPECT_EQ(status.units[0].open_by, 0);
}

TEST_F(Processes, ThatWereKilledUseNoUsbBandwidth) {
  write_bench_of_one_host("usb_mb_per_s = 450\n");
  const auto master = agent({"master", "hold"}), killed = agent({"sub2", "hold"});
  ASSERT_TRUE(master->wait_for("holding")) << master->output();
  ASSERT_TRUE(killed->wait_for("holding")) << killed->output();
  const auto provider = open_bench(options());
  ASSERT_TRUE(provider) << provider.error().message();
  const auto unit = (*provider)->open(1);
  ASSERT_TRUE(unit) << unit.error().message();
  const CameraConfig cameras{.color_format = PixelFormat::nv12,
                             .color_resolution = ColorResolution::r720p,
                             .depth_mode = DepthMode::nfov_2x2binned};
  const Status full = (*unit)->start_cameras(cameras);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message(), testing::HasSubstr("USB bandwidth"));
  killed->signal(SIGKILL);
  killed->wait();
  const Status started = (*unit)->start_cameras(cameras);
  EXPECT_TRUE(started) << started.error().message();
}

/// Numbers of pulses that one reader's captures show, among them the gaps.
std::size_t lost_between(const std::map<unsigned, long long>& stamps) {
  return stamps.rbegin()->first - stamps.begin()->first + 1 - stamps.size();
}

TEST_F(Processes, ThatAreHeldUpLoseFramesUnlessTheClockIsPatient) {
  for (const bool patient : {false, true}) {
    write_bench(patient ? "speed = 20\nclock = \"patient\"\npatience_s = 600\nloop_frames = 2\n"
                        : "speed = 20\nloop_frames = 2\n");
    const auto bench = must_open();
    const auto reader = agent({"master", "standalone", "60"});
    ASSERT_TRUE(reader->wait_for("capture")) << reader->output();
    reader->signal(SIGSTOP);
    const auto held_up = [&] {
      const BenchStatus status = bench->status();
      return patient ? status.waited : status.since_boot;
    };
    const HostDuration before = held_up();
    while (held_up() < before + std::chrono::seconds(5)) {
    }
    if (patient) {
      EXPECT_EQ(bench->status().waits_for, 0U);
    }
    reader->signal(SIGCONT);
    EXPECT_EQ(reader->wait(), 0) << reader->output();
    const std::size_t lost = lost_between(captures(reader->output()));
    EXPECT_EQ(lost == 0, patient) << lost;
  }
}

TEST_F(Processes, ThatAreSlowHoldUpAPatientClockAtAnySpeedAndLoseNothing) {
  write_bench("speed = 10000\nclock = \"patient\"\npatience_s = 600\nloop_frames = 2\n");
  const auto sub1 = agent({"sub1", "subordinate", "60"}), sub2 = agent({"sub2", "subordinate", "60"});
  ASSERT_TRUE(sub1->wait_for("started")) << sub1->output();
  ASSERT_TRUE(sub2->wait_for("started")) << sub2->output();
  const auto master = agent({"master", "master", "60"});
  for (const auto* process : {&master, &sub1, &sub2}) {
    EXPECT_EQ((*process)->wait(), 0) << (*process)->output();
    const auto stamps = captures((*process)->output());
    ASSERT_EQ(stamps.size(), 60U);
    EXPECT_EQ(lost_between(stamps), 0U);
  }
  EXPECT_EQ(captures(sub1->output()).begin()->first + 2, captures(master->output()).begin()->first);
}

TEST_F(Processes, ThatTakeAUnitAndDoNotReadItHoldUpNobodyForGood) {
  write_bench("speed = 20\nclock = \"patient\"\npatience_s = 1\nloop_frames = 2\n");
  const auto bench = must_open();
  const auto provider = make_provider(bench);
  const auto unread = *provider->open(1);
  ASSERT_TRUE(unread->start_cameras({.depth_mode = DepthMode::nfov_2x2binned}));
  ASSERT_TRUE(unread->start_imu());
  const auto reader = agent({"master", "standalone", "300"});
  EXPECT_EQ(reader->wait(), 0) << reader->output();
  EXPECT_EQ(captures(reader->output()).size(), 300U);
}

TEST_F(Processes, ThatAreKilledHoldUpNobody) {
  write_bench("speed = 20\nclock = \"patient\"\npatience_s = 600\nloop_frames = 2\n");
  const auto killed = agent({"sub1", "standalone", "100000"});
  ASSERT_TRUE(killed->wait_for("capture")) << killed->output();
  killed->signal(SIGKILL);
  killed->wait();
  const auto reader = agent({"master", "standalone", "60"});
  EXPECT_EQ(reader->wait(), 0) << reader->output();
}

TEST_F(Processes, KilledWhileTheyReplaceABenchInUseLeaveItInUse) {
  const auto holder = agent({"sub1", "hold"});
  ASSERT_TRUE(holder->wait_for("holding")) << holder->output();
  write_bench("speed = 5\n");
  const auto dying = agent({"master", "die-replacing"});
  EXPECT_EQ(dying->wait(), 128 + SIGSYS) << dying->output();
  const auto replaced = open_bench(options());
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code(), Errc::busy);
  write_bench("speed = 4\nloop_frames = 1\n");
  const auto provider = open_bench(options());
  ASSERT_TRUE(provider) << provider.error().message();
  const auto again = (*provider)->open(1);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::busy);
}

TEST_F(Processes, KilledWhileTheyHoldTheStateLeaveItWithTheirLastWholeEvent) {
  const auto dying = agent({"sub1", "die-locked"});
  EXPECT_EQ(dying->wait(), 128 + SIGKILL) << dying->output();
  const auto bench = Bench::open(options());
  ASSERT_TRUE(bench) << bench.error().message();
  EXPECT_EQ((*bench)->status().units[1].jacks.in, false);
  EXPECT_TRUE(make_provider(*bench)->open(1));
}

TEST_F(Processes, KilledAtAnyPointLeaveTheBenchUsableAndNoLargerThanBefore) {
  std::mt19937 random(11);
  std::size_t bytes = 0;
  for (int round = 0; round < 12; ++round) {
    const auto a = agent({"sub1", "churn"}), b = agent({"sub2", "churn"});
    ASSERT_TRUE(a->wait_for("churning")) << a->output();
    ASSERT_TRUE(b->wait_for("churning")) << b->output();
    const std::string progress = random() % 2 == 0 ? "round" : "open";
    ASSERT_TRUE(a->wait_for(progress));
    a->signal(SIGKILL);
    if (random() % 2 == 0) {
      ASSERT_TRUE(b->wait_for("round"));
    }
    b->signal(SIGKILL);
    a->wait();
    b->wait();
    const auto provider = open_bench(options());
    ASSERT_TRUE(provider) << provider.error().message();
    for (const unsigned index : {1U, 2U}) {
      const auto unit = (*provider)->open(index);
      ASSERT_TRUE(unit) << unit.error().message();
      EXPECT_TRUE((*unit)->sync_jacks());
    }
    if (bytes == 0) bytes = state_bytes();
    EXPECT_EQ(state_bytes(), bytes);
  }
}

}  // namespace
}  // namespace genlock::device::sim
