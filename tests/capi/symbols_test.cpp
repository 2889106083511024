// What the two libraries show to the programs that load them: C functions of the interface and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "library_symbols.h"

namespace genlock::test {
namespace {

using Names = std::set<std::string>;

// Facts k4a-abi.md A5.
const Names kDeviceFunctions = {"k4a_device_get_installed_count",
                                "k4a_device_open",
                                "k4a_device_close",
                                "k4a_device_get_capture",
                                "k4a_device_get_imu_sample",
                                "k4a_device_start_cameras",
                                "k4a_device_stop_cameras",
                                "k4a_device_start_imu",
                                "k4a_device_stop_imu",
                                "k4a_device_get_serialnum",
                                "k4a_device_get_version",
                                "k4a_device_get_sync_jack",
                                "k4a_device_get_color_control_capabilities",
                                "k4a_device_get_color_control",
                                "k4a_device_set_color_control",
                                "k4a_device_get_raw_calibration",
                                "k4a_device_get_calibration"};

// The same, those that need no device.
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
                               "k4a_calibration_2d_to_2d",
                               "k4a_calibration_color_2d_to_depth_2d",
                               "k4a_transformation_create",
                               "k4a_transformation_destroy",
                               "k4a_transformation_depth_image_to_color_camera",
                               "k4a_transformation_depth_image_to_color_camera_custom",
                               "k4a_transformation_color_image_to_depth_camera",
                               "k4a_transformation_depth_image_to_point_cloud"};

// Genlock's alone, by which its library is told apart.
const Names kGenlockFunctions = {"genlock_host_monotonic_nsec", "genlock_host_wall_nsec", "genlock_host_name",
                                 "genlock_host_boot_id"};

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

const Names kPlaybackFunctions = {"k4a_playback_open",
                                  "k4a_playback_close",
                                  "k4a_playback_get_raw_calibration",
                                  "k4a_playback_get_calibration",
                                  "k4a_playback_get_record_configuration",
                                  "k4a_playback_check_track_exists",
                                  "k4a_playback_get_track_count",
                                  "k4a_playback_get_track_name",
                                  "k4a_playback_track_is_builtin",
                                  "k4a_playback_track_get_video_settings",
                                  "k4a_playback_track_get_codec_id",
                                  "k4a_playback_track_get_codec_context",
                                  "k4a_playback_get_tag",
                                  "k4a_playback_set_color_conversion",
                                  "k4a_playback_get_attachment",
                                  "k4a_playback_get_next_capture",
                                  "k4a_playback_get_previous_capture",
                                  "k4a_playback_get_next_imu_sample",
                                  "k4a_playback_get_previous_imu_sample",
                                  "k4a_playback_get_next_data_block",
                                  "k4a_playback_get_previous_data_block",
                                  "k4a_playback_data_block_get_device_timestamp_usec",
                                  "k4a_playback_data_block_get_buffer_size",
                                  "k4a_playback_data_block_get_buffer",
                                  "k4a_playback_data_block_release",
                                  "k4a_playback_seek_timestamp",
                                  "k4a_playback_get_recording_length_usec",
                                  "k4a_playback_get_last_timestamp_usec"};

TEST(Libk4a, ShowsTheWholeInterfaceAndWhatItIsToldApartBy) {
  Names shown = kImageFunctions;
  shown.insert(kDeviceFunctions.begin(), kDeviceFunctions.end());
  EXPECT_EQ(shown.size(), 65U);
  shown.insert(kGenlockFunctions.begin(), kGenlockFunctions.end());
  EXPECT_EQ(defined_symbols("libk4a.so"), shown);
}

TEST(Libk4a, CarriesTheNameThatProgramsAreLinkedTo) {
  EXPECT_THAT(dynamic_section("libk4a.so"), testing::HasSubstr("soname: [libk4a.so.1.4]"));
}

TEST(Libk4arecord, ShowsTheWholeInterfaceAndNothingElse) {
  Names interface = kRecordFunctions;
  interface.insert(kPlaybackFunctions.begin(), kPlaybackFunctions.end());
  EXPECT_EQ(interface.size(), 40U);
  EXPECT_EQ(defined_symbols("libk4arecord.so"), interface);
}

TEST(Libk4arecord, CarriesItsNameAndAsksForTheOther) {
  const std::string dynamic = dynamic_section("libk4arecord.so");
  EXPECT_THAT(dynamic, testing::HasSubstr("soname: [libk4arecord.so.1.4]"));
  EXPECT_THAT(dynamic, testing::HasSubstr("[libk4a.so.1.4]"));
}

// A library that others load must not bring versions of what they use themselves. Sanitizers bring their own.
#ifdef GENLOCK_SELF_CONTAINED
TEST(Libraries, NeedTheSystemsOwnOnly) {
  const auto only = [](const std::vector<testing::Matcher<std::string>>& libraries) {
    return testing::Each(testing::AnyOfArray(libraries));
  };
  using testing::StartsWith;
  EXPECT_THAT(needed_libraries("libk4a.so"),
              only({StartsWith("libc.so."), StartsWith("libm.so."), StartsWith("ld-linux")}));
  // Debian's TurboJPEG cannot be linked statically into a shared library.
  EXPECT_THAT(needed_libraries("libk4arecord.so"),
              only({StartsWith("libc.so."), StartsWith("libm.so."), StartsWith("ld-linux"),
                    testing::Eq("libk4a.so.1.4"), StartsWith("libturbojpeg.so.")}));
}
#endif

}  // namespace
}  // namespace genlock::test
