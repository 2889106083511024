// Whole images through libk4a's functions: facts k4a-abi.md E4, E5, E6 and G7.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "anchor_unit.h"
#include "k4a/k4a.h"

namespace {

k4a_calibration_t calibration_of(k4a_depth_mode_t depth, k4a_color_resolution_t color) {
  std::string raw = anchor_unit();
  k4a_calibration_t calibration{};
  EXPECT_EQ(k4a_calibration_get_from_raw(raw.data(), raw.size() + 1, depth, color, &calibration),
            K4A_RESULT_SUCCEEDED);
  return calibration;
}

/// An image with memory of its own. Every byte is 0x5a at first.
class Picture {
 public:
  Picture(k4a_image_format_t format, int width, int height, int stride) {
    EXPECT_EQ(k4a_image_create(format, width, height, stride, &image_), K4A_RESULT_SUCCEEDED);
    std::memset(k4a_image_get_buffer(image_), 0x5a, k4a_image_get_size(image_));
  }
  ~Picture() { k4a_image_release(image_); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  operator k4a_image_t() const { return image_; }

  template <class Value>
  std::span<Value> values() const {
    return {reinterpret_cast<Value*>(k4a_image_get_buffer(image_)),
            k4a_image_get_size(image_) / sizeof(Value)};
  }
  bool untouched() const {
    return std::ranges::all_of(values<std::uint8_t>(), [](std::uint8_t byte) { return byte == 0x5a; });
  }

 private:
  k4a_image_t image_ = nullptr;
};

constexpr int kWidth = 320, kHeight = 288, kColorWidth = 1280, kColorHeight = 720;

class Transformation : public testing::Test {
 protected:
  Transformation() { std::ranges::fill(depth_.values<std::uint16_t>(), std::uint16_t{1000}); }
  ~Transformation() override { k4a_transformation_destroy(transformation_); }

  const k4a_calibration_t calibration_ =
      calibration_of(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_720P);
  const k4a_transformation_t transformation_ = k4a_transformation_create(&calibration_);
  const Picture depth_{K4A_IMAGE_FORMAT_DEPTH16, kWidth, kHeight, 2 * kWidth};
  const Picture transformed_{K4A_IMAGE_FORMAT_DEPTH16, kColorWidth, kColorHeight, 2 * kColorWidth};
  const Picture color_{K4A_IMAGE_FORMAT_COLOR_BGRA32, kColorWidth, kColorHeight, 4 * kColorWidth};
  const Picture transformed_color_{K4A_IMAGE_FORMAT_COLOR_BGRA32, kWidth, kHeight, 4 * kWidth};
  const Picture xyz_{K4A_IMAGE_FORMAT_CUSTOM, kWidth, kHeight, 6 * kWidth};
};

TEST_F(Transformation, IsMadeFromUsableCalibrationsOnly) {
  EXPECT_NE(transformation_, nullptr);
  EXPECT_EQ(k4a_transformation_create(nullptr), nullptr);
  k4a_calibration_t bad = calibration_;
  bad.color_camera_calibration.intrinsics.type = K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA;
  EXPECT_EQ(k4a_transformation_create(&bad), nullptr);
  bad = calibration_;
  bad.depth_camera_calibration.resolution_width = -5;
  EXPECT_EQ(k4a_transformation_create(&bad), nullptr);
}

TEST_F(Transformation, IsGoneOnceItIsDestroyed) {
  const k4a_transformation_t gone = k4a_transformation_create(&calibration_);
  k4a_transformation_destroy(gone);
  k4a_transformation_destroy(gone);
  k4a_transformation_destroy(nullptr);
  EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(gone, depth_, transformed_), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_transformation_depth_image_to_point_cloud(nullptr, depth_, K4A_CALIBRATION_TYPE_DEPTH, xyz_),
            K4A_RESULT_FAILED);
  EXPECT_TRUE(transformed_.untouched());
}

TEST_F(Transformation, PutsDepthWhereTheColorCameraSeesIt) {
  ASSERT_EQ(k4a_transformation_depth_image_to_color_camera(transformation_, depth_, transformed_),
            K4A_RESULT_SUCCEEDED);
  const k4a_float2_t pixel = {{160, 144}};
  k4a_float3_t point{};
  k4a_float2_t seen{};
  int valid = 0;
  ASSERT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 1000, K4A_CALIBRATION_TYPE_DEPTH,
                                     K4A_CALIBRATION_TYPE_COLOR, &point, &valid),
            K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(k4a_calibration_3d_to_2d(&calibration_, &point, K4A_CALIBRATION_TYPE_COLOR,
                                     K4A_CALIBRATION_TYPE_COLOR, &seen, &valid),
            K4A_RESULT_SUCCEEDED);
  const auto at =
      static_cast<std::size_t>(seen.xy.y + 0.5F) * kColorWidth + static_cast<std::size_t>(seen.xy.x + 0.5F);
  EXPECT_NEAR(transformed_.values<std::uint16_t>()[at], point.xyz.z, 1);
  EXPECT_EQ(transformed_.values<std::uint16_t>().front(), 0) << "outside the depth camera's view";
}

