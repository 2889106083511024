#include "device/k4a/unit.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <span>

#include "device/k4a/diagnosis.h"

namespace genlock::device::k4a {
namespace {

using SizedGetter = std::function<k4a_buffer_result_t(void* buffer, std::size_t* size)>;

/// By the two-call protocol (facts k4a-abi.md B0). Some libraries ask for more room than they use in the end.
Result<std::vector<std::byte>> read_sized(const Library& library, const std::string& what,
                                          const SizedGetter& get) {
  const std::uint64_t mark = library.log().mark();
  std::size_t size = 0;
  constexpr std::size_t kMost = 16 << 20;  // a calibration has some 10 kB
  if (get(nullptr, &size) != K4A_BUFFER_RESULT_TOO_SMALL || size == 0 || size > kMost)
    return explain(said_since(library, mark), Errc::io, "asking for the size of " + what);
  std::vector<std::byte> bytes(size);
  if (get(bytes.data(), &size) != K4A_BUFFER_RESULT_SUCCEEDED || size > bytes.size())
    return explain(said_since(library, mark), Errc::io, "reading " + what);
  bytes.resize(size);
  return bytes;
}

Result<std::string> read_text(const Library& library, const std::string& what, const SizedGetter& get) {
  GENLOCK_ASSIGN(const auto bytes, read_sized(library, what, get));
  const auto end = std::ranges::find(bytes, std::byte{0});
  return std::string(reinterpret_cast<const char*>(bytes.data()),
                     static_cast<std::size_t>(end - bytes.begin()));
}

Version version_from(const k4a_version_t& version) {
  return {version.major, version.minor, version.iteration};
}

Result<HardwareVersion> read_version(const UnitHandle& unit) {
  const std::uint64_t mark = unit.library().log().mark();
  k4a_hardware_version_t read{};
  if (unit.api().device_get_version(unit.get(), &read) != K4A_RESULT_SUCCEEDED)
    return explain(said_since(unit.library(), mark), Errc::io, "reading the firmware's versions");
  return HardwareVersion{.color = version_from(read.rgb),
                         .depth = version_from(read.depth),
                         .audio = version_from(read.audio),
                         .depth_sensor = version_from(read.depth_sensor),
                         .build = read.firmware_build == K4A_FIRMWARE_BUILD_DEBUG ? FirmwareBuild::debug
                                                                                  : FirmwareBuild::release,
                         .signature = static_cast<FirmwareSignature>(std::min<std::uint32_t>(
                             read.firmware_signature, K4A_FIRMWARE_SIGNATURE_UNSIGNED))};
}

/// This host, or for a simulated unit the one it is plugged into.
Result<HostIdentity> read_host(const Library& library) {
  if (library.vendor() != Vendor::genlock) return this_host();
  const GenlockFunctions& own = library.api().genlock;
  HostIdentity host;
  GENLOCK_ASSIGN(host.name, read_text(library, "the host's name", [&own](void* text, std::size_t* size) {
                   return own.host_name(static_cast<char*>(text), size);
                 }));
  GENLOCK_ASSIGN(host.boot_id,
                 read_text(library, "the host's boot id", [&own](void* text, std::size_t* size) {
                   return own.boot_id(static_cast<char*>(text), size);
                 }));
  return host;
}

Result<DeviceIdentity> read_identity(const UnitHandle& unit) {
  DeviceIdentity identity{.backend = "k4a"};
  const Library& library = unit.library();
  GENLOCK_ASSIGN(identity.serial,
                 read_text(library, "the serial number", [&unit](void* text, std::size_t* size) {
                   return unit.api().device_get_serialnum(unit.get(), static_cast<char*>(text), size);
                 }));
  GENLOCK_ASSIGN(identity.version, read_version(unit));
  GENLOCK_ASSIGN(
      auto calibration, read_sized(library, "the calibration", [&unit](void* bytes, std::size_t* size) {
        return unit.api().device_get_raw_calibration(unit.get(), static_cast<std::uint8_t*>(bytes), size);
      }));
  identity.raw_calibration = Buffer::from_vector(std::move(calibration));
  identity.simulated = is_simulated_serial(identity.serial);
  GENLOCK_ASSIGN(identity.host, read_host(library));
  return identity;
}

Status check_index(const Library& library, unsigned index, std::uint32_t attached) {
  if (index < attached) return {};
  if (attached == 0)
    return Error(
        Errc::not_found,
        fmt::format("no unit is attached that {} sees; check cables, power, that each unit is in a USB 3 "
                    "port, and the udev rules (docs/hardware.md)",
                    library.file().string()));
  return Error(Errc::not_found, fmt::format("there is no unit {}; {} sees {}, counted from 0", index,
                                            library.file().string(), attached));
}

/// Orbbec's library opens units that other processes have; only this tells them (facts k4a-abi.md B1).
Status check_access(const Library& library, unsigned index) {
  const auto check = library.api().orbbec.check_accessibility;
  if (check == nullptr || check(index) == K4A_RESULT_SUCCEEDED) return {};
  return Error(
      Errc::busy,
      fmt::format("unit {} cannot be opened: another program has it, or this one may not use its USB "
                  "device (docs/hardware.md)",
                  index));
}

/// A failed call in a state in which it works: the unit does not answer, or it cannot do that.
Error command_error(const UnitHandle& unit, std::uint32_t attached, std::uint64_t mark,
                    const std::string& doing) {
  const auto said = said_since(unit.library(), mark);
  const Errc code = check_presence(unit, attached) ? Errc::unsupported : Errc::disconnected;
  const Error error = explain(said, code, doing);
  return code == Errc::disconnected ? Error(code, error.message()) : error;
}

}  // namespace

UnitHandle::~UnitHandle() {
  library_.api().device_close(handle_);
  if (!claimed_.empty()) library_.return_unit(claimed_);
}

Status UnitHandle::claim(const std::string& serial) {
  if (!library_.take_unit(serial))
    return Error(Errc::busy, fmt::format("unit {} is open already in this program", serial));
  claimed_ = serial;
  return {};
}

std::vector<Message> said_since(const Library& library, std::uint64_t mark, EngineMessages engine) {
  auto said = library.log().since(mark, std::this_thread::get_id());
  if (said.empty()) said = library.log().since(mark);
  if (engine == EngineMessages::leave_out) std::erase_if(said, is_of_depth_engine);
  return said;
}

Result<OpenedUnit> open_unit(Library& library, unsigned index) {
  const Functions& api = library.api();
  OpenedUnit unit{.attached = api.device_get_installed_count()};
  GENLOCK_TRY(check_index(library, index, unit.attached));
  GENLOCK_TRY(check_access(library, index));
  const std::uint64_t mark = library.log().mark();
  k4a_device_t handle = nullptr;
  if (api.device_open(index, &handle) != K4A_RESULT_SUCCEEDED || handle == nullptr)
    return explain(said_since(library, mark), Errc::busy, fmt::format("opening unit {}", index));
  unit.handle = std::make_shared<UnitHandle>(library, handle);
  auto identity = read_identity(*unit.handle);
  if (!identity) return std::move(identity).error().context(fmt::format("unit {}", index));
  unit.identity = *std::move(identity);
  GENLOCK_TRY(unit.handle->claim(unit.identity.serial));
  return unit;
}

Status check_presence(const UnitHandle& unit, std::uint32_t attached) {
  const Library& library = unit.library();
  if (library.vendor() == Vendor::orbbec) {
    if (unit.api().device_get_installed_count() >= attached) return {};
    return Error(Errc::disconnected,
                 "fewer units are on the USB bus than when this one was opened: check its cable and power, "
                 "reconnect it and open it again");
  }
  bool in = false, out = false;
  const std::uint64_t mark = library.log().mark();
  if (unit.api().device_get_sync_jack(unit.get(), &in, &out) == K4A_RESULT_SUCCEEDED) return {};
  const Error error =
      explain(said_since(library, mark), Errc::disconnected, "asking the unit for its sync jacks");
  return Error(Errc::disconnected, error.message());
}

Result<SyncJacks> read_jacks(const UnitHandle& unit, std::uint32_t attached) {
  if (unit.library().vendor() == Vendor::orbbec) return SyncJacks{};
  bool in = false, out = false;
  const std::uint64_t mark = unit.library().log().mark();
  if (unit.api().device_get_sync_jack(unit.get(), &in, &out) != K4A_RESULT_SUCCEEDED)
    return command_error(unit, attached, mark, "asking the unit for its sync jacks");
  return SyncJacks{.in = in, .out = out};
}

Result<ControlValue> read_control(const UnitHandle& unit, std::uint32_t attached, ColorControl control) {
  // Orbbec's library leaves the mode of controls without an automatic one as it was (facts k4a-abi.md D).
  k4a_color_control_mode_t mode = K4A_COLOR_CONTROL_MODE_MANUAL;
  std::int32_t value = 0;
  const std::uint64_t mark = unit.library().log().mark();
  if (unit.api().device_get_color_control(unit.get(), static_cast<k4a_color_control_command_t>(control),
                                          &mode, &value) != K4A_RESULT_SUCCEEDED)
    return command_error(unit, attached, mark, fmt::format("reading the control {}", to_string(control)));
  return ControlValue{mode == K4A_COLOR_CONTROL_MODE_AUTO ? ControlMode::automatic : ControlMode::manual,
                      value};
}

Result<ControlCapabilities> read_capabilities(const UnitHandle& unit, std::uint32_t attached,
                                              ColorControl control) {
  ControlCapabilities can{};
  auto mode = K4A_COLOR_CONTROL_MODE_MANUAL;
  const std::uint64_t mark = unit.library().log().mark();
  if (unit.api().device_get_color_control_capabilities(
          unit.get(), static_cast<k4a_color_control_command_t>(control), &can.supports_auto, &can.min,
          &can.max, &can.step, &can.default_value, &mode) != K4A_RESULT_SUCCEEDED)
    return command_error(unit, attached, mark,
                         fmt::format("asking what the control {} can do", to_string(control)));
  can.default_mode = mode == K4A_COLOR_CONTROL_MODE_AUTO ? ControlMode::automatic : ControlMode::manual;
  return can;
}

Status write_control(const UnitHandle& unit, std::uint32_t attached, ColorControl control,
                     ControlValue value) {
  const auto mode =
      value.mode == ControlMode::automatic ? K4A_COLOR_CONTROL_MODE_AUTO : K4A_COLOR_CONTROL_MODE_MANUAL;
  const std::uint64_t mark = unit.library().log().mark();
  if (unit.api().device_set_color_control(unit.get(), static_cast<k4a_color_control_command_t>(control), mode,
                                          value.value) != K4A_RESULT_SUCCEEDED)
    return command_error(unit, attached, mark, fmt::format("setting the control {}", to_string(control)));
  return {};
}

}  // namespace genlock::device::k4a
