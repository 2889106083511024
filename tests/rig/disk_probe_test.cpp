#include "rig/disk_probe.h"

#include <gmock/gmock.h>

#include "support/temporary_folder.h"

namespace genlock::rig {
namespace {

/// A disk that takes a quarter of a second for every piece, and half a second to make all durable.
class SlowSink final : public ByteSink {
 public:
  explicit SlowSink(ManualClock& clock) : clock_(clock) {}

  Status append(ByteSpan bytes) override {
    clock_.step(std::chrono::milliseconds(250));
    return memory_.append(bytes);
  }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return memory_.write_at(offset, bytes); }
  Status sync() override {
    clock_.step(std::chrono::milliseconds(500));
    return {};
  }
  Status truncate(std::uint64_t size) override { return memory_.truncate(size); }
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return memory_.size(); }

 private:
  ManualClock& clock_;
  MemorySink memory_;
};

constexpr std::uint64_t kMib = 1 << 20;

TEST(DiskProbe, CountsTheTimeUntilAllIsDurable) {
  ManualClock clock;
  SlowSink sink(clock);
  const auto speed = measure(sink, clock, {.bytes = 10 * kMib, .longest = std::chrono::seconds(60)});
  ASSERT_TRUE(speed);
  EXPECT_EQ(sink.size(), 10 * kMib);
  EXPECT_DOUBLE_EQ(speed->mb_per_s, 10.48576 / 1.25);  // three pieces and the rest
}

TEST(DiskProbe, GivesASlowDiskNoMoreAfterItsTime) {
  ManualClock clock;
  SlowSink sink(clock);
  const auto speed = measure(sink, clock, {.bytes = 1000 * kMib, .longest = std::chrono::seconds(1)});
  ASSERT_TRUE(speed);
  EXPECT_EQ(sink.size(), 16 * kMib);
}

TEST(DiskProbe, PassesTheDisksFailureOn) {
  ManualClock clock;
  MemorySink memory;
  FaultySink sink(memory, {.capacity = 5 * kMib});
  const auto speed = measure(sink, clock, {.bytes = 10 * kMib});
  ASSERT_FALSE(speed);
  EXPECT_EQ(speed.error().code(), Errc::no_space);
}

TEST(DiskProbe, WritesARealFileAndLeavesNothing) {
  const test::TemporaryFolder folder;
  const auto speed = measure_disk(folder.path(), {.bytes = 8 * kMib});
  ASSERT_TRUE(speed) << speed.error().message();
  EXPECT_GT(speed->mb_per_s, 0);
  EXPECT_FALSE(speed->method.empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(DiskProbe, NamesAFolderThatIsNotThere) {
  const auto speed = measure_disk("/no such folder", {});
  ASSERT_FALSE(speed);
  EXPECT_THAT(speed.error().message(), testing::HasSubstr("/no such folder"));
}

}  // namespace
}  // namespace genlock::rig
