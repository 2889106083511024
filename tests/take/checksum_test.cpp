#include "take/checksum.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace genlock::take {
namespace {

bool always(std::uint64_t) {
  return true;
}

TEST(Checksum, IsThatOfTheStandard) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "abc") << "abc";
  std::ofstream(folder / "empty") << "";
  // FIPS 180-4's own example, and the sum of nothing.
  EXPECT_EQ(*sha256_of(folder / "abc", always),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(*sha256_of(folder / "empty", always),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Checksum, SaysHowFarItIsAndStopsWhenTold) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "file") << std::string(5'000'000, 'x');
  std::uint64_t seen = 0;
  const auto sum = sha256_of(folder / "file", [&](std::uint64_t done) {
    EXPECT_GE(done, seen);
    return (seen = done) < 2'000'000;
  });
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code(), Errc::state);
  EXPECT_LT(seen, 5'000'000U);
  EXPECT_EQ(sha256_of(folder / "none", always).error().code(), Errc::not_found);
}

}  // namespace
}  // namespace genlock::take
