#include "recording/index_reader.h"

#include <algorithm>

namespace genlock::recording {
namespace {

/// Whether cluster records follow one another without a hole.
class Chain {
 public:
  using Cues = std::vector<Cue>;

  Chain(std::uint64_t segment_data, std::uint64_t first, const Cues& cues)
      : segment_data_(segment_data),
        expected_(first),
        cue_(std::ranges::lower_bound(cues, first, {}, &Cue::cluster)),
        last_cue_(cues.end()) {}

  bool goes_on_with(const Metadata& metadata) {
    return std::ranges::all_of(metadata.clusters,
                               [&](const ClusterRecord& cluster) { return goes_on_with(cluster); });
  }

  /// Offset in the file.
  std::uint64_t expected() const { return expected_; }

 private:
  bool goes_on_with(const ClusterRecord& cluster) {
    if (segment_data_ + cluster.position != expected_ || !is_possible(cluster)) return false;
    if (cue_ != last_cue_ && cue_->cluster == expected_) ++cue_;
    expected_ += cluster.bytes;
    return cue_ == last_cue_ || cue_->cluster >= expected_;
  }

  const std::uint64_t segment_data_;
  std::uint64_t expected_;
  Cues::const_iterator cue_;
  const Cues::const_iterator last_cue_;
};

}  // namespace

std::optional<IndexEnd> read_index(const FileContents& contents, CueList& cues, CuedBlocks& blocks,
                                   const std::function<void(const Metadata&)>& visit) {
  Chain chain(contents.segment.data, contents.first_cluster, cues.all());
  CuedBlocks::Block found;
  for (const Cue& cue : cues.leading_to_metadata()) {
    if (cue.cluster < contents.first_cluster) continue;
    found = blocks.at(cue);
    if (!found || !chain.goes_on_with(found->metadata)) return std::nullopt;
    visit(found->metadata);
  }
  if (!found || chain.expected() != found->cluster.offset) return std::nullopt;
  return IndexEnd{found->cluster.offset, found->block_end};
}

}  // namespace genlock::recording
