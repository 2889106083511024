#include "cli/take_screen.h"

#include <gmock/gmock.h>

#include "support/terminal_picture.h"

namespace genlock::cli {
namespace {

using testing::ElementsAre;

const std::vector<std::string> kTable{"unit  state", "sub1  records", "1.0 s"};

/// What a terminal shows after `use` of a screen, or a pipe gets.
template <class Use>
std::string printed(bool terminal, Use use) {
  testing::internal::CaptureStderr();
  {
    TakeScreen screen(terminal);
    use(screen);
  }
  return testing::internal::GetCapturedStderr();
}

TEST(TakeScreen, PutsALineAboveTheWholeTableWhereItStays) {
  const std::string text = printed(true, [](TakeScreen& screen) {
    screen.draw(kTable);
    screen.err("warning: one");
    screen.draw(kTable);
    screen.err("warning: two");
  });
  EXPECT_THAT(test::terminal_picture(text),
              ElementsAre("warning: one", "warning: two", kTable[0], kTable[1], kTable[2]));
}

TEST(TakeScreen, LeavesNothingOfALongerTable) {
  const std::string text = printed(true, [](TakeScreen& screen) {
    screen.draw(kTable);
    screen.draw({"unit"});
  });
  EXPECT_THAT(test::terminal_picture(text), ElementsAre("unit"));
}

TEST(TakeScreen, TakesTheTableAwayWhenItIsCleared) {
  const std::string text = printed(true, [](TakeScreen& screen) {
    screen.draw(kTable);
    screen.clear();
    screen.err("KEEP");
  });
  EXPECT_THAT(test::terminal_picture(text), ElementsAre("KEEP"));
}

TEST(TakeScreen, GivesAPipePlainLines) {
  const std::string text = printed(false, [](TakeScreen& screen) {
    screen.draw(kTable);
    screen.err("warning: one");
    screen.clear();
  });
  EXPECT_EQ(text, "warning: one\n");
}

}  // namespace
}  // namespace genlock::cli
