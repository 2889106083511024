#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/mutex.h"
#include "capi/common/guard.h"
#include "capi/common/handle_table.h"
#include "device/device.h"
#include "geometry/calibration.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// What a k4a_device_t stands for: a unit of the bench, open in this process. Any thread, also while another
/// closes it.
class ApiDevice {
 public:
  /// A unit whose calibration cannot be read does not open.
  static Result<std::shared_ptr<ApiDevice>> open(std::uint32_t index);

  ApiDevice(std::unique_ptr<device::Device> device, const geometry::RawCalibration& calibration);

  /// Stops everything, waits until the calls under way have returned, and lets the unit go. Once.
  void close();

  /// The unit, which is not let go before this is.
  class Use {
   public:
    explicit Use(ApiDevice& owner) : owner_(&owner) {}
    Use(Use&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (owner_ != nullptr) owner_->leave();
    }

    device::Device& operator*() const { return *owner_->device_; }
    device::Device* operator->() const { return owner_->device_.get(); }

   private:
    ApiDevice* owner_;
  };

  /// Errc::state once it is being closed.
  Result<Use> use();

  Status start_cameras(const CameraConfig& config);
  Status start_imu();

  const geometry::RawCalibration& calibration() const { return calibration_; }

 private:
  void leave();
  bool closing();

  const geometry::RawCalibration calibration_;
  Mutex mutex_;
  CondVar left_;
  int uses_ GENLOCK_GUARDED_BY(mutex_) = 0;
  bool closing_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::unique_ptr<device::Device> device_;  ///< goes once closing_ is set and nobody uses it
};

using DeviceTable = HandleTable<k4a_device_t, ApiDevice>;
DeviceTable& devices();

/// What `body`, called with the ApiDevice behind a handle, comes to; `failure` for a bad handle or an error.
template <class R, class Body>
R with_device(const char* function, k4a_device_t handle, R failure, const Body& body,
              Where where = Where::here()) noexcept {
  const auto find_and_do = [&]() -> Result<R> {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiDevice> device, devices().find(handle));
    return body(*device);
  };
  return guarded(function, failure, find_and_do, where);
}

/// The same for a body that gives a Status.
template <class Body>
k4a_result_t with_device(const char* function, k4a_device_t handle, const Body& body,
                         Where where = Where::here()) noexcept {
  const auto succeed = [&](ApiDevice& device) -> Result<k4a_result_t> {
    GENLOCK_TRY(body(device));
    return K4A_RESULT_SUCCEEDED;
  };
  return with_device(function, handle, K4A_RESULT_FAILED, succeed, where);
}

}  // namespace genlock::capi
