// The element table: what writer, reader and inspectors rely on.

#include "mkv/element.h"

#include <gtest/gtest.h>

#include <set>

#include "mkv/vint.h"

namespace genlock::mkv {
namespace {

TEST(ElementTable, HasEveryElementOnce) {
  std::set<ElementId> ids;
  std::set<std::string_view> names;
  for (const Element& element : all_elements()) {
    EXPECT_TRUE(ids.insert(element.id).second) << element.name;
    EXPECT_TRUE(names.insert(element.name).second) << element.name;
    ASSERT_NE(find_element(element.id), nullptr) << element.name;
    EXPECT_EQ(find_element(element.id)->name, element.name);
  }
  EXPECT_EQ(find_element(static_cast<ElementId>(0x4DBC)), nullptr);
  EXPECT_EQ(find_element(ElementId::none), nullptr);
}

// RFC 8794 section 5: the id's leading zero bits tell its length, and it is not all ones or all zeros behind
// them.
TEST(ElementTable, HasValidIds) {
  for (const Element& element : all_elements()) {
    const auto id = static_cast<std::uint32_t>(element.id);
    std::byte coded[4];
    const int width = id_width(id);
    for (int i = 0; i < width; ++i) coded[i] = static_cast<std::byte>(id >> (8 * (width - 1 - i)));
    const std::optional<Vint> read = get_id(ByteSpan(coded, static_cast<std::size_t>(width)));
    ASSERT_TRUE(read) << element.name;
    EXPECT_EQ(read->value, id) << element.name;
    EXPECT_EQ(read->width, width) << element.name;
  }
}

TEST(ElementTable, PutsEveryElementIntoAMaster) {
  for (const Element& element : all_elements()) {
    if (element.global) {
      EXPECT_EQ(level_of(element.id), -1);
      continue;
    }
    if (element.parent == ElementId::none) {
      EXPECT_TRUE(element.id == ElementId::ebml || element.id == ElementId::segment) << element.name;
      continue;
    }
    const Element* parent = find_element(element.parent);
    ASSERT_NE(parent, nullptr) << element.name;
    EXPECT_EQ(parent->type, ElementType::master) << element.name;
    EXPECT_EQ(level_of(element.id), level_of(parent->id) + 1) << element.name;
  }
  EXPECT_EQ(level_of(ElementId::cluster), 1);
  EXPECT_EQ(level_of(ElementId::block_duration), 3);
  EXPECT_EQ(level_of(ElementId::tag_string), 4);
}

struct Size {
  std::uint64_t value;
  int width;
};

class VintTest : public testing::TestWithParam<Size> {};

TEST_P(VintTest, TakesTheFewestBytesAndComesBack) {
  const auto [value, width] = GetParam();
  EXPECT_EQ(vint_width(value), width);
  for (int w = width; w <= 8; ++w) {
    std::byte coded[8];
    put_vint(value, MutableByteSpan(coded, static_cast<std::size_t>(w)));
    const std::optional<Vint> read = get_vint(ByteSpan(coded, static_cast<std::size_t>(w)));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->value, value);
    EXPECT_EQ(read->width, w);
    EXPECT_FALSE(get_vint(ByteSpan(coded, static_cast<std::size_t>(w - 1))));
  }
}

INSTANTIATE_TEST_SUITE_P(Mkv, VintTest,
                         testing::Values(Size{0, 1}, Size{126, 1}, Size{127, 2}, Size{16382, 2},
                                         Size{16383, 3}, Size{(1 << 21) - 2, 3}, Size{(1 << 21) - 1, 4},
                                         Size{(std::uint64_t{1} << 56) - 2, 8}));

TEST(Vint, KnowsTheUnknownSizeOfEveryWidth) {
  for (int width = 1; width <= 8; ++width) {
    std::byte coded[8];
    const MutableByteSpan out(coded, static_cast<std::size_t>(width));
    put_vint(kUnknownSize, out);
    EXPECT_EQ(get_vint(out)->value, kUnknownSize);
  }
}

TEST(Vint, RefusesAFirstByteOfZero) {
  const std::byte zeros[16] = {};
  EXPECT_FALSE(get_vint(zeros));
  EXPECT_FALSE(get_id(zeros));
  EXPECT_FALSE(get_vint({}));
  EXPECT_FALSE(get_id({}));
}

}  // namespace
}  // namespace genlock::mkv