template <class Value>
void expect_custom(k4a_transformation_t transformation, const Picture& depth, k4a_image_format_t format) {
  constexpr int kBytes = sizeof(Value);
  const Picture custom(format, kWidth, kHeight, kBytes * kWidth);
  const Picture out(K4A_IMAGE_FORMAT_DEPTH16, kColorWidth, kColorHeight, 2 * kColorWidth);
  const Picture out_custom(format, kColorWidth, kColorHeight, kBytes * kColorWidth);
  const auto values = custom.values<Value>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i / 3 % 2 == 0 ? 10 : 20;
  const auto count = [&](int low, int high) {
    return std::ranges::count_if(out_custom.values<Value>(), [=](Value v) { return v >= low && v <= high; });
  };
  for (const auto interpolation :
       {K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST, K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR}) {
    ASSERT_EQ(k4a_transformation_depth_image_to_color_camera_custom(transformation, depth, custom, out,
                                                                    out_custom, interpolation, 0x12345),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(out_custom.values<Value>().front(), static_cast<Value>(0x12345)) << "the low bits";
    EXPECT_GT(count(10, 10), 1000);
    const bool linear = interpolation == K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR;
    EXPECT_EQ(count(11, 19) > 1000, linear) << "only linear interpolation makes new values";
  }
  EXPECT_EQ(k4a_transformation_depth_image_to_color_camera_custom(
                transformation, depth, custom, out, out_custom,
                static_cast<k4a_transformation_interpolation_type_t>(2), 0),
            K4A_RESULT_FAILED);
}

TEST_F(Transformation, TakesASecondChannelAlong) {
  expect_custom<std::uint8_t>(transformation_, depth_, K4A_IMAGE_FORMAT_CUSTOM8);
  expect_custom<std::uint16_t>(transformation_, depth_, K4A_IMAGE_FORMAT_CUSTOM16);
}

TEST_F(Transformation, GivesEveryDepthPixelItsColor) {
  std::ranges::fill(color_.values<std::uint32_t>(), 0xff102030U);
  ASSERT_EQ(
      k4a_transformation_color_image_to_depth_camera(transformation_, depth_, color_, transformed_color_),
      K4A_RESULT_SUCCEEDED);
  const auto colors = transformed_color_.values<std::uint32_t>();
  EXPECT_EQ(colors[kHeight / 2 * kWidth + kWidth / 2], 0xff102030U);
  EXPECT_TRUE(
      std::ranges::all_of(colors, [](std::uint32_t color) { return color == 0 || color == 0xff102030U; }));
}

TEST_F(Transformation, MakesPointsOfEitherCamera) {
  ASSERT_EQ(k4a_transformation_depth_image_to_point_cloud(transformation_, depth_, K4A_CALIBRATION_TYPE_DEPTH,
                                                          xyz_),
            K4A_RESULT_SUCCEEDED);
  const auto xyz = xyz_.values<std::int16_t>();
  EXPECT_EQ(xyz[2], 1000);
  EXPECT_LT(xyz[0], -500);
  const Picture color_xyz(K4A_IMAGE_FORMAT_CUSTOM, kColorWidth, kColorHeight, 6 * kColorWidth);
  ASSERT_EQ(k4a_transformation_depth_image_to_color_camera(transformation_, depth_, transformed_),
            K4A_RESULT_SUCCEEDED);
  ASSERT_EQ(k4a_transformation_depth_image_to_point_cloud(transformation_, transformed_,
                                                          K4A_CALIBRATION_TYPE_COLOR, color_xyz),
            K4A_RESULT_SUCCEEDED);
  const std::size_t middle = kColorHeight / 2 * kColorWidth + kColorWidth / 2;
  EXPECT_EQ(color_xyz.values<std::int16_t>()[3 * middle + 2], transformed_.values<std::uint16_t>()[middle]);
  EXPECT_EQ(
      k4a_transformation_depth_image_to_point_cloud(transformation_, depth_, K4A_CALIBRATION_TYPE_GYRO, xyz_),
      K4A_RESULT_FAILED);
}

/// The wrong size, stride and format for a parameter of 320x288 or 1280x720.
struct WrongImages {
  explicit WrongImages(k4a_image_format_t format, k4a_image_format_t other, int width, int height, int bytes)
      : size(format, width - 2, height, bytes * (width - 2)),
        stride(format, width, height, bytes * width + 4),
        kind(other, width, height, bytes * width) {}
  Picture size, stride, kind;
  std::array<k4a_image_t, 4> all() const { return {size, stride, kind, nullptr}; }
};

TEST_F(Transformation, ImagesMustBeExactlyAsTheirCameraMakesThem) {
  const WrongImages depth(K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_IR16, kWidth, kHeight, 2);
  const WrongImages big_depth(K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_CUSTOM16, kColorWidth, kColorHeight,
                              2);
  const WrongImages color(K4A_IMAGE_FORMAT_COLOR_BGRA32, K4A_IMAGE_FORMAT_CUSTOM, kColorWidth, kColorHeight,
                          4);
  const Picture custom(K4A_IMAGE_FORMAT_CUSTOM8, kWidth, kHeight, kWidth);
  const Picture out_custom(K4A_IMAGE_FORMAT_CUSTOM16, kColorWidth, kColorHeight, 2 * kColorWidth);
  const auto t = transformation_;
  for (const k4a_image_t wrong : depth.all()) {
    EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(t, wrong, transformed_), K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_transformation_color_image_to_depth_camera(t, wrong, color_, transformed_color_),
              K4A_RESULT_FAILED);
    EXPECT_EQ(k4a_transformation_depth_image_to_point_cloud(t, wrong, K4A_CALIBRATION_TYPE_DEPTH, xyz_),
              K4A_RESULT_FAILED);
  }
  for (const k4a_image_t wrong : big_depth.all())
    EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(t, depth_, wrong), K4A_RESULT_FAILED);
  for (const k4a_image_t wrong : color.all())
    EXPECT_EQ(k4a_transformation_color_image_to_depth_camera(t, depth_, wrong, transformed_color_),
              K4A_RESULT_FAILED);
  EXPECT_EQ(
      k4a_transformation_depth_image_to_color_camera_custom(t, depth_, custom, transformed_, out_custom,
                                                            K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST, 0),
      K4A_RESULT_FAILED)
      << "two formats";
  const Picture narrow(K4A_IMAGE_FORMAT_CUSTOM, kWidth, kHeight, 6 * kWidth + 2);
  EXPECT_EQ(k4a_transformation_depth_image_to_point_cloud(t, depth_, K4A_CALIBRATION_TYPE_DEPTH, narrow),
            K4A_RESULT_FAILED);
  EXPECT_TRUE(transformed_.untouched() && transformed_color_.untouched() && xyz_.untouched());
  EXPECT_TRUE(out_custom.untouched() && narrow.untouched());
}

