#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recording/in_place_clusters.h"

namespace genlock::recording {

/// Id, size and CRC-32 of a master: what changes with its content.
inline constexpr std::size_t kMasterHead = 4 + 8 + 6;

/// Bytes before the clusters that become others.
struct Region {
  std::uint64_t from = 0, to = 0;
  bool free = false;  ///< nothing but Void and SeekHead
  std::vector<std::byte> bytes;

  std::uint64_t size() const { return to - from; }
};

/// What becomes of the header and of the file's end in a repair in place.
class InPlaceHeader {
 public:
  InPlaceHeader(const DamagedFile& file, const InPlaceClusters& clusters);

  /// Why it can't be done; empty if it can.
  const std::string& obstacle() const { return obstacle_; }

  ByteSpan tail() const { return tail_.bytes(); }
  const std::vector<Region>& regions() const { return regions_; }
  const std::vector<Patch>& last() const { return last_; }
  std::uint64_t end() const { return tail_at_ + tail_.size(); }

 private:
  void plan(const InPlaceClusters& clusters);
  bool found(FindingCode code) const { return findings_.count(code) > 0; }
  double duration() const { return static_cast<double>(facts_.last_time); }

  bool describes_badly() const;
  static bool can_get_size(const mkv::FoundElement& element);
  void plan_sizes();
  const mkv::FoundElement* find(mkv::ElementId id) const;
  Region with_room(std::uint64_t from, std::uint64_t to) const;
  static bool fits(std::uint64_t size, const Region& region);
  void fill(Region region, mkv::Output& out);
  bool grows_safely(const mkv::FoundElement& old, const mkv::Output& out);
  std::uint64_t append(const mkv::Output& out);
  void hide(const mkv::FoundElement& element);
  bool tags_anew() const;
  void plan_tags();
  void plan_duration();
  void put_duration(const mkv::FoundElement& field);
  void plan_checksums();
  void plan_cues(const InPlaceClusters& clusters);
  Region free_room() const;
  std::vector<SeekEntry> seeks(std::uint64_t info_at) const;
  void plan_seek_head();
  void plan_segment_size();

  mkv::Input& input_;
  const FileContents& contents_;
  const SegmentFacts& facts_;
  const Findings& findings_;
  const std::uint64_t tail_at_;
  std::optional<std::uint64_t> tags_at_, cues_at_;
  mkv::Output tail_;
  std::vector<Region> regions_;
  std::vector<Patch> last_;
  std::string obstacle_;
};

}  // namespace genlock::recording
