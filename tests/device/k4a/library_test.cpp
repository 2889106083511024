#include "device/k4a/library.h"

#include "odd_library.h"
#include "support/temporary_folder.h"

// What is loaded, and what is refused with a reason.

namespace genlock::device::k4a {
namespace {

using testing::HasSubstr;

TEST(Library, IsFoundByItsFileAndByItsFolderAndLoadedOnce) {
  Library* by_file = Library::load(OddLibrary::file("plain")).value();
  EXPECT_EQ(Library::load(OddLibrary::file("plain").parent_path()).value(), by_file);
  EXPECT_EQ(by_file->file(), OddLibrary::file("plain"));
}

TEST(Library, TellsItsMakerApart) {
  EXPECT_EQ(Library::load(OddLibrary::file("plain")).value()->vendor(), Vendor::microsoft);
  EXPECT_EQ(Library::load(OddLibrary::file("orbbec")).value()->vendor(), Vendor::orbbec);
}

TEST(Library, MissingFunctionIsNamedWithTheFile) {
  const auto loaded = Library::load(OddLibrary::file("without_imu"));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), Errc::unsupported);
  EXPECT_THAT(loaded.error().message(),
              HasSubstr(OddLibrary::file("without_imu").string() + ": it lacks k4a_device_start_imu,"));
}

TEST(Library, WithoutALogWorksWithoutReasons) {
  const auto loaded = Library::load(OddLibrary::file("without_log"));
  ASSERT_TRUE(loaded);
  EXPECT_FALSE((*loaded)->log_is_read());
  const auto provider = make_provider(**loaded, {});
  EXPECT_TRUE(provider->open(0));
}

TEST(Library, FileThatIsNotThereIsNamed) {
  const auto loaded = Library::load("/nowhere/libk4a.so.1.4");
  EXPECT_EQ(loaded.error().code(), Errc::not_found);
  EXPECT_THAT(loaded.error().message(), HasSubstr("/nowhere/libk4a.so.1.4"));
}

TEST(Library, FileThatIsNoLibraryIsRefused) {
  const auto loaded = Library::load("/etc/passwd");
  EXPECT_EQ(loaded.error().code(), Errc::unsupported);
  EXPECT_THAT(loaded.error().message(), HasSubstr("/etc/passwd cannot be loaded"));
}

// As libk4arecord is, it has k4a_device_open by the libk4a that it needs itself.
TEST(Library, LibraryThatOnlyUsesOneIsRefused) {
  const auto loaded = Library::load(GENLOCK_LIBRARY_USER);
  EXPECT_EQ(loaded.error().code(), Errc::unsupported);
  EXPECT_THAT(loaded.error().message(), HasSubstr("is no libk4a"));
}

}  // namespace
}  // namespace genlock::device::k4a
