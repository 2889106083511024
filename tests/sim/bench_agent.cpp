// A process on a bench, for tests with real processes. Its bench and host come from the environment, as a
// tool's do.
//   bench_agent UNIT hold               opens the unit, says so, and keeps it until killed
//   bench_agent UNIT ROLE COUNT         records COUNT captures: pulse in the pixels, stamp, number of depth's
//   pixels
//   bench_agent UNIT ROLE COUNT late    the same, with 100 samples of the IMU, 60 ms, before every fifth
//   bench_agent UNIT churn              starts, stops and sets the unit without end
//   bench_agent UNIT die-locked         pulls the unit's sync cable and is killed with the shared state
//   locked
//   bench_agent UNIT die-replacing      makes the bench anew for what is in its file by now, and dies as soon
//   as it looks whether someone has a unit

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/log.h"
#include "device/sim/bench.h"
#include "device/sim/bench_events.h"
#include "device/sim/images/pulse_code.h"

namespace genlock::device::sim {
namespace {

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::printf("error: %s\n", result.error().message().c_str());
  std::exit(1);
}

void must(const Status& status) {
  if (status) return;
  std::printf("error: %s\n", status.error().message().c_str());
  std::exit(1);
}

CameraConfig cameras(const std::string& role) {
  return {.color_format = PixelFormat::nv12,
          .color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_2x2binned,
          .sync_mode = *wired_sync_mode_from(role)};
}

std::unique_ptr<Device> open(Provider& provider, const std::string& name) {
  for (const UnitListing& unit : must(provider.list()))
    if (unit.name == name) return must(provider.open(unit.index));
  std::printf("error: no unit %s\n", name.c_str());
  std::exit(1);
}

/// One that differs when any byte does (FNV-1a); 0 without image.
unsigned long long number_of(const std::optional<Image>& image) {
  if (!image) return 0;
  std::uint64_t number = 0xcbf29ce484222325;
  for (const std::byte byte : image->data.bytes())
    number = (number ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  return number;
}

void read_imu(Device& unit, std::size_t samples) {
  std::array<ImuSample, 100> some;
  must(unit.start_imu());
  for (std::size_t seen = 0; seen < samples;) seen += must(unit.read_imu(some, HostDuration(-1)));
  unit.stop_imu();
}

void record(Device& unit, const std::string& role, int count, bool late) {
  must(unit.start_cameras(cameras(role)));
  std::printf("started\n");
  for (int i = 0; i < count; ++i) {
    if (late && i % 5 == 4) read_imu(unit, 100);
    const auto capture = must(unit.next_capture(HostDuration(-1)));
    const Image& image = *capture->color;
    std::printf("capture %u %lld %llu\n", *read_pulse_code(image.format, image.size, image.data.bytes()),
                static_cast<long long>(count_us(image.device_time)), number_of(capture->depth));
  }
  std::printf("done\n");
}

void churn(Device& unit, Provider& provider) {
  std::printf("churning\n");
  for (std::int32_t gain = 0;; gain = (gain + 1) % 256) {
    must(unit.set_color_control(ColorControl::gain, {ControlMode::manual, gain}));
    must(unit.start_cameras({.depth_mode = DepthMode::nfov_2x2binned}));
    must(unit.start_imu());
    must(unit.next_capture(HostDuration(1)));
    must(unit.sync_jacks());
    unit.stop_imu();
    unit.stop_cameras();
    must(provider.list());
    std::printf("round\n");
  }
}

void die_locked(const std::string& unit) {
  const auto bench = must(Bench::open(bench_options_from_environment()));
  SharedBench::Lock lock(bench->shared());
  const auto index = static_cast<std::uint8_t>(*bench->config().unit_index(unit));
  append_now(lock, bench->shared(), bench->config(),
             {.kind = EventKind::jack, .unit = index, .jack = Jack::in});
  std::raise(SIGKILL);
}

/// Lets the kernel kill this process at its next look at a file lock.
void die_at_the_next_look() {
  const auto field = [](std::size_t offset) {
    return sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  };
  std::array<sock_filter, 6> program{field(offsetof(seccomp_data, nr)),
                                     sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
                                     field(offsetof(seccomp_data, args) + sizeof(std::uint64_t)),
                                     sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_OFD_GETLK, 0, 1),
                                     sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                                     sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
    return;
  std::printf("error: no filter of system calls\n");
  std::exit(1);
}

void die_replacing() {
  die_at_the_next_look();
  static_cast<void>(Bench::open(bench_options_from_environment()));
  std::printf("error: still alive\n");
  std::exit(1);
}

int run(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc < 3) return 2;
  const std::string unit_name = argv[1], role = argv[2];
  if (role == "die-locked") die_locked(unit_name);
  if (role == "die-replacing") die_replacing();
  const auto provider = must(open_bench(bench_options_from_environment()));
  const auto unit = open(*provider, unit_name);
  std::printf("open %s\n", unit->identity().serial.c_str());
  if (role == "churn") {
    churn(*unit, *provider);
  } else if (role == "hold") {
    must(unit->start_cameras(cameras("standalone")));
    std::printf("holding\n");
    for (;;) must(unit->next_capture(HostDuration(-1)));
  } else {
    record(*unit, role, std::atoi(argv[3]), argc > 4);
  }
  return 0;
}

}  // namespace
}  // namespace genlock::device::sim

int main(int argc, char** argv) {
  // Nobody reads what a waiting subordinate warns of, every two seconds of a fast bench: the pipe would fill.
  genlock::set_log_level(genlock::LogLevel::error);
  return genlock::device::sim::run(argc, argv);
}
