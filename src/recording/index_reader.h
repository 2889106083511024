#pragma once

#include <functional>

#include "recording/metadata_index.h"
#include "recording/part.h"

namespace genlock::recording {

/// Goes through a file's index (docs/recording-format.md 2): calls `visit` with the records of each GENLOCK block that
/// the cues lead to. False where it is not whole, wherever that showed: what was visited is then not all. Reads
/// through `input`, which may be another than the part's.
bool read_index(mkv::Input& input, Part& part, const std::function<void(const Metadata&)>& visit);

}  // namespace genlock::recording
