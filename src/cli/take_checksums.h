#pragma once

#include <filesystem>

#include "take/checksum.h"
#include "take/take_file.h"

namespace genlock::cli {

/// Puts the SHA-256 of each recording of a take into its take.json, with progress on a terminal. The rest is
/// left out when `go_on` says no.
Status add_checksums(const std::filesystem::path& folder, take::Take take, const take::GoOn& go_on);

}  // namespace genlock::cli
