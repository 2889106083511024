// A subordinate and its master in two processes, through the C ABI: facts k4a-abi.md C5 and G9. Their stamps
// differ by the delays they were given, as exactly as real units' do.

#include <cstdlib>
#include <random>
#include <sstream>

#include "capi/device/program_bench.h"
#include "support/process.h"

namespace genlock::test {
namespace {

/// What accepts a pair of real units (facts device.md 2.3), by the number of the frame rate.
struct Rate {
  k4a_fps_t number;
  int period_us;
  int tolerance_us;
};

constexpr Rate kRates[] = {{K4A_FRAMES_PER_SECOND_30, 33333, 110},
                           {K4A_FRAMES_PER_SECOND_15, 66666, 220},
                           {K4A_FRAMES_PER_SECOND_5, 200000, 660}};
constexpr int kCaptures = 20;

struct Delays {
  int off_master = 0;
  int master_depth = 0;
  int subordinate_depth = 0;
};

Delays random_delays(unsigned seed, int period_us) {
  std::mt19937 random(seed);
  const auto between = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  return {.off_master = between(0, period_us),
          .master_depth = between(-period_us, period_us),
          .subordinate_depth = between(-period_us, period_us)};
}

struct Stamps {
  std::vector<std::int64_t> color, depth;
};

Stamps stamps_in(const std::string& output) {
  Stamps stamps;
  std::istringstream words(output);
  for (std::string word; words >> word;) {
    if (word != "color" && word != "depth") continue;
    std::int64_t stamp = 0;
    words >> stamp;
    (word == "color" ? stamps.color : stamps.depth).push_back(stamp);
  }
  return stamps;
}

std::vector<std::string> agent(unsigned index, k4a_wired_sync_mode_t role, const Rate& rate, int off_master,
                               int depth) {
  return {GENLOCK_SYNC_AGENT,          std::to_string(index),      std::to_string(role),
          std::to_string(rate.number), std::to_string(off_master), std::to_string(depth),
          std::to_string(kCaptures)};
}

/// How many of `later` have one of `earlier` that is `expected_us` before them, and how far off the worst is.
/// Those without any within half a period do not count: each side has frames that the other has not.
struct Agreement {
  int pairs = 0;
  std::int64_t worst_us = 0;
};

Agreement agreement(const std::vector<std::int64_t>& earlier, const std::vector<std::int64_t>& later,
                    std::int64_t expected_us, int period_us) {
  Agreement found;
  for (const std::int64_t stamp : later)
    for (const std::int64_t other : earlier) {
      const std::int64_t off = std::abs(stamp - other - expected_us);
      if (off > period_us / 2) continue;
      ++found.pairs;
      found.worst_us = std::max(found.worst_us, off);
    }
  return found;
}

class SyncedPair : public testing::TestWithParam<Rate> {
 protected:
  /// Subordinate first, then the master, on a bench that nobody has used: a master that was stopped gives
  /// pulses for a while, to which a subordinate that is started too early would lock.
  std::pair<Stamps, Stamps> stream(const Delays& delays) {
    const ProgramBench bench({.clock = ProgramBench::patient(20)});
    const Rate& rate = GetParam();
    Process subordinate(
        agent(1, K4A_WIRED_SYNC_MODE_SUBORDINATE, rate, delays.off_master, delays.subordinate_depth), {});
    EXPECT_TRUE(subordinate.wait_for("started")) << subordinate.output();
    Process master(agent(0, K4A_WIRED_SYNC_MODE_MASTER, rate, 0, delays.master_depth), {});
    EXPECT_EQ(master.wait(), 0) << master.output();
    EXPECT_EQ(subordinate.wait(), 0) << subordinate.output();
    return {stamps_in(master.output()), stamps_in(subordinate.output())};
  }

  void expect_agreement(const char* what, const std::vector<std::int64_t>& earlier,
                        const std::vector<std::int64_t>& later, int expected_us) {
    const Agreement found = agreement(earlier, later, expected_us, GetParam().period_us);
    EXPECT_GE(found.pairs, kCaptures / 2) << what;
    EXPECT_LE(found.worst_us, GetParam().tolerance_us) << what << " " << expected_us << " us apart";
  }
};

TEST_P(SyncedPair, StampsDifferByTheDelaysAndNothingElse) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const Delays delays = random_delays(seed, GetParam().period_us);
    SCOPED_TRACE(testing::Message() << "delays " << delays.off_master << ", depth " << delays.master_depth
                                    << " and " << delays.subordinate_depth);
    const auto [master, subordinate] = stream(delays);
    expect_agreement("color", master.color, subordinate.color, delays.off_master);
    expect_agreement("depth of the master", master.color, master.depth, delays.master_depth);
    expect_agreement("depth of the subordinate", subordinate.color, subordinate.depth,
                     delays.subordinate_depth);
    expect_agreement("depth", master.color, subordinate.depth, delays.off_master + delays.subordinate_depth);
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, SyncedPair, testing::ValuesIn(kRates), [](const auto& instance) {
  return "Period" + std::to_string(instance.param.period_us) + "Us";
});

TEST(TwoProcesses, DoNotOpenTheSameUnit) {
  const ProgramBench bench({.clock = ProgramBench::patient(20)});
  {
    const OpenDevice device(0);
    Process other(agent(0, K4A_WIRED_SYNC_MODE_STANDALONE, kRates[0], 0, 0), {});
    EXPECT_EQ(other.wait(), 1);
    EXPECT_THAT(other.output(), testing::Not(testing::HasSubstr("started")));
  }
  Process other(agent(0, K4A_WIRED_SYNC_MODE_STANDALONE, kRates[0], 0, 0), {});
  EXPECT_EQ(other.wait(), 0);
}

/// What a program says that asks for a unit that no bench has.
std::string said_without_a_bench(const char* log_level) {
  const TemporaryFolder folder;
  Process program(agent(99, K4A_WIRED_SYNC_MODE_STANDALONE, kRates[0], 0, 0),
                  {.environment = {{"GENLOCK_BENCH", ""},
                                   {"GENLOCK_STATE_DIR", folder.path()},
                                   {"K4A_ENABLE_LOG_TO_STDOUT", "1"},
                                   {"K4A_LOG_LEVEL", log_level}}});
  EXPECT_EQ(program.wait(), 1) << "the default bench has no hundred units";
  return program.output();
}

TEST(WithoutABench, TheDefaultOneIsTakenAndWhoRunsTheProgramIsToldOnce) {
  const auto times_told = [](const std::string& output) {
    const std::string words = "GENLOCK_BENCH is not set: the units are the simulated ones";
    const std::size_t first = output.find(words);
    return first == output.npos ? 0 : output.find(words, first + 1) == output.npos ? 1 : 2;
  };
  const std::string in_the_log = said_without_a_bench("warning");
  EXPECT_EQ(times_told(in_the_log), 1) << in_the_log;
  EXPECT_THAT(in_the_log, testing::HasSubstr("[warning]"));
  const std::string beside_it = said_without_a_bench("critical");
  EXPECT_EQ(times_told(beside_it), 1) << beside_it;
  EXPECT_THAT(beside_it, testing::Not(testing::HasSubstr("[warning]")));
}

}  // namespace
}  // namespace genlock::test
