#pragma once

#include "base/capture.h"
#include "base/result.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// A handle for a capture of a unit. Its images are the program's to write to: pixels that nobody else has
/// stay where they are, those that the bench shows again (flat pictures, recordings) are copied, and all are
/// copied to the memory of a program that brings its own (k4a_set_allocator).
Result<k4a_capture_t> capture_handle(Capture capture);

}  // namespace genlock::capi
