#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/time.h"

namespace genlock::test {

/// The official reader, call by call, for whoever measures it. To be used once stock_library_missing() says
/// nothing.
class StockPlayer {
 public:
  static Result<StockPlayer> open(const std::filesystem::path& file);
  StockPlayer(StockPlayer&& other) noexcept;
  ~StockPlayer();

  /// Reads the next capture with its pixels and lets go of it; the bytes of its images, 0 at the end.
  Result<std::size_t> next_capture();

  /// By device time.
  Status seek(DeviceTime time);

 private:
  explicit StockPlayer(void* handle) : handle_(handle) {}

  void* handle_;
};

}  // namespace genlock::test
