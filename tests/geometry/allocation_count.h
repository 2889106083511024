#pragma once

#include <cstddef>

namespace genlock::geometry::testing {

/// How often this program has asked for memory with new.
std::size_t allocation_count();

}  // namespace genlock::geometry::testing
