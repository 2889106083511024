#pragma once

#include <filesystem>

#include "recording/cluster_map.h"
#include "recording/file_contents.h"
#include "recording/file_layout.h"

namespace genlock::recording {

/// One open file of a recording. One thread at a time.
struct Part {
  /// Takes over `source`. Errc::corrupt if it is no K4A recording.
  static Result<std::unique_ptr<Part>> open(std::unique_ptr<ByteSource> source, std::filesystem::path path);

  Part(std::unique_ptr<ByteSource> bytes, std::filesystem::path at);
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const std::unique_ptr<ByteSource> source;
  const std::filesystem::path path;  ///< empty where it is not known
  mkv::Input input;
  FileContents contents;
  FileLayout layout;
  std::vector<std::string> open_problems;  ///< damage that opening met
  CueList cues;
  CuedBlocks cued_blocks;
  std::optional<ClusterMap> clusters;  ///< always there once open() is done
  bool index_contradicted = false;     ///< what was read of a cluster is not what the index lists
};

}  // namespace genlock::recording
