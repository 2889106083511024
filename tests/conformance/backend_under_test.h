#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "device/registry.h"

namespace genlock::conformance {

/// What a kind of unit cannot do by its nature; a test that needs it is skipped, and says so. Nothing is left
/// out for hardware: only a recording has limits here.
struct Abilities {
  bool any_mode = true;          ///< starts in every valid mode, not in one only
  bool wired_sync = true;        ///< units 0, 1, 2 are a daisy chain whose master drives its subordinates
  bool can_be_lost = true;       ///< lose() works
  bool lasting_controls = true;  ///< control values outlive the Device
  bool real_exposure = true;     ///< controls change the pictures' exposure
  bool all_versions = true;      ///< tells the versions of all four firmwares
  bool imu_temperature = true;   ///< IMU samples carry it
};

/// Some units, and the hand on their clock: tests never wait, they let the units' time pass. At least two
/// units, 0 and 1, that start alone in config().
class BackendUnderTest {
 public:
  virtual ~BackendUnderTest() = default;

  virtual Abilities abilities() const { return {}; }
  virtual device::Provider& provider() = 0;

  /// A configuration with both cameras in which units 0 and 1 start as standalone.
  virtual CameraConfig config() const = 0;

  /// Lets time pass; on return everything that came in it can be read.
  virtual void advance(HostDuration by) = 0;

  /// Takes a unit's power and data away for good.
  virtual void lose(unsigned /*index*/) {}

  /// Faults that this kind of unit can be given, by name; each begins, and is taken back as far as it lasts.
  virtual std::vector<std::string> faults() const { return {}; }
  virtual void begin_fault(const std::string& /*fault*/, unsigned /*index*/) {}
  virtual void end_fault(const std::string& /*fault*/, unsigned /*index*/) {}
};

struct BackendCase {
  std::string name;
  std::function<std::unique_ptr<BackendUnderTest>()> make;
};

/// For GoogleTest's messages.
inline void PrintTo(const BackendCase& backend, std::ostream* out) {
  *out << backend.name;
}

BackendCase replay_backend();
BackendCase sim_backend();
BackendCase k4a_backend();              ///< the sim once more, through libk4a.so.1.4
BackendCase disciplined_sim_backend();  ///< subordinates count at the rate of their pulses

/// Every backend there is.
std::vector<BackendCase> all_backends();

}  // namespace genlock::conformance
