#pragma once

#include <memory>
#include <string>
#include <vector>

#include "device/device.h"
#include "device/k4a/library.h"

// Opening a unit of a library, and asking it. All of these may hang: they are made for a CallThread.

namespace genlock::device::k4a {

/// Owns an open unit of a library.
class UnitHandle {
 public:
  UnitHandle(Library& library, k4a_device_t handle) : library_(library), handle_(handle) {}
  UnitHandle(const UnitHandle&) = delete;
  UnitHandle& operator=(const UnitHandle&) = delete;
  ~UnitHandle();

  /// Errc::busy if this program has the unit of that serial open through another handle: some libraries open
  /// one twice.
  Status claim(const std::string& serial);

  Library& library() const { return library_; }
  const Functions& api() const { return library_.api(); }
  k4a_device_t get() const { return handle_; }

 private:
  Library& library_;
  const k4a_device_t handle_;
  std::string claimed_;
};

struct OpenedUnit {
  std::shared_ptr<UnitHandle> handle;
  DeviceIdentity identity;
  std::uint32_t attached = 0;  ///< units on the bus when it was opened
};

/// Errc::not_found past the last index, Errc::busy while it is open elsewhere, and what else the library's
/// log tells.
Result<OpenedUnit> open_unit(Library& library, unsigned index);

/// What the library has said from number `mark` of its log on about a call of this thread: the thread's own
/// messages, or those of its other threads where this one said nothing. Those about the depth engine, which
/// it may load at any time, only on demand.
enum class EngineMessages { leave_out, keep };
std::vector<Message> said_since(const Library& library, std::uint64_t mark,
                                EngineMessages engine = EngineMessages::leave_out);

/// Whether the unit answers. Orbbec's library does not ask the unit for its jacks: there it is whether as
/// many units as before are attached.
Status check_presence(const UnitHandle& unit, std::uint32_t attached);

/// Nothing known of either jack with Orbbec's library, which does not ask the unit (facts k4a-abi.md B2).
Result<SyncJacks> read_jacks(const UnitHandle& unit, std::uint32_t attached);

Result<ControlValue> read_control(const UnitHandle& unit, std::uint32_t attached, ColorControl control);
Result<ControlCapabilities> read_capabilities(const UnitHandle& unit, std::uint32_t attached,
                                              ColorControl control);
Status write_control(const UnitHandle& unit, std::uint32_t attached, ColorControl control,
                     ControlValue value);

}  // namespace genlock::device::k4a
