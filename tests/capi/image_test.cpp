// Images through libk4a's functions: facts k4a-abi.md B5 and G4.

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "k4a/k4a.h"

namespace {

struct Made {
  k4a_image_format_t format;
  int width, height, stride;
  size_t bytes;
  int stride_made;
};

class OwnImages : public testing::TestWithParam<Made> {};

TEST_P(OwnImages, HaveTheSizeThatTheirFormatNeeds) {
  k4a_image_t image = nullptr;
  const Made& wanted = GetParam();
  ASSERT_EQ(k4a_image_create(wanted.format, wanted.width, wanted.height, wanted.stride, &image),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_image_get_size(image), wanted.bytes);
  EXPECT_EQ(k4a_image_get_stride_bytes(image), wanted.stride_made);
  EXPECT_EQ(k4a_image_get_width_pixels(image), wanted.width);
  EXPECT_EQ(k4a_image_get_height_pixels(image), wanted.height);
  EXPECT_EQ(k4a_image_get_format(image), wanted.format);
  std::memset(k4a_image_get_buffer(image), 0x5a, wanted.bytes);
  k4a_image_release(image);
}

INSTANTIATE_TEST_SUITE_P(Formats, OwnImages,
                         testing::Values(Made{K4A_IMAGE_FORMAT_COLOR_NV12, 1280, 720, 0, 1382400, 1280},
                                         Made{K4A_IMAGE_FORMAT_COLOR_NV12, 4, 2, 6, 18, 6},
                                         Made{K4A_IMAGE_FORMAT_COLOR_YUY2, 1280, 720, 0, 1843200, 2560},
                                         Made{K4A_IMAGE_FORMAT_COLOR_YUY2, 2, 3, 5, 15, 5},
                                         Made{K4A_IMAGE_FORMAT_COLOR_BGRA32, 3, 5, 0, 60, 12},
                                         Made{K4A_IMAGE_FORMAT_DEPTH16, 640, 576, 0, 737280, 1280},
                                         Made{K4A_IMAGE_FORMAT_IR16, 3, 3, 7, 21, 7},
                                         Made{K4A_IMAGE_FORMAT_CUSTOM8, 7, 3, 0, 21, 7},
                                         Made{K4A_IMAGE_FORMAT_CUSTOM16, 7, 3, 0, 42, 14},
                                         Made{K4A_IMAGE_FORMAT_CUSTOM, 2, 2, 1, 2, 1},
                                         Made{K4A_IMAGE_FORMAT_CUSTOM8, 19999, 1, 0, 19999, 19999}));

class RefusedImages : public testing::TestWithParam<Made> {};

TEST_P(RefusedImages, LeaveNoHandle) {
  const Made& wanted = GetParam();
  k4a_image_t image = nullptr;
  EXPECT_EQ(k4a_image_create(wanted.format, wanted.width, wanted.height, wanted.stride, &image),
            K4A_RESULT_FAILED);
  EXPECT_EQ(image, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, RefusedImages,
    testing::Values(
        Made{K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_COLOR_MJPG, 1280, 720, 1280, 0, 0},
        Made{K4A_IMAGE_FORMAT_COLOR_NV12, 3, 2, 0, 0, 0}, Made{K4A_IMAGE_FORMAT_COLOR_NV12, 2, 3, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_COLOR_YUY2, 3, 2, 0, 0, 0}, Made{K4A_IMAGE_FORMAT_COLOR_NV12, 4, 2, 3, 0, 0},
        Made{K4A_IMAGE_FORMAT_COLOR_YUY2, 4, 2, 7, 0, 0}, Made{K4A_IMAGE_FORMAT_COLOR_BGRA32, 4, 2, 15, 0, 0},
        Made{K4A_IMAGE_FORMAT_DEPTH16, 4, 2, 7, 0, 0}, Made{K4A_IMAGE_FORMAT_CUSTOM8, 4, 2, 3, 0, 0},
        Made{K4A_IMAGE_FORMAT_CUSTOM16, 4, 2, 7, 0, 0}, Made{K4A_IMAGE_FORMAT_CUSTOM, 4, 2, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_CUSTOM, 4, 2, -1, 0, 0}, Made{K4A_IMAGE_FORMAT_DEPTH16, 0, 2, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_DEPTH16, -1, 2, 0, 0, 0}, Made{K4A_IMAGE_FORMAT_DEPTH16, 2, 0, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_DEPTH16, 2, -1, 0, 0, 0}, Made{K4A_IMAGE_FORMAT_DEPTH16, 20000, 2, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_DEPTH16, 2, 20000, 0, 0, 0},
        Made{K4A_IMAGE_FORMAT_CUSTOM, 2, 19999, 2147483647, 0, 0},
        Made{static_cast<k4a_image_format_t>(9), 2, 2, 4, 0, 0}));

// Wrong arguments leave the handle alone; what fails later takes it away (B5).
TEST(Image, HandleIsUntouchedByWrongArgumentsAndNullAfterLaterFailures) {
  k4a_image_t image = nullptr;
  ASSERT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 2, 2, 0, &image), K4A_RESULT_SUCCEEDED);
  k4a_image_t kept = image;
  EXPECT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 0, 2, 0, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(image, kept);
  EXPECT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 2, 2, 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(image, nullptr);
  EXPECT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 2, 2, 0, nullptr), K4A_RESULT_FAILED);
  k4a_image_release(kept);
}

