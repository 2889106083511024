#include "k4a/genlock_extras.h"

#include <array>

#include "program_bench.h"

// The host of the bench, which only Genlock's libk4a tells of.

namespace genlock::test {
namespace {

using std::chrono::seconds;

TEST(Extras, ClockIsTheOneOfSystemTimestamps) {
  ProgramBench bench;
  OpenDevice device(0);
  const std::uint64_t before = genlock_host_monotonic_nsec();
  const std::uint64_t wall_before = genlock_host_wall_nsec();
  EXPECT_EQ(before, static_cast<std::uint64_t>(count_ns(bench.bench().clock().now())));
  bench.step(seconds(3));
  EXPECT_EQ(genlock_host_monotonic_nsec() - before, 3'000'000'000U) << "it stands but for the bench's steps";
  EXPECT_EQ(genlock_host_wall_nsec() - wall_before, 3'000'000'000U);
}

TEST(Extras, HostIsTheOneThatTheUnitsArePluggedInto) {
  ProgramBench bench;
  OpenDevice device(0);
  std::array<char, 200> text{};
  std::size_t size = text.size();
  ASSERT_EQ(genlock_host_name(text.data(), &size), K4A_BUFFER_RESULT_SUCCEEDED);
  EXPECT_EQ(text.data(), bench.bench().host().name);
  EXPECT_EQ(size, bench.bench().host().name.size() + 1);
  size = 1;
  EXPECT_EQ(genlock_host_boot_id(text.data(), &size), K4A_BUFFER_RESULT_TOO_SMALL);
  ASSERT_LE(size, text.size());
  ASSERT_EQ(genlock_host_boot_id(text.data(), &size), K4A_BUFFER_RESULT_SUCCEEDED);
  EXPECT_EQ(text.data(), bench.bench().host().boot_id);
}

}  // namespace
}  // namespace genlock::test
