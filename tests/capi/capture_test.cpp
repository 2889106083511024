// Captures through libk4a's functions: facts k4a-abi.md B4 and G4.

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <thread>
#include <vector>

#include "k4a/k4a.h"

namespace {

struct Slot {
  k4a_image_t (*get)(k4a_capture_t);
  void (*set)(k4a_capture_t, k4a_image_t);
};

const Slot kSlots[] = {{k4a_capture_get_color_image, k4a_capture_set_color_image},
                       {k4a_capture_get_depth_image, k4a_capture_set_depth_image},
                       {k4a_capture_get_ir_image, k4a_capture_set_ir_image}};

void count_release(void*, void* context) {
  ++*static_cast<int*>(context);
}

class Captures : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(k4a_capture_create(&capture_), K4A_RESULT_SUCCEEDED); }
  void TearDown() override { k4a_capture_release(capture_); }

  k4a_image_t image(int* releases) {
    k4a_image_t made = nullptr;
    EXPECT_EQ(k4a_image_create_from_buffer(K4A_IMAGE_FORMAT_CUSTOM8, 1, 1, 1, &pixel_, 1, count_release,
                                           releases, &made),
              K4A_RESULT_SUCCEEDED);
    return made;
  }

  /// A count of releases that outlives the capture of the fixture.
  int& counter() { return counters_.emplace_back(0); }

  std::deque<int> counters_;
  uint8_t pixel_ = 0;
  k4a_capture_t capture_ = nullptr;
};

TEST_F(Captures, AreEmptyAtFirst) {
  for (const Slot& slot : kSlots) EXPECT_EQ(slot.get(capture_), nullptr);
  EXPECT_TRUE(std::isnan(k4a_capture_get_temperature_c(capture_)));
}

TEST_F(Captures, EachSlotKeepsItsOwnImage) {
  int* releases[3] = {&counter(), &counter(), &counter()};
  k4a_image_t images[3] = {};
  for (int i = 0; i < 3; ++i) kSlots[i].set(capture_, images[i] = image(releases[i]));
  for (int i = 0; i < 3; ++i) {
    const k4a_image_t got = kSlots[i].get(capture_);
    EXPECT_EQ(got, images[i]);
    k4a_image_release(got);
    k4a_image_release(images[i]);
    EXPECT_EQ(*releases[i], 0) << "the capture holds it";
  }
}

TEST_F(Captures, HoldTheLastReferenceUntilTheyEnd) {
  int& releases = counter();
  k4a_capture_t other = nullptr;
  ASSERT_EQ(k4a_capture_create(&other), K4A_RESULT_SUCCEEDED);
  const k4a_image_t held = image(&releases);
  k4a_capture_set_depth_image(other, held);
  k4a_image_release(held);
  k4a_capture_reference(other);
  k4a_capture_release(other);
  EXPECT_EQ(releases, 0);
  k4a_capture_release(other);
  EXPECT_EQ(releases, 1);
}

TEST_F(Captures, SettingTheSameImageAgainKeepsItsCount) {
  int& releases = counter();
  const k4a_image_t same = image(&releases);
  k4a_capture_set_ir_image(capture_, same);
  k4a_image_release(same);
  const k4a_image_t got = k4a_capture_get_ir_image(capture_);
  k4a_capture_set_ir_image(capture_, got);
  k4a_capture_set_ir_image(capture_, got);
  k4a_image_release(got);
  EXPECT_EQ(releases, 0);
  k4a_capture_set_ir_image(capture_, nullptr);
  EXPECT_EQ(releases, 1);
  EXPECT_EQ(k4a_capture_get_ir_image(capture_), nullptr);
}

TEST_F(Captures, ReplacingAnImageLetsTheFirstGo) {
  int& first_releases = counter();
  int& second_releases = counter();
  const k4a_image_t first = image(&first_releases);
  const k4a_image_t second = image(&second_releases);
  k4a_capture_set_color_image(capture_, first);
  k4a_image_release(first);
  k4a_capture_set_color_image(capture_, second);
  EXPECT_EQ(first_releases, 1);
  k4a_image_release(second);
  EXPECT_EQ(second_releases, 0);
}

