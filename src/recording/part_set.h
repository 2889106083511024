#pragma once

#include "recording/part.h"

namespace genlock::recording {

/// The files of a recording in their order.
struct PartSet {
  std::vector<std::unique_ptr<Part>> parts;  ///< at least one
  std::vector<std::string> problems;         ///< parts that are missing, or do not fit
};

/// Opens a file and, where it is a part of a split recording, the other parts beside it: files whose clock id
/// is the same, by the names that the recorder gives parts or, where these are not complete, whatever they
/// are called. Errors name the file.
Result<PartSet> open_parts(const std::filesystem::path& file);

/// The name of a recording's part beside the first one: NAME.mkv, NAME-part2.mkv, ...
std::filesystem::path part_name(const std::filesystem::path& first, std::uint32_t part);

}  // namespace genlock::recording
