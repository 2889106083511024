#pragma once

#include <optional>

#include "mkv/element_reader.h"

namespace genlock::recording {

/// Goes through the elements directly inside a segment, to the end of the file whatever the segment's size
/// says. Where bytes are no element it looks for the next cluster or other master of a segment and goes on
/// there, with the gap noted as a problem.
class SegmentWalker {
 public:
  SegmentWalker(mkv::Input& input, const mkv::FoundElement& segment, std::uint64_t from);

  std::optional<mkv::FoundElement> next();

  /// Goes on at `offset`; `damaged` if what stands there is not known to be an element.
  void skip_to(std::uint64_t offset, bool damaged);

 private:
  void find_master(std::uint64_t from);

  mkv::Input& input_;
  const mkv::FoundElement segment_;
  std::optional<mkv::Children> children_;  ///< always there; made anew to go back
};

}  // namespace genlock::recording
