#pragma once

#include <vector>

#include "recording/file_contents.h"
#include "recording/findings.h"

namespace genlock::recording {

/// What a walk over the whole file found, for judging what describes it.
struct SegmentFacts {
  std::vector<mkv::FoundElement> elements;  ///< of the segment, without its clusters
  /// Tracks, Tags and Attachments that a SeekHead leads to within bytes that are none of those elements.
  std::vector<mkv::FoundElement> hidden;
  std::uint64_t clusters = 0;
  std::uint64_t data_begin = 0, data_end = 0;     ///< of the clusters, holes between them included
  std::uint64_t end = 0;                          ///< one past the last element
  std::int64_t last_time = 0;                     ///< of the data, in units of the scale
  std::optional<std::int64_t> missing_offset_us;  ///< start offset that the data tell and no tag does
  bool tags_torn = false;     ///< Tags that readers go by, or one in them, are not all there
  bool tags_changed = false;  ///< they have another checksum than they say
};

/// Judges what stands before and behind the clusters: the segment's size, SeekHead, Info, Cues, checksums.
/// `frame_period` is in units of the scale: a duration may be that much short.
void check_header(mkv::Input& input, const FileContents& contents, const SegmentFacts& facts,
                  double frame_period, Findings& findings);

/// Whether the SeekHead points at Cues that a cluster was written over.
bool cues_overwritten(mkv::Input& input, const FileContents& contents, const SegmentFacts& facts);

}  // namespace genlock::recording
