#include "session/process_session.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "base/mutex.h"
#include "base/thread.h"
#include "session/line_socket.h"
#include "session/outbox.h"
#include "session/session_server.h"
#include "support/temporary_bench.h"

namespace genlock::session {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Events as they come.
class Events {
 public:
  EventSink sink() {
    return [this](const Event& event) {
      MutexLock lock(mutex_);
      events_.push_back(event);
      changed_.notify_all();
    };
  }

  RecordingEnded wait_for_end() {
    MutexLock lock(mutex_);
    while (events_.empty() || !std::holds_alternative<RecordingEnded>(events_.back())) changed_.wait(mutex_);
    return std::get<RecordingEnded>(events_.back());
  }

  std::vector<std::string> lines() {
    MutexLock lock(mutex_);
    std::vector<std::string> lines;
    for (const Event& event : events_) lines.push_back(to_json(event));
    return lines;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<Event> events_;
};

class ProcessSessions : public testing::Test {
 protected:
  std::unique_ptr<ProcessSession> start(const std::string& how,
                                        HostDuration silence_limit = std::chrono::seconds(60)) {
    auto session = ProcessSession::start(
        {.command = {GENLOCK_SCRIPTED_CHILD, how}, .name = "sub1", .silence_limit = silence_limit},
        events_.sink());
    EXPECT_TRUE(session) << session.error().message();
    return *std::move(session);
  }

  Events events_;
};

TEST_F(ProcessSessions, CarryCommandsAnswersAndEvents) {
  const auto session = start("obey");
  EXPECT_TRUE(session->execute(OpenUnit{}));
  const Status refused = session->execute(StopRecording{});
  EXPECT_EQ(refused.error().code(), Errc::busy);
  EXPECT_EQ(refused.error().message(), "not now");
  EXPECT_TRUE(session->execute(Start{}));
  EXPECT_EQ(events_.lines().size(), 3U) << "events before the answer are there with the answer";
  EXPECT_TRUE(events_.lines()[0].starts_with(R"({"event":"started")"));
}

TEST_F(ProcessSessions, EndARecordingWhoseProcessDiedAndSayHowItDied) {
  const auto session = start("die");
  ASSERT_TRUE(session->execute(Record{.file = "took.mkv"}));
  const Status died = session->execute(Start{});
  ASSERT_FALSE(died);
  EXPECT_EQ(died.error().code(), Errc::disconnected);
  EXPECT_THAT(died.error().message(), HasSubstr("the process of sub1 was ended by signal 9"));
  const RecordingEnded ended = events_.wait_for_end();
  EXPECT_EQ(ended.reason, EndReason::failed);
  EXPECT_THAT(ended.error, AllOf(HasSubstr("signal 9"), HasSubstr("took.mkv is readable")));
  EXPECT_EQ(ended.file, "took.mkv");
  EXPECT_EQ(ended.recorded, device_us(1'000'000));
  ASSERT_EQ(ended.streams.size(), 1U);
  EXPECT_EQ(ended.streams[0].recorded, 30U);
  EXPECT_FALSE(complete(ended));
  EXPECT_EQ(session->execute(Close{}).error().message(), died.error().message());
}

// A unit that streams already may begin, and its process die, before the Record is answered.
TEST_F(ProcessSessions, KnowARecordingThatBeganBeforeItsAnswer) {
  const auto session = start("hasty");
  static_cast<void>(session->execute(Record{.file = "took.mkv"}).has_value());
  const RecordingEnded ended = events_.wait_for_end();
  EXPECT_THAT(ended.error, HasSubstr("ended with exit code 3"));
  EXPECT_EQ(ended.file, "took.mkv");
}

TEST_F(ProcessSessions, LeaveNoHiddenFileOfARecordingThatNeverBegan) {
  const test::TemporaryFolder folder;
  const auto session = start("obey");
  ASSERT_TRUE(session->execute(Record{.file = folder / "a.mkv"}));
  const auto hidden = folder / (".a.mkv." + std::to_string(session->pid()) + ".part");
  std::ofstream(hidden) << "header";
  kill(session->pid(), SIGKILL);
  const RecordingEnded ended = events_.wait_for_end();
  EXPECT_TRUE(ended.file.empty());
  EXPECT_FALSE(std::filesystem::exists(hidden));
}

TEST_F(ProcessSessions, GiveUpAProcessWithoutASignOfLife) {
  const auto session = start("silent", std::chrono::milliseconds(20));
  const Status silent = session->execute(OpenUnit{});
  ASSERT_FALSE(silent);
  EXPECT_THAT(silent.error().message(), HasSubstr("the process of sub1 gave no sign of life for 0.02 s"));
}

TEST_F(ProcessSessions, GiveUpAProcessThatSendsNonsense) {
  const auto session = start("babble");
  EXPECT_THAT(session->execute(OpenUnit{}).error().message(), HasSubstr("sent what is no message"));
}

TEST_F(ProcessSessions, RefuseNamesThatWouldArriveAsOthers) {
  const auto session = start("obey");
  EXPECT_EQ(session->execute(Record{.file = "caf\xe9.mkv"}).error().code(), Errc::unsupported);
  EXPECT_TRUE(session->execute(Record{.file = "café.mkv"}));
}

TEST(ProcessSession, GivesTheLinesThatTheProcessPrintsToWhoWantsThem) {
  std::vector<std::string> lines;
  auto session = ProcessSession::start({.command = {GENLOCK_SCRIPTED_CHILD, "chatty"},
                                        .name = "sub1",
                                        .on_line = [&](const std::string& line) { lines.push_back(line); }},
                                       {});
  ASSERT_TRUE(session) << session.error().message();
  session->reset();
  EXPECT_THAT(lines, testing::ElementsAre("one", "two", std::string(ChildOutput::kLongestLine, 'x'),
                                          std::string(5000 - ChildOutput::kLongestLine, 'x'), "three"));
}

TEST(ProcessSession, SaysWhichProgramCannotBeStarted) {
  const auto session = ProcessSession::start({.command = {"/nowhere/genlock"}, .name = "sub1"}, {});
  ASSERT_FALSE(session);
  EXPECT_THAT(session.error().message(), HasSubstr("/nowhere/genlock"));
}

/// A session's server on a thread, its commands by hand.
class Server : public testing::Test {
 protected:
  std::string answer(const Command& command) {
    EXPECT_TRUE(near_.send(to_json(command)));
    return next_but(R"({"reply":"alive"})");
  }
  /// The next line that is no event and not `without`.
  std::string next_but(const std::string& without) {
    while (true) {
      auto line = near_.receive(std::chrono::seconds(60));
      if (!line || !*line) return "nothing";
      if (**line != without && (*line)->find("\"event\"") == std::string::npos) return **line;
    }
  }

