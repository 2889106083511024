#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/capture.h"
#include "base/clock.h"
#include "device/color_control.h"

namespace genlock::device {

/// What a unit tells about itself once it is open; does not change while it is.
struct DeviceIdentity {
  std::string serial;
  HardwareVersion version;
  Buffer raw_calibration;  ///< the JSON text as the unit returns it, with or without its trailing NUL
  bool simulated = false;
  std::string backend;  ///< "sim", "replay", "k4a"
  HostIdentity host;    ///< where the unit is plugged in
};

/// What got lost below the shell, where the backend can know.
struct BackendCounters {
  std::optional<std::uint64_t> captures_dropped;     ///< thrown out of a full capture queue
  std::optional<std::uint64_t> imu_samples_dropped;  ///< thrown out of a full IMU queue
  /// Frames that came from the sensors, paired or waiting for a partner: they tell which one is silent.
  std::optional<std::uint64_t> color_received;
  std::optional<std::uint64_t> depth_received;
};

/// One kind of hardware. The shell (Device) checks arguments and states before it calls these, keeps counters
/// and serialises start and stop; next_capture and read_imu may run beside each other and beside everything
/// else. They return Errc::state promptly once stop or stop_imu is called by another thread, and whenever
/// nothing is started. A start that fails leaves nothing running. Errors do not name the unit: the shell
/// does.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual const DeviceIdentity& identity() const = 0;
  virtual Result<SyncJacks> sync_jacks() = 0;
  virtual Result<ControlValue> color_control(ColorControl control) = 0;
  virtual Status set_color_control(ColorControl control, ControlValue value) = 0;

  /// What a control can be set to: the table of Azure Kinect, which most kinds of units share.
  virtual Result<ControlCapabilities> control_capabilities(ColorControl control, int powerline) {
    return capabilities(control, powerline, identity().version.color);
  }

  /// `config` is valid by itself; whether the jacks and the unit allow it is the shell's check too.
  virtual Status start(const CameraConfig& config) = 0;
  virtual void stop() = 0;

  /// The oldest capture not yet taken; nothing once `deadline` (of the unit's clock) has come. An unplugged
  /// unit gives nothing for ever, as libk4a does on Linux.
  virtual Result<std::optional<Capture>> next_capture(HostTime deadline) = 0;

  virtual Status start_imu() = 0;
  virtual void stop_imu() = 0;

  /// Waits for at least one sample, then takes what is there, at most out.size(); 0 once `deadline` has come.
  virtual Result<std::size_t> read_imu(std::span<ImuSample> out, HostTime deadline) = 0;

  virtual BackendCounters counters() const = 0;

  /// Why the streams that run give nothing more although reads only time out, as far as the backend can find
  /// out: empty where it knows of nothing. May ask the unit.
  virtual std::string trouble() { return {}; }

  /// What people should know although no call failed, since this was last called: each once, at most a few.
  virtual std::vector<std::string> take_notices() { return {}; }
};

struct StreamCounters {
  std::uint64_t delivered = 0;  ///< images handed to the caller
  std::uint64_t missing = 0;    ///< frames that the gaps between stamps speak of
};

struct DeviceCounters {
  std::uint64_t captures = 0;
  StreamCounters color;
  StreamCounters depth;  ///< counted by the IR image, which every depth mode has
  std::uint64_t imu_samples = 0;
  BackendCounters backend;
};

/// An open unit: the shell that all backends share. Closing it (the destructor) stops cameras and IMU;
/// threads that wait in it must have returned by then, which stop_cameras() and stop_imu() make them do.
///
/// Threads: any number may read captures and IMU samples, each goes to one of them; others control meanwhile;
/// start and stop are serialised. Frames are counted as missing rightly where one thread reads captures.
/// Errors: Errc::state when a call does not fit the state (reading when not started, starting twice, cameras
/// while the IMU runs, IMU without a camera), Errc::invalid for a broken rule of facts device.md 2.4,
/// Errc::disconnected from commands to a unit that is gone.
class Device {
 public:
  Device(std::unique_ptr<Backend> backend, Clock& clock);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const DeviceIdentity& identity() const;

  /// The clock of the world this unit lives in: the system's, or its bench's. Outlives the Device.
  Clock& clock() const;

  Result<SyncJacks> sync_jacks();

  Result<ControlValue> color_control(ColorControl control);
  Status set_color_control(ColorControl control, ControlValue value);

  /// Of the unit, where `powerline` is 1 for 50 Hz and 2 for 60 Hz.
  Result<ControlCapabilities> control_capabilities(ColorControl control, int powerline);

  Status start_cameras(const CameraConfig& config);
  void stop_cameras();  ///< allowed in any state
  Status start_imu();
  void stop_imu();  ///< allowed in any state

  /// Waits up to `timeout` for the next capture: zero returns at once, negative waits for ever. Nothing on
  /// time-out.
  Result<std::optional<Capture>> next_capture(HostDuration timeout);

  /// The next sample; waits like next_capture.
  Result<std::optional<ImuSample>> next_imu_sample(HostDuration timeout);

  /// Takes every sample that is there, at most out.size(), after waiting for the first like next_capture.
  Result<std::size_t> read_imu(std::span<ImuSample> out, HostDuration timeout);

  /// The configuration of the running cameras.
  std::optional<CameraConfig> running_config() const;

  /// Since the last start_cameras.
  DeviceCounters counters() const;

  /// See Backend. Notices come with the unit's name. Any thread.
  std::string trouble();
  std::vector<std::string> take_notices();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether libk4a would start with this configuration: the first broken rule of facts k4a-abi.md C1, in its
/// order. Jacks that the unit cannot tell count as plugged.
Status validate(const CameraConfig& config, const SyncJacks& jacks);

/// A start's result, which adds `how` this program is told to start a unit as standalone where a refusal
/// advises to.
Status explain_standalone(Status started, std::string_view how);

}  // namespace genlock::device
