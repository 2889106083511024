// Calibrations and points through libk4a's functions: facts k4a-abi.md E4, E6, G5 and G7.

#include <gtest/gtest.h>

#include <clocale>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "anchor_unit.h"
#include "k4a/k4a.h"

namespace {

constexpr auto kDepth = K4A_CALIBRATION_TYPE_DEPTH;
constexpr auto kColor = K4A_CALIBRATION_TYPE_COLOR;
constexpr auto kGyro = K4A_CALIBRATION_TYPE_GYRO;
constexpr auto kAccel = K4A_CALIBRATION_TYPE_ACCEL;

k4a_result_t from_raw(std::string raw, size_t size, int depth, int color, k4a_calibration_t* calibration) {
  return k4a_calibration_get_from_raw(raw.data(), size, static_cast<k4a_depth_mode_t>(depth),
                                      static_cast<k4a_color_resolution_t>(color), calibration);
}

class Calibration : public testing::Test {
 protected:
  void SetUp() override {
    const std::string raw = anchor_unit();
    ASSERT_EQ(from_raw(raw, raw.size() + 1, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_1080P,
                       &calibration_),
              K4A_RESULT_SUCCEEDED);
  }

  k4a_calibration_t calibration_{};
};

TEST_F(Calibration, HasTheReferenceNumbers) {
  EXPECT_EQ(calibration_.depth_mode, K4A_DEPTH_MODE_NFOV_UNBINNED);
  EXPECT_EQ(calibration_.color_resolution, K4A_COLOR_RESOLUTION_1080P);
  const k4a_calibration_camera_t& depth = calibration_.depth_camera_calibration;
  EXPECT_EQ(depth.resolution_width, 640);
  EXPECT_EQ(depth.resolution_height, 576);
  EXPECT_FLOAT_EQ(depth.metric_radius, 1.74F);
  EXPECT_EQ(depth.intrinsics.type, K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY);
  EXPECT_EQ(depth.intrinsics.parameter_count, 14U);
  const auto& lens = depth.intrinsics.parameters.param;
  EXPECT_NEAR(lens.cx, 320.728821F, 2e-4);
  EXPECT_NEAR(lens.cy, 330.168793F, 2e-4);
  EXPECT_NEAR(lens.fx, 504.320007F, 2e-4);
  EXPECT_NEAR(lens.fy, 504.934387F, 2e-4);
  EXPECT_FLOAT_EQ(lens.k1, 0.55F);
  EXPECT_FLOAT_EQ(lens.k6, 0.004F);
  EXPECT_FLOAT_EQ(lens.p2, -0.00004F);
  EXPECT_FLOAT_EQ(lens.p1, 0.00007F);
  EXPECT_NEAR(calibration_.color_camera_calibration.intrinsics.parameters.param.fx, 916.223999F, 2e-4);
  EXPECT_NEAR(calibration_.color_camera_calibration.extrinsics.translation[0], -32, 1e-4);
  const float* translation = calibration_.extrinsics[kAccel][kColor].translation;
  EXPECT_NEAR(translation[0], -29, 1e-3);
  EXPECT_NEAR(translation[1], -8.82273, 1e-3);
  EXPECT_NEAR(translation[2], -46.5638, 1e-3);
}

TEST_F(Calibration, EveryPairOfModesWorksAndOnlyBothOffFails) {
  const std::string raw = anchor_unit();
  for (int depth = 0; depth <= 5; ++depth)
    for (int color = 0; color <= 6; ++color) {
      k4a_calibration_t made;
      std::memset(&made, 0x55, sizeof made);
      const bool off = depth == 0 && color == 0;
      EXPECT_EQ(from_raw(raw, raw.size() + 1, depth, color, &made),
                off ? K4A_RESULT_FAILED : K4A_RESULT_SUCCEEDED);
      const k4a_calibration_camera_t zero{};
      if (!off && depth == 0) {
        EXPECT_EQ(std::memcmp(&made.depth_camera_calibration, &zero, sizeof zero), 0);
      }
      if (!off && color == 0) {
        EXPECT_EQ(std::memcmp(&made.color_camera_calibration, &zero, sizeof zero), 0);
      }
    }
}

TEST_F(Calibration, TextMustEndWithinItsSizeAndBeACalibration) {
  const std::string raw = anchor_unit();
  k4a_calibration_t made{};
  EXPECT_EQ(from_raw(raw, raw.size(), 2, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw(raw, raw.size() - 1, 2, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw(raw, 0, 2, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw("garbage", 8, 2, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw("{}", 3, 2, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw(raw, raw.size() + 1, 6, 2, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw(raw, raw.size() + 1, 2, 7, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(from_raw(raw, raw.size() + 1, 2, 2, nullptr), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_get_from_raw(nullptr, 100, K4A_DEPTH_MODE_NFOV_UNBINNED, K4A_COLOR_RESOLUTION_OFF,
                                         &made),
            K4A_RESULT_FAILED);
}

TEST_F(Calibration, NumbersDoNotDependOnTheLocale) {
  const char* const locale = std::setlocale(LC_ALL, "de_DE.UTF-8");
  const std::string raw = anchor_unit();
  k4a_calibration_t again{};
  const k4a_result_t result = from_raw(raw, raw.size() + 1, 2, 2, &again);
  std::setlocale(LC_ALL, "C");
  if (locale == nullptr) GTEST_SKIP() << "this system has no locale with a decimal comma";
  EXPECT_EQ(result, K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(std::memcmp(&again, &calibration_, sizeof again), 0);
}

struct Anchor {
  float x, y, z;
  float depth3[3], color3[3], color2[2];
};

constexpr Anchor kAnchors[] = {{320,
                                288,
                                1000,
                                {-1.44821F, -83.70769F, 1000},
                                {-33.44821F, 19.27933F, 1007.27173F},
                                {927.34253F, 560.34644F}},
                               {10,
                                20,
                                800,
                                {-667.68378F, -665.83490F, 800},
                                {-699.68378F, -580.56464F, 869.21625F},
                                {181.16309F, -101.79645F}},
                               {600,
                                500,
                                3000,
                                {1935.40857F, 1175.34631F, 3000},
                                {1903.40857F, 1480.49304F, 2864.70850F},
                                {1592.47314F, 1036.11536F}},
                               {100.25F,
                                400.5F,
                                1500,
                                {-705.23663F, 224.66930F, 1500},
                                {-737.23663F, 378.23120F, 1472.29846F},
                                {487.76981F, 783.80621F}}};

TEST_F(Calibration, PointsAreWhereTheReferencePutsThem) {
  for (const Anchor& anchor : kAnchors) {
    const k4a_float2_t pixel = {{anchor.x, anchor.y}};
    k4a_float3_t point{};
    k4a_float2_t seen{};
    int valid = 0;
    EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, anchor.z, kDepth, kDepth, &point, &valid),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(valid, 1);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(point.v[i], anchor.depth3[i], 5e-3);
    EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, &point, kDepth, kColor, &point), K4A_RESULT_SUCCEEDED);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(point.v[i], anchor.color3[i], 5e-3);
    EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &point, kColor, kColor, &seen, &valid),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(valid, 1);
    for (int i = 0; i < 2; ++i) EXPECT_NEAR(seen.v[i], anchor.color2[i], 5e-3);
    seen = {};
    EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &pixel, anchor.z, kDepth, kColor, &seen, &valid),
              K4A_RESULT_SUCCEEDED);
    EXPECT_EQ(valid, 1);
    for (int i = 0; i < 2; ++i) EXPECT_NEAR(seen.v[i], anchor.color2[i], 5e-3);
  }
}

TEST_F(Calibration, InertialSensorsAreTargetsOfPointsAndNotOfPixels) {
  const k4a_float3_t point = {{10, 20, 1000}};
  k4a_float3_t target{};
  k4a_float2_t pixel = {{320, 288}};
  int valid = 0;
  EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, &point, kDepth, kGyro, &target), K4A_RESULT_SUCCEEDED);
  EXPECT_NEAR(target.v[0], -1000, 1e-3);
  EXPECT_NEAR(target.v[2], 20, 1e-3);
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 1000, kDepth, kAccel, &target, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 1000, kGyro, kDepth, &target, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &point, kDepth, kAccel, &pixel, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &pixel, 1000, kDepth, kGyro, &pixel, &valid),
            K4A_RESULT_FAILED);
}

