#pragma once

#include <string_view>

namespace genlock::cli {

// Text for people that must never stop the work: what a closed terminal or pipe does not take is dropped.
// They may wait for a slow reader.

void put_out(std::string_view text);
void put_err(std::string_view text);

}  // namespace genlock::cli
