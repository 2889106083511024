#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "blobs.h"
#include "damages.h"

namespace genlock::geometry {
namespace {

using testing::as_bytes;
using testing::Damage;
using ::testing::HasSubstr;
using testing::kDamages;
using testing::real_blob;

/// The blob of a real unit with its first `from` replaced by `to`.
std::string damaged(const std::string& from, const std::string& to) {
  const auto blob =
      testing::with_damage(real_blob("k4a.net.raw_calibration.bin"), {from.c_str(), to.c_str(), ""});
  EXPECT_TRUE(blob) << from;
  return blob.value_or("");
}

TEST(Damage, EveryKindIsToldByTheNameOfItsField) {
  for (const Damage& row : kDamages) {
    const auto raw = parse_calibration(as_bytes(damaged(row.from, row.to)));
    ASSERT_FALSE(raw) << row.message;
    EXPECT_EQ(raw.error().code(), Errc::corrupt);
    EXPECT_THAT(raw.error().message(), HasSubstr(row.message));
  }
}

TEST(Damage, BytesThatAreNoBlobAreRefused) {
  for (const char* text :
       {"", "{", "[]", "17", "\"text\"", "{} {}", "Hello World", "{\"CalibrationInformation\":1e999}"}) {
    const auto raw = parse_calibration(as_bytes(text));
    ASSERT_FALSE(raw) << text;
    EXPECT_EQ(raw.error().code(), Errc::corrupt);
  }
  EXPECT_FALSE(parse_calibration(as_bytes(std::string(2 << 20, ' '))));
}

TEST(Damage, EveryCutIsRefusedWithoutHarm) {
  const std::string blob = real_blob("k4a.net.raw_calibration.bin");
  const std::size_t end = blob.rfind('}');
  for (std::size_t size = 0; size <= end; ++size)
    EXPECT_FALSE(parse_calibration(as_bytes(blob.substr(0, size))));
}

TEST(Damage, KeysAreFoundWhateverTheirCase) {
  EXPECT_TRUE(
      parse_calibration(as_bytes(damaged("\"CalibrationInformation\"", "\"calibrationINFORMATION\""))));
  EXPECT_TRUE(parse_calibration(as_bytes(damaged("\"MetricRadius\"", "\"metricradius\""))));
}

TEST(Damage, MissingCoefficientsAtTheEndAreZero) {
  const auto raw = parse_calibration(as_bytes(damaged("\"Translation\":[0,0,0]", "\"Translation\":[0.5]")));
  ASSERT_TRUE(raw) << raw.error().message();
  EXPECT_EQ(raw->depth.from_depth.translation, (std::array<double, 3>{500, 0, 0}));
}

}  // namespace
}  // namespace genlock::geometry
