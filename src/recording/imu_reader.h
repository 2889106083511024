#pragma once

#include <optional>

#include "recording/block_walker.h"
#include "recording/file_layout.h"

namespace genlock::recording {

/// The sample stored at `frame`; nothing, and a problem noted, if it is not of a sample's size.
std::optional<ImuSample> read_imu_sample(mkv::Input& input, const mkv::Extent& frame);

/// Goes through a file's IMU samples. `source` and `layout` must outlive it.
class ImuReader {
 public:
  ImuReader(const ByteSource& source, const FileLayout& layout);

  /// Nothing at the end.
  Result<std::optional<ImuSample>> next();

  std::vector<std::string> problems() const { return input_.problems(); }

 private:
  mkv::Input input_;
  const FileLayout& layout_;
  BlockWalker walker_;
  std::optional<StoredBlock> block_;
  std::size_t frame_ = 0;
};

}  // namespace genlock::recording
