#include "recording/index_reader.h"

#include <algorithm>

namespace genlock::recording {
namespace {

/// Whether cluster records follow one another without a hole.
class Chain {
 public:
  explicit Chain(std::uint64_t first) : expected_(first) {}

  bool goes_on_with(const Metadata& metadata) {
    return std::ranges::all_of(metadata.clusters, [&](const ClusterRecord& cluster) {
      const bool follows = cluster.position == expected_ && cluster.bytes > 0;
      expected_ += cluster.bytes;
      return follows;
    });
  }

  std::uint64_t expected() const { return expected_; }

 private:
  std::uint64_t expected_;
};

bool is_last(mkv::Input& input, const CuedMetadata& last) {
  if (last.block_end != last.cluster.end) return false;
  const auto behind = mkv::read_element(input, last.cluster.end, input.size());
  return !behind || behind->id != mkv::ElementId::cluster;
}

}  // namespace

bool read_index(mkv::Input& input, Part& part, const std::function<void(const Metadata&)>& visit) {
  if (!part.contents.cues || !part.layout.metadata) return false;
  Chain chain(part.contents.first_cluster - part.contents.segment.data);
  std::optional<CuedMetadata> found;
  for (const Cue& cue : part.cues.all()) {
    if (!cue.metadata_at) continue;
    found = read_cued_metadata(input, *part.layout.metadata, cue);
    if (!found || !chain.goes_on_with(found->metadata)) return false;
    visit(found->metadata);
  }
  return found && chain.expected() == found->cluster.offset - part.contents.segment.data && is_last(input, *found);
}

}  // namespace genlock::recording
