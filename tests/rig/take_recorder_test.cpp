#include "rig/take_recorder.h"

#include <gmock/gmock.h>

#include "session/unit_session.h"
#include "support/temporary_bench.h"

// Takes of the bench of three, with sessions in this process.

namespace genlock::rig {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

device::sim::BenchConfig patient_bench() {
  device::sim::BenchConfig config = test::stepped_bench();
  config.stepped = false;
  config.patient = true;
  config.patience = 20s;
  config.speed = 4;
  return config;
}

Plan plan_of_three() {
  const auto rig = parse_rig(
      "[camera]\ncolor_resolution = \"720P\"\ncolor_format = \"NV12\"\ndepth_mode = \"NFOV_2X2BINNED\"\n"
      "[[unit]]\nname = \"master\"\nserial = \"900001400101\"\n"
      "[[unit]]\nname = \"sub1\"\nserial = \"900002300102\"\n"
      "[[unit]]\nname = \"sub2\"\nserial = \"900003200103\"\n",
      "studio.toml");
  return *make_plan(*rig);
}

class Takes : public testing::Test {
 protected:
  /// Records a take; `on_event` may act on the bench and on the recorder.
  Result<RecordedTake> record(TakeOrder order,
                              const std::function<void(TakeRecorder&, const TakeEvent&)>& on_event) {
    order.folder = folder_.path();
    TakeRecorder* running = nullptr;
    const SessionMaker make = [this](std::size_t, const RigUnit& unit, session::EventSink sink) {
      return Result<std::unique_ptr<session::Session>>(std::make_unique<session::UnitSession>(
          bench_.provider(), std::move(sink),
          session::SessionOptions{.name = unit.name, .max_queued_bytes = 512'000'000}));
    };
    TakeRecorder recorder(
        plan_, order, make, [&](const TakeEvent& event) { on_event(*running, event); }, bench_.clock());
    running = &recorder;
    return recorder.record();
  }

  void bench_set(const std::vector<std::string>& words) {
    const auto command = device::sim::parse_bench_command(words);
    ASSERT_TRUE(command && bench_.bench().apply(*command));
  }

