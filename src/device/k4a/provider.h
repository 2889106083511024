#pragma once

#include <filesystem>
#include <memory>

#include "device/k4a/call_thread.h"
#include "device/k4a/library.h"
#include "device/registry.h"

namespace genlock::device::k4a {

struct LibraryOptions {
  std::filesystem::path path;  ///< of a libk4a.so.1.4, or its folder; empty: the one that the system finds
  CallLimits limits;
};

/// The units that an installed libk4a sees. Errors are those of Library::load.
Result<std::unique_ptr<Provider>> open_library(const LibraryOptions& options);

/// The same of a library that is loaded already.
std::unique_ptr<Provider> make_provider(Library& library, const CallLimits& limits);

}  // namespace genlock::device::k4a
