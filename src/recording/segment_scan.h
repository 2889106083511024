#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "recording/cluster_elements.h"
#include "recording/cluster_map.h"
#include "recording/file_contents.h"
#include "recording/segment_walker.h"

namespace genlock::recording {

/// What a master's CRC-32 says about its bytes.
enum class Checksum : std::uint8_t { none, right, wrong };

/// Reads the whole master, in pieces. One of unknown size, cut, or not known to stand in a segment has no
/// checksum that could be judged.
Checksum checksum_of(mkv::Input& input, const mkv::FoundElement& master);

/// A SimpleBlock or BlockGroup that lies whole in its cluster.
struct ScannedBlock {
  mkv::Extent element;  ///< head included
  mkv::Extent content;  ///< of the SimpleBlock or Block: from its track number on
  std::uint64_t track = 0;
  std::int64_t time = 0;       ///< file time of the first frame, in units of the file's scale
  std::uint64_t duration = 0;  ///< BlockDuration in the same units; 0 where there is none
  std::size_t frames = 0;
  mkv::Extent first_frame;

  /// File time of the last frame. Durations of more than a thousand million units are damage.
  std::int64_t last_time() const;
};

/// A block that is not whole, of no track, or at no time.
struct TornBlock {
  mkv::Extent element;                 ///< as far as it lies in its cluster
  std::optional<std::uint64_t> track;  ///< where as much of it is left
};

struct ScannedCluster {
  enum class State : std::uint8_t {
    whole,    ///< its elements fill exactly the size it says
    unsized,  ///< whole, but its size says unknown
    cut,      ///< the file ends within it
    overrun,  ///< another element of the segment stands where its own content would go on
    damaged,  ///< what follows its last whole element is none, or a block of it is torn
  };

  mkv::FoundElement element;  ///< as its head has it
  State state = State::whole;
  std::uint64_t end = 0;    ///< one past the last element that is whole
  bool end_unsure = false;  ///< what stands there is no element of a cluster or of the segment
  std::optional<std::int64_t> time;
  std::vector<ScannedBlock> blocks;
  std::vector<TornBlock> torn;
  Checksum checksum = Checksum::none;

  bool sound() const { return state == State::whole && torn.empty() && checksum != Checksum::wrong; }
  mkv::Extent extent() const { return {element.offset, end - element.offset}; }
};

/// Bytes of a segment that are no element of it.
struct Hole {
  std::uint64_t from = 0, to = 0;
};

using ScannedItem = std::variant<ScannedCluster, mkv::FoundElement, Hole>;

struct ScanOptions {
  bool checksums = true;  ///< reads all of every cluster
};

/// What blocks of a file can be.
struct ScanLimits {
  std::vector<std::uint64_t> tracks;  ///< their numbers, sorted
  std::uint64_t longest_time = 0;     ///< of clusters, in units of the scale
};

/// Goes through a segment to the end of the file and accounts for every byte: clusters with their blocks,
/// other elements, and what is neither. Comes to every cluster that readers come to, by the cues and the
/// GENLOCK track's records too, and to those between them that readers miss. Stricter than a reader that
/// plays what it can: in a cluster only what belongs there counts, and what describes a recording counts as a
/// hole where `contents` was not read from it. Memory is bounded by kMostBlocks and what ClusterMap takes.
class SegmentScan {
 public:
  /// More blocks in a cluster than this are damage; recorders make some ten.
  static constexpr std::size_t kMostBlocks = 65536;

  /// Both outlive it.
  SegmentScan(mkv::Input& input, const FileContents& contents, ScanOptions options);

  /// Nothing at the end of the file, or where the source failed: its status tells.
  std::optional<ScannedItem> next();

  /// Bytes passed so far, from the start of the file.
  std::uint64_t position() const { return reached_; }

 private:
  /// The clusters that readers come to, by what they know of the file.
  struct ReadersWay {
    ReadersWay(mkv::Input& input, FileContents usual, FileLayout usual_layout);

    const FileContents contents;
    const FileLayout layout;
    CueList cues;
    CuedBlocks records;
    ClusterMap clusters;
  };

  static std::unique_ptr<ReadersWay> way_of_readers(mkv::Input& input);
  std::optional<mkv::FoundElement> find();
  std::optional<mkv::FoundElement> ended_before_limit(std::uint64_t offset);
  bool is_passed_over(const mkv::FoundElement& found) const;
  ScannedItem take(const mkv::FoundElement& found);
  ScannedCluster scan_cluster(const mkv::FoundElement& found);
  void judge_checksum(ScannedCluster& cluster);
  void pass(const std::optional<ClusterPlace>& place);
  std::uint64_t limit() const;

  mkv::Input& input_;
  const ScanOptions options_;
  const ScanLimits limits_;
  const FileContents& contents_;
  std::unique_ptr<ReadersWay> way_;      ///< null where readers refuse the file
  std::optional<ClusterPlace> ahead_;    ///< the next cluster on it
  std::optional<SegmentWalker> walker_;  ///< always there; up to the cluster ahead
  std::uint64_t reached_;
  std::optional<mkv::FoundElement> pending_;  ///< behind the hole that was given
};

}  // namespace genlock::recording
