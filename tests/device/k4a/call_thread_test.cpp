#include "device/k4a/call_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace genlock::device::k4a {
namespace {

constexpr HostDuration kLong = std::chrono::hours(1);
constexpr HostDuration kAtOnce = std::chrono::milliseconds(1);

/// Something that never returns until the test ends.
class Stuck {
 public:
  ~Stuck() { release_.set_value(); }
  std::function<Result<int>()> call() {
    return [released = released_]() -> Result<int> {
      released.wait();
      return 1;
    };
  }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST(CallThread, GivesResultsAndErrorsOfCallsMadeOnAThreadOfItsOwn) {
  CallThread calls("calls");
  const auto thread = calls.run<std::thread::id>(
      "asking", kLong, []() -> Result<std::thread::id> { return std::this_thread::get_id(); });
  EXPECT_NE(thread.value(), std::this_thread::get_id());
  const auto failed =
      calls.run<int>("asking", kLong, []() -> Result<int> { return Error(Errc::busy, "no"); });
  EXPECT_EQ(failed.error().code(), Errc::busy);
}

TEST(CallThread, CallThatDoesNotReturnIsAnErrorAndSoIsEveryLaterOne) {
  Stuck stuck;
  CallThread calls("calls");
  const auto first = calls.run<int>("stopping the cameras", kAtOnce, stuck.call());
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code(), Errc::io);
  EXPECT_THAT(first.error().message(), testing::HasSubstr("stopping the cameras has not returned"));
  bool called = false;
  const auto later = calls.run<int>("closing", kLong, [&called]() -> Result<int> {
    called = true;
    return 0;
  });
  EXPECT_THAT(later.error().message(), testing::HasSubstr("stopping the cameras"));
  EXPECT_FALSE(called);
  EXPECT_TRUE(calls.hangs());
  EXPECT_TRUE(CallThread::any_abandoned());
}

// What a call that hangs uses must live as long as it does, however late that is.
TEST(CallThread, WhatALateCallOwnsIsGivenBackByItsThread) {
  std::promise<std::thread::id> destroyed;
  struct Owned {
    explicit Owned(std::promise<std::thread::id>& promise) : told(promise) {}
    ~Owned() { told.set_value(std::this_thread::get_id()); }
    std::promise<std::thread::id>& told;
  };
  {
    Stuck stuck;
    CallThread calls("calls");
    auto owned = std::make_shared<Owned>(destroyed);
    EXPECT_FALSE(calls.run<int>("opening", kAtOnce,
                                [call = stuck.call(), owned = std::move(owned)] { return call(); }));
  }
  EXPECT_NE(destroyed.get_future().get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace genlock::device::k4a
