#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "recording/cued_blocks.h"

namespace genlock::recording {

/// Where a cluster lies in its file.
struct ClusterPlace {
  std::uint64_t offset = 0;  ///< of its id
  std::uint64_t next = 0;    ///< where the walk goes on behind it
  bool next_unsure = false;  ///< what stands there may be no element
  std::int64_t time_ns = 0;  ///< file time of its Timestamp; of the file's start where it has none
  mkv::FoundElement element;
};

/// Finds the clusters of one file in order, forwards, backwards and by time, reading their heads only and no
/// more of them than are asked for: from the cue points where there are any, else by walking from the start.
/// Those between two cue points come from the cluster records of the GENLOCK track where it has them: a
/// cluster is given out once its own head has said the same, and where one says otherwise, records are not
/// used any more. Holds a bounded number of places, however long the file is.
class ClusterMap {
 public:
  /// All outlive it.
  ClusterMap(mkv::Input& input, const FileContents& contents, const FileLayout& layout, CueList& cues,
             CuedBlocks& records);

  std::optional<ClusterPlace> first() { return find(contents_.first_cluster, false); }
  std::optional<ClusterPlace> last();
  std::optional<ClusterPlace> after(const ClusterPlace& place);
  std::optional<ClusterPlace> before(const ClusterPlace& place);

  /// The last cluster whose time is not after `time_ns`; the first, if all are later.
  std::optional<ClusterPlace> at(std::int64_t time_ns);

  /// Tells where a cluster really ends, for whoever read all of it. False if that was known.
  bool correct_end(const ClusterPlace& place, std::uint64_t next, bool next_unsure);

 private:
  /// A known cluster; those between two of them are found by walking.
  struct Anchor {
    std::uint64_t offset = 0;
    std::optional<std::int64_t> time_ns;  ///< once it has been looked at
  };
  struct End {
    std::uint64_t next = 0;
    bool unsure = false;
  };
  using Places = std::vector<ClusterPlace>;
  /// Clusters from one anchor up to the next.
  struct Stretch {
    Places places;
    bool from_records = false;  ///< these are without their elements, and to be confirmed
  };

  void load_cues();
  void distrust_cues(std::uint64_t offset);
  std::optional<ClusterPlace> cluster_at(std::uint64_t offset);
  std::optional<ClusterPlace> find(std::uint64_t from, bool unsure);
  ClusterPlace describe(const mkv::FoundElement& cluster);
  std::int64_t time_of(const mkv::FoundElement& cluster);
  End end_of(const mkv::FoundElement& cluster);
  bool is_element_or_end(std::uint64_t offset);
  const Stretch& stretch(std::size_t anchor);
  Places walk_stretch(std::size_t anchor);
  std::optional<Places> recorded_stretch(std::size_t anchor);
  std::optional<ClusterPlace> given_out(const ClusterPlace& place);
  std::optional<ClusterPlace> confirm(ClusterPlace place);
  void distrust_records(std::uint64_t offset);
  void add_anchor(std::size_t at, const ClusterPlace& place);
  std::size_t anchor_before(std::uint64_t offset);
  std::optional<std::size_t> anchor_at(std::int64_t time_ns);
  bool walk_on();

  mkv::Input& input_;
  const FileContents& contents_;
  CueList& cues_;
  CuedBlocks& records_;
  const std::int64_t start_offset_ns_;
  const std::int64_t scale_ns_;
  std::vector<Anchor> anchors_;  ///< by offset; the first is the first cluster
  std::size_t longest_stretch_;  ///< clusters of one, from which on it gets another anchor
  bool cues_loaded_ = false;
  bool walked_to_end_ = false;  ///< no cluster lies more than a stretch behind the last anchor
  std::unordered_map<std::uint64_t, End> true_ends_;  ///< by offset: of clusters whose size field lies
  bool records_trusted_ = true;
  std::uint64_t stretch_at_ = 0;  ///< offset of the anchor of `stretch_`
  Stretch stretch_;               ///< the last one that was asked for
};

}  // namespace genlock::recording
