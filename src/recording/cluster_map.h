#pragma once

#include <optional>
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
/// more of them than are asked for. Holds a bounded number of places, however long the file is.
///
/// Which clusters there are is decided by the file alone, never by the way to them. The first cluster and
/// every cue point that a cluster stands at divide the file into spans, and nothing reaches from one into the
/// next. In a span the clusters are those that the GENLOCK track's records list, where these lead from its
/// start to its end without a hole; else those that a walk from its start comes to. A cue point at which no
/// cluster stands is left out.
class ClusterMap {
 public:
  /// All outlive it.
  ClusterMap(mkv::Input& input, const FileContents& contents, const FileLayout& layout, CueList& cues,
             CuedBlocks& records);

  std::optional<ClusterPlace> first() { return first_from(contents_.first_cluster); }
  std::optional<ClusterPlace> last();
  std::optional<ClusterPlace> after(const ClusterPlace& place);
  std::optional<ClusterPlace> before(const ClusterPlace& place);

  /// The first cluster of the span that begins at `offset`: that of the first cluster or of a cue point.
  std::optional<ClusterPlace> first_from(std::uint64_t offset);

  /// A cluster that is not later than `time_ns`, and the last of these where the clusters are in order; the
  /// first, if all are later.
  std::optional<ClusterPlace> at(std::int64_t time_ns);

  /// Whether Cues were passed by walking.
  bool saw_cues() const { return saw_cues_; }

 private:
  /// Where a span begins: a cue's word until it is looked at.
  struct SpanStart {
    std::uint64_t offset = 0;
    bool looked_at = false;
    std::optional<std::int64_t> time_ns;
  };
  struct Span {
    std::uint64_t from = 0, upto = 0;
  };
  /// A cluster that a walk came to, kept so that it need not begin at the span's start again.
  struct Anchor {
    std::uint64_t offset = 0;
    std::int64_t time_ns = 0;
  };
  using Places = std::vector<ClusterPlace>;

  void load_cues();
  bool is_cluster(std::uint64_t offset);
  bool look_at(SpanStart& start);
  void drop_false_cues();
  Span span_of(std::uint64_t offset);
  Span span_at(std::int64_t time_ns);

  std::optional<ClusterPlace> cluster_at(std::uint64_t offset, std::uint64_t limit);
  std::optional<ClusterPlace> find(const ClusterPlace& behind, std::uint64_t limit);
  ClusterPlace describe(const mkv::FoundElement& cluster);
  std::optional<std::int64_t> time_of(const mkv::FoundElement& cluster);

  const Places* recorded(const Span& span);
  std::optional<Places> read_records(const Span& span);
  ClusterPlace given_out(ClusterPlace place);
  std::optional<ClusterPlace> recorded_at(const Span& span, std::int64_t time_ns);

  const Places& stretch(std::uint64_t from, std::uint64_t limit);
  Places walk(std::uint64_t from, std::uint64_t limit);
  void add_anchor(const ClusterPlace& place);
  std::optional<Anchor> anchor_between(std::uint64_t from, std::uint64_t limit) const;
  std::optional<ClusterPlace> walked_before(const Span& span, std::uint64_t offset);
  std::optional<ClusterPlace> walked_at(const Span& span, std::int64_t time_ns);

  mkv::Input& input_;
  const FileContents& contents_;
  CueList& cues_;
  CuedBlocks& records_;
  const std::int64_t start_offset_ns_;
  const std::int64_t scale_ns_;
  std::vector<SpanStart> starts_;  ///< by offset; the first is the first cluster
  bool cues_loaded_ = false;
  bool times_recorded_ = true;  ///< no record's time was found to be wrong
  bool saw_cues_ = false;

  std::vector<Anchor> anchors_;              ///< by offset
  std::size_t longest_stretch_;              ///< clusters of one, from which on it gets another anchor
  std::optional<std::uint64_t> list_of_;     ///< start of the span of `list_`
  std::optional<Places> list_;               ///< of the records, without elements
  std::optional<std::uint64_t> stretch_of_;  ///< where `stretch_` begins
  Places stretch_;                           ///< clusters of a walk, up to the next anchor
};

}  // namespace genlock::recording
