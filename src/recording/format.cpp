#include "recording/format.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "mkv/endian.h"

namespace genlock::recording {
namespace {

struct Coding {
  PixelFormat format;
  std::string_view fourcc;
  std::uint16_t bits;
  bool has_size;  ///< the image size field is filled in
};

constexpr Coding kCodings[] = {
    {PixelFormat::nv12, "NV12", 12, true},    {PixelFormat::yuy2, "YUY2", 16, true},
    {PixelFormat::mjpg, "MJPG", 24, false},   {PixelFormat::bgra32, "BGRA", 32, true},
    {PixelFormat::depth16, "b16g", 16, true}, {PixelFormat::ir16, "b16g", 16, true},
};

constexpr std::size_t kFourccAt = 16;

constexpr std::string_view kOwnTags[] = {
    kTagColorTrack, kTagDepthTrack,  kTagIrTrack,          kTagImuTrack,      kTagMetadataTrack,
    kTagColorMode,  kTagDepthMode,   kTagIrMode,           kTagImuMode,       kTagCalibration,
    kTagDepthDelay, kTagSyncMode,    kTagSubordinateDelay, kTagColorFirmware, kTagDepthFirmware,
    kTagSerial,     kTagStartOffset, kTagSimulated,        kTagHostName,      kTagBootId,
    kTagClockId,    kTagPart,        kTagFirstPulse,
};

}  // namespace

bool is_own_tag(std::string_view name) {
  return std::ranges::find(kOwnTags, name) != std::end(kOwnTags) || name.starts_with(kTagCustomTrack);
}

bool is_track_name(std::string_view name) {
  return is_tag_name(name) && name.find('.') == std::string_view::npos;
}

bool is_tag_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

std::array<std::byte, kBitmapInfoBytes> bitmap_info(PixelFormat format, Size size) {
  const Coding& coding = *std::ranges::find(kCodings, format, &Coding::format);
  std::array<std::byte, kBitmapInfoBytes> header{};
  const MutableByteSpan out(header);
  mkv::store_little(kBitmapInfoBytes, out.subspan(0, 4));
  mkv::store_little(static_cast<std::uint64_t>(size.width), out.subspan(4, 4));
  mkv::store_little(static_cast<std::uint64_t>(size.height), out.subspan(8, 4));
  mkv::store_little(1, out.subspan(12, 2));
  mkv::store_little(coding.bits, out.subspan(14, 2));
  std::ranges::copy(std::as_bytes(std::span(coding.fourcc)), out.begin() + kFourccAt);
  if (coding.has_size) mkv::store_little(image_bytes(format, size), out.subspan(20, 4));
  return header;
}

std::optional<PixelCoding> pixel_coding(TrackRole role, ByteSpan bitmap_info) {
  if (bitmap_info.size() < kFourccAt + 4) return std::nullopt;
  const std::string_view fourcc(reinterpret_cast<const char*>(bitmap_info.data()) + kFourccAt, 4);
  if (role == TrackRole::color) {
    const auto* coding = std::ranges::find(kCodings, fourcc, &Coding::fourcc);
    if (coding == std::end(kCodings) || fourcc == "b16g") return std::nullopt;
    return PixelCoding{.format = coding->format};
  }
  // The 2018 dialect calls its little-endian 16-bit pixels YUY2.
  if (fourcc != "b16g" && fourcc != "YUY2") return std::nullopt;
  return PixelCoding{.format = role == TrackRole::depth ? PixelFormat::depth16 : PixelFormat::ir16,
                     .big_endian = fourcc == "b16g"};
}

std::string color_mode_name(PixelFormat format, ColorResolution resolution) {
  return fmt::format("{}_{}", to_string(format), to_string(resolution));
}

ColorResolution color_resolution_of(Size size) {
  using enum ColorResolution;
  for (ColorResolution resolution : {r720p, r1080p, r1440p, r1536p, r2160p, r3072p})
    if (image_size(resolution) == size) return resolution;
  return off;
}

}  // namespace genlock::recording
