#pragma once

#include "cli/record_request.h"

namespace genlock::cli {

/// Runs genlock record and returns its exit code.
int record_units(const RecordRequest& request);

}  // namespace genlock::cli
