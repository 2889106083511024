// Writes tests/data/opencv/projected.txt: where OpenCV projects the points of opencv_grid.h, a line of two
// numbers for each. Built where OpenCV is installed (libopencv-calib3d-dev), for making that file anew:
//
//   opencv_points > tests/data/opencv/projected.txt

#include <cstdio>
#include <opencv2/calib3d.hpp>

#include "blobs.h"
#include "opencv_grid.h"

int main() {
  using namespace genlock::geometry;           // NOLINT
  using namespace genlock::geometry::testing;  // NOLINT
  for (const OpencvCamera& wanted : kOpencvCameras) {
    const auto raw = parse_calibration(as_bytes(real_blob(wanted.blob)));
    if (!raw) return 1;
    const auto calibration = calibration_for(*raw, wanted.depth, wanted.color);
    if (!calibration) return 1;
    const bool color = wanted.color != genlock::ColorResolution::off;
    const Intrinsics& lens = calibration->camera(color ? Sensor::color : Sensor::depth).intrinsics;
    const cv::Matx33d matrix(lens.fx, 0, lens.cx, 0, lens.fy, lens.cy, 0, 0, 1);
    const std::vector<double> distortion{lens.k[0], lens.k[1], lens.p1,   lens.p2,
                                         lens.k[2], lens.k[3], lens.k[4], lens.k[5]};
    std::vector<cv::Point3d> points;
    for (const Point3& p : opencv_grid(color)) points.emplace_back(p.x, p.y, p.z);
    std::vector<cv::Point2d> pixels;
    cv::projectPoints(points, cv::Vec3d(), cv::Vec3d(), matrix, distortion, pixels);
    for (const cv::Point2d& pixel : pixels) std::printf("%.6f %.6f\n", pixel.x, pixel.y);
  }
}
