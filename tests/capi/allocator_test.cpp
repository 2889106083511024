// Programs' own memory for images: facts k4a-abi.md B6 and G4 37.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "k4a/k4a.h"

namespace {

/// Bytes in front of an image's own that the library asks for too.
constexpr int kFront = 32;

/// What an allocator has given and not got back, with a context for each.
struct Arena {
  std::map<void*, int> given;
  int contexts = 0;
  int last_size = 0;
};

Arena first_arena, second_arena;

template <Arena& arena>
uint8_t* allocate(int size, void** context) {
  auto* memory = static_cast<uint8_t*>(std::malloc(static_cast<size_t>(size)));
  arena.last_size = size;
  arena.given[memory] = ++arena.contexts;
  *context = &arena.given[memory];
  return memory;
}

template <Arena& arena>
void give_back(void* memory, void* context) {
  ASSERT_TRUE(arena.given.contains(memory));
  EXPECT_EQ(context, &arena.given[memory]);
  arena.given.erase(memory);
  std::free(memory);
}

uint8_t* allocate_nothing(int, void**) {
  return nullptr;
}

void never_called(void*, void*) {
  FAIL();
}

class Allocator : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(k4a_set_allocator(nullptr, nullptr), K4A_RESULT_SUCCEEDED);
    EXPECT_TRUE(first_arena.given.empty());
    EXPECT_TRUE(second_arena.given.empty());
  }

  static k4a_image_t image() {
    k4a_image_t made = nullptr;
    EXPECT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 10, 10, 0, &made), K4A_RESULT_SUCCEEDED);
    return made;
  }
};

TEST_F(Allocator, GivesTheMemoryOfImages) {
  ASSERT_EQ(k4a_set_allocator(allocate<first_arena>, give_back<first_arena>), K4A_RESULT_SUCCEEDED);
  const k4a_image_t made = image();
  EXPECT_EQ(first_arena.last_size, 200 + kFront);
  ASSERT_EQ(first_arena.given.size(), 1U);
  EXPECT_EQ(k4a_image_get_buffer(made), static_cast<uint8_t*>(first_arena.given.begin()->first) + kFront);
  k4a_image_release(made);
}

TEST_F(Allocator, TheOneThatGaveGetsItBackAfterASwitch) {
  ASSERT_EQ(k4a_set_allocator(allocate<first_arena>, give_back<first_arena>), K4A_RESULT_SUCCEEDED);
  const k4a_image_t from_first = image();
  ASSERT_EQ(k4a_set_allocator(allocate<second_arena>, give_back<second_arena>), K4A_RESULT_SUCCEEDED);
  const k4a_image_t from_second = image();
  ASSERT_EQ(k4a_set_allocator(nullptr, nullptr), K4A_RESULT_SUCCEEDED);
  const k4a_image_t from_heap = image();
  EXPECT_EQ(first_arena.given.size(), 1U);
  EXPECT_EQ(second_arena.given.size(), 1U);
  k4a_image_release(from_first);
  k4a_image_release(from_second);
  k4a_image_release(from_heap);
}

TEST_F(Allocator, HalfAnAllocatorIsRefused) {
  EXPECT_EQ(k4a_set_allocator(nullptr, never_called), K4A_RESULT_FAILED);
  EXPECT_EQ(k4a_set_allocator(allocate_nothing, nullptr), K4A_RESULT_FAILED);
  k4a_image_release(image());
}

TEST_F(Allocator, AnEmptyHandFailsTheImage) {
  ASSERT_EQ(k4a_set_allocator(allocate_nothing, never_called), K4A_RESULT_SUCCEEDED);
  k4a_image_t made = nullptr;
  EXPECT_EQ(k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 10, 10, 0, &made), K4A_RESULT_FAILED);
  EXPECT_EQ(made, nullptr);
}

}  // namespace
