#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

// Folders of takes: never one that is there already.

namespace genlock::rig {

/// Makes `folder`/NAME-0001, with the number after the highest that is there, and `folder` itself where it is
/// missing.
Result<std::filesystem::path> make_numbered_take(const std::filesystem::path& folder,
                                                 const std::string& name);

/// Makes `folder`/NAME. Errc::exists, and Errc::invalid where no folder can have this name.
Result<std::filesystem::path> make_named_take(const std::filesystem::path& folder, const std::string& name);

}  // namespace genlock::rig
