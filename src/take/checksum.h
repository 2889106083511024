#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace genlock::take {

/// Asked before every megabyte or so, with the bytes read so far: whether to go on.
using GoOn = std::function<bool(std::uint64_t done)>;

/// SHA-256 of a file's bytes as 64 hexadecimal digits. Errc::state where `go_on` said no.
Result<std::string> sha256_of(const std::filesystem::path& file, const GoOn& go_on);

}  // namespace genlock::take
