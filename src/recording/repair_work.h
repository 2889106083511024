#pragma once

#include <memory>

#include "recording/check_walk.h"
#include "recording/repair.h"
#include "recording/watched_source.h"

namespace genlock::recording {

/// A file that is to be repaired.
struct DamagedFile {
  std::unique_ptr<WatchedSource> source;
  std::unique_ptr<mkv::Input> input;
  FileContents contents;
  Result<FileLayout> layout;
  CheckedFile checked;
  std::uint64_t timestamp_scale_ns = 1;
};

/// `progress` counts to `passes` times the file's size. The references must outlive the result.
Result<DamagedFile> open_damaged(const ByteSource& file, const Progress& progress, std::uint64_t passes);

/// Fills in `checked`, which is the first pass over the file. Errc::corrupt where no frame is left.
Status check_damaged(DamagedFile& file);

/// Whether what a cluster is replaced by is less than what it was, or not proven.
bool is_loss(const ScannedCluster& cluster);

/// Of a file that nothing needs to be done to.
RepairReport report_sound(const DamagedFile& file);

/// What is said of every repair: findings, rebuilt elements, notes.
void describe(const DamagedFile& file, RepairReport& report);

}  // namespace genlock::recording
