#pragma once

#include <cstdint>

namespace genlock::recording {

/// Gives a cursor's items as Reader promises: a change of direction goes on from the item given last, and at
/// an end the opposite direction gives the end item. `Cursor` stands between two items; its forward() and
/// backward() move over one and give it, or give nothing and stay.
template <class Cursor>
class TwoWay {
 public:
  explicit TwoWay(Cursor cursor) : cursor_(std::move(cursor)) {}

  auto next() {
    if (given_ == Given::before_item) (void)cursor_.forward();
    auto item = cursor_.forward();
    given_ = item ? Given::behind_item : Given::nothing;
    return item;
  }

  auto previous() {
    if (given_ == Given::behind_item) (void)cursor_.backward();
    auto item = cursor_.backward();
    given_ = item ? Given::before_item : Given::nothing;
    return item;
  }

  /// The cursor, to be put elsewhere.
  Cursor& moved() {
    given_ = Given::nothing;
    return cursor_;
  }

 private:
  /// Where the cursor stands seen from the item given last.
  enum class Given : std::uint8_t { nothing, behind_item, before_item };

  Cursor cursor_;
  Given given_ = Given::nothing;
};

}  // namespace genlock::recording
