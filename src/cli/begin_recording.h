#pragma once

#include "cli/recorder_options.h"
#include "session/session.h"

namespace genlock::cli {

/// Opens, sets and starts a unit that records as `options` say.
Status begin_recording(session::Session& session, const RecorderOptions& options);

}  // namespace genlock::cli
