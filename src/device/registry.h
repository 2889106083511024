#pragma once

#include <memory>
#include <string>
#include <vector>

#include "device/device.h"

namespace genlock::device {

/// One attached unit, as a listing shows it without opening it.
struct UnitListing {
  unsigned index = 0;
  std::string serial;  ///< empty where only opening the unit would tell
  std::string name;    ///< for people; may be empty
};

/// What carries the data of some units to a host.
struct UsbController {
  std::string name;                  ///< of the host whose it is, or its place in the host: "0000:00:14.0"
  std::vector<std::string> serials;  ///< of its units
  double mb_per_s = 400;             ///< 10^6 bytes; of a 5 Gb/s controller (facts device.md 3)
  int memory_mib = 0;                ///< for the transfers of all its units (usbfs); 0: not limited
  bool operator==(const UsbController&) const = default;
};

/// A world of units: the bench, a set of recordings, or the hardware seen by some libk4a. Any thread.
class Provider {
 public:
  virtual ~Provider() = default;

  /// "sim", "replay", "k4a".
  virtual std::string backend() const = 0;

  /// For people: "simulated bench default, host sub1".
  virtual std::string description() const = 0;

  /// Attached units in index order, those open elsewhere included.
  virtual Result<std::vector<UnitListing>> list() = 0;

  /// Of a world that has USB of its own; none: the system's.
  virtual std::vector<UsbController> usb_controllers() { return {}; }

  /// Opens a unit for this process alone: Errc::busy while it is open anywhere, Errc::not_found past the last
  /// index.
  virtual Result<std::unique_ptr<Device>> open(unsigned index) = 0;

  /// The clock all its units share.
  virtual Clock& clock() = 0;
};

/// Opens the unit with this serial number; units that cannot be opened are skipped unless their listing says
/// it is them.
Result<std::unique_ptr<Device>> open_serial(Provider& provider, const std::string& serial);

}  // namespace genlock::device
