#include "recording/metadata_index.h"

#include <fmt/core.h>

namespace genlock::recording {
namespace {

constexpr std::uint64_t kMostBlockBytes = std::uint64_t{16} << 20;

}  // namespace

Metadata read_metadata(mkv::Input& input, std::span<const mkv::Extent> frames) {
  Metadata metadata;
  for (const mkv::Extent& frame : frames) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(frame.size, kMostBlockBytes)));
    if (!input.read(frame.offset, bytes)) return metadata;
    if (!read_records(bytes, metadata))
      input.problem(fmt::format("the GENLOCK block at byte {} ends within a record", frame.offset));
  }
  return metadata;
}

void FrameRecords::add(const std::vector<FrameRecord>& records) {
  for (const FrameRecord& record : records)
    records_.insert_or_assign({record.device_time, record.track}, record);
}

const FrameRecord* FrameRecords::find(TrackKind track, DeviceTime time) const {
  const auto found = records_.find({time, track});
  return found == records_.end() ? nullptr : &found->second;
}

void FrameRecords::forget_before(DeviceTime time) {
  records_.erase(records_.begin(), records_.lower_bound({time, TrackKind::color}));
}

}  // namespace genlock::recording
