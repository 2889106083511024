// What the two libraries show to the programs that load them: C functions of the interface and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "support/process.h"

namespace genlock::test {
namespace {

using Names = std::set<std::string>;

std::string library(const std::string& name) {
  return std::string(GENLOCK_LIBRARY_FOLDER) + "/" + name;
}

/// Every dynamic symbol that a library defines, of any type.
Names defined_symbols(const std::string& name) {
  Process nm({"nm", "--dynamic", "--defined-only", "--format=posix", library(name)}, {});
  EXPECT_EQ(nm.wait(), 0) << nm.output();
  Names names;
  std::istringstream lines(nm.output());
  for (std::string line; std::getline(lines, line);) names.insert(line.substr(0, line.find(' ')));
  return names;
}

std::string dynamic_section(const std::string& name) {
  Process readelf({"readelf", "--dynamic", library(name)}, {});
  EXPECT_EQ(readelf.wait(), 0) << readelf.output();
  return readelf.output();
}

// Facts k4a-abi.md A5, those that need no device and no whole-image transformation.
const Names kImageFunctions = {"k4a_set_debug_message_handler",
                               "k4a_set_allocator",
                               "k4a_capture_create",
                               "k4a_capture_release",
                               "k4a_capture_reference",
                               "k4a_capture_get_color_image",
                               "k4a_capture_get_depth_image",
                               "k4a_capture_get_ir_image",
                               "k4a_capture_set_color_image",
                               "k4a_capture_set_depth_image",
                               "k4a_capture_set_ir_image",
                               "k4a_capture_set_temperature_c",
                               "k4a_capture_get_temperature_c",
                               "k4a_image_create",
                               "k4a_image_create_from_buffer",
                               "k4a_image_get_buffer",
                               "k4a_image_get_size",
                               "k4a_image_get_format",
                               "k4a_image_get_width_pixels",
                               "k4a_image_get_height_pixels",
                               "k4a_image_get_stride_bytes",
                               "k4a_image_get_timestamp_usec",
                               "k4a_image_get_device_timestamp_usec",
                               "k4a_image_get_system_timestamp_nsec",
                               "k4a_image_get_exposure_usec",
                               "k4a_image_get_white_balance",
                               "k4a_image_get_iso_speed",
                               "k4a_image_set_device_timestamp_usec",
                               "k4a_image_set_timestamp_usec",
                               "k4a_image_set_system_timestamp_nsec",
                               "k4a_image_set_exposure_usec",
                               "k4a_image_set_exposure_time_usec",
                               "k4a_image_set_white_balance",
                               "k4a_image_set_iso_speed",
                               "k4a_image_reference",
                               "k4a_image_release",
                               "k4a_calibration_get_from_raw",
                               "k4a_calibration_3d_to_3d",
                               "k4a_calibration_2d_to_3d",
                               "k4a_calibration_3d_to_2d",
                               "k4a_calibration_2d_to_2d"};

// Facts k4a-abi.md A5.
const Names kRecordFunctions = {"k4a_record_create",
                                "k4a_record_add_tag",
                                "k4a_record_add_imu_track",
                                "k4a_record_add_attachment",
                                "k4a_record_add_custom_video_track",
                                "k4a_record_add_custom_subtitle_track",
                                "k4a_record_write_header",
                                "k4a_record_write_capture",
                                "k4a_record_write_imu_sample",
                                "k4a_record_write_custom_track_data",
                                "k4a_record_flush",
                                "k4a_record_close"};

Names record_symbols() {
  Names names = defined_symbols("libk4arecord.so");
  std::erase_if(names, [](const std::string& name) { return name.starts_with("k4a_playback_"); });
  return names;
}

TEST(Libk4a, ShowsExactlyTheFunctionsThatWork) {
  EXPECT_EQ(defined_symbols("libk4a.so"), kImageFunctions);
}

TEST(Libk4a, CarriesTheNameThatProgramsAreLinkedTo) {
  EXPECT_THAT(dynamic_section("libk4a.so"), testing::HasSubstr("soname: [libk4a.so.1.4]"));
}

TEST(Libk4arecord, ShowsExactlyTheRecordingFunctions) {
  EXPECT_EQ(record_symbols(), kRecordFunctions);
}

TEST(Libk4arecord, CarriesItsNameAndAsksForTheOther) {
  const std::string dynamic = dynamic_section("libk4arecord.so");
  EXPECT_THAT(dynamic, testing::HasSubstr("soname: [libk4arecord.so.1.4]"));
  EXPECT_THAT(dynamic, testing::HasSubstr("[libk4a.so.1.4]"));
}

// A library that others load must not bring versions of what they use themselves.
TEST(Libraries, BringNoLoggingLibrary) {
  EXPECT_THAT(dynamic_section("libk4a.so"), testing::Not(testing::HasSubstr("spdlog")));
  EXPECT_THAT(dynamic_section("libk4arecord.so"), testing::Not(testing::HasSubstr("spdlog")));
}

}  // namespace
}  // namespace genlock::test
