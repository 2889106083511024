#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <string>

#include "base/error.h"

// What the files that call the official library share, once stock_library_missing() says nothing.

namespace genlock::test {

using Handle = void*;

constexpr int kOk = 0;
constexpr int kTooSmall = 2;
constexpr int kEnd = 2;

/// A function of one of the libraries, by name.
template <class Signature>
Signature* function(const char* name) {
  return reinterpret_cast<Signature*>(dlsym(RTLD_DEFAULT, name));
}

inline Error failed(const std::string& what) {
  return Error(Errc::corrupt, "the official library: " + what + " failed");
}

struct Float3 {
  float v[3];
};

struct StockImuSample {
  float temperature;
  Float3 accel;
  std::uint64_t accel_us;
  Float3 gyro;
  std::uint64_t gyro_us;
};
static_assert(sizeof(StockImuSample) == 48);

}  // namespace genlock::test
