#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace genlock {

/// Calls `work` once with each of 0 .. count - 1, in no order, on as many threads as there are cores, the
/// calling one among them; the others are called `name` and a number. Returns once all is done.
void for_each_index(std::size_t count, const std::string& name, const std::function<void(std::size_t)>& work);

}  // namespace genlock
