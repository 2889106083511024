#include "capi/k4a/api_device.h"

#include "capi/k4a/bench_world.h"

namespace genlock::capi {
namespace {

Error closed() {
  return Error(Errc::state, "the device was closed");
}

}  // namespace

DeviceTable& devices() {
  static DeviceTable& table = *new DeviceTable(HandleKind::device, "device");
  return table;
}

Result<std::shared_ptr<ApiDevice>> ApiDevice::open(std::uint32_t index) {
  GENLOCK_ASSIGN(const std::unique_ptr<device::Provider> units, bench_units());
  GENLOCK_ASSIGN(std::unique_ptr<device::Device> device, units->open(index));
  const device::DeviceIdentity& identity = device->identity();
  GENLOCK_ASSIGN(
      const geometry::RawCalibration calibration,
      geometry::parse_calibration(identity.raw_calibration.bytes()).context("unit " + identity.serial));
  return std::make_shared<ApiDevice>(std::move(device), calibration);
}

ApiDevice::ApiDevice(std::unique_ptr<device::Device> device, const geometry::RawCalibration& calibration)
    : calibration_(calibration), device_(std::move(device)) {}

void ApiDevice::close() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
  }
  device_->stop_imu();
  device_->stop_cameras();
  MutexLock lock(mutex_);
  while (uses_ > 0) left_.wait(mutex_);
  device_.reset();
}

Result<ApiDevice::Use> ApiDevice::use() {
  MutexLock lock(mutex_);
  if (closing_) return closed();
  ++uses_;
  return Use(*this);
}

void ApiDevice::leave() {
  MutexLock lock(mutex_);
  if (--uses_ == 0) left_.notify_all();
}

bool ApiDevice::closing() {
  MutexLock lock(mutex_);
  return closing_;
}

/// A start that overlaps with close() may come after its stop; nobody would stop it then, nor wake who reads.
Status ApiDevice::start_cameras(const CameraConfig& config) {
  GENLOCK_ASSIGN(const Use device, use());
  GENLOCK_TRY(device->start_cameras(config));
  if (!closing()) return {};
  device->stop_cameras();
  return closed();
}

Status ApiDevice::start_imu() {
  GENLOCK_ASSIGN(const Use device, use());
  GENLOCK_TRY(device->start_imu());
  if (!closing()) return {};
  device->stop_imu();
  return closed();
}

}  // namespace genlock::capi
