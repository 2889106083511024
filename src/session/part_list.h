#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/mutex.h"
#include "recording/writer.h"
#include "session/command.h"

namespace genlock::session {

/// The files of a recording's parts beside the first one. Safe to use from any thread.
class PartList {
 public:
  /// Errc::exists where a file stands in the way of a later part, so that this is known before the cameras
  /// start.
  static Status check(const Record& request);

  explicit PartList(const Record& request) : first_(request.file), overwrite_(request.overwrite) {}

  /// Makes the file of a part under its name.
  Result<std::unique_ptr<ByteSink>> begin(std::uint32_t part);

  /// Takes away the file of a part that got no frames.
  void drop(std::uint32_t part);

  std::vector<std::filesystem::path> files() const;

 private:
  const std::filesystem::path first_;
  const bool overwrite_;
  mutable Mutex mutex_;
  std::vector<std::filesystem::path> files_ GENLOCK_GUARDED_BY(mutex_);
};

/// When the recording is to be split, and into which files.
recording::SplitRule split_rule(const Record& request, std::shared_ptr<PartList> parts);

}  // namespace genlock::session
