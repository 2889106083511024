#include <gtest/gtest.h>

#include "verdict_rows.h"

// What must be said of takes whose clocks began at other times, or go other ways.

namespace genlock {
namespace {

using sync::Code;
using sync::Verdict;
using test::check;
using test::Clocks;
using test::give_hosts;
using test::give_one_host_each;
using test::last_minutes;
using test::set_rate;
using test::StampPlan;

TEST(Verdict, WrongStartOrderFails) {
  check({
      {"stamps at any phase", [](auto& t) { t[1].zeroed_late = device_us(12345); }, Verdict::not_in_sync,
       Code::constant_error},
      {"half a period", [](auto& t) { t[1].zeroed_late = device_us(16667); }, Verdict::not_in_sync,
       Code::constant_error},
      {"five seconds, hosts know",
       [](auto& t) { give_hosts(t), t[1].zeroed_late = device_us(5012345), t[1].first_pulse = 160; },
       Verdict::not_in_sync, Code::start_order},
      {"two hours, hosts know", [](auto& t) { give_hosts(t), t[1].zeroed_late = device_us(-7200'012'345); },
       Verdict::not_in_sync, Code::start_order},
      {"whole periods, which only hosts reveal",
       [](auto& t) { give_hosts(t), t[1].zeroed_late = device_us(33333); }, Verdict::not_in_sync,
       Code::wrong_pulse},
      {"whole periods, three hosts",
       [](auto& t) { give_one_host_each(t), t[2].zeroed_late = device_us(-66667); }, Verdict::not_in_sync,
       Code::wrong_pulse},
      {"whole periods at 5 fps",
       [](auto& t) { give_hosts(t), set_rate(t, FrameRate::fps5), t[2].zeroed_late = device_us(200000); },
       Verdict::not_in_sync, Code::wrong_pulse},
  });
}

// Depth alone under pulses begins to count near 200 ms, not with a pulse (SYNC_NUMBERS 2 and 6).
void leave_color_out(StampPlan& plan) {
  plan.description.color = false;
  plan.zeroed_late = device_us(-182'366);
}

TEST(Verdict, ASubordinateWithoutColorCountsFromItsOwnZero) {
  check({
      {"one host", [](auto& t) { give_hosts(t), leave_color_out(t[1]); }, Verdict::in_sync, Code::own_zero},
      {"three hosts", [](auto& t) { give_one_host_each(t), leave_color_out(t[2]); }, Verdict::in_sync,
       Code::own_zero},
      {"no host times", [](auto& t) { leave_color_out(t[1]); }, Verdict::in_sync, Code::pulse_uncertain},
      {"it loses its pulse",
       [](auto& t) { give_hosts(t), last_minutes(t, 2), leave_color_out(t[1]), t[1].unlocked_from = 1800; },
       Verdict::not_in_sync, Code::lost_lock, Clocks::free},
      {"its frames wander",
       [](auto& t) {
         give_hosts(t), leave_color_out(t[1]);
         for (int n = 100; n < 130; ++n) t[1].depth_outliers[n] = device_us(150);
       },
       Verdict::not_in_sync, Code::unsteady},
      {"the other has another zero all the same",
       [](auto& t) { give_hosts(t), leave_color_out(t[1]), t[2].zeroed_late = device_us(5012345); },
       Verdict::not_in_sync, Code::start_order},
  });
}

TEST(Verdict, LostLockFails) {
  check({
      {"cable pulled half way", [](auto& t) { t[1].unlocked_from = 150; }, Verdict::not_in_sync,
       Code::lost_lock, Clocks::free},
      {"pulled after a minute of ten", [](auto& t) { last_minutes(t, 10), t[2].unlocked_from = 1800; },
       Verdict::not_in_sync, Code::lost_lock, Clocks::free},
      {"little drift, longer take",
       [](auto& t) { last_minutes(t, 4), t[1].ppm = 2, t[1].unlocked_from = 3600; }, Verdict::not_in_sync,
       Code::lost_lock, Clocks::free},
      {"pulled at 5 fps", [](auto& t) { set_rate(t, FrameRate::fps5), t[1].unlocked_from = 150; },
       Verdict::not_in_sync, Code::lost_lock, Clocks::free},
      {"the jack says so", [](auto& t) { t[1].unlocked_from = t[1].unplugged_from = 150; },
       Verdict::not_in_sync, Code::lost_lock},
      {"only the hosts' clocks show it",
       [](auto& t) { give_hosts(t), last_minutes(t, 60), t[1].unlocked_from = 20000; }, Verdict::not_in_sync,
       Code::lost_lock, Clocks::disciplined},
      {"pulled under an external trigger", [](auto& t) { t.erase(t.begin()), t[0].unlocked_from = 150; },
       Verdict::not_in_sync, Code::lost_lock, Clocks::free},
  });
}

TEST(Verdict, AClockThatIsNoCrystalFails) {
  check({{"2000 ppm", [](auto& t) { t[1].ppm = 2000; }, Verdict::not_in_sync, Code::drift, Clocks::free}});
}

}  // namespace
}  // namespace genlock
