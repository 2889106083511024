#include "rig/rig_start.h"

#include <gmock/gmock.h>

#include <set>

#include "rig/take_recorder.h"
#include "support/temporary_folder.h"

// How a rig is begun and ended, over sessions that answer as a test says: what a bench does too rarely.

namespace genlock::rig {
namespace {

using namespace std::chrono_literals;
using session::BeginAt;
using session::EndAt;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kMaster = 0, kSub1 = 1, kSub2 = 2;
constexpr std::int64_t kNewest = 12;  // pulse, of each unit that streams

Plan plan_of_three() {
  const auto rig = parse_rig(
      "[[unit]]\nname = \"master\"\nserial = \"1\"\n[[unit]]\nname = \"sub1\"\nserial = \"2\"\n"
      "[[unit]]\nname = \"sub2\"\nserial = \"3\"\n",
      "studio.toml");
  return *make_plan(*rig);
}

/// A command that a unit was told.
struct Told {
  std::size_t unit = 0;
  session::Command command;
};

/// Units that do what they are told as real ones would, unless `instead` says otherwise.
class ScriptedRig {
 public:
  /// The answer to a command, in place of what the unit would do.
  std::function<std::optional<Status>(std::size_t unit, const session::Command&)> instead;

  SessionMaker maker() {
    return [this](std::size_t unit, const RigUnit&, session::EventSink sink) {
      return Result<std::unique_ptr<session::Session>>(
          std::make_unique<ScriptedSession>(*this, unit, std::move(sink)));
    };
  }

  void emit(std::size_t unit, const session::Event& event) {
    session::EventSink sink;
    {
      MutexLock lock(mutex_);
      sink = sinks_[unit];
    }
    sink(event);
  }

  /// Units that were told this, in order.
  template <class Command>
  std::vector<std::size_t> told() {
    MutexLock lock(mutex_);
    std::vector<std::size_t> units;
    for (const Told& one : told_)
      if (std::holds_alternative<Command>(one.command)) units.push_back(one.unit);
    return units;
  }

  /// The pulses that commands of this kind named, each once.
  template <class Command>
  std::set<std::int64_t> pulses(std::int64_t Command::*pulse) {
    MutexLock lock(mutex_);
    std::set<std::int64_t> pulses;
    for (const Told& one : told_)
      if (const auto* command = std::get_if<Command>(&one.command)) pulses.insert(command->*pulse);
    return pulses;
  }

 private:
  class ScriptedSession final : public session::Session {
   public:
    ScriptedSession(ScriptedRig& rig, std::size_t unit, session::EventSink sink) : rig_(rig), unit_(unit) {
      MutexLock lock(rig.mutex_);
      rig.sinks_[unit] = std::move(sink);
    }
    Status execute(const session::Command& command) override { return rig_.execute(unit_, command); }

   private:
    ScriptedRig& rig_;
    const std::size_t unit_;
  };

  Status execute(std::size_t unit, const session::Command& command) {
    {
      MutexLock lock(mutex_);
      told_.push_back({unit, command});
    }
    if (instead)
      if (const auto answer = instead(unit, command)) return *answer;
    if (std::holds_alternative<session::Start>(command) && unit != kMaster) emit(unit, session::Waiting{});
    if (std::holds_alternative<session::Start>(command) && unit == kMaster) {
      streaming_ = true;
      for (std::size_t other = 0; other < 3; ++other) stream(other);
    }
    if (std::holds_alternative<session::Close>(command)) streaming_ = false;
    if (std::holds_alternative<session::Record>(command) && streaming_) stream(unit);
    if (std::holds_alternative<session::StopRecording>(command)) emit(unit, session::RecordingEnded{});
    return {};
  }

  void stream(std::size_t unit) {
    for (std::int64_t pulse = kNewest - 2; pulse <= kNewest; ++pulse)
      emit(unit, session::Streaming{pulse, device_time_us(33'333 * pulse), {}});
  }

  Mutex mutex_;
  std::vector<Told> told_ GENLOCK_GUARDED_BY(mutex_);
  std::array<session::EventSink, 3> sinks_ GENLOCK_GUARDED_BY(mutex_);
  bool streaming_ = false;  ///< the master runs; of the thread that leads
};

class RigStarts : public testing::Test {
 protected:
  Result<TakeBegins> begin() {
    const SessionMaker make = rig_.maker();
    const RecordOrder order{.folder = "take"};
    TakeInbox inbox;
    RigSessions sessions(plan_, make, inbox);
    const TakeSink sink = [this](const TakeEvent& event) {
      if (const auto* anew = std::get_if<StartsAnew>(&event)) anew_.push_back(anew->why);
    };
    return RigStart(plan_, order, sessions, inbox, sink).run();
  }

  const Plan plan_ = plan_of_three();
  ScriptedRig rig_;
  std::vector<std::string> anew_;  ///< why all was begun once more
};

TEST_F(RigStarts, StartTheMasterLast) {
  const auto begun = begin();
  ASSERT_TRUE(begun) << begun.error().message();
  EXPECT_EQ(begun->first, kNewest + 1 + 30);
  EXPECT_EQ(rig_.told<session::Start>().back(), kMaster);
  EXPECT_THAT(anew_, IsEmpty());
}

TEST_F(RigStarts, BeginAnewWhenASubordinateSleptAsTheMasterCame) {
  int masters = 0;
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kMaster || !std::holds_alternative<session::Start>(command) || ++masters > 1) return {};
    rig_.emit(kSub1, session::Rearmed{60s});
    return Status{};
  };
  const auto begun = begin();
  ASSERT_TRUE(begun) << begun.error().message();
  EXPECT_THAT(anew_, ElementsAre(HasSubstr("sub1 had to be started again when pulses came already")));
  const auto starts = rig_.told<session::Start>();
  ASSERT_EQ(starts.size(), 6U) << "all three, twice";
  EXPECT_EQ(starts[2], kMaster);
  EXPECT_EQ(starts[5], kMaster);
  EXPECT_EQ(rig_.told<session::OpenUnit>().size(), 6U);
}

TEST_F(RigStarts, GiveUpASubordinateThatSleepsEveryTime) {
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kMaster || !std::holds_alternative<session::Start>(command)) return {};
    rig_.emit(kSub1, session::Rearmed{60s});
    return Status{};
  };
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().message(), HasSubstr("sub1 had to be started again"));
  EXPECT_EQ(anew_.size(), 2U);
}

