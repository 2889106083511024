#pragma once

#include <optional>
#include <vector>

#include "mkv/output.h"
#include "recording/file_contents.h"

// The elements that a repair makes anew.

namespace genlock::recording {

/// Of the ids of Segment, of Cluster and of what else stands in a Segment.
inline constexpr std::uint64_t kIdBytes = 4;

/// Most bytes of an element that is changed rather than copied.
inline constexpr std::uint64_t kMostChanged = std::uint64_t{16} << 20;

/// Info with everything that `info` has, or what a K4A file needs where there is none, and a Duration as its
/// last eight bytes.
void put_info(mkv::Output& out, mkv::Input& input, const std::optional<mkv::FoundElement>& info,
              double duration);

/// Tags of these, for a file of whose own Tags a part is missing; with the start offset if given.
void put_tags_anew(mkv::Output& out, const std::vector<TagElement>& tags,
                   std::optional<std::int64_t> start_offset_us);

/// What there is in `tags`, if given, and the start offset, if given; with a CRC-32, unless `tags` is there
/// and has none. What both have stays at the same place.
void put_tags(mkv::Output& out, mkv::Input& input, const std::optional<mkv::FoundElement>& tags,
              std::optional<std::int64_t> start_offset_us);

/// The head of a Void that takes `total` bytes, at least 2, whatever they are.
std::vector<std::byte> void_head(std::uint64_t total);

}  // namespace genlock::recording
