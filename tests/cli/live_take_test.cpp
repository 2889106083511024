#include "cli/live_take.h"

#include <gmock/gmock.h>

#include "rig/plan.h"

namespace genlock::cli {
namespace {

using session::StreamKind;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

rig::Rig three_units() {
  const auto rig = rig::parse_rig(
      "[[unit]]\nname = \"front\"\nserial = \"1\"\n[[unit]]\nname = \"left\"\nserial = \"2\"\n"
      "[[unit]]\nname = \"right\"\nserial = \"3\"\n",
      "my.toml");
  return *rig;
}

session::Progress progress(std::int64_t half_seconds) {
  const auto frames = static_cast<std::uint64_t>(15 * half_seconds);
  return {.recorded = device_us(500'000 * half_seconds),
          .streams = {{StreamKind::color, frames, 2, 0}, {StreamKind::depth, frames, 0, 1}},
          .bytes_on_disk = static_cast<std::uint64_t>(20'000'000 * half_seconds),
          .bytes_queued = 3'000'000};
}

TEST(LiveTake, ShowsWhatEachUnitDoesAndHowMuchIsLeft) {
  const rig::Rig rig = three_units();
  LiveTake live(rig);
  live.on_event(rig::TakeBegins{100, 399});
  live.on_event(rig::UnitTold{1, session::RecordingStarted{}});
  for (int half_seconds = 1; half_seconds <= 8; ++half_seconds)
    live.on_event(rig::UnitTold{1, progress(half_seconds)});
  live.on_event(rig::UnitTold{2, session::RecordingEnded{.error = "gone"}});
  const auto lines = live.lines(20, 4'000'000'000);
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_THAT(lines[2], AllOf(HasSubstr("left"), HasSubstr("records"), HasSubstr("30.0"), HasSubstr(" 3 "),
                              HasSubstr("3.0 MB"), HasSubstr("40.0")));
  EXPECT_THAT(lines[3], AllOf(HasSubstr("right"), HasSubstr("LOST")));
  EXPECT_EQ(lines[4], "4.0 s, 6 s left, 40.0 MB/s, disk: 100 s left");
}

TEST(LiveTake, ShowsNoQueueOfAUnitThatIsLost) {
  const rig::Rig rig = three_units();
  LiveTake live(rig);
  live.on_event(rig::UnitTold{1, progress(1)});
  EXPECT_THAT(live.lines(20, {})[2], HasSubstr("3.0 MB"));
  live.on_event(rig::UnitTold{1, session::RecordingEnded{.error = "gone"}});
  EXPECT_THAT(live.lines(20, {})[2], testing::Not(HasSubstr("MB")));
}

TEST(LiveTake, ShowsHowUnitsStandToTheFirst) {
  const rig::Rig rig = three_units();
  LiveTake live(rig);
  live.on_event(rig::UnitTold{2, session::RecordingEnded{.error = "gone"}});
  live.on_event(rig::Offsets{{{.unit = 0},
                              {.unit = 1, .apart = sync::Micros(900), .error = sync::Micros(21.6)},
                              {.unit = 2, .apart = sync::Micros(5), .error = sync::Micros(5)}}});
  const auto lines = live.lines(20, {});
  EXPECT_THAT(lines[1], HasSubstr("ref"));
  EXPECT_THAT(lines[2], EndsWith("+22"));
  EXPECT_THAT(lines[3], EndsWith("-")) << "it is lost: the last of it says nothing";
}

TEST(LiveTake, SaysThatALostUnitIsBackBesideTheTake) {
  const rig::Rig rig = three_units();
  LiveTake live(rig);
  for (int half_seconds = 1; half_seconds <= 8; ++half_seconds)
    live.on_event(rig::UnitTold{1, progress(half_seconds)});
  live.on_event(rig::UnitTold{1, session::RecordingEnded{.error = "gone"}});
  live.on_event(rig::UnitTold{1, session::RecordingStarted{}});
  for (int half_seconds = 1; half_seconds <= 2; ++half_seconds)
    live.on_event(rig::UnitTold{1, progress(half_seconds)});
  EXPECT_THAT(live.lines(20, {})[2], AllOf(HasSubstr("unaligned"), HasSubstr("30.0")));
}

TEST(LiveTake, FitsIntoATerminalOfFewLines) {
  const rig::Rig rig = three_units();
  const auto lines = LiveTake(rig).lines(4, {});
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines[2], "and 2 more units");
}

}  // namespace
}  // namespace genlock::cli
