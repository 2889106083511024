// Records all units of a daisy chain, a thread for each, then reads the files back and prints the offsets of
// their stamps from the master's. C++11.
//
//     record_chain FOLDER [CAPTURES]

#include <k4a/k4a.hpp>
#include <k4arecord/playback.hpp>
#include <k4arecord/record.hpp>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr microseconds kPeriod(33333);
constexpr milliseconds kPatience(10000);

struct Unit {
  k4a::device device;
  std::string file;
  k4a_device_configuration_t config;
  std::exception_ptr failure;  ///< of its thread
};

/// Depth 160 us later from unit to unit, so that no laser disturbs another; color at the same time in all.
k4a_device_configuration_t configuration(bool subordinate, int place) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_MJPG;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  config.camera_fps = K4A_FRAMES_PER_SECOND_30;
  config.depth_delay_off_color_usec = 160 * place;
  config.wired_sync_mode = subordinate ? K4A_WIRED_SYNC_MODE_SUBORDINATE : K4A_WIRED_SYNC_MODE_MASTER;
  return config;
}

/// The master first.
std::vector<Unit> open_chain(const std::string& folder) {
  std::vector<Unit> units;
  for (uint32_t i = 0; i < k4a::device::get_installed_count(); ++i) {
    Unit unit;
    unit.device = k4a::device::open(i);
    const bool in = unit.device.is_sync_in_connected(), out = unit.device.is_sync_out_connected();
    const std::string serial = unit.device.get_serialnum();
    std::printf("unit %" PRIu32 ": %s, %s\n", i, serial.c_str(),
                in    ? "subordinate"
                : out ? "master"
                      : "not wired");
    if (!in && !out) continue;
    unit.file = folder + "/" + serial + ".mkv";
    units.insert(in ? units.end() : units.begin(), std::move(unit));
  }
  if (units.size() < 2) throw k4a::error("no two units are connected by a sync cable");
  for (std::size_t place = 0; place < units.size(); ++place)
    units[place].config = configuration(place > 0, static_cast<int>(place));
  return units;
}

void record(const Unit& unit, int captures) {
  k4a::record recording = k4a::record::create(unit.file.c_str(), unit.device, unit.config);
  recording.add_imu_track();
  recording.write_header();
  k4a::capture capture;
  k4a_imu_sample_t sample;
  for (int i = 0; i < captures; ++i) {
    if (!unit.device.get_capture(&capture, kPatience)) throw k4a::error("a unit has gone silent");
    recording.write_capture(capture);
    while (unit.device.get_imu_sample(&sample, milliseconds(0))) recording.write_imu_sample(sample);
  }
  recording.flush();
  // The master's pulses are needed until the last one is done; who is done needs no more frames.
  if (unit.config.wired_sync_mode == K4A_WIRED_SYNC_MODE_MASTER) return;
  unit.device.stop_imu();
  unit.device.stop_cameras();
}

void record_all(std::vector<Unit>& units, int captures) {
  // Subordinates wait for the pulses of the master, which therefore starts last.
  for (std::size_t place = units.size(); place-- > 0;) {
    units[place].device.start_cameras(&units[place].config);
    units[place].device.start_imu();
  }
  std::vector<std::thread> threads;
  for (Unit& unit : units)
    threads.emplace_back([&unit, captures] {
      try {
        record(unit, captures);
      } catch (...) {
        unit.failure = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (Unit& unit : units) {
    unit.device.close();
    if (unit.failure) std::rethrow_exception(unit.failure);
  }
}

/// Of all color images of a recording.
std::vector<microseconds> color_stamps(const std::string& file) {
  k4a::playback playback = k4a::playback::open(file.c_str());
  std::vector<microseconds> stamps;
  for (k4a::capture capture; playback.get_next_capture(&capture);)
    if (const k4a::image color = capture.get_color_image()) stamps.push_back(color.get_device_timestamp());
  return stamps;
}

void print_offsets(const std::vector<Unit>& units) {
  const std::vector<microseconds> master = color_stamps(units.front().file);
  for (std::size_t place = 1; place < units.size(); ++place) {
    std::size_t at = 0;
    for (const microseconds stamp : color_stamps(units[place].file)) {
      while (at < master.size() && master[at] < stamp - kPeriod / 2) ++at;
      if (at == master.size() || master[at] > stamp + kPeriod / 2) continue;
      std::printf("subordinate %zu: %lld us, offset %lld us\n", place, static_cast<long long>(stamp.count()),
                  static_cast<long long>((stamp - master[at]).count()));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: record_chain FOLDER [CAPTURES]\n");
    return 2;
  }
  try {
    std::vector<Unit> units = open_chain(argv[1]);
    record_all(units, argc == 3 ? std::atoi(argv[2]) : 30);
    print_offsets(units);
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
