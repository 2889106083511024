#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mkv/block.h"
#include "mkv/element_reader.h"

namespace genlock::recording {

/// A block of a cluster as it is stored, whatever its cluster's time is.
struct BlockElement {
  mkv::Extent content;  ///< of the SimpleBlock or Block: from its track number on
  std::uint64_t track = 0;
  std::int16_t time = 0;            ///< after the cluster's
  std::uint64_t duration = 0;       ///< BlockDuration; 0 where there is none
  std::vector<mkv::Extent> frames;  ///< where they lie in the file; at least one
};

/// Something directly inside a cluster, whole.
struct ClusterElement {
  mkv::FoundElement element;
  std::optional<BlockElement> block;  ///< of a SimpleBlock or BlockGroup; nothing where it is damaged
};

/// Goes through one cluster as readers, check and repair do, without reading the content of blocks: elements
/// that are a cluster's, and, where from there on elements fill the cluster to its end, others and damaged
/// blocks too. Whatever else stands there is damage. What is passed over is noted as a problem.
class ClusterElements {
 public:
  ClusterElements(mkv::Input& input, const mkv::FoundElement& cluster);

  std::optional<ClusterElement> next();

  /// One past the last element that was given: after nothing was, where the cluster really ends.
  std::uint64_t position() const { return position_; }

  /// Whether the walk ended at what is no whole element of a cluster.
  bool damaged() const { return damaged_; }

  /// What of that can be read as the head of one that is cut.
  const std::optional<mkv::FoundElement>& torn() const { return torn_; }

 private:
  bool is_sound(const ClusterElement& found) const;
  bool fills_rest(std::uint64_t from);
  std::optional<BlockElement> read_block(const mkv::FoundElement& element);
  std::optional<BlockElement> read_group(const mkv::FoundElement& group);
  void note(const mkv::FoundElement& block, std::string_view why);
  std::optional<BlockElement> parse(const mkv::FoundElement& element);

  mkv::Input& input_;
  const mkv::FoundElement cluster_;
  mkv::Children children_;
  std::uint64_t position_;
  bool damaged_ = false;
  bool fills_ = false;  ///< it is known that elements fill the cluster
  std::optional<mkv::FoundElement> torn_;
};

/// Whether an element of this id may stand in a cluster.
bool belongs_into_cluster(mkv::ElementId id);

/// SimpleBlock or BlockGroup.
bool is_block(mkv::ElementId id);

}  // namespace genlock::recording
