// A program of somebody else, in C++11: copies captures, samples and calibration of one recording into
// another. Usage: copy_take FROM TO

#include <k4a/k4a.hpp>
#include <k4arecord/playback.hpp>
#include <k4arecord/record.hpp>

#include <cstdio>

namespace {

k4a_device_configuration_t device_configuration(const k4a_record_configuration_t& recorded) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = recorded.color_format;
  config.color_resolution = recorded.color_resolution;
  config.depth_mode = recorded.depth_mode;
  config.camera_fps = recorded.camera_fps;
  config.depth_delay_off_color_usec = recorded.depth_delay_off_color_usec;
  config.wired_sync_mode = recorded.wired_sync_mode;
  config.subordinate_delay_off_master_usec = recorded.subordinate_delay_off_master_usec;
  return config;
}

int copy(const char* from_path, const char* to_path) {
  k4a::playback from = k4a::playback::open(from_path);
  const k4a_record_configuration_t recorded = from.get_record_configuration();
  k4a::record to = k4a::record::create(to_path, nullptr, device_configuration(recorded));
  if (recorded.imu_track_enabled) to.add_imu_track();
  std::vector<uint8_t> notes;
  if (from.get_attachment("notes.txt", &notes)) to.add_attachment("notes.txt", notes.data(), notes.size());
  std::string tag;
  if (from.get_tag("OPERATOR", &tag)) to.add_tag("OPERATOR", tag.c_str());
  to.write_header();
  int captures = 0;
  k4a_imu_sample_t sample;
  bool more_samples = from.get_next_imu_sample(&sample);
  for (k4a::capture capture; from.get_next_capture(&capture); ++captures) {
    const k4a::image depth = capture.get_depth_image();
    for (;
         more_samples && std::chrono::microseconds(sample.acc_timestamp_usec) <= depth.get_device_timestamp();
         more_samples = from.get_next_imu_sample(&sample))
      to.write_imu_sample(sample);
    to.write_capture(capture);
  }
  for (; more_samples; more_samples = from.get_next_imu_sample(&sample)) to.write_imu_sample(sample);
  to.flush();
  return captures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::printf("%d captures\n", copy(argv[1], argv[2]));
    return 0;
  } catch (const k4a::error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
