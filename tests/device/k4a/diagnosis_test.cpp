#include "device/k4a/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace genlock::device::k4a {
namespace {

using testing::HasSubstr;

std::vector<Message> said(std::initializer_list<const char*> lines) {
  std::vector<Message> messages;
  for (const char* line : lines) messages.push_back({messages.size() + 1, LogLevel::error, line, {}});
  return messages;
}

struct Row {
  const char* line;  ///< as the vendor's library 1.4.1 has it, or as the facts quote it
  Errc code;
  Gravity gravity;
  const char* advice;
};

// Catches keywords that no longer fit the lines of the library that people have.
TEST(Diagnosis, KnowsTheLinesOfTheVendorsLibrary) {
  const Row rows[] = {
      {"dynlib_create(). Failed to load shared object libdepthengine.so.2.0 with error: "
       "libdepthengine.so.2.0: cannot open "
       "shared object file: No such file or directory",
       Errc::unsupported, Gravity::call, "install it beside libk4a"},
      {"deloader_init_once(). Failed to Load Depth Engine Plugin (depthengine). Depth functionality will not "
       "work",
       Errc::unsupported, Gravity::call, "install it beside libk4a"},
      {"depth_engine_start_helper(). Depth engine create and initialize failed with error code: 204.",
       Errc::unsupported, Gravity::call, "DISPLAY"},
      {"depth_engine_start_helper(). Depth engine create and initialize failed with error code: 207.",
       Errc::unsupported, Gravity::call, "OpenGL 4.4"},
      {"depth_engine_start_helper(). Depth engine create and initialize failed with error code: 103.",
       Errc::unsupported, Gravity::call, "did not start"},
      {"dewrapper_start(). Depth Engine thread failed to start", Errc::unsupported, Gravity::call, "DISPLAY"},
      {"depth_engine_thread(). Depth engine process frame failed with error code: 3.", Errc::io,
       Gravity::stream, "start this program again"},
      {"usb_cmd_io(). ERROR: cmd_status=0x00000063", Errc::io, Gravity::call, "bandwidth"},
      {"usb_cmd_io(). Error calling libusb_bulk_transfer for tx, result:LIBUSB_ERROR_NO_DEVICE",
       Errc::disconnected, Gravity::stream, "no longer on the USB bus"},
      {"usb_cmd_io(). Error calling libusb_bulk_transfer for rx, result:LIBUSB_ERROR_TIMEOUT", Errc::io,
       Gravity::call, "did not answer"},
      {"usb_cmd_io(). Error calling libusb_bulk_transfer for initial tx, result:LIBUSB_ERROR_PIPE", Errc::io,
       Gravity::call, "refused a command"},
      {"usb_cmd_libusb_cb(). LibUSB transfer status of 00000001 unexpected", Errc::io, Gravity::stream,
       "a USB transfer failed"},
      {"depth_capture_available(). A streaming depth transfer failed", Errc::io, Gravity::stream,
       "a USB transfer failed"},
      {"usb_cmd_stream_start(). No libusb transfers could not be submitted, error:LIBUSB_ERROR_NO_MEM",
       Errc::io, Gravity::stream, "usbfs_memory_mb"},
      {"usb_cmd_stream_start(). Less than optimal 3 libusb transfers submitted. Please evaluate available "
       "resources",
       Errc::io, Gravity::warning, "usbfs_memory_mb"},
      {"depth_get_device_version(). Firmware version for RGB is 1.5.60 is not current enough. Use 1.5.92 or "
       "newer.",
       Errc::unsupported, Gravity::call, "update it"},
      {"find_libusb_device(). libusb device(s) are all unavalable. Is the device being used by another "
       "application?",
       Errc::busy, Gravity::call, "another program"},
      {"depth_engine_thread(). Depth image processing is too slow at 40ms (this may be transient).", Errc::io,
       Gravity::warning, "GPU does not keep up"},
      {"depth_engine_thread(). Depth engine process frame failed with error code: 208.", Errc::io,
       Gravity::warning, "GPU does not keep up"},
      {"unit 1: the depth engine failed on a frame with code 106: the frame is dropped", Errc::io,
       Gravity::warning, "GPU does not keep up"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    const auto found = diagnose(said({row.line}), row.gravity);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code, row.code);
    EXPECT_THAT(found->text, HasSubstr(row.advice));
    EXPECT_THAT(found->text, HasSubstr(row.line)) << "the library's own words are kept";
  }
}

// Catches an advice that rests on a mere symptom: the cause is named by another line.
TEST(Diagnosis, CauseGoesBeforeSymptomWhateverTheirOrder) {
  const auto found = diagnose(said({"all unavalable. Is the device being used by another application?",
                                    "Unable to open LIBUSB at index 0: LIBUSB_ERROR_ACCESS"}));
  ASSERT_TRUE(found);
  EXPECT_THAT(found->text, HasSubstr("udev"));
}

// Catches an advice on displays where the engine's own code or file was named.
TEST(Diagnosis, DepthEngineThatDidNotStartIsTheLastThatIsThoughtOf) {
  const auto found = diagnose(said({"dewrapper_start(). Depth Engine thread failed to start",
                                    "usb_cmd_io(). ERROR: cmd_status=0x00000063"}));
  ASSERT_TRUE(found);
  EXPECT_THAT(found->text, HasSubstr("bandwidth"));
}

TEST(Diagnosis, UnknownFailureTellsWhatWasSaidFirst) {
  const Error error = explain(said({"imu_start(). Something else broke", "k4a_device_start_imu() failed"}),
                              Errc::io, "starting the IMU");
  EXPECT_EQ(error.code(), Errc::io);
  EXPECT_EQ(error.message(),
            "starting the IMU failed: the library said \"imu_start(). Something else broke\"");
}

TEST(Diagnosis, SilentFailureSaysHowToHearMore) {
  EXPECT_THAT(explain({}, Errc::busy, "opening unit 0").message(), HasSubstr("K4A_LOG_LEVEL=i"));
}

}  // namespace
}  // namespace genlock::device::k4a
