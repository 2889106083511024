#include "session/output_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace genlock::session {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::byte kContent[] = {std::byte{'n'}, std::byte{'e'}, std::byte{'w'}};

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(OutputFile, LeavesNothingBehindUnlessKept) {
  const test::TemporaryFolder folder;
  {
    auto file = OutputFile::create(folder / "a.mkv", false);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->take_sink()->append(kContent));
    EXPECT_FALSE(fs::exists(folder / "a.mkv"));
  }
  EXPECT_EQ(files_in(folder.path()), 0u);
}

TEST(OutputFile, HasItsNameAndContentOnceKept) {
  const test::TemporaryFolder folder;
  {
    auto file = OutputFile::create(folder / "a.mkv", false);
    ASSERT_TRUE(file);
    auto sink = file->take_sink();
    ASSERT_TRUE(file->keep());
    ASSERT_TRUE(sink->append(kContent)) << "the sink goes on working";
  }
  EXPECT_EQ(text_of(folder / "a.mkv"), "new");
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(OutputFile, DoesNotTouchAFileThatExists) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "a.mkv") << "old";
  const auto refused = OutputFile::create(folder / "a.mkv", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::exists);
  EXPECT_THAT(refused.error().message(), HasSubstr("--force"));
  EXPECT_EQ(text_of(folder / "a.mkv"), "old");
}

TEST(OutputFile, KeepsTheOldFileWhenAForcedRecordingNeverBegins) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "a.mkv") << "old";
  ASSERT_TRUE(OutputFile::create(folder / "a.mkv", true));
  EXPECT_EQ(text_of(folder / "a.mkv"), "old");
  {
    auto forced = OutputFile::create(folder / "a.mkv", true);
    ASSERT_TRUE(forced && forced->take_sink()->append(kContent) && forced->keep());
  }
  EXPECT_EQ(text_of(folder / "a.mkv"), "new");
}

TEST(OutputFile, DoesNotReplaceAFileThatAppearedMeanwhile) {
  const test::TemporaryFolder folder;
  auto file = OutputFile::create(folder / "a.mkv", false);
  ASSERT_TRUE(file);
  std::ofstream(folder / "a.mkv") << "other";
  EXPECT_EQ(file->keep().error().code(), Errc::exists);
  EXPECT_EQ(text_of(folder / "a.mkv"), "other");
}

TEST(OutputFile, IsNeverAFolderEvenByForce) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(OutputFile::create(folder.path(), true).error().code(), Errc::exists);
}

TEST(OutputFile, NamesAFolderThatCannotBeWritten) {
  const test::TemporaryFolder folder;
  const auto refused = OutputFile::create(folder / "missing" / "a.mkv", false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("missing/a.mkv"));
}

}  // namespace
}  // namespace genlock::session
