#include "recording/cluster_composer.h"

#include <algorithm>

#include "mkv/crc32.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"

namespace genlock::recording {
namespace {

using Id = mkv::ElementId;

constexpr std::uint64_t kCrcElement = 6;

std::uint32_t crc_of_copies(mkv::Input& input, const std::vector<mkv::Extent>& copies, std::uint32_t sum) {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  std::vector<std::byte> piece;
  for (const mkv::Extent& copy : copies) {
    for (std::uint64_t done = 0; done < copy.size; done += piece.size()) {
      piece.resize(static_cast<std::size_t>(std::min(kPiece, copy.size - done)));
      if (!input.read(copy.offset + done, piece)) return sum;
      sum = mkv::crc32(piece, sum);
    }
  }
  return sum;
}

mkv::Output timestamp(std::uint64_t time) {
  mkv::Output out;
  mkv::ElementWriter(out).put_uint(Id::timestamp, time);
  return out;
}

}  // namespace

ComposedCluster::ComposedCluster(mkv::Input& input, const ScannedCluster& from, const mkv::Output* records)
    : cluster_(from) {
  const bool crc = from.checksum == Checksum::right;
  mkv::Output content = timestamp(static_cast<std::uint64_t>(from.time.value_or(0)));
  const std::uint64_t data_at = kClusterHeadBytes;
  first_block_at_ = (crc ? kCrcElement : 0) + content.size();
  if (records != nullptr) {
    put_metadata(content, *records);
    offsets_.push_back(data_at + (crc ? kCrcElement : 0) + content.size() -
                       cluster_.blocks.front().content.size);
  }
  plan_copies(records != nullptr, data_at + (crc ? kCrcElement : 0) + content.size());
  put_head(input, crc, content);
}

void ComposedCluster::put_metadata(mkv::Output& content, const mkv::Output& records) {
  ScannedBlock& block = cluster_.blocks.front();
  mkv::ElementWriter writer(content);
  const auto after = static_cast<std::int16_t>(block.time - *cluster_.time);
  block.duration = 0;
  block.content.size = mkv::begin_block(writer, content, Id::simple_block,
                                        {block.track, after, mkv::kKeyFrame}, records.size());
  content.append(records.bytes());
}

void ComposedCluster::plan_copies(bool first_is_new, std::uint64_t at) {
  for (std::size_t i = first_is_new ? 1 : 0; i < cluster_.blocks.size(); ++i) {
    const ScannedBlock& block = cluster_.blocks[i];
    offsets_.push_back(at + block.content.offset - block.element.offset);
    at += block.element.size;
    copied_ += block.element.size;
    if (!copies_.empty() && copies_.back().offset + copies_.back().size == block.element.offset) {
      copies_.back().size += block.element.size;
    } else {
      copies_.push_back(block.element);
    }
  }
}

void ComposedCluster::put_head(mkv::Input& input, bool crc, const mkv::Output& content) {
  const std::uint64_t size = (crc ? kCrcElement : 0) + content.size() + copied_;
  mkv::store_big(static_cast<std::uint32_t>(Id::cluster), head_.extend(4));
  mkv::put_vint(size, head_.extend(8));
  if (crc) {
    head_.put(static_cast<std::uint8_t>(Id::crc32));
    head_.put(0x84);
    mkv::store_little(crc_of_copies(input, copies_, mkv::crc32(content.bytes())), head_.extend(4));
  }
  head_.append(content.bytes());
}

Status ComposedCluster::write(PieceCopier& out) const {
  GENLOCK_TRY(out.put(head_.bytes()));
  for (const mkv::Extent& copy : copies_) GENLOCK_TRY(out.copy(copy.offset, copy.offset + copy.size));
  return {};
}

void put_records_cluster(mkv::Output& out, std::uint64_t time, std::uint64_t track, ByteSpan records) {
  mkv::ElementWriter writer(out);
  writer.put_master(Id::cluster, {.size_width = 8, .crc = true}, [&] {
    writer.put_uint(Id::timestamp, time);
    mkv::begin_block(writer, out, Id::simple_block, {track, 0, mkv::kKeyFrame}, records.size());
    out.append(records);
  });
}

std::uint64_t records_block_at(std::uint64_t time) {
  return kCrcElement + timestamp(time).size();
}

}  // namespace genlock::recording
