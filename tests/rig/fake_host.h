#pragma once

#include <string>

#include "rig/host.h"
#include "support/temporary_folder.h"

namespace genlock::test {

/// A host with everything that a rig may want, in a folder of its own; tests take things away. Its disk
/// writes 1000 MB/s, its clock is synchronised, and it was started 10000 s ago.
class FakeHost {
 public:
  struct Kinect {
    std::string serial;
    std::string port = "2-1";
    std::string controller = "0000:00:14.0";
    std::string vendor = "0x8086";  ///< of the controller
    int mbit_per_s = 5000;
    bool depth = true;
  };

  FakeHost();

  /// Puts a file below the root; its folders are made.
  void write(const std::filesystem::path& file, const std::string& text);
  void remove(const std::filesystem::path& file);

  /// How a processor's frequency is set; without a preference where its driver has none.
  void govern(int processor, const std::string& governor, const std::string& preference = "");

  /// A process that has a device file open: "dev/bus/usb/002/003".
  void hold(int pid, const std::string& name, const std::filesystem::path& node);

  /// An Azure Kinect on the bus, as the kernel shows it.
  void plug(const Kinect& kinect);

  /// The USB 2 side of one.
  void plug_slow(const std::string& serial, const std::string& port);

  std::filesystem::path root() const { return folder_.path() / "root"; }
  rig::Host host;

 private:
  struct BusDevice {
    std::string controller, name, vendor, product, serial;
    int mbit_per_s = 5000;
  };
  void list(const BusDevice& device);

  TemporaryFolder folder_;
  int devices_ = 0;
};

}  // namespace genlock::test