  std::pair<UniqueFd, UniqueFd> ends_ = *connected_sockets();
  LineSocket near_{std::move(ends_.first)};
  LineSocket far_{std::move(ends_.second)};
};

TEST_F(Server, AnswersEachCommandAndClosesTheUnitWhenItsOwnerGoes) {
  test::TemporaryBench bench;
  Status served;
  Thread thread("server", [&] {
    served =
        serve_session(far_, [&bench] { return device::sim::open_bench(bench.options()); }, {.name = "unit"});
  });
  EXPECT_THAT(answer(Start{}), AllOf(HasSubstr(R"("failed")"), HasSubstr("no unit is open")));
  EXPECT_EQ(answer(OpenUnit{.index = 0}), R"({"reply":"done"})");
  EXPECT_FALSE(bench.provider().open(0)) << "the server has it";
  near_.shut_down();
  thread.join();
  EXPECT_TRUE(served);
  EXPECT_TRUE(bench.provider().open(0));
}

TEST_F(Server, AnswersWithTheReasonWhenThereAreNoUnits) {
  Thread thread("server", [&] {
    EXPECT_TRUE(serve_session(
        far_,
        []() -> Result<std::unique_ptr<device::Provider>> { return Error(Errc::not_found, "no units here"); },
        {}));
  });
  EXPECT_EQ(answer(OpenUnit{}), R"({"reply":"failed","code":"not_found","error":"no units here"})");
  ASSERT_TRUE(near_.send("dance"));
  EXPECT_THAT(next_but(R"({"reply":"alive"})"), HasSubstr(R"("corrupt")"));
  near_.shut_down();
}

TEST_F(Server, GivesASignOfLifeUnasked) {
  Thread thread("server", [&] {
    static_cast<void>(
        serve_session(far_, []() -> Result<std::unique_ptr<device::Provider>> { std::abort(); }, {})
            .has_value());
  });
  EXPECT_EQ(next_but(""), R"({"reply":"alive"})");
  near_.shut_down();
}

TEST(LineSocket, GivesLinesHoweverTheyArrive) {
  auto ends = *connected_sockets();
  LineSocket near(std::move(ends.first));
  LineSocket far(std::move(ends.second));
  const std::string large(1 << 20, 'x');
  Thread sender("sender", [&] {
    EXPECT_TRUE(near.send("one"));
    EXPECT_TRUE(near.send(""));
    EXPECT_TRUE(near.send(large));
    near.shut_down();
  });
  EXPECT_EQ(**far.receive(HostDuration(-1)), "one");
  EXPECT_EQ(**far.receive(HostDuration(-1)), "");
  EXPECT_EQ(**far.receive(HostDuration(-1)), large);
  EXPECT_EQ(far.receive(HostDuration(-1)).error().code(), Errc::disconnected);
  EXPECT_EQ(far.send("late").error().code(), Errc::disconnected);
}

TEST(Outbox, DropsProgressFirstAndKeepsRepliesAndTheEnd) {
  Outbox outbox;
  outbox.push(Event(Progress{}));
  for (std::size_t i = 1; i < Outbox::kCapacity; ++i) outbox.push(Event(Warning{"w"}));
  outbox.push(Reply(Done{}));            // in place of the progress
  outbox.push(Event(Warning{"lost"}));   // nothing gives way to it
  outbox.push(Event(RecordingEnded{}));  // beyond the bound
  outbox.close();
  std::size_t warnings = 0, replies = 0, ends = 0;
  while (const auto message = outbox.next(HostDuration::zero())) {
    const auto* event = std::get_if<Event>(&*message);
    replies += event == nullptr;
    if (event == nullptr) continue;
    EXPECT_FALSE(std::holds_alternative<Progress>(*event));
    warnings += std::holds_alternative<Warning>(*event);
    ends += std::holds_alternative<RecordingEnded>(*event);
  }
  EXPECT_EQ(warnings, Outbox::kCapacity - 1);
  EXPECT_EQ(replies, 1U);
  EXPECT_EQ(ends, 1U);
}

}  // namespace
}  // namespace genlock::session
