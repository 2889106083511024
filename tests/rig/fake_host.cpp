#include "fake_host.h"

#include <fmt/format.h>

#include <fstream>

namespace genlock::test {

namespace fs = std::filesystem;

FakeHost::FakeHost() {
  std::string processors;
  for (int i = 0; i < 16; ++i) processors += fmt::format("processor\t: {}\nmodel name\t: fake\n\n", i);
  write("proc/cpuinfo", processors);
  write("proc/meminfo", "MemTotal:       65536000 kB\nMemAvailable:   60000000 kB\n");
  write("sys/module/usbcore/parameters/usbfs_memory_mb", "1000\n");
  write("usr/lib/libdepthengine.so.2.0", "");
  write("tmp/.X11-unix/X0", "");
  write("dev/dri/renderD128", "");
  write("dev/kmsg", "");
  for (int i = 0; i < 16; ++i) govern(i, "schedutil");
  fs::create_directories(folder_ / "takes");
  host.name = "here";
  host.root = root();
  host.folder = folder_ / "takes";
  host.display = ":0.0";
  host.now = [] { return HostTime(std::chrono::seconds(10'000)); };
  host.clock = [] { return rig::ClockState{.synchronised = true, .error_bound_s = 0.001}; };
  host.disk = [](const fs::path&, const rig::DiskProbe&) {
    return rig::DiskSpeed{.mb_per_s = 1000, .method = "fake"};
  };
}

void FakeHost::write(const fs::path& file, const std::string& text) {
  fs::create_directories((root() / file).parent_path());
  std::ofstream(root() / file) << text;
}

void FakeHost::remove(const fs::path& file) {
  fs::remove_all(root() / file);
}

void FakeHost::govern(int processor, const std::string& governor, const std::string& preference) {
  const fs::path policy = fmt::format("sys/devices/system/cpu/cpu{}/cpufreq", processor);
  write(policy / "scaling_governor", governor + "\n");
  if (!preference.empty()) write(policy / "energy_performance_preference", preference + "\n");
}

void FakeHost::hold(int pid, const std::string& name, const fs::path& node) {
  const fs::path process = fs::path("proc") / std::to_string(pid);
  write(process / "comm", name + "\n");
  fs::create_directories(root() / process / "fd");
  fs::create_symlink("/dev/null", root() / process / "fd/0");
  fs::create_symlink("/" / node, root() / process / "fd/9");
}

void FakeHost::list(const BusDevice& device) {
  const std::string bus = device.name.substr(0, device.name.find('-'));
  const fs::path folder =
      fs::path("sys/devices/pci0000:00") / device.controller / ("usb" + bus) / device.name;
  const int number = ++devices_;
  write(folder / "idVendor", device.vendor + "\n");
  write(folder / "idProduct", device.product + "\n");
  if (!device.serial.empty()) write(folder / "serial", device.serial + "\n");
  write(folder / "speed", fmt::format("{}\n", device.mbit_per_s));
  write(folder / "busnum", bus + "\n");
  write(folder / "devnum", fmt::format("{}\n", number));
  write(folder / "power/control", "on\n");
  write(folder / "power/autosuspend_delay_ms", "2000\n");
  write(fmt::format("dev/bus/usb/{:0>3}/{:03}", bus, number), "");
  fs::create_directories(root() / "sys/bus/usb/devices");
  fs::create_directory_symlink(root() / folder, root() / "sys/bus/usb/devices" / device.name);
}

void FakeHost::plug(const Kinect& kinect) {
  write(fs::path("sys/bus/pci/devices") / kinect.controller / "vendor", kinect.vendor + "\n");
  const auto device = [&](const std::string& name, const std::string& product, const std::string& serial) {
    list({kinect.controller, name, "045e", product, serial, kinect.mbit_per_s});
  };
  device(kinect.port, "097a", "");
  if (kinect.depth) device(kinect.port + ".1", "097c", kinect.serial);
  device(kinect.port + ".2", "097d", kinect.serial);
}

void FakeHost::plug_slow(const std::string& serial, const std::string& port) {
  list({"0000:00:14.0", port, "045e", "097b", "", 480});
  list({"0000:00:14.0", port + ".1", "045e", "097e", serial, 480});
}

}  // namespace genlock::test
