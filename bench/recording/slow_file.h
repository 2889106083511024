#pragma once

#include <filesystem>

#include "base/bytes.h"

namespace genlock::bench {

/// A file whose disk finishes so many bytes a second: the product's own sink, with writes that are under way
/// for as long as such a disk would take.
Result<std::unique_ptr<ByteSink>> create_slow_file(const std::filesystem::path& path,
                                                   double bytes_per_second);

}  // namespace genlock::bench
