// The C++ classes of record.hpp and playback.hpp over a file of their own.

#include "k4arecord/playback.hpp"
#include "k4arecord/record.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "record_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {
namespace {

constexpr int kCaptures = 3;

/// A recording of a few captures, with a custom track of as many blocks.
class CppRecordings : public testing::Test {
 protected:
  CppRecordings() {
    k4a::record recording = k4a::record::create(file().c_str(), nullptr, small_device_config());
    const k4a_record_subtitle_settings_t often{true};
    recording.add_custom_subtitle_track("FORCE", "S_FORCE", nullptr, 0, &often);
    recording.write_header();
    for (int i = 0; i < kCaptures; ++i) {
      const std::chrono::microseconds time(1000000 + i * 33333);
      std::uint8_t datum = static_cast<std::uint8_t>(i);
      recording.write_capture(
          k4a::capture(make_capture(small_capture(static_cast<std::uint64_t>(time.count())))));
      recording.write_custom_track_data("FORCE", time, &datum, 1);
    }
    recording.flush();
  }

  std::string file() const { return folder_ / "recording.mkv"; }

  TemporaryFolder folder_;
};

TEST_F(CppRecordings, AreTrueWhereTheyAreValidWithoutASpelledConversion) {
  static_assert(std::is_convertible_v<k4a::record, bool> && std::is_convertible_v<k4a::playback, bool> &&
                std::is_convertible_v<k4a::data_block, bool>);
  const bool open = k4a::playback::open(file().c_str()), none = k4a::record();
  EXPECT_TRUE(open);
  EXPECT_FALSE(none);
}

TEST_F(CppRecordings, EndsOfAFileLeaveTheLastCaptureAlone) {
  k4a::playback playback = k4a::playback::open(file().c_str());
  k4a::capture capture;
  int found = 0;
  while (playback.get_next_capture(&capture)) ++found;
  EXPECT_EQ(found, kCaptures);
  ASSERT_TRUE(capture);
  const std::chrono::microseconds last = capture.get_depth_image().get_device_timestamp();
  found = 0;
  while (playback.get_previous_capture(&capture)) ++found;
  EXPECT_EQ(found, kCaptures);
  ASSERT_TRUE(capture);
  EXPECT_LT(capture.get_depth_image().get_device_timestamp(), last);
}

TEST_F(CppRecordings, EndsOfATrackLeaveTheLastBlockAlone) {
  k4a::playback playback = k4a::playback::open(file().c_str());
  k4a::data_block block;
  while (playback.get_next_data_block("FORCE", &block)) {
  }
  ASSERT_TRUE(block);
  EXPECT_EQ(*block.get_buffer(), kCaptures - 1);
  while (playback.get_previous_data_block("FORCE", &block)) {
  }
  ASSERT_TRUE(block);
  EXPECT_EQ(*block.get_buffer(), 0);
}

}  // namespace
}  // namespace genlock::test
