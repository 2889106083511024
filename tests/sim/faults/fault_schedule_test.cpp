#include "device/sim/random_faults.h"
#include "fault_bench.h"

// Faults by table, by schedule, by chance and by hand are the same faults.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(FaultKinds, AllAreReadFromFilesAndFromWordsAlike) {
  for (const FaultTraits& kind : fault_table()) {
    SCOPED_TRACE(kind.name);
    std::string toml =
        "[[unit]]\nname = \"a\"\nserial = \"900001400101\"\n[[fault]]\nunit = \"a\"\nkind = \"" +
        std::string(kind.name) + "\"\nat_s = 1.5\n";
    std::vector<std::string> words{"a", "fault", std::string(kind.name)};
    if (kind.counts) {
      toml += "count = 3\n";
      words.emplace_back("count=3");
    }
    if (!kind.knob.key.empty()) {
      toml += std::string(kind.knob.key) + " = " + std::to_string(kind.knob.most) + "\n";
      words.push_back(std::string(kind.knob.key) + "=" + std::to_string(kind.knob.most));
    }
    if (kind.lasts) toml += "duration_s = 2\n";
    words.emplace_back("on");
    const auto config = parse_bench(toml, "a.toml");
    ASSERT_TRUE(config) << config.error().message();
    const auto command = parse_bench_command(words);
    ASSERT_TRUE(command) << command.error().message();
    const FaultConfig& fault = config->faults.at(0);
    EXPECT_EQ(fault.kind, command->failure);
    EXPECT_EQ(fault.count, command->count);
    EXPECT_EQ(fault.knob, command->knob);
    EXPECT_EQ(fault.duration.has_value(), kind.lasts);
    words.back() = "off";
    EXPECT_EQ(parse_bench_command(words).has_value(), kind.lasts);
    EXPECT_THAT(std::string(bench_command_help()), testing::HasSubstr(std::string(kind.name)));
  }
}

TEST(FaultKinds, RefuseWhatDoesNotApplyToThem) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"a", "fault", "melt", "on"},
                                                {"a", "fault", "unplug"},
                                                {"a", "fault", "unplug", "ms=3", "on"},
                                                {"a", "fault", "slow_gpu", "ms=0", "on"},
                                                {"a", "fault", "engine_error", "code=302", "on"},
                                                {"a", "fault", "wrong_size", "streams=color", "on"},
                                                {"a", "fault", "wrong_size", "count=0", "on"},
                                                {"a", "fault", "wrong_size", "off"}})
    EXPECT_FALSE(parse_bench_command(words)) << testing::PrintToString(words);
  for (const char* keys : {"kind = \"unplug\"\nms = 3", "kind = \"slow_gpu\"\nms = 0", "kind = \"melt\"",
                           "kind = \"wrong_size\"\nduration_s = 1",
                           "kind = \"brown_out\"\nstreams = [\"color\"]", "kind = \"bus_load\"\ncount = 2"}) {
    const std::string toml =
        "[[unit]]\nname = \"a\"\nserial = \"900001400101\"\n[[fault]]\nunit = \"a\"\n" + std::string(keys);
    const auto config = parse_bench(toml, "a.toml");
    ASSERT_FALSE(config) << keys;
    EXPECT_THAT(config.error().message(), testing::HasSubstr("a.toml:"));
  }
}

TEST(RandomFaults, FollowFromTheSeedAndKeepTheirBounds) {
  BenchConfig config = *preset("hostile");
  config.random_faults[0].units = {"sub1"};
  const BenchConfig drawn = with_random_faults(config);
  EXPECT_EQ(drawn, with_random_faults(config));
  EXPECT_GT(drawn.faults.size(), 60U);
  EXPECT_LE(drawn.faults.size(), kMaxFaults);
  ASSERT_TRUE(validate(drawn));
  int drops = 0;
  for (const FaultConfig& fault : drawn.faults) {
    EXPECT_GE(fault.at, seconds(5));
    EXPECT_LE(fault.at, minutes(10));
    EXPECT_EQ(fault.duration.has_value(), traits(fault.kind).lasts);
    if (fault.duration) {
      EXPECT_GE(*fault.duration, milliseconds(200));
      EXPECT_LE(*fault.duration, milliseconds(900));
    }
    if (fault.kind != FaultKind::drop) continue;
    ++drops;
    EXPECT_EQ(fault.unit, "sub1");
  }
  EXPECT_NEAR(drops, 30, 20) << "half of one in 10 s";
  BenchConfig other = config;
  other.seed = 2;
  EXPECT_NE(with_random_faults(other).faults, drawn.faults);
}

TEST(RandomFaults, ThatAreTooManyAreCutFromTheEnd) {
  BenchConfig config = *preset("default");
  config.random_faults = {
      {.kinds = {FaultKind::drop}, .mean_interval = milliseconds(10), .until = minutes(10)}};
  const BenchConfig drawn = with_random_faults(config);
  EXPECT_EQ(drawn.faults.size(), kMaxFaults);
  EXPECT_TRUE(std::ranges::is_sorted(drawn.faults, {}, &FaultConfig::at));
}

class Hostile : public FaultBench {};

TEST_F(Hostile, StillLetsTakesBeMade) {
  BenchConfig config = *preset("hostile");
  config.stepped = true;
  config.loop_frames = 1;
  make_bench(config);
  stream();
  const Seen seen = read(seconds(120));
  EXPECT_GT(seen.whole, 3300);
  EXPECT_LT(seen.whole, 3595) << "and things go wrong";
  EXPECT_TRUE(unit_->sync_jacks());
}

TEST_F(Hostile, ByScheduleAFaultBeginsAndEndsAsByHand) {
  BenchConfig config = bench_config();
  config.faults = {
      {.unit = "sub1",
       .kind = FaultKind::slow_gpu,
       .after_start = true,
       .at = seconds(3),
       .duration = seconds(4),
       .knob = 100},
      {.unit = "sub1", .kind = FaultKind::engine_error, .after_start = true, .at = seconds(10), .knob = 208}};
  make_bench(config);
  stream();
  EXPECT_EQ(read(milliseconds(900)).color_only, 0);
  read(milliseconds(600));
  EXPECT_THAT(bench_->bench().status().units[1].faults, testing::ElementsAre("slow_gpu ms=100"));
  EXPECT_GT(read(seconds(2)).color_only, 30);
  read(seconds(3));
  EXPECT_THAT(bench_->bench().status().units[1].faults, testing::IsEmpty());
  EXPECT_EQ(read(seconds(3)).color_only, 1);
}

}  // namespace
}  // namespace genlock::device::sim