TEST_F(Captures, OneImageMayBeInSeveralSlotsAndCaptures) {
  int& releases = counter();
  const k4a_image_t shared = image(&releases);
  k4a_capture_t other = nullptr;
  ASSERT_EQ(k4a_capture_create(&other), K4A_RESULT_SUCCEEDED);
  for (const Slot& slot : kSlots) slot.set(capture_, shared), slot.set(other, shared);
  k4a_image_release(shared);
  k4a_capture_release(other);
  EXPECT_EQ(releases, 0);
  for (const Slot& slot : kSlots) slot.set(capture_, nullptr);
  EXPECT_EQ(releases, 1);
}

TEST_F(Captures, ImagesOutliveThem) {
  int& releases = counter();
  k4a_capture_t other = nullptr;
  ASSERT_EQ(k4a_capture_create(&other), K4A_RESULT_SUCCEEDED);
  const k4a_image_t given = image(&releases);
  k4a_capture_set_color_image(other, given);
  k4a_image_release(given);
  const k4a_image_t got = k4a_capture_get_color_image(other);
  k4a_capture_release(other);
  EXPECT_EQ(releases, 0);
  EXPECT_EQ(k4a_image_get_buffer(got), &pixel_);
  k4a_image_release(got);
  EXPECT_EQ(releases, 1);
}

TEST_F(Captures, TemperatureIsKeptAndNotANumberIsIgnored) {
  k4a_capture_set_temperature_c(capture_, 31.5F);
  k4a_capture_set_temperature_c(capture_, std::nanf(""));
  EXPECT_EQ(k4a_capture_get_temperature_c(capture_), 31.5F);
}

void expect_refused(k4a_capture_t bad, k4a_image_t image) {
  for (const Slot& slot : kSlots) {
    EXPECT_EQ(slot.get(bad), nullptr);
    slot.set(bad, image);
    slot.set(bad, nullptr);
  }
  EXPECT_TRUE(std::isnan(k4a_capture_get_temperature_c(bad)));
  k4a_capture_set_temperature_c(bad, 1);
  k4a_capture_reference(bad);
  k4a_capture_release(bad);
}

TEST_F(Captures, BadHandlesAreRefusedAndCostNoReference) {
  int& releases = counter();
  const k4a_image_t good = image(&releases);
  expect_refused(nullptr, good);
  expect_refused(reinterpret_cast<k4a_capture_t>(good), good);
  k4a_capture_t dead = nullptr;
  ASSERT_EQ(k4a_capture_create(&dead), K4A_RESULT_SUCCEEDED);
  k4a_capture_release(dead);
  expect_refused(dead, good);
  EXPECT_EQ(k4a_capture_create(nullptr), K4A_RESULT_FAILED);
  k4a_image_release(good);
  EXPECT_EQ(releases, 1);
}

TEST_F(Captures, SettingABadImageChangesNothing) {
  int& releases = counter();
  const k4a_image_t good = image(&releases);
  k4a_capture_set_color_image(capture_, good);
  k4a_capture_set_color_image(capture_, reinterpret_cast<k4a_image_t>(capture_));
  const k4a_image_t got = k4a_capture_get_color_image(capture_);
  EXPECT_EQ(got, good);
  k4a_image_release(got);
  k4a_image_release(good);
}

TEST_F(Captures, SlotsAndCountsAreSafeFromManyThreads) {
  int& releases = counter();
  const k4a_image_t shared = image(&releases);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        kSlots[t % 3].set(capture_, shared);
        if (const k4a_image_t got = kSlots[t % 3].get(capture_)) k4a_image_release(got);
        kSlots[t % 3].set(capture_, nullptr);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(releases, 0);
  k4a_image_release(shared);
  EXPECT_EQ(releases, 1);
}

}  // namespace
