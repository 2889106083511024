#include "in_child.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

TEST(InChild, AnswersComeOutWhole) {
  using Answer = std::vector<std::optional<std::string>>;
  const Answer answer{"first", std::nullopt, std::string(100'000, 'x')};
  const Result<Answer> came = in_child<Answer>([&]() -> Result<Answer> { return answer; });
  ASSERT_TRUE(came) << came.error().message();
  EXPECT_EQ(*came, answer);
}

TEST(InChild, ErrorsComeOut) {
  const Result<int> came = in_child<int>([]() -> Result<int> { return Error(Errc::io, "no such file"); });
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().message(), "no such file");
}

TEST(InChild, ACrashIsBorne) {
  const TemporaryFolder folder;
  const std::filesystem::path crashed = folder / "crashed";
  const Result<int> came = in_child<int>([&]() -> Result<int> {
    if (!std::filesystem::exists(crashed)) {
      std::ofstream(crashed) << "once";
      raise(SIGKILL);
    }
    return 7;
  });
  ASSERT_TRUE(came) << came.error().message();
  EXPECT_EQ(*came, 7);
}

TEST(InChild, CrashesEveryTimeAreNot) {
  EXPECT_FALSE(in_child<int>([]() -> Result<int> {
    raise(SIGKILL);
    return 7;
  }));
}

}  // namespace
}  // namespace genlock::test