// Bad geometry is no failure of the call (G7 51).
TEST_F(Calibration, PointsWithoutAnAnswerAreInvalidAndTheCallSucceeds) {
  k4a_float2_t pixel = {{7, 7}};
  int valid = 1;
  k4a_float3_t behind = {{10, 10, -100}};
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &behind, kDepth, kDepth, &pixel, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 0);
  EXPECT_EQ(pixel.xy.x, 0);
  EXPECT_EQ(pixel.xy.y, 0);
  pixel = {{7, 8}};
  valid = 1;
  k4a_float3_t beyond = {{10000, 0, 100}};
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &beyond, kDepth, kDepth, &pixel, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 0);
  EXPECT_EQ(pixel.xy.y, 8) << "untouched";
  k4a_float3_t point = {{1, 2, 3}};
  valid = 1;
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 0, kDepth, kColor, &point, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 0);
  EXPECT_EQ(point.xyz.z, 0);
  valid = 1;
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &pixel, 0, kDepth, kColor, &pixel, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 0);
  const k4a_float2_t centre = {{320, 288}};
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &centre, -500, kDepth, kDepth, &point, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 1) << "a mirrored point";
  EXPECT_NEAR(point.xyz.z, -500, 1e-3);
}

TEST_F(Calibration, TheSameCameraGivesTheSamePixelWhateverItIs) {
  const k4a_float2_t nonsense = {{-1e6F, 1e6F}};
  k4a_float2_t pixel{};
  int valid = 0;
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &nonsense, 0, kColor, kColor, &pixel, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_EQ(valid, 1);
  EXPECT_EQ(pixel.xy.x, nonsense.xy.x);
  EXPECT_EQ(pixel.xy.y, nonsense.xy.y);
}

