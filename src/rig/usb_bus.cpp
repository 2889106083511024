#include "rig/usb_bus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "rig/sys_files.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

/// Azure Kinect's devices (facts device.md 7).
constexpr std::string_view kMicrosoft = "045e", kHub3 = "097a", kHub2 = "097b", kDepth = "097c",
                           kColor = "097d", kAudio = "097e";
constexpr std::string_view kOrbbec = "2bc5";

struct BusDevice {
  std::string name;  ///< "4-1.2"
  std::string vendor, product, serial, controller;
  int speed = 0, bus = 0, number = 0;

  bool is(std::string_view wanted) const { return vendor == kMicrosoft && product == wanted; }
  std::string parent() const { return name.substr(0, name.rfind('.')); }
};

bool is_bus(const std::string& name) {
  return name.starts_with("usb") && name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[3])) != 0;
}

/// The part of a device's path before "usb2", its bus: the PCI function of its controller.
std::string controller_of(const fs::path& device) {
  std::error_code error;
  std::string before, controller;
  for (const fs::path& part : fs::canonical(device, error)) {
    if (is_bus(part)) controller = before;
    before = part.native();
  }
  return controller;
}

BusDevice read_device(const fs::path& folder) {
  return {.name = folder.filename(),
          .vendor = first_line(folder / "idVendor"),
          .product = first_line(folder / "idProduct"),
          .serial = first_line(folder / "serial"),
          .controller = controller_of(folder),
          .speed = number_in(folder / "speed").value_or(0),
          .bus = number_in(folder / "busnum").value_or(0),
          .number = number_in(folder / "devnum").value_or(0)};
}

std::vector<BusDevice> read_devices(const fs::path& root) {
  std::vector<BusDevice> devices;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "sys/bus/usb/devices", error)) {
    const std::string name = entry.path().filename();
    if (name.find(':') != name.npos || name.starts_with("usb")) continue;  // interfaces, buses
    devices.push_back(read_device(entry.path()));
  }
  std::ranges::sort(devices, {}, &BusDevice::name);
  return devices;
}

fs::path node_of(const BusDevice& device) {
  return fmt::format("dev/bus/usb/{:03}/{:03}", device.bus, device.number);
}

UsbUnit kinect_behind(const BusDevice& hub, const std::vector<BusDevice>& devices) {
  UsbUnit unit{.port = hub.name, .controller = hub.controller, .has_color = false, .has_depth = false};
  for (const BusDevice& device : devices) {
    if (device.parent() != hub.name || !(device.is(kDepth) || device.is(kColor))) continue;
    (device.is(kDepth) ? unit.has_depth : unit.has_color) = true;
    if (unit.serial.empty()) unit.serial = device.serial;
    unit.mbit_per_s = unit.mbit_per_s == 0 ? device.speed : std::min(unit.mbit_per_s, device.speed);
    unit.cameras.push_back(device.name);
    unit.nodes.push_back(node_of(device));
  }
  return unit;
}

UsbUnit single_device(const BusDevice& device) {
  return {.serial = device.serial,
          .port = device.name,
          .controller = device.controller,
          .mbit_per_s = device.speed,
          .cameras = {device.name},
          .nodes = {node_of(device)}};
}

/// The serial number that the USB 2 side of an Azure Kinect tells by its microphones.
std::string slow_serial(const BusDevice& hub, const std::vector<BusDevice>& devices) {
  for (const BusDevice& device : devices)
    if (device.is(kAudio) && device.parent() == hub.name) return device.serial;
  return "";
}

/// Those USB 2 sides for which there is no other; without serial numbers only their number can tell.
std::vector<std::string> slow_ports(const std::vector<BusDevice>& devices, const UsbBus& bus) {
  std::vector<std::string> unknown, slow;
  for (const BusDevice& hub : devices) {
    if (!hub.is(kHub2)) continue;
    const std::string serial = slow_serial(hub, devices);
    if (serial.empty())
      unknown.push_back(hub.name);
    else if (std::ranges::find(bus.units, serial, &UsbUnit::serial) == bus.units.end())
      slow.push_back(hub.name);
  }
  const bool none_is_fast = bus.units.empty();
  if (none_is_fast) slow.insert(slow.end(), unknown.begin(), unknown.end());
  return slow;
}

std::vector<UsbHostChip> chips_of(const fs::path& root, const std::vector<UsbUnit>& units) {
  std::vector<UsbHostChip> chips;
  for (const UsbUnit& unit : units) {
    if (std::ranges::find(chips, unit.controller, &UsbHostChip::controller) != chips.end()) continue;
    chips.push_back({.controller = unit.controller,
                     .vendor = first_line(root / "sys/bus/pci/devices" / unit.controller / "vendor")});
  }
  return chips;
}

}  // namespace

int UsbUnit::hubs() const {
  return static_cast<int>(std::ranges::count(port, '.'));
}

UsbBus read_usb_bus(const fs::path& root) {
  const std::vector<BusDevice> devices = read_devices(root);
  UsbBus bus;
  for (const BusDevice& device : devices) {
    if (device.is(kHub3)) bus.units.push_back(kinect_behind(device, devices));
    if (device.vendor == kOrbbec) bus.units.push_back(single_device(device));
  }
  bus.slow_ports = slow_ports(devices, bus);
  bus.chips = chips_of(root, bus.units);
  return bus;
}

}  // namespace genlock::rig
