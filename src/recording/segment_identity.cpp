#include "recording/segment_identity.h"

#include <fmt/core.h>

#include "mkv/endian.h"

namespace genlock::recording {

std::uint64_t fresh_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string SegmentIdentity::clock_id() const {
  std::string text;
  for (const std::byte byte : clock) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

SegmentIdentities::SegmentIdentities(std::optional<std::uint64_t> seed, bool split)
    : random_(seed ? *seed : fresh_seed()) {
  last_.part = 0;
  last_.may_go_on = split;
  last_.clock = random_uid();
}

SegmentIdentity SegmentIdentities::next() {
  if (last_.part > 0) last_.previous = last_.uid;
  last_.uid = random_uid();
  ++last_.part;
  return last_;
}

SegmentIdentity::Uid SegmentIdentities::random_uid() {
  SegmentIdentity::Uid uid;
  for (std::size_t at = 0; at < uid.size(); at += 8)
    mkv::store_big(random_(), MutableByteSpan(uid).subspan(at, 8));
  return uid;
}

}  // namespace genlock::recording