  test::TemporaryFolder folder_;
  test::TemporaryBench bench_{patient_bench()};
  const Plan plan_ = plan_of_three();
};

/// What a report says, without the measured figures.
std::vector<std::string> said(const sync::Report& report) {
  std::vector<std::string> lines{std::string(to_string(report.verdict))};
  for (const sync::Finding& finding : report.findings)
    lines.push_back(std::string(to_string(finding.code)) + ": " + finding.text);
  return lines;
}

TEST_F(Takes, AreJudgedAlikeWhileTheyRunAndFromTheirFiles) {
  const auto take = record({.length = 2s}, [](TakeRecorder&, const TakeEvent&) {});
  ASSERT_TRUE(take) << take.error().message();
  ASSERT_TRUE(take->report);
  EXPECT_EQ(take->take.advice, "KEEP");
  EXPECT_EQ(said(take->watched), said(*take->report));
  ASSERT_TRUE(take->watched.common && take->report->common);
  EXPECT_EQ(take->watched.common->first_pulse, *take->take.first_pulse);
  EXPECT_EQ(take->watched.common->complete_sets, take->report->common->complete_sets);
  for (std::size_t unit = 0; unit < 3; ++unit)
    for (std::size_t stream = 0; stream < 2; ++stream) {
      const auto& live = take->watched.units[unit].streams[stream];
      const auto& file = take->report->units[unit].streams[stream];
      EXPECT_EQ(live.frames, file.frames);
      ASSERT_EQ(live.offset.has_value(), file.offset.has_value());
      if (live.offset) {
        EXPECT_EQ(live.offset->measured, file.offset->measured);
      }
    }
}

TEST_F(Takes, TellOfAPulledCableWithinTwoSeconds) {
  std::optional<WallTime> pulled;
  const auto take = record({}, [&](TakeRecorder& recorder, const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (told != nullptr && !pulled && std::holds_alternative<session::Progress>(told->event)) {
      bench_set({"sub2", "cable-in", "pull"});
      pulled = bench_.clock().wall_now();
    }
    const auto* incident = std::get_if<take::Incident>(&event);
    if (incident != nullptr && incident->severity == "failure") recorder.stop();
  });
  ASSERT_TRUE(take) << take.error().message();
  ASSERT_TRUE(pulled);
  EXPECT_THAT(take->take.advice, testing::StartsWith("RETAKE: sub2: lost lock"));
  EXPECT_EQ(said(take->watched), said(*take->report));
  const auto seen = std::ranges::find(take->take.incidents, "failure", &take::Incident::severity);
  ASSERT_NE(seen, take->take.incidents.end());
  EXPECT_EQ(seen->unit, 2U);
  EXPECT_TRUE(seen->pulse);
  EXPECT_LE(count_ns(seen->utc) - count_ns(*pulled), 2'000'000'000);
}

TEST_F(Takes, TellOfEveryUnitThatHangsBehindAPulledPlug) {
  bool pulled = false;
  const auto take = record({}, [&](TakeRecorder& recorder, const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (told != nullptr && !pulled && std::holds_alternative<session::Progress>(told->event)) {
      bench_set({"sub1", "cable-in", "pull"});
      pulled = true;
    }
    const auto* incident = std::get_if<take::Incident>(&event);
    if (incident != nullptr && incident->severity == "failure") recorder.stop();
  });
  ASSERT_TRUE(take) << take.error().message();
  ASSERT_TRUE(take->report);
  EXPECT_EQ(said(take->watched), said(*take->report));
  const auto about = [&](std::size_t unit) {
    std::vector<std::string> texts;
    for (const take::Incident& incident : take->take.incidents)
      if (incident.unit == unit && incident.severity == "failure") texts.push_back(incident.text);
    return texts;
  };
  EXPECT_THAT(about(1), testing::ElementsAre(testing::HasSubstr("nothing is plugged into its SYNC IN")));
  EXPECT_THAT(about(2), testing::ElementsAre(
                            testing::HasSubstr("sub2: hangs behind sub1, whose SYNC IN is empty from ")));
  EXPECT_THAT(take->take.advice, testing::HasSubstr("sub2: lost lock from pulse "));
}

TEST_F(Takes, TellSubordinatesAtOnceThatTheirMasterIsLost) {
  bool unplugged = false;
  const auto take = record({}, [&](TakeRecorder& recorder, const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (told != nullptr && !unplugged && std::holds_alternative<session::Progress>(told->event)) {
      bench_set({"master", "usb", "unplug"});
      unplugged = true;
    }
    const auto* incident = std::get_if<take::Incident>(&event);
    if (incident != nullptr && incident->severity == "failure") recorder.stop();
  });
  ASSERT_TRUE(take) << take.error().message();
  const auto told = std::ranges::find_if(take->take.incidents, [](const take::Incident& incident) {
    return incident.text.starts_with("sub1, sub2: without a master from pulse ");
  });
  ASSERT_NE(told, take->take.incidents.end());
  EXPECT_FALSE(told->unit);
  const auto lost =
      std::ranges::find(take->take.incidents, std::optional<std::size_t>(0), &take::Incident::unit);
  ASSERT_NE(lost, take->take.incidents.end());
  EXPECT_EQ(told->pulse, *lost->pulse + 1);
}

TEST_F(Takes, MarkersAreOfPulsesOfTheTakeAndOnlyWhileItRuns) {
  bool marked = false;
  const auto take = record({.length = 1s}, [&](TakeRecorder& recorder, const TakeEvent& event) {
    const auto* told = std::get_if<UnitTold>(&event);
    if (std::holds_alternative<Armed>(event)) {
      EXPECT_EQ(recorder.mark("early").error().code(), Errc::state);
    }
    if (told == nullptr || marked || !std::holds_alternative<session::Progress>(told->event)) return;
    marked = true;
    EXPECT_TRUE(recorder.mark("now"));
  });
  ASSERT_TRUE(take) << take.error().message();
  ASSERT_THAT(take->take.markers, SizeIs(1));
  EXPECT_GE(take->take.markers[0].pulse, *take->take.first_pulse);
  EXPECT_LE(take->take.markers[0].pulse, *take->take.last_pulse);
}

}  // namespace
}  // namespace genlock::rig
