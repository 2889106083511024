#include "geometry/fragments.h"

namespace genlock::geometry {
namespace {

/// Whether a depth takes the place of another: 0 is none there, and wraps round to the farthest.
bool wins(std::uint16_t depth, std::uint16_t there) {
  return static_cast<std::uint16_t>(there - 1) >= depth;
}

void draw_depth(const Fragments& fragments, std::uint16_t* image) {
  for (std::size_t i = 0; i < fragments.count; ++i) {
    std::uint16_t& there = image[fragments.pixel[i]];
    const auto depth = static_cast<std::uint16_t>(fragments.depth[i]);
    there = wins(depth, there) ? depth : there;
  }
}

template <class Value>
void draw_custom(const Fragments& fragments, std::uint16_t* image, Value* custom_image) {
  for (std::size_t i = 0; i < fragments.count; ++i) {
    std::uint16_t& there = image[fragments.pixel[i]];
    Value& value = custom_image[fragments.pixel[i]];
    const auto depth = static_cast<std::uint16_t>(fragments.depth[i]);
    const bool won = wins(depth, there);
    there = won ? depth : there;
    value = won ? static_cast<Value>(fragments.custom[i]) : value;
  }
}

}  // namespace

void draw(Fragments& fragments, const MeshTarget& target) {
  if (target.custom8 != nullptr)
    draw_custom(fragments, target.depth, target.custom8);
  else if (target.custom16 != nullptr)
    draw_custom(fragments, target.depth, target.custom16);
  else
    draw_depth(fragments, target.depth);
  fragments.count = 0;
}

}  // namespace genlock::geometry
