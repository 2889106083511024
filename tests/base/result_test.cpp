#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

namespace genlock {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error(Errc::invalid, "odd");
  return n / 2;
}

Result<std::string> quarter(int n) {
  GENLOCK_ASSIGN(const int once, half(n));
  GENLOCK_ASSIGN(const int twice, half(once));
  return std::to_string(twice);
}

Status even(int n) {
  GENLOCK_TRY(half(n));
  return {};
}

TEST(Result, MacrosPassTheValueOnOrReturnTheError) {
  EXPECT_EQ(quarter(12).value(), "3");
  EXPECT_EQ(quarter(6).error().message(), "odd");
  EXPECT_TRUE(even(2));
  EXPECT_EQ(even(3).error().code(), Errc::invalid);
}

TEST(Result, ContextGoesInFrontOfAnErrorAndLeavesAValueAlone) {
  EXPECT_EQ(half(3).context("halving 3").context("plan").error().message(), "plan: halving 3: odd");
  EXPECT_EQ(half(3).context("halving 3").error().code(), Errc::invalid);
  EXPECT_EQ(half(4).context("halving 4").value(), 2);
  EXPECT_TRUE(even(2).context("x"));
  EXPECT_EQ(even(3).context("x").error().message(), "x: odd");
}

TEST(Result, CarriesValuesThatOnlyMove) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> out = *std::move(result);
  EXPECT_EQ(*out, 5);
}

TEST(Result, ValueOrGivesTheOtherOnlyForAnError) {
  EXPECT_EQ(half(4).value_or(9), 2);
  EXPECT_EQ(half(3).value_or(9), 9);
}

TEST(Errno, BecomesACodeThatCallersCanChooseBy) {
  EXPECT_EQ(error_from_errno(ENOSPC, "writing a").code(), Errc::no_space);
  EXPECT_EQ(error_from_errno(ENOENT, "opening a").code(), Errc::not_found);
  EXPECT_EQ(error_from_errno(EEXIST, "creating a").code(), Errc::exists);
  EXPECT_EQ(error_from_errno(EIO, "reading a").code(), Errc::io);
  EXPECT_EQ(error_from_errno(ENOSPC, "writing a").message(), "writing a: No space left on device");
}

}  // namespace
}  // namespace genlock
