#include <array>
#include <initializer_list>

#include "device/sim/images/jpeg.h"
#include "device/sim/images/jpeg_tables.h"

namespace genlock::device::sim {
namespace {

constexpr int kIntervals = 16;
constexpr int kMcuWidth = 16;
constexpr int kMcuHeight = 8;

int mcus_per_row(Size size) {
  return size.width / kMcuWidth;
}

/// Collects header segments.
class Segments {
 public:
  void marker(std::uint8_t code) { add({0xff, code}); }

  void segment(std::uint8_t code, std::initializer_list<ByteSpan> parts) {
    std::size_t length = 2;
    for (ByteSpan part : parts) length += part.size();
    marker(code);
    add({static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
    for (ByteSpan part : parts) bytes_.insert(bytes_.end(), part.begin(), part.end());
  }

  std::vector<std::byte> take() && { return std::move(bytes_); }

 private:
  void add(std::initializer_list<std::uint8_t> values) {
    for (std::uint8_t value : values) bytes_.push_back(static_cast<std::byte>(value));
  }

  std::vector<std::byte> bytes_;
};

template <std::size_t N>
ByteSpan bytes_of(const std::array<std::uint8_t, N>& values) {
  return std::as_bytes(std::span(values));
}

void add_quantisation(Segments& segments) {
  constexpr std::array<std::uint8_t, 1> kIds[] = {{0}, {1}, {2}};
  segments.segment(0xdb, {bytes_of(kIds[0]), bytes_of(kCameraLuma), bytes_of(kIds[1]),
                          bytes_of(kCameraChroma), bytes_of(kIds[2]), bytes_of(kCameraChroma)});
}

void add_huffman(Segments& segments, std::uint8_t id, const HuffmanTable& table) {
  const std::array<std::uint8_t, 1> class_and_id{id};
  segments.segment(0xc4, {bytes_of(class_and_id), bytes_of(table.counts), std::as_bytes(table.symbols)});
}

void add_frame(Segments& segments, Size size) {
  const auto high = [](int value) { return static_cast<std::uint8_t>(value >> 8); };
  const auto low = [](int value) { return static_cast<std::uint8_t>(value); };
  const std::array<std::uint8_t, 15> frame{8,
                                           high(size.height),
                                           low(size.height),
                                           high(size.width),
                                           low(size.width),
                                           3,
                                           1,
                                           0x21,
                                           0,
                                           2,
                                           0x11,
                                           1,
                                           3,
                                           0x11,
                                           2};
  segments.segment(0xc0, {bytes_of(frame)});
}

}  // namespace

int restart_interval(Size size) {
  const int mcus = mcus_per_row(size) * (size.height / kMcuHeight);
  return (mcus + kIntervals - 1) / kIntervals;
}

int first_interval_rows(Size size) {
  const int per_row = mcus_per_row(size);
  return (restart_interval(size) + per_row - 1) / per_row * kMcuHeight;
}

std::vector<std::byte> jpeg_header(Size size) {
  constexpr std::array<std::uint8_t, 8> kComment{};
  constexpr std::array<std::uint8_t, 14> kApplication{};
  constexpr std::array<std::uint8_t, 10> kScan{3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0};
  const int interval = restart_interval(size);
  const std::array<std::uint8_t, 2> restart{static_cast<std::uint8_t>(interval >> 8),
                                            static_cast<std::uint8_t>(interval)};
  Segments segments;
  segments.marker(0xd8);
  add_quantisation(segments);
  add_frame(segments, size);
  add_huffman(segments, 0x00, kLumaDc);
  add_huffman(segments, 0x10, kLumaAc);
  add_huffman(segments, 0x01, kChromaDc);
  add_huffman(segments, 0x11, kChromaAc);
  segments.segment(0xfe, {bytes_of(kComment)});
  segments.segment(0xe0, {bytes_of(kApplication)});
  segments.segment(0xdd, {bytes_of(restart)});
  segments.segment(0xda, {bytes_of(kScan)});
  return std::move(segments).take();
}

std::size_t first_interval_bytes(ByteSpan scan) {
  for (std::size_t i = 0; i + 1 < scan.size(); ++i)
    if (scan[i] == std::byte{0xff} && scan[i + 1] >= std::byte{0xd0} && scan[i + 1] <= std::byte{0xd9})
      return i;
  return scan.size();
}

}  // namespace genlock::device::sim