TEST_F(Calibration, CamerasThatAreOffAndLensesOfAnUnknownKindFail) {
  const k4a_float3_t point = {{0, 0, 1000}};
  const k4a_float2_t pixel = {{320, 288}};
  k4a_float3_t target{};
  k4a_float2_t seen{};
  int valid = 0;
  k4a_calibration_t off = calibration_;
  off.color_resolution = K4A_COLOR_RESOLUTION_OFF;
  EXPECT_EQ(k4a_calibration_3d_to_3d(&off, &point, kDepth, kColor, &target), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(&off, &point, kDepth, kColor, &seen, &valid), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(&off, &pixel, 1, kDepth, kColor, &seen, &valid), K4A_RESULT_FAILED);
  for (const int type : {0, 1, 2, 5, -1}) {
    k4a_calibration_t unknown = calibration_;
    unknown.depth_camera_calibration.intrinsics.type = static_cast<k4a_calibration_model_type_t>(type);
    EXPECT_EQ(k4a_calibration_3d_to_2d(&unknown, &point, kDepth, kDepth, &seen, &valid), K4A_RESULT_FAILED)
        << type;
  }
  k4a_calibration_t few = calibration_;
  few.depth_camera_calibration.intrinsics.parameter_count = 13;
  EXPECT_EQ(k4a_calibration_2d_to_3d(&few, &pixel, 1000, kDepth, kDepth, &target, &valid), K4A_RESULT_FAILED);
}

TEST_F(Calibration, NullPointersAndUnknownSensorsFail) {
  const k4a_float3_t point = {{0, 0, 1000}};
  const k4a_float2_t pixel = {{320, 288}};
  k4a_float3_t target{};
  k4a_float2_t seen{};
  int valid = 0;
  EXPECT_EQ(k4a_calibration_3d_to_3d(nullptr, &point, kDepth, kColor, &target), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, nullptr, kDepth, kColor, &target), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, &point, kDepth, kColor, nullptr), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, &point, K4A_CALIBRATION_TYPE_UNKNOWN, kColor, &target),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_3d(&calibration_, &point, kDepth, K4A_CALIBRATION_TYPE_NUM, &target),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_3d(nullptr, &pixel, 1, kDepth, kColor, &target, &valid), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, nullptr, 1, kDepth, kColor, &target, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 1, kDepth, kColor, nullptr, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_3d(&calibration_, &pixel, 1, kDepth, kColor, &target, nullptr),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(nullptr, &point, kDepth, kColor, &seen, &valid), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, nullptr, kDepth, kColor, &seen, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &point, kDepth, kColor, nullptr, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_3d_to_2d(&calibration_, &point, kDepth, kColor, &seen, nullptr),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(nullptr, &pixel, 1, kDepth, kColor, &seen, &valid), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, nullptr, 1, kDepth, kColor, &seen, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &pixel, 1, kDepth, kColor, nullptr, &valid),
            K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_calibration_2d_to_2d(&calibration_, &pixel, 1, kDepth, kColor, &seen, nullptr),
            K4A_RESULT_FAILED);
}

// The other sensor sizes and models that real units have; known answers from facts MANIFEST.
TEST(CalibrationOfRealUnits, GivesTheKnownAnswers) {
  std::ifstream file(GENLOCK_TEST_DATA "/calib/ms-sdk.g_test_json.json", std::ios::binary);
  std::string raw{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(raw.empty());
  k4a_calibration_t calibration{};
  ASSERT_EQ(
      from_raw(raw, raw.size() + 1, K4A_DEPTH_MODE_WFOV_2X2BINNED, K4A_COLOR_RESOLUTION_2160P, &calibration),
      K4A_RESULT_SUCCEEDED);
  const k4a_float2_t pixel = {{256, 256}};
  k4a_float2_t seen{};
  k4a_float3_t point{};
  int valid = 0;
  ASSERT_EQ(k4a_calibration_2d_to_2d(&calibration, &pixel, 1000, kDepth, kColor, &seen, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_NEAR(seen.xy.x, 1835.689453, 2e-3);
  EXPECT_NEAR(seen.xy.y, 1206.290039, 2e-3);
  ASSERT_EQ(k4a_calibration_2d_to_3d(&calibration, &pixel, 1000, kDepth, kAccel, &point, &valid),
            K4A_RESULT_SUCCEEDED);
  EXPECT_NEAR(point.v[0], -1045.06238, 2e-3);
  EXPECT_NEAR(point.v[1], 4.92006636, 2e-3);
}

}  // namespace