struct Released {
  int times = 0;
  void* buffer = nullptr;
};

void note_release(void* buffer, void* context) {
  auto* released = static_cast<Released*>(context);
  ++released->times;
  released->buffer = buffer;
}

class ForeignImage : public testing::Test {
 protected:
  k4a_image_t make() {
    k4a_image_t image = nullptr;
    EXPECT_EQ(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_COLOR_MJPG, 20000, 1, 3, memory_.data(),
                                           memory_.size(), note_release, &released_, &image),
              K4A_RESULT_SUCCEEDED);
    return image;
  }

  std::array<uint8_t, 100> memory_{};
  Released released_;
};

TEST_F(ForeignImage, UsesTheMemoryInPlaceWhateverItsSize) {
  const k4a_image_t image = make();
  EXPECT_EQ(k4a_image_get_buffer(image), memory_.data());
  EXPECT_EQ(k4a_image_get_size(image), memory_.size());
  EXPECT_EQ(k4a_image_get_stride_bytes(image), 3);
  k4a_image_release(image);
}

TEST_F(ForeignImage, GivesTheMemoryBackOnceWithTheLastReference) {
  const k4a_image_t image = make();
  k4a_image_reference(image);
  k4a_image_release(image);
  EXPECT_EQ(released_.times, 0);
  k4a_image_release(image);
  EXPECT_EQ(released_.times, 1);
  EXPECT_EQ(released_.buffer, memory_.data());
  k4a_image_release(image);
  EXPECT_EQ(released_.times, 1);
}

