#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "reading.h"

// Laser interference as a program sees it: in the depth images of one unit when others run beside it.

namespace genlock::device::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum WiredSyncMode;

using Pixels = std::vector<std::byte>;

/// Depth images, or IR in passive mode, by their pulse.
using Images = std::map<std::uint32_t, Pixels>;

void read(test::TemporaryBench& bench, Device& unit, std::size_t count, Images& images) {
  for (const std::size_t wanted = images.size() + count; images.size() < wanted;) {
    const auto capture = next(bench, unit);
    ASSERT_TRUE(capture);
    if (!capture->color || !capture->ir) continue;
    const auto bytes = (capture->depth ? *capture->depth : *capture->ir).data.bytes();
    images[pulse_in(*capture->color)] = Pixels(bytes.begin(), bytes.end());
  }
}

CameraConfig delayed(std::int64_t depth_delay_us) {
  CameraConfig config = test::small_cameras(subordinate);
  config.depth_delay_off_color = device_us(depth_delay_us);
  return config;
}

/// What the master shows while sub1 runs like this.
Images master_beside(const std::optional<CameraConfig>& neighbour,
                     DepthMode mode = DepthMode::nfov_2x2binned) {
  test::TemporaryBench bench;
  const auto sub = bench.open("sub1"), unit = bench.open("master");
  CameraConfig config = test::small_cameras(master);
  config.depth_mode = mode;
  EXPECT_TRUE(!neighbour || sub->start_cameras(*neighbour));
  EXPECT_TRUE(unit->start_cameras(config));
  Images images;
  read(bench, *unit, 6, images);
  return images;
}

/// Pulses that both have, and how many of them have the same image.
struct Comparison {
  std::size_t common = 0;
  std::size_t same = 0;
};

Comparison compare(const Images& a, const Images& b) {
  Comparison result;
  for (const auto& [pulse, pixels] : a) {
    const auto other = b.find(pulse);
    if (other == b.end()) continue;
    ++result.common;
    if (other->second == pixels) ++result.same;
  }
  EXPECT_GE(result.common, 3U);
  return result;
}

TEST(LasersOnABench, SpoilDepthExactlyWhenTheirPulsesOverlap) {
  const Images alone = master_beside({});
  struct Row {
    std::int64_t delay_us;
    bool overlaps;  ///< by the condition of facts device.md 2.7
  };
  for (const Row& row :
       {Row{0, true}, Row{100, true}, Row{160, false}, Row{1440, false}, Row{1600, true}, Row{3150, true},
        Row{3310, false}, Row{12'600, true}, Row{12'740, false}, Row{-160, false}, Row{-1600, true}}) {
    const Comparison found = compare(alone, master_beside(delayed(row.delay_us)));
    EXPECT_EQ(found.same, row.overlaps ? 0 : found.common) << row.delay_us;
  }
}

TEST(LasersOnABench, AreNotThereWithColourAloneAndPassiveIr) {
  const Images alone = master_beside({});
  CameraConfig color = test::small_cameras(subordinate);
  color.depth_mode = DepthMode::off;
  CameraConfig passive = test::small_cameras(subordinate);
  passive.depth_mode = DepthMode::passive_ir;
  for (const CameraConfig& config : {color, passive}) {
    const Comparison found = compare(alone, master_beside(config));
    EXPECT_EQ(found.same, found.common);
  }
}

TEST(LasersOnABench, AreSeenByPassiveIr) {
  const Images alone = master_beside({}, DepthMode::passive_ir);
  EXPECT_EQ(compare(alone, master_beside(delayed(0), DepthMode::passive_ir)).same, 0U);
  const Comparison later = compare(alone, master_beside(delayed(8000), DepthMode::passive_ir));
  EXPECT_EQ(later.same, later.common);
}

TEST(LasersOnABench, GoOutWithTheirUnit) {
  test::TemporaryBench quiet, bench;
  const auto alone = quiet.open("master"), unit = bench.open("master"), sub = bench.open("sub1");
  ASSERT_TRUE(sub->start_cameras(delayed(0)));
  ASSERT_TRUE(unit->start_cameras(test::small_cameras(master)));
  ASSERT_TRUE(alone->start_cameras(test::small_cameras(master)));
  Images reference, before, after;
  read(quiet, *alone, 24, reference);
  read(bench, *unit, 4, before);
  EXPECT_EQ(compare(reference, before).same, 0U);
  sub->stop_cameras();
  // On their way to the host are frames of when it still shone.
  read(bench, *unit, 8, before);
  read(bench, *unit, 6, after);
  const Comparison found = compare(reference, after);
  EXPECT_EQ(found.same, found.common);
}

TEST(LasersOnABench, LeaveTheImagesTheSameHoweverTheReadersAreInterleaved) {
  const auto run = [](HostDuration pause) {
    test::TemporaryBench bench;
    std::map<std::string, std::unique_ptr<Device>> units;
    std::map<std::string, Images> images;
    for (const char* name : {"sub2", "sub1", "master"}) {
      units[name] = bench.open(name);
      EXPECT_TRUE(units[name]->start_cameras(test::small_cameras(units.size() == 3 ? master : subordinate)));
    }
    for (int round = 0; round < 4; ++round) {
      for (const auto& [name, unit] : units) {
        read(bench, *unit, 1, images[name]);
        bench.step(pause);
      }
    }
    return images;
  };
  const auto a = run(kNow), b = run(milliseconds(47));
  for (const auto& [name, images] : a) {
    std::size_t common = 0;
    for (const auto& [pulse, pixels] : images) {
      const auto other = b.at(name).find(pulse);
      if (other == b.at(name).end()) continue;
      ++common;
      EXPECT_EQ(other->second, pixels) << name << " " << pulse;
    }
    EXPECT_GE(common, 2U) << name;
  }
}

}  // namespace
}  // namespace genlock::device::sim