TEST_F(Transformation, BuffersThatAreTooSmallForTheirImagesAreRefused) {
  std::vector<std::uint16_t> few(100);
  k4a_image_t image = nullptr;
  ASSERT_EQ(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_DEPTH16, kWidth, kHeight, 2 * kWidth,
                                         reinterpret_cast<std::uint8_t*>(few.data()), 200, nullptr, nullptr,
                                         &image),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(transformation_, image, transformed_),
            K4A_RESULT_FAILED);
  k4a_image_release(image);
}

TEST_F(Transformation, OneHandleServesSeveralThreads) {
  ASSERT_EQ(k4a_transformation_depth_image_to_color_camera(transformation_, depth_, transformed_),
            K4A_RESULT_SUCCEEDED);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      const Picture out(K4A_IMAGE_FORMAT_DEPTH16, kColorWidth, kColorHeight, 2 * kColorWidth);
      EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(transformation_, depth_, out),
                K4A_RESULT_SUCCEEDED);
      EXPECT_TRUE(std::ranges::equal(out.values<std::uint16_t>(), transformed_.values<std::uint16_t>()));
    });
  for (std::thread& thread : threads) thread.join();
}

TEST_F(Transformation, OneCameraAloneGivesItsPointCloud) {
  const k4a_calibration_t only = calibration_of(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_OFF);
  const k4a_transformation_t t = k4a_transformation_create(&only);
  ASSERT_NE(t, nullptr);
  EXPECT_EQ(k4a_transformation_depth_image_to_color_camera(t, depth_, transformed_), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_transformation_color_image_to_depth_camera(t, depth_, color_, transformed_color_),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_transformation_depth_image_to_point_cloud(t, depth_, K4A_CALIBRATION_TYPE_DEPTH, xyz_),
            K4A_RESULT_SUCCEEDED);
  k4a_transformation_destroy(t);
}

struct Found {
  float x, y;  ///< colour pixel
  bool found;
  float depth_x, depth_y;
};

