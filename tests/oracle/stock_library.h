#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/capture.h"
#include "support/recording_support.h"

// The official record library as tests need it, loaded at run time. Its functions and structs are declared in
// the .cpp from what is known of the ABI, without the vendor's headers.

namespace genlock::test {

/// Why the library cannot be used; nothing if it can.
std::optional<std::string> stock_library_missing();

/// A capture as the official library has it. Uses the pixels in place.
class StockCapture {
 public:
  /// `from` must outlive this object.
  explicit StockCapture(const Capture& from);
  StockCapture(StockCapture&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ~StockCapture();

  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
};

/// The official writer, call by call, without a device.
class StockRecorder {
 public:
  static Result<StockRecorder> create(const std::filesystem::path& file, const CameraConfig& config,
                                      bool imu);
  StockRecorder(StockRecorder&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  /// Closes.
  ~StockRecorder();

  Status write(const StockCapture& capture);
  Status write(const ImuSample& sample);
  Status flush();

 private:
  explicit StockRecorder(void* handle) : handle_(handle) {}

  void* handle_ = nullptr;
};

/// What the official writer makes of a take without a device.
Status stock_record(const std::filesystem::path& file, const CameraConfig& config, bool imu,
                    const TakeContent& content);

/// What stock_record_and_die does to the recorder.
struct StockDeath {
  std::size_t at = 0;                ///< captures written before SIGKILL
  std::optional<std::size_t> flush;  ///< captures written before a flush
};

/// The same in a process of its own, which kills itself with SIGKILL: leaves what a killed recorder leaves.
/// At least `bytes` are in the file by then.
Status stock_record_and_die(const std::filesystem::path& file, const CameraConfig& config, bool imu,
                            const TakeContent& content, const StockDeath& death, std::uint64_t bytes);

}  // namespace genlock::test
