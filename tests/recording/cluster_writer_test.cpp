// Clusters as bytes: their size is known beforehand, and their CRC is that of their content.

#include "recording/cluster_writer.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "mkv/endian.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

constexpr std::size_t kHead = 12;  // id, and a size of 8 bytes
constexpr std::size_t kCrc = 6;

const std::vector<TrackPlan>& tracks() {
  static const std::vector<TrackPlan> plans = [] {
    std::vector<TrackPlan> made(5);
    const TrackRole roles[] = {TrackRole::color, TrackRole::depth, TrackRole::imu, TrackRole::metadata,
                               TrackRole::custom};
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i].role = roles[i];
      made[i].number = i + 1;
    }
    made[4].laced = true;
    return made;
  }();
  return plans;
}

/// With `images` of each camera, `samples` and `data` of 1 to 300 bytes.
Window window(std::size_t images, std::size_t samples, std::size_t data) {
  Window made;
  for (std::size_t i = 0; i < images; ++i) {
    const DeviceTime time = device_time_us(static_cast<std::int64_t>(i));
    made.images.push_back({TrackKind::color, test::synthetic_image(PixelFormat::mjpg, {64, 64}, time, 1), 0});
    made.images.push_back(
        {TrackKind::depth, test::synthetic_image(PixelFormat::depth16, {301, 211}, time, 2), 0});
  }
  made.imu = test::synthetic_imu(device_time_us(3), samples, device_us(1));
  for (std::size_t i = 0; i < data; ++i)
    made.data.push_back({0, device_time_us(static_cast<std::int64_t>(i)),
                         Buffer::from_vector(std::vector<std::byte>(1 + i * 37 % 300))});
  return made;
}

struct Made {
  std::vector<std::byte> bytes;
  bool in_bound = false;
};

Made make(Window window, ByteSpan metadata, bool crc) {
  std::vector<std::byte> memory(cluster_bound(window, metadata));
  mkv::Output out(memory);
  put_cluster(out, window, {tracks(), DeviceTime{}, metadata, crc});
  return {{out.bytes().begin(), out.bytes().end()}, out.in_borrowed_memory()};
}

TEST(ClusterWriter, NeedsNoMoreThanItsBound) {
  const std::vector<std::byte> metadata(1000);
  for (const std::size_t images : {0U, 1U, 3U})
    for (const std::size_t samples : {0U, 1U, 2U, 255U, 256U, 511U})
      for (const std::size_t data : {0U, 1U, 2U, 300U}) {
        if (images + samples + data == 0) continue;
        for (const ByteSpan records : {ByteSpan(), ByteSpan(metadata)})
          EXPECT_TRUE(make(window(images, samples, data), records, true).in_bound)
              << images << " images, " << samples << " samples, " << data << " data";
      }
}

TEST(ClusterWriter, PutsTheCrcOfTheRestFirst) {
  const std::vector<std::byte> cluster = make(window(2, 60, 5), {}, true).bytes;
  const ByteSpan rest = ByteSpan(cluster).subspan(kHead + kCrc);
  EXPECT_EQ(cluster[kHead], std::byte{0xBF});
  EXPECT_EQ(mkv::load_little(ByteSpan(cluster).subspan(kHead + 2, 4)),
            ::crc32_z(0, reinterpret_cast<const unsigned char*>(rest.data()), rest.size()));
}

TEST(ClusterWriter, LeavesTheCrcOutWhenToldTo) {
  const std::vector<std::byte> with = make(window(2, 60, 5), {}, true).bytes;
  const std::vector<std::byte> without = make(window(2, 60, 5), {}, false).bytes;
  ASSERT_EQ(without.size(), with.size() - kCrc);
  EXPECT_TRUE(std::equal(without.begin() + kHead, without.end(), with.begin() + kHead + kCrc));
  EXPECT_EQ(mkv::load_big(ByteSpan(without).subspan(5, 7)), without.size() - kHead);
}

}  // namespace
}  // namespace genlock::recording