TEST_F(Transformation, FindsTheDepthPixelOfAColorPixel) {
  const Found rows[] = {
      {640, 360, true, 168.3646F, 138.1692F}, {512, 432, true, 117.3221F, 167.7880F}, {2, 2, false, 0, 0}};
  for (const Found& row : rows) {
    const k4a_float2_t pixel = {{row.x, row.y}};
    k4a_float2_t seen = {{-7, -8}};
    int valid = 7;
    ASSERT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, depth_, &seen, &valid),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(valid, row.found ? 1 : 0) << row.x;
    if (!row.found) continue;
    EXPECT_NEAR(seen.xy.x, row.depth_x, 2e-3);
    EXPECT_NEAR(seen.xy.y, row.depth_y, 2e-3);
  }
}

/// The pixel that a colour pixel is found at, or nothing; fails where the image is refused.
std::optional<k4a_float2_t> depth_pixel_of(const k4a_calibration_t& calibration, k4a_image_t depth) {
  const k4a_float2_t pixel = {{640, 360}};
  k4a_float2_t seen = {{-7, -8}};
  int valid = 7;
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration, &pixel, depth, &seen, &valid),
            K4A_RESULT_SUCCEEDED);
  return valid == 1 ? std::optional(seen) : std::nullopt;
}

TEST_F(Transformation, FindsTheDepthPixelInImagesOfAnyFormatOfTwoBytesAndAnyStride) {
  const auto expected = depth_pixel_of(calibration_, depth_);
  ASSERT_TRUE(expected);
  for (const k4a_image_format_t format :
       {K4A_IMAGE_FORMAT_DEPTH16, K4A_IMAGE_FORMAT_IR16, K4A_IMAGE_FORMAT_CUSTOM16, K4A_IMAGE_FORMAT_CUSTOM})
    for (const int padding : {0, 26}) {
      const Picture padded(format, kWidth, kHeight, 2 * (kWidth + padding));
      const auto values = padded.values<std::uint16_t>();
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = i % static_cast<std::size_t>(kWidth + padding) < kWidth ? 1000 : 9000;
      const auto found = depth_pixel_of(calibration_, padded);
      ASSERT_TRUE(found) << format << " with " << padding;
      EXPECT_EQ(found->xy.x, expected->xy.x);
      EXPECT_EQ(found->xy.y, expected->xy.y);
    }
  const Picture wider(K4A_IMAGE_FORMAT_CUSTOM8, kWidth, kHeight, 2 * kWidth);
  k4a_float2_t seen = {{640, 360}};
  int valid = 7;
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &seen, wider, &seen, &valid),
            K4A_RESULT_FAILED);
}

/// What the log says of a refused call.
std::string refusal(const std::function<k4a_result_t()>& call) {
  static std::string said;
  said.clear();
  const auto keep = [](void*, k4a_log_level_t, const char*, int, const char* message) { said += message; };
  EXPECT_EQ(k4a_set_debug_message_handler(keep, nullptr, K4A_LOG_LEVEL_ERROR), K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(call(), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF), K4A_RESULT_SUCCEEDED);
  return said;
}

TEST_F(Transformation, SaysWhichCameraIsOffOrNone) {
  const k4a_calibration_t depth_only =
      calibration_of(K4A_DEPTH_MODE_NFOV_2X2BINNED, K4A_COLOR_RESOLUTION_OFF);
  const k4a_transformation_t t = k4a_transformation_create(&depth_only);
  EXPECT_THAT(
      refusal([&] { return k4a_transformation_depth_image_to_color_camera(t, depth_, transformed_); }),
      testing::HasSubstr(
          "transformed_depth_image is of the colour camera, which is off in this calibration"));
  EXPECT_THAT(refusal([&] {
                return k4a_transformation_depth_image_to_point_cloud(t, depth_, K4A_CALIBRATION_TYPE_UNKNOWN,
                                                                     xyz_);
              }),
              testing::HasSubstr("sensor -1 does not exist"));
  k4a_transformation_destroy(t);
}

TEST_F(Transformation, FindsNothingWhereThereIsNoDepth) {
  std::ranges::fill(depth_.values<std::uint16_t>(), std::uint16_t{0});
  const k4a_float2_t pixel = {{640, 360}};
  k4a_float2_t seen = {{-7, -8}};
  int valid = 7;
  ASSERT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, depth_, &seen, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 0);
  EXPECT_EQ(seen.xy.x, -7);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, transformed_, &seen, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, nullptr, &seen, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, nullptr, depth_, &seen, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(nullptr, &pixel, depth_, &seen, &valid), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, depth_, nullptr, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_color_2d_to_depth_2d(&calibration_, &pixel, depth_, &seen, nullptr),
            K4A_RESULT_FAILED);
}

}  // namespace
