#pragma once

#include <limits>
#include <optional>

#include "mkv/element_reader.h"

namespace genlock::recording {

/// A master that stands in a segment, as long as what it holds: where another element of the segment stands
/// in it, or it has no size, it ends there and counts as one of unknown size.
mkv::FoundElement with_true_end(mkv::Input& input, mkv::FoundElement master);

/// Whether it holds anything: its first child is there and not cut.
bool has_whole_child(mkv::Input& input, const mkv::FoundElement& master);

/// Goes through the elements directly inside a segment, to the end of the file whatever the segment's size
/// says, or up to `limit`. Where bytes are no element it looks for the next cluster or other master of a
/// segment and goes on there, with the gap noted as a problem. All but clusters come with their true end.
class SegmentWalker {
 public:
  SegmentWalker(mkv::Input& input, const mkv::FoundElement& segment, std::uint64_t from,
                std::uint64_t limit = std::numeric_limits<std::uint64_t>::max());

  std::optional<mkv::FoundElement> next();

  /// Goes on at `offset`; `damaged` if what stands there is not known to be an element.
  void skip_to(std::uint64_t offset, bool damaged);

 private:
  mkv::FoundElement ended(const mkv::FoundElement& found);
  void find_master(std::uint64_t from);

  mkv::Input& input_;
  const mkv::FoundElement segment_;
  std::optional<mkv::Children> children_;  ///< always there; made anew to go back
};

/// Whether an element of a segment, or the file's end, stands at `offset`: so that what claims to end there
/// is believed.
bool segment_goes_on(mkv::Input& input, std::uint64_t offset);

}  // namespace genlock::recording
