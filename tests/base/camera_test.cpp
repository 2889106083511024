#include "base/camera.h"

#include <gtest/gtest.h>

namespace genlock {
namespace {

TEST(Serial, SeventhDigitChecksTheFirstSix) {
  EXPECT_TRUE(serial_check_digit_ok("000011590212"));
  EXPECT_TRUE(serial_check_digit_ok("001514394512"));
  EXPECT_FALSE(serial_check_digit_ok("001514394513") && serial_check_digit_ok("001514494512"));
  EXPECT_FALSE(serial_check_digit_ok("00151439451"));
  EXPECT_FALSE(serial_check_digit_ok("0015143945a2"));
}

TEST(Modes, HaveTheImageBytesOfTheFacts) {
  EXPECT_EQ(image_bytes(PixelFormat::depth16, image_size(DepthMode::nfov_unbinned)), 737280u);
  EXPECT_EQ(image_bytes(PixelFormat::nv12, image_size(ColorResolution::r720p)), 1382400u);
  EXPECT_EQ(image_bytes(PixelFormat::yuy2, image_size(ColorResolution::r720p)), 1843200u);
  EXPECT_EQ(image_bytes(PixelFormat::bgra32, image_size(ColorResolution::r3072p)), 50331648u);
  EXPECT_EQ(image_bytes(PixelFormat::mjpg, image_size(ColorResolution::r1080p)), 0u);
}

TEST(Modes, NamesAreReadInAnyCase) {
  EXPECT_EQ(depth_mode_from("nfov_2x2Binned"), DepthMode::nfov_2x2binned);
  EXPECT_EQ(wired_sync_mode_from("Master"), WiredSyncMode::master);
  EXPECT_FALSE(depth_mode_from("NFOV"));
}

TEST(Version, ParsesTwoOrThreeNumbersAndNothingElse) {
  EXPECT_EQ(*parse_version("1.6.110"), (Version{1, 6, 110}));
  EXPECT_EQ(*parse_version("6109.7"), (Version{6109, 7, 0}));
  for (const char* bad : {"", "1", "1.", "1.6.", "1.6.x", "1.6.110.1", "v1.6.110"})
    EXPECT_FALSE(parse_version(bad)) << bad;
}

TEST(Versions, AreUnknownToPeopleWhereNobodyTellsThem) {
  EXPECT_EQ(version_text({}), "unknown");
  EXPECT_EQ(version_text({1, 6, 110}), "1.6.110");
}

}  // namespace
}  // namespace genlock
