#include <gtest/gtest.h>

#include "verdict_rows.h"

// What must be said of takes: the ways of being right, and the ways in which frames and files are wrong.
// clock_verdict_test.cpp has those of clocks.

namespace genlock {
namespace {

using sync::Code;
using sync::Verdict;
using test::check;
using test::Clocks;
using test::give_hosts;
using test::give_one_host_each;
using test::last_minutes;
using test::record_no_pictures;
using test::set_rate;
using test::StampPlan;

TEST(Verdict, TakesInOrderAreInSync) {
  check({
      {"as it should be", [](auto&) {}},
      {"host times of one host", [](auto& t) { give_hosts(t); }},
      {"host times of three hosts", [](auto& t) { give_one_host_each(t); }},
      {"15 fps", [](auto& t) { set_rate(t, FrameRate::fps15); }},
      {"5 fps, 10 s",
       [](auto& t) { set_rate(t, FrameRate::fps5), t[0].frames = t[1].frames = t[2].frames = 50; }},
      {"half a second", [](auto& t) { t[0].frames = t[1].frames = t[2].frames = 15; }},
      {"no jitter",
       [](auto& t) {
         for (auto& p : t) p.color_jitter = p.depth_jitter = 0;
       }},
      {"delays",
       [](auto& t) {
         t[1].description.delay_off_master = device_us(160),
         t[2].description.delay_off_master = device_us(320);
       }},
      {"delay of a period", [](auto& t) { t[1].description.delay_off_master = device_us(33333); }},
      {"depth delays of both signs",
       [](auto& t) {
         t[0].description.depth_delay_off_color = device_us(-12276);
         t[1].description.depth_delay_off_color = device_us(7297);
         t[2].description.depth_delay_off_color = device_us(33333);
       }},
      {"firmware's depth bias",
       [](auto& t) { t[0].depth_bias = device_ticks(4), t[1].depth_bias = device_ticks(-3); }},
      {"depth-only subordinates", [](auto& t) { t[1].description.color = t[2].description.color = false; }},
      {"colour only",
       [](auto& t) {
         for (auto& p : t) p.description.depth = false, p.description.depth_mode = DepthMode::off;
       }},
      {"begun a minute late",
       [](auto& t) {
         for (auto& p : t) p.first_pulse += 1800;
       }},
      {"begun half an hour late",
       [](auto& t) {
         for (auto& p : t) p.first_pulse += 54000;
         give_hosts(t);
       }},
      {"begun two hours late, stamps alone",
       [](auto& t) {
         for (auto& p : t) p.first_pulse += 216000, p.frames = 3600;
       }},
      {"a subordinate ends early", [](auto& t) { t[1].frames = 200; }},
      {"two subordinates of an external trigger", [](auto& t) { t.erase(t.begin()); }, Verdict::in_sync,
       Code::no_master},
      {"one file", [](auto& t) { t.resize(1); }, Verdict::in_sync, Code::single_unit},
      {"stock files", [](auto&) {}, Verdict::in_sync, Code::same_take_unknown},
  });
}

TEST(Verdict, LossesAreReportedWithoutFailing) {
  check({
      {"a dropped frame", [](auto& t) { t[1].color_drops = {100}; }, Verdict::in_sync, Code::missing_frames},
      {"a dropped depth frame of the master", [](auto& t) { t[0].depth_drops = {77}; }, Verdict::in_sync,
       Code::missing_frames},
      {"the first frame", [](auto& t) { t[1].color_drops = {4}; }},
      {"the last frame", [](auto& t) { t[1].color_drops = {303}, t[1].depth_drops = {303}; }},
      {"ten in a row",
       [](auto& t) {
         for (int n = 90; n < 100; ++n) t[2].color_drops.insert(n), t[2].depth_drops.insert(n);
       },
       Verdict::in_sync, Code::missing_frames},
      {"more than half",
       [](auto& t) {
         for (int n = 5; n < 300; ++n)
           if (n % 3 != 0) t[1].color_drops.insert(n);
       },
       Verdict::in_sync, Code::missing_frames},
      {"more than half at 5 fps",
       [](auto& t) {
         set_rate(t, FrameRate::fps5);
         for (int n = 5; n < 300; ++n)
           if (n % 3 != 0) t[1].color_drops.insert(n);
       },
       Verdict::in_sync, Code::missing_frames},
      {"five minutes of one unit",
       [](auto& t) {
         last_minutes(t, 12);
         for (int n = 2000; n < 11000; ++n) t[1].color_drops.insert(n), t[1].depth_drops.insert(n);
       },
       Verdict::in_sync, Code::missing_frames},
      {"one outlier", [](auto& t) { t[1].outliers[120] = device_us(1000); }, Verdict::in_sync, Code::outlier},
      {"an early outlier of the master", [](auto& t) { t[0].outliers[120] = device_us(-900); },
       Verdict::in_sync, Code::outlier},
      {"a false start, as units fed by a trigger show", [](auto& t) { t[1].outliers[4] = device_us(7100); },
       Verdict::in_sync, Code::outlier},
      {"exposures differ and say so",
       [](auto& t) { t[0].exposure = device_us(16670), t[1].exposure = t[2].exposure = device_us(33330); },
       Verdict::in_sync, Code::exposure_differs},
  });
}

TEST(Verdict, WrongDelaysFail) {
  check({
      {"delay off by 200 µs", [](auto& t) { t[1].extra_delay = device_us(200); }, Verdict::not_in_sync,
       Code::constant_error},
      {"delay off by -200 µs, begun 10 s late",
       [](auto& t) {
         t[1].description.delay_off_master = device_us(500), t[1].extra_delay = device_us(-200);
         for (auto& p : t) p.first_pulse += 300;
       },
       Verdict::not_in_sync, Code::constant_error},
      {"delay off by a quarter period at 5 fps",
       [](auto& t) { set_rate(t, FrameRate::fps5), t[1].extra_delay = device_us(50000); },
       Verdict::not_in_sync, Code::constant_error},
      {"depth delay off", [](auto& t) { t[1].extra_depth_delay = device_us(300); }, Verdict::not_in_sync,
       Code::constant_error},
      {"depth delay of the master off", [](auto& t) { t[0].extra_depth_delay = device_us(-300); },
       Verdict::not_in_sync, Code::constant_error},
      {"exposures differ, nobody says so", [](auto& t) { t[1].exposure = device_us(33330); },
       Verdict::not_in_sync, Code::constant_error},
      {"1734 µs at 15 fps, as seen in the field",
       [](auto& t) {
         set_rate(t, FrameRate::fps15);
         for (auto& p : t) p.frames = 10;
         t[1].extra_delay = device_us(1734);
       },
       Verdict::not_in_sync, Code::constant_error},
  });
}

// The exposures of a delayed unit coincide with those of the next pulse: the pictures, their stamps and the
// hosts' times are the same as without the error, so there is nothing to find, and nothing is out of sync.
TEST(Verdict, ADelayWrongByAWholePeriodIsTheNextPulse) {
  check({{"a period too late", [](auto& t) { t[1].extra_delay = device_us(33333); }}});
}

TEST(Verdict, FramesOffEveryPulseFail) {
  check({
      {"half a period", [](auto& t) { t[1].outliers[120] = device_us(16000); }, Verdict::not_in_sync,
       Code::off_pulse},
      {"a jump of half a period",
       [](auto& t) {
         for (int n = 150; n < 310; ++n) t[1].outliers[n] = device_us(16667);
       },
       Verdict::not_in_sync, Code::phase_jump},
      {"a jump of 400 µs",
       [](auto& t) {
         for (int n = 150; n < 310; ++n) t[1].outliers[n] = device_us(400);
       },
       Verdict::not_in_sync, Code::phase_jump},
      {"a second that wobbles",
       [](auto& t) {
         for (int n = 150; n < 185; ++n) t[1].outliers[n] = device_us(n % 4 == 0 ? 200 : 500);
       },
       Verdict::not_in_sync},
      {"the clock set back",
       [](auto& t) {
         for (int n = 150; n < 310; ++n) t[2].outliers[n] = device_us(-5000000);
       },
       Verdict::not_in_sync, Code::clock_jump},
  });
}

void move_depth(StampPlan& plan, int from, int to, double us_at_end, bool at_once) {
  for (int n = from; n < to; ++n) {
    const double share = at_once ? 1 : (n - from) / static_cast<double>(to - from);
    plan.depth_outliers[n] = device_us(static_cast<std::int64_t>(us_at_end * share));
  }
}

// Depth and colour of a unit share one counter: whatever lies between them beside the configured delay is not
// drift.
TEST(Verdict, DepthThatLeavesItsOwnColourFails) {
  const auto late = [](std::size_t unit) {
    return [unit](auto& t) { move_depth(t[unit], 157, 310, 1000, true); };
  };
  check({
      {"last half of a subordinate", late(1), Verdict::not_in_sync, Code::phase_jump},
      {"last half of the reference", late(0), Verdict::not_in_sync, Code::phase_jump},
      {"last half, one file", [](auto& t) { move_depth(t[0], 157, 310, 1000, true), t.resize(1); },
       Verdict::not_in_sync, Code::phase_jump},
      {"last half, external trigger",
       [](auto& t) { t.erase(t.begin()), move_depth(t[0], 157, 310, -1000, true); }, Verdict::not_in_sync,
       Code::phase_jump},
      {"two seconds of ten", [](auto& t) { move_depth(t[2], 100, 160, 300, true); }, Verdict::not_in_sync},
      {"last second", [](auto& t) { move_depth(t[2], 260, 310, 300, true); }, Verdict::not_in_sync},
      {"a take too short to see a step",
       [](auto& t) {
         for (auto& p : t) p.frames = 100;
         move_depth(t[1], 70, 110, 300, true);
       },
       Verdict::not_in_sync, Code::unsteady},
      {"away slowly", [](auto& t) { move_depth(t[0], 4, 310, 200, false); }, Verdict::not_in_sync,
       Code::unsteady},
      {"within the tolerance", [](auto& t) { move_depth(t[1], 157, 310, 80, true); }},
      {"firmware's bias, moving by a tick",
       [](auto& t) {
         t[0].depth_bias = t[1].depth_bias = device_ticks(4);
         move_depth(t[0], 157, 310, 11.1, true);
       }},
  });
}

// No drift can explain it, however late the recording begins.
TEST(Verdict, AWrongDepthDelayOfTheReferenceFailsHoweverLateTheRecordingBegins) {
  check({{"ten minutes",
          [](auto& t) {
            for (auto& p : t) p.first_pulse += 18000;
            t[0].extra_depth_delay = device_us(300);
          },
          Verdict::not_in_sync, Code::constant_error},
         {"ten minutes, as it should be", [](auto& t) {
            for (auto& p : t) p.first_pulse += 18000, p.depth_bias = device_ticks(4);
          }}});
}

TEST(Verdict, FramesBesideTheirCourseFailOnceTheyAreManyOrThick) {
  const auto every = [](std::size_t unit, int step, int from, int to, std::int64_t us) {
    return [=](auto& t) {
      for (int n = from; n < to; n += step) t[unit].outliers[n] = device_us(us);
    };
  };
  check({
      {"every second by 300 µs", every(1, 2, 4, 310, 300), Verdict::not_in_sync, Code::outlier},
      {"every second of the master", every(0, 2, 4, 310, -300), Verdict::not_in_sync, Code::outlier},
      {"every second by a sixth of a period", every(1, 2, 4, 310, 5500), Verdict::not_in_sync, Code::outlier},
      {"every third", every(2, 3, 4, 310, 400), Verdict::not_in_sync, Code::outlier},
      {"every second for a second of a minute",
       [&](auto& t) { last_minutes(t, 1), every(1, 2, 900, 931, 600)(t); }, Verdict::not_in_sync,
       Code::outlier},
      {"every second depth frame for two seconds",
       [](auto& t) {
         last_minutes(t, 1);
         for (int n = 900; n < 960; n += 2) t[0].depth_outliers[n] = device_us(500);
       },
       Verdict::not_in_sync, Code::outlier},
      {"three at 5 fps, side by side but one",
       [&](auto& t) { set_rate(t, FrameRate::fps5), every(1, 2, 100, 106, 3000)(t); }, Verdict::not_in_sync,
       Code::outlier},
      {"one in fifty", every(1, 50, 30, 310, 600), Verdict::in_sync, Code::outlier},
      {"two of fifteen",
       [&](auto& t) {
         t[0].frames = t[1].frames = t[2].frames = 15;
         every(1, 5, 6, 14, 600)(t);
       },
       Verdict::in_sync, Code::outlier},
  });
}

// None of them sticks out from both its neighbours, and their distances cancel out.
TEST(Verdict, FramesToBothSidesOfTheirPlaceFail) {
  const auto two_by_two = [](std::map<std::int64_t, DeviceDuration> StampPlan::*which, std::size_t unit,
                             std::int64_t us) {
    return [=](auto& t) {
      for (int n = 4; n < 310; ++n) (t[unit].*which)[n] = device_us(n % 4 < 2 ? us : -us);
    };
  };
  check({
      {"a subordinate", two_by_two(&StampPlan::outliers, 1, 150), Verdict::not_in_sync, Code::unsteady},
      {"depth", two_by_two(&StampPlan::depth_outliers, 0, 150), Verdict::not_in_sync, Code::unsteady},
      {"within the tolerance", two_by_two(&StampPlan::outliers, 1, 60)},
  });
}

TEST(Verdict, SetsThatCannotBeOneTakeFail) {
  check({
      {"another take's file, one host", [](auto& t) { give_hosts(t), t[1].host_began_s = 1060; },
       Verdict::refused, Code::other_take},
      {"another take's file, three hosts", [](auto& t) { give_one_host_each(t), t[2].host_began_s = 100; },
       Verdict::refused, Code::other_take},
      {"two masters", [](auto& t) { t[1].description.sync_mode = WiredSyncMode::master; },
       Verdict::not_in_sync, Code::two_masters},
      {"standalone", [](auto& t) { t[1].description.sync_mode = WiredSyncMode::standalone; },
       Verdict::not_in_sync, Code::standalone},
      {"different rates", [](auto& t) { t[1].description.rate = FrameRate::fps15; }, Verdict::not_in_sync,
       Code::frame_rate_differs},
      {"one unit twice", [](auto& t) { t[1].description.serial = t[2].description.serial; },
       Verdict::not_in_sync, Code::same_unit_twice},
      {"simulated and real", [](auto& t) { t[1].description.simulated = true; }, Verdict::not_in_sync,
       Code::simulated_mixed},
      {"no frames", [](auto& t) { t[1].frames = 0; }, Verdict::not_in_sync, Code::no_frames},
      {"no pictures of the only subordinate", [](auto& t) { record_no_pictures(t[1]), t.resize(2); },
       Verdict::not_in_sync, Code::no_frames},
      {"no pictures of one of two", [](auto& t) { record_no_pictures(t[2]); }, Verdict::not_in_sync,
       Code::no_frames},
      {"no pictures of the master", [](auto& t) { record_no_pictures(t[0]); }, Verdict::not_in_sync,
       Code::no_frames},
      {"no pictures in one file", [](auto& t) { record_no_pictures(t[0]), t.resize(1); },
       Verdict::not_in_sync, Code::no_frames},
      {"no depth frames",
       [](auto& t) {
         for (int n = 0; n < 400; ++n) t[1].depth_drops.insert(n);
       },
       Verdict::not_in_sync, Code::no_frames},
      {"never at the same time", [](auto& t) { t[1].first_pulse = 1000; }, Verdict::not_in_sync,
       Code::no_common_pulse},
  });
}

TEST(Verdict, AnEmptyTakeIsNotInSync) {
  EXPECT_EQ(sync::Monitor({}).report().verdict, Verdict::not_in_sync);
}

}  // namespace
}  // namespace genlock
