#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "recording/recording.h"

namespace genlock::recording {

/// What tells the files of a recording from each other, and from those of other recordings
/// (docs/recording-format.md 3). Identifiers are random 128 bits.
struct SegmentIdentity {
  using Uid = std::array<std::byte, 16>;

  Uid clock{};  ///< of the recording: SegmentFamily
  Uid uid{};    ///< of the file
  std::optional<Uid> previous;
  std::uint32_t part = 1;
  bool may_go_on = false;  ///< a part may follow: there is to be room for its UID

  /// The clock's in hexadecimal.
  std::string clock_id() const;
};

/// Makes the identities of a recording's parts, in order.
class SegmentIdentities {
 public:
  SegmentIdentities(std::optional<std::uint64_t> seed, bool split);
  SegmentIdentity next();

 private:
  SegmentIdentity::Uid random_uid();

  std::mt19937_64 random_;
  SegmentIdentity last_;
};

/// A seed that no other recording has.
std::uint64_t fresh_seed();

}  // namespace genlock::recording
