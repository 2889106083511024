#pragma once

#include <functional>

#include "recording/metadata_index.h"
#include "recording/part.h"

namespace genlock::recording {

/// Goes through a file's index (docs/recording-format.md 2): calls `visit` with the records of each GENLOCK
/// block that the cues lead to. Where these chain without a hole, gives the offset of the cluster that begins
/// with the last of them: the rest of it, and what the file may have behind it, is in no record. Nothing
/// where there is a hole, wherever that showed: what was visited is then not all. Reads through `input`,
/// which may be another than the part's.
std::optional<std::uint64_t> read_index(mkv::Input& input, Part& part,
                                        const std::function<void(const Metadata&)>& visit);

}  // namespace genlock::recording