TEST_F(ForeignImage, LeavesTheMemoryToTheCallerWhenItCannotBeMade) {
  k4a_image_t image = nullptr;
  const auto create = [&](int format, int width, uint8_t* buffer, size_t size, k4a_image_t* out) {
    return k4a_image_create_from_buffer(static_cast<k4a_image_format_t>(format), width, 1, 0, buffer, size,
                                        note_release, &released_, out);
  };
  EXPECT_EQ(create(9, 1, memory_.data(), 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(-1, 1, memory_.data(), 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(4, 0, memory_.data(), 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(4, 20001, memory_.data(), 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(4, 1, nullptr, 1, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(4, 1, memory_.data(), 0, &image), K4A_RESULT_FAILED);
  EXPECT_EQ(create(4, 1, memory_.data(), 1, nullptr), K4A_RESULT_FAILED);
  EXPECT_EQ(image, nullptr);
  EXPECT_EQ(released_.times, 0);
}

TEST_F(ForeignImage, NeedsNoReleaseFunction) {
  k4a_image_t image = nullptr;
  ASSERT_EQ(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_CUSTOM, 1, 1, 0, memory_.data(), 1, nullptr,
                                         nullptr, &image),
            K4A_RESULT_SUCCEEDED);
  k4a_image_release(image);
}

TEST(ImageMetadata, StartsAtZeroAndKeepsEveryBit) {
  k4a_image_t image = nullptr;
  ASSERT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_IR16, 2, 2, 0, &image), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_image_get_device_timestamp_usec(image), 0U);
  EXPECT_EQ(k4a_image_get_system_timestamp_nsec(image), 0U);
  EXPECT_EQ(k4a_image_get_exposure_usec(image), 0U);
  EXPECT_EQ(k4a_image_get_white_balance(image), 0U);
  EXPECT_EQ(k4a_image_get_iso_speed(image), 0U);
  k4a_image_set_device_timestamp_usec(image, UINT64_MAX);
  k4a_image_set_system_timestamp_nsec(image, UINT64_MAX - 1);
  k4a_image_set_exposure_usec(image, UINT64_MAX - 2);
  k4a_image_set_white_balance(image, UINT32_MAX);
  k4a_image_set_iso_speed(image, UINT32_MAX - 1);
  EXPECT_EQ(k4a_image_get_device_timestamp_usec(image), UINT64_MAX);
  EXPECT_EQ(k4a_image_get_system_timestamp_nsec(image), UINT64_MAX - 1);
  EXPECT_EQ(k4a_image_get_exposure_usec(image), UINT64_MAX - 2);
  EXPECT_EQ(k4a_image_get_white_balance(image), UINT32_MAX);
  EXPECT_EQ(k4a_image_get_iso_speed(image), UINT32_MAX - 1);
  k4a_image_set_iso_speed(image, 0);
  EXPECT_EQ(k4a_image_get_iso_speed(image), 0U);
  k4a_image_release(image);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
TEST(ImageMetadata, OldNamesAreTheSameValues) {
  k4a_image_t image = nullptr;
  ASSERT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_IR16, 2, 2, 0, &image), K4A_RESULT_SUCCEEDED);
  k4a_image_set_timestamp_usec(image, 5);
  EXPECT_EQ(k4a_image_get_device_timestamp_usec(image), 5U);
  k4a_image_set_device_timestamp_usec(image, 6);
  EXPECT_EQ(k4a_image_get_timestamp_usec(image), 6U);
  k4a_image_set_exposure_time_usec(image, 7);
  EXPECT_EQ(k4a_image_get_exposure_usec(image), 7U);
  k4a_image_release(image);
  EXPECT_EQ(k4a_image_get_timestamp_usec(image), 0U);
  k4a_image_set_timestamp_usec(image, 1);
  k4a_image_set_exposure_time_usec(image, 1);
}
#pragma GCC diagnostic pop

/// Every function of an image gives its failure value for `bad`, and none crashes.
void expect_refused(k4a_image_t bad) {
  EXPECT_EQ(k4a_image_get_buffer(bad), nullptr);
  EXPECT_EQ(k4a_image_get_size(bad), 0U);
  EXPECT_EQ(k4a_image_get_format(bad), K4A_IMAGE_FORMAT_CUSTOM);
  EXPECT_EQ(k4a_image_get_width_pixels(bad), 0);
  EXPECT_EQ(k4a_image_get_height_pixels(bad), 0);
  EXPECT_EQ(k4a_image_get_stride_bytes(bad), 0);
  EXPECT_EQ(k4a_image_get_device_timestamp_usec(bad), 0U);
  EXPECT_EQ(k4a_image_get_system_timestamp_nsec(bad), 0U);
  EXPECT_EQ(k4a_image_get_exposure_usec(bad), 0U);
  EXPECT_EQ(k4a_image_get_white_balance(bad), 0U);
  EXPECT_EQ(k4a_image_get_iso_speed(bad), 0U);
  k4a_image_set_device_timestamp_usec(bad, 1);
  k4a_image_set_system_timestamp_nsec(bad, 1);
  k4a_image_set_exposure_usec(bad, 1);
  k4a_image_set_white_balance(bad, 1);
  k4a_image_set_iso_speed(bad, 1);
  k4a_image_reference(bad);
  k4a_image_release(bad);
}

TEST(ImageHandle, NullIsRefused) {
  expect_refused(nullptr);
}

TEST(ImageHandle, ReleasedOnesAreRefusedEvenAfterOthersCameToBe) {
  k4a_image_t dead = nullptr;
  ASSERT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_IR16, 2, 2, 0, &dead), K4A_RESULT_SUCCEEDED);
  k4a_image_release(dead);
  std::vector<k4a_image_t> others(100);
  for (k4a_image_t& other : others)
    ASSERT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_IR16, 2, 2, 0, &other), K4A_RESULT_SUCCEEDED);
  expect_refused(dead);
  for (k4a_image_t other : others) {
    EXPECT_EQ(k4a_image_get_size(other), 8U);
    k4a_image_release(other);
  }
}

TEST(ImageHandle, HandlesOfAnotherKindAndAddressesAreRefused) {
  k4a_capture_t capture = nullptr;
  ASSERT_EQ(k4a_capture_create(&capture), K4A_RESULT_SUCCEEDED);
  expect_refused(reinterpret_cast<k4a_image_t>(capture));
  size_t something = 1;
  expect_refused(reinterpret_cast<k4a_image_t>(&something));
  k4a_capture_release(capture);
}

}  // namespace
