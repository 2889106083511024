#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "device/registry.h"

// Depth cameras on a host's USB, as its kernel lists them (facts device.md 7).

namespace genlock::rig {

using device::UsbController;

/// A unit on the bus. An Azure Kinect is several devices behind a hub of its own.
struct UsbUnit {
  std::string serial;      ///< empty where no device of it tells
  std::string port;        ///< where it is plugged in: "4-1.2"
  std::string controller;  ///< PCI function: "0000:00:14.0"
  int mbit_per_s = 0;      ///< of its slowest camera; 0 where there is none
  bool has_color = true;
  bool has_depth = true;
  std::vector<std::string> cameras;          ///< names of their devices: "4-1.2.1"
  std::vector<std::filesystem::path> nodes;  ///< of the cameras: "dev/bus/usb/002/005" below the root

  /// Hubs between it and the host, its own not counted.
  int hubs() const;
};

/// A PCI function that has units.
struct UsbHostChip {
  std::string controller;
  std::string vendor;  ///< PCI vendor: "0x8086"; empty where it is not told
};

struct UsbBus {
  std::vector<UsbUnit> units;
  std::vector<UsbHostChip> chips;
  std::vector<std::string> slow_ports;  ///< USB 2 sides of Azure Kinects whose USB 3 side is not there
};

/// What is below `root`; nothing where the kernel has no USB.
UsbBus read_usb_bus(const std::filesystem::path& root);

}  // namespace genlock::rig
