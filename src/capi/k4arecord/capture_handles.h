#pragma once

#include "capi/k4arecord/playback.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// `capture` as one of libk4a's, made by its public functions, with one reference. The pixels are not copied:
/// each image holds its Buffer until its last reference goes. As in the vendor's library it has device times
/// and no other metadata.
Result<k4a_capture_t> make_capture_handle(Playback& playback, const Capture& capture);

}  // namespace genlock::capi
