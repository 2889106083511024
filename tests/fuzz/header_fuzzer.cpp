// Arbitrary Tags, SeekHead, Info and attachments before a sound cluster, and arbitrary GENLOCK records: what
// describes a recording must not keep its frames from being read in bounded memory, or be refused in words.

#include <array>

#include "fuzz_support.h"
#include "mkv/element_writer.h"
#include "recording/check.h"
#include "recording/format.h"
#include "recording/metadata.h"
#include "recording/reader.h"

namespace {

using namespace genlock;
using fuzz::require;
using Id = mkv::ElementId;

void put_track(mkv::ElementWriter& writer, std::uint64_t number, std::uint64_t type, std::string_view name,
               std::string_view codec) {
  writer.put_master(Id::track_entry, [&] {
    writer.put_uint(Id::track_number, number);
    writer.put_uint(Id::track_uid, 1000 + number);
    writer.put_uint(Id::track_type, type);
    writer.put_string(Id::codec_id, codec);
    writer.put_string(Id::name, name);
  });
}

/// A recording of one IMU sample whose header is followed by `elements`.
std::vector<std::byte> file_with(ByteSpan elements) {
  mkv::Output out;
  mkv::ElementWriter writer(out);
  writer.put_master(Id::ebml, [&] {
    writer.put_string(Id::doc_type, "matroska");
    writer.put_uint(Id::doc_type_read_version, 2);
  });
  writer.put_master(Id::segment, {.size_width = 8, .unknown_size = true}, [] {});
  writer.put_master(Id::tracks, [&] {
    put_track(writer, 1, recording::kTrackTypeSubtitle, recording::kImuTrack, recording::kImuCodec);
    put_track(writer, 2, recording::kTrackTypeSubtitle, recording::kMetadataTrack, recording::kMetadataCodec);
  });
  out.append(elements);
  writer.put_master(Id::cluster, {.size_width = 8, .crc = true}, [&] {
    writer.put_uint(Id::timestamp, 1);
    std::array<std::byte, 4 + recording::kImuSampleBytes> block{};
    block[0] = std::byte{0x81};
    writer.put_binary(Id::simple_block, block);
  });
  return {out.bytes().begin(), out.bytes().end()};
}

void read_all(const std::vector<std::byte>& file) {
  const auto reader = recording::Reader::open(fuzz::source_of(file));
  if (!reader) {
    require(reader.error().code() == Errc::corrupt);
    return;
  }
  require((*reader)->next_imu_sample().has_value());
  for (const std::string& name : (*reader)->attachment_names()) (void)(*reader)->attachment(name);
  require((*reader)->survey().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::byte> bytes = fuzz::bytes_of(data, size);
  const std::vector<std::byte> file = file_with(bytes);
  read_all(file);
  (void)recording::check_recording(MemorySource(file));
  recording::Metadata records;
  (void)recording::read_records(bytes, records);
  return 0;
}