TEST_F(RigStarts, LetARearmedSubordinateBeWhileNoPulseHasCome) {
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit == kSub2 && std::holds_alternative<session::Start>(command))
      rig_.emit(kSub1, session::Rearmed{60s});
    return {};
  };
  EXPECT_TRUE(begin());
  EXPECT_THAT(anew_, IsEmpty());
}

TEST_F(RigStarts, GiveTwiceTheTimeWhenAUnitWasToldTooLateWhereToBegin) {
  int begins = 0;
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kSub2 || !std::holds_alternative<BeginAt>(command) || ++begins > 1) return {};
    return Status(Error(Errc::too_late, "pulse has gone by"));
  };
  const auto begun = begin();
  ASSERT_TRUE(begun) << begun.error().message();
  EXPECT_EQ(begun->first, kNewest + 1 + 60);
  EXPECT_THAT(rig_.pulses(&BeginAt::first), ElementsAre(kNewest + 1 + 30, kNewest + 1 + 60));
  EXPECT_EQ(rig_.told<session::StopRecording>().size(), 3U) << "those that had a pulse have it for good";
  EXPECT_EQ(rig_.told<session::Record>().size(), 6U);
  EXPECT_THAT(anew_, ElementsAre(HasSubstr("too late")));
}

TEST_F(RigStarts, FailWhenUnitsAreAlwaysToldTooLate) {
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kSub2 || !std::holds_alternative<BeginAt>(command)) return {};
    return Status(Error(Errc::too_late, "pulse has gone by"));
  };
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code(), Errc::too_late);
  EXPECT_EQ(rig_.pulses(&BeginAt::first).size(), 4U);
}

class RigEnds : public testing::Test {
 protected:
  /// Records until it is stopped; `on_end` is called with each TakeEnds.
  take::Take record(const std::function<void(TakeRecorder&, const TakeEnds&)>& on_end) {
    TakeRecorder* running = nullptr;
    const TakeSink sink = [&](const TakeEvent& event) {
      if (std::holds_alternative<TakeBegins>(event)) running->stop();
      const auto* ends = std::get_if<TakeEnds>(&event);
      if (ends == nullptr) return;
      ends_.push_back(ends->last);
      on_end(*running, *ends);
    };
    TakeRecorder recorder(plan_, {.folder = folder_.path()}, rig_.maker(), sink, system_clock());
    running = &recorder;
    const auto recorded = recorder.record();
    EXPECT_TRUE(recorded);
    return recorded ? recorded->take : take::Take{};
  }

  void end_all() {
    for (std::size_t unit = 0; unit < 3; ++unit)
      rig_.emit(unit, session::RecordingEnded{.reason = session::EndReason::length_reached});
  }

  const Plan plan_ = plan_of_three();
  test::TemporaryFolder folder_;
  ScriptedRig rig_;
  std::vector<std::optional<std::int64_t>> ends_;
};

TEST_F(RigEnds, NameALaterPulseWhenAUnitWasToldTooLate) {
  int ends = 0;
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kSub1 || !std::holds_alternative<EndAt>(command) || ++ends > 2) return {};
    return Status(Error(Errc::too_late, "pulse has gone by"));
  };
  const take::Take take = record([&](TakeRecorder&, const TakeEnds&) { end_all(); });
  const std::int64_t first = *take.first_pulse;
  EXPECT_THAT(rig_.pulses(&EndAt::last), ElementsAre(first + 15, first + 30, first + 60));
  EXPECT_EQ(rig_.told<EndAt>().size(), 9U) << "each time all";
  EXPECT_THAT(ends_, ElementsAre(first + 60));
  EXPECT_EQ(take.last_pulse, first + 60);
  EXPECT_THAT(rig_.told<session::StopRecording>(), IsEmpty());
}

TEST_F(RigEnds, AtOnceWhenEveryPulseCameTooLate) {
  rig_.instead = [&](std::size_t unit, const session::Command& command) -> std::optional<Status> {
    if (unit != kSub1 || !std::holds_alternative<EndAt>(command)) return {};
    return Status(Error(Errc::too_late, "pulse has gone by"));
  };
  const take::Take take = record([](TakeRecorder&, const TakeEnds&) {});
  EXPECT_EQ(rig_.pulses(&EndAt::last).size(), 6U);
  EXPECT_THAT(ends_, ElementsAre(std::nullopt));
  EXPECT_EQ(rig_.told<session::StopRecording>().size(), 3U);
  EXPECT_TRUE(take.ended);
}

TEST_F(RigEnds, AtOnceWhenAskedOnceMore) {
  const take::Take take = record([](TakeRecorder& recorder, const TakeEnds& ends) {
    if (ends.last) recorder.stop();
  });
  EXPECT_THAT(ends_, ElementsAre(*take.first_pulse + 15, std::nullopt));
  EXPECT_EQ(rig_.told<session::StopRecording>().size(), 3U);
  EXPECT_TRUE(take.ended);
}

}  // namespace
}  // namespace genlock::rig
