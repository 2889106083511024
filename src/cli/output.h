#pragma once

#include <string_view>

#include "base/error.h"
#include "cli/exit_code.h"

namespace genlock::cli {

// Text for people that must never stop the work: what a closed terminal or pipe does not take is dropped.
// They may wait for a slow reader.

void put_out(std::string_view text);
void put_err(std::string_view text);

/// "program: what" on standard error. Returns the exit code, for callers that end by it.
int fail(std::string_view program, std::string_view what, int exit_code = kFailed);

/// The same of an error: kUsage where what was asked for is invalid, else kFailed.
int fail_as(std::string_view program, const Error& error);

}  // namespace genlock::cli
