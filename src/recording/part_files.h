#pragma once

#include <memory>

#include "recording/file_writer.h"
#include "recording/segment_identity.h"
#include "recording/writer.h"

namespace genlock::recording {

/// Begins the files of a recording's parts, one after another.
class PartFiles {
 public:
  PartFiles(const RecordingInfo& info, const WriterOptions& options);

  /// The first part, with its header written. Errc::invalid if info or options contradict themselves.
  Result<FileWriter> begin(std::unique_ptr<ByteSink> sink);

  /// The part after it, in the file that SplitRule::next_part gives.
  Result<FileWriter> begin_next();

  /// The last part that was begun got no frames, and its writer is gone.
  void drop_last();

 private:
  RecordingInfo info_;
  WriterOptions options_;
  SegmentIdentities identities_;
  std::uint32_t parts_ = 1;
};

}  // namespace genlock::recording
