#include "rig/take_folder.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

TEST(TakeFolder, IsNumberedAfterTheHighestAndNeverOneThatIsThere) {
  const test::TemporaryFolder folder;
  const auto made = [&] { return make_numbered_take(folder / "takes", "studio")->filename(); };
  EXPECT_EQ(made(), "studio-0001");
  EXPECT_EQ(made(), "studio-0002");
  fs::remove(folder / "takes/studio-0001");
  EXPECT_EQ(made(), "studio-0003") << "a number is not used twice while later ones are there";
  fs::create_directory(folder / "takes/studio-12000");
  fs::create_directory(folder / "takes/studio-0099-cut");
  fs::create_directory(folder / "takes/hall-99999");
  EXPECT_EQ(made(), "studio-12001");
  std::ofstream(folder / "takes/studio-12002") << "a file";
  EXPECT_EQ(made(), "studio-12003");
}

TEST(TakeFolder, OfAGivenNameMustBeNew) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(make_named_take(folder.path(), "jump")->filename(), "jump");
  const auto again = make_named_take(folder.path(), "jump");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::exists);
  for (const char* name : {"../jump", "", ".."})
    EXPECT_EQ(make_named_take(folder.path(), name).error().code(), Errc::invalid) << name;
}

TEST(TakeFolder, SaysWhereItCannotBeMade) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "file") << "no folder";
  const auto made = make_numbered_take(folder / "file", "studio");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), testing::HasSubstr((folder / "file").string()));
}

}  // namespace
}  // namespace genlock::rig
