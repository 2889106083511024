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

}  // namespace

std::optional<std::uint64_t> read_index(mkv::Input& input, Part& part,
                                        const std::function<void(const Metadata&)>& visit) {
  if (!part.contents.cues || !part.layout.metadata) return std::nullopt;
  Chain chain(part.contents.first_cluster - part.contents.segment.data);
  std::optional<CuedMetadata> found;
  for (const Cue& cue : part.cues.all()) {
    if (!cue.metadata_at) continue;
    found = read_cued_metadata(input, *part.layout.metadata, cue);
    if (!found || !chain.goes_on_with(found->metadata)) return std::nullopt;
    visit(found->metadata);
  }
  if (!found || chain.expected() != found->cluster.offset - part.contents.segment.data) return std::nullopt;
  return found->cluster.offset;
}

}  // namespace genlock::recording
