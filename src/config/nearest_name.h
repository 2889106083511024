#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace genlock::config {

/// The one of `names` that `written` is most likely to be a slip of; none where all are too far from it: more
/// than a third of its letters left out, put in, changed or swapped with their neighbour. Of equals the one
/// with the longer common start.
std::optional<std::string> nearest_name(std::string_view written, std::span<const std::string> names);

}  // namespace genlock::config
