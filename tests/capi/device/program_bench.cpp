#include "capi/device/program_bench.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "support/recording_support.h"

namespace genlock::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* kRecording = "pictures.mkv";  ///< in the bench's folder

const char* pictures_in_toml(Pictures pictures) {
  switch (pictures) {
    case Pictures::flat:
      return "flat";
    case Pictures::scene:
      return "scene";
    case Pictures::recorded:
      break;
  }
  return kRecording;
}

std::string bench_text(const ProgramBenchOptions& options) {
  std::string text = "name = \"program\"\nloop_frames = 1\n" + options.clock + "\n";
  const char* const names[] = {"master", "sub1", "sub2"};
  for (int i = 0; i < 3; ++i)
    text += fmt::format("\n[[unit]]\nname = \"{}\"\nserial = \"{}\"\nimages = \"{}\"\n", names[i],
                        ProgramBench::kSerials[i], pictures_in_toml(options.pictures));
  text += "\n[[cable]]\nfrom = \"master\"\nto = \"sub1\"\n\n[[cable]]\nfrom = \"sub1\"\nto = \"sub2\"\n";
  return text + options.more;
}

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", std::string(result.error().message()).c_str());
  std::abort();
}

void must(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", std::string(status.error().message()).c_str());
  std::abort();
}

void save_recording(const std::filesystem::path& file) {
  CameraConfig config = small_config();
  config.color_format = PixelFormat::nv12;
  const auto bytes = must(record(synthetic_info(config, false), synthetic_take(config, false, 1)));
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

ProgramBench::ProgramBench(const ProgramBenchOptions& options) {
  if (options.pictures == Pictures::recorded) save_recording(folder_ / kRecording);
  std::ofstream(file()) << bench_text(options);
  setenv("GENLOCK_BENCH", file().c_str(), 1);
  setenv("GENLOCK_STATE_DIR", folder_.path().c_str(), 1);
  bench_ = must(device::sim::Bench::open({.bench = file(), .state_directory = folder_.path()}));
}

ProgramBench::~ProgramBench() {
  unsetenv("GENLOCK_BENCH");
}

std::string ProgramBench::patient(int speed) {
  return fmt::format("clock = \"patient\"\npatience_s = 60\nspeed = {}", speed);
}

void ProgramBench::step(HostDuration by) {
  must(bench_->step(by));
}

void ProgramBench::set(const std::vector<std::string>& words) {
  must(bench_->apply(must(device::sim::parse_bench_command(words))));
}

k4a_device_configuration_t small_cameras() {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  config.color_format = K4A_IMAGE_FORMAT_COLOR_NV12;
  config.color_resolution = K4A_COLOR_RESOLUTION_720P;
  config.depth_mode = K4A_DEPTH_MODE_NFOV_2X2BINNED;
  return config;
}

Heard::Heard(k4a_log_level_t level) {
  EXPECT_EQ(k4a_set_debug_message_handler(keep, this, level), K4A_RESULT_SUCCEEDED);
}

Heard::~Heard() {
  k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
}

void Heard::keep(void* context, k4a_log_level_t, const char*, const int, const char* message) {
  static_cast<Heard*>(context)->lines_.emplace_back(message);
}

OpenDevice::OpenDevice(std::uint32_t index) {
  EXPECT_EQ(k4a_device_open(index, &handle_), K4A_RESULT_SUCCEEDED);
}

void OpenDevice::close() {
  k4a_device_close(std::exchange(handle_, nullptr));
}

OwnedCapture next_capture(ProgramBench& bench, k4a_device_t device) {
  for (int i = 0; i < 1000; ++i, bench.step(milliseconds(10))) {
    k4a_capture_t capture = nullptr;
    const k4a_wait_result_t result = k4a_device_get_capture(device, &capture, 0);
    if (result == K4A_WAIT_RESULT_TIMEOUT) continue;
    EXPECT_EQ(result, K4A_WAIT_RESULT_SUCCEEDED);
    return OwnedCapture(capture);
  }
  return nullptr;
}

std::optional<k4a_imu_sample_t> next_sample(ProgramBench& bench, k4a_device_t device) {
  for (int i = 0; i < 1000; ++i, bench.step(milliseconds(10))) {
    k4a_imu_sample_t sample{};
    const k4a_wait_result_t result = k4a_device_get_imu_sample(device, &sample, 0);
    if (result == K4A_WAIT_RESULT_TIMEOUT) continue;
    EXPECT_EQ(result, K4A_WAIT_RESULT_SUCCEEDED);
    return sample;
  }
  return std::nullopt;
}

int take_all(k4a_device_t device) {
  int taken = 0;
  for (k4a_capture_t capture = nullptr;
       k4a_device_get_capture(device, &capture, 0) == K4A_WAIT_RESULT_SUCCEEDED; ++taken)
    k4a_capture_release(capture);
  return taken;
}

}  // namespace genlock::test
