#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genlock::recording {

/// What can be wrong with a file.
enum class FindingCode : std::uint8_t {
  segment_size,      ///< 0, unknown, too large or too small
  info,              ///< Info is missing
  duration,          ///< missing, or shorter than the data
  start_offset,      ///< K4A_START_OFFSET_NS is missing although the data need it
  seek_head,         ///< missing, or pointing at something else
  cues,              ///< missing, or pointing at no cluster
  cues_overwritten,  ///< a cluster was written over the Cues that the SeekHead points at
  no_clusters,
  cut,             ///< the file ends within a cluster or another element
  hole,            ///< bytes that are no element
  zeros,           ///< a hole of nothing but zeros
  void_tail,       ///< room that a recorder reserved and did not give back
  cluster_size,    ///< a cluster's size field is wrong
  element_size,    ///< so is that of another element of the segment
  cluster_damage,  ///< a cluster is no element after element
  checksum,        ///< a CRC-32 is wrong
  block_order,     ///< times of a track go back
  frame_size,      ///< an image or a sample with another number of bytes than its mode needs
  track_tags,      ///< a track can only be found by its name
  configuration,   ///< tags and tracks contradict each other, or miss what readers need
  index,           ///< records of the GENLOCK index that do not match the file
};
inline constexpr std::size_t kFindingCodes = 21;
std::string_view to_string(FindingCode code);

enum class FindingSeverity : std::uint8_t {
  fault,  ///< costs data or readers
  note,   ///< costs neither
};
std::string_view to_string(FindingSeverity severity);

struct Finding {
  FindingCode code = FindingCode::hole;
  FindingSeverity severity = FindingSeverity::fault;
  std::uint64_t offset = 0;  ///< byte of the file
  std::string text;
  std::string advice;  ///< what to do about it
};

/// Collects findings; of each code the first few with their words, the rest as a number.
class Findings {
 public:
  static constexpr std::size_t kMostOfACode = 8;

  void fault(FindingCode code, std::uint64_t offset, std::string text, std::string_view advice);
  void note(FindingCode code, std::uint64_t offset, std::string text);

  /// Takes back the advice to repair: there is nothing that a repair could keep.
  void advise_no_repair();

  const std::vector<Finding>& listed() const { return listed_; }
  std::uint64_t count(FindingCode code) const { return counts_[static_cast<std::size_t>(code)]; }
  std::uint64_t faults() const { return faults_; }
  /// Faults that a repair can mend: the others are in the data themselves.
  std::uint64_t repairable() const { return repairable_; }

 private:
  void add(Finding finding);

  std::vector<Finding> listed_;
  std::array<std::uint64_t, kFindingCodes> counts_{};
  std::uint64_t faults_ = 0, repairable_ = 0;
};

/// The usual advice.
inline constexpr std::string_view kRepairIt = "genlock repair makes a complete file of it";
inline constexpr std::string_view kNothingLeft = "nothing of the recording is left to be repaired";

}  // namespace genlock::recording
