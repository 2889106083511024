#pragma once

#include <optional>

#include "recording/block_reader.h"
#include "recording/file_layout.h"

namespace genlock::recording {

/// Largest image that is taken for one: more than 4096x3072 pixels of 4 bytes.
inline constexpr std::uint64_t kMostImageBytes = std::uint64_t{64} << 20;

/// The video track a block belongs to.
std::optional<TrackKind> video_track_of(const FileLayout& layout, const StoredBlock& block);

/// The pixels of a block of that track; nothing, and a problem noted, if it has not the bytes its format
/// needs.
std::optional<mkv::Extent> stored_pixels(mkv::Input& input, const FileLayout& layout, TrackKind track,
                                         const StoredBlock& block, const ReaderOptions& options);

}  // namespace genlock::recording
