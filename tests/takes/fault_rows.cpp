#include "takes/fault_rows.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace genlock::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSoon = 35;     // the frames behind it have to settle, and the watch is asked once a second
constexpr int kSilence = 55;  // 1.5 s without data, and what looking for it takes
constexpr int kDrift = 200;  // docs/verify.md: 33/p + 3 s, 5 s at the soonest, and up to a second to be asked

// Regular expressions of lines, in which what differs from run to run is left open.

std::string silent(const std::string& unit, const std::string& streams) {
  return unit + ": failure: unit \\d+: " + streams +
         " silent for more than 1\\.5 s; check its cable and power, then reconnect it \\(pulse \\d+\\)";
}

std::string failure(const std::string& unit, const std::string& what) {
  return unit + ": failure: " + what + " \\(pulse \\d+\\)";
}

std::string warning(const std::string& unit, const std::string& what) {
  return unit + ": warning: " + what + " \\(pulse \\d+\\)";
}

std::string missing(const std::string& unit, const std::string& stream, const std::string& count) {
  return unit + ": warning: " + unit + " " + stream + ": " + count +
         " frames missing, first at pulse \\d+ after [0-9.]+ s\\. If it goes on, look at the unit's USB "
         "port, "
         "and at whether this host and its disk keep up\\. \\(pulse \\d+\\)";
}

std::string lacks(const std::string& unit, const std::string& stream, const std::string& count) {
  return unit + ": " + count + " frames of " + stream + " missing from pulse \\d+ on";
}

constexpr const char* kGpuLags = ", this host's GPU does not keep up";

std::string lost(const std::string& unit) {
  return "RETAKE: " + unit + " was lost after pulse \\d+";
}

std::string until_fault(const std::string& unit, const std::string& length = "180") {
  return unit + " \\d+ of " + length + " until the fault";
}

/// Of a file that nobody closed, which may end between the frames of a pulse.
std::string cut_short(const std::string& unit) {
  return unit + "( colour)? \\d+ of 120 until the fault(, depth \\d+ of 120 until the fault)?";
}

std::string lost_lock(const std::string& unit) {
  return unit + ": lost lock from pulse \\d+ on";
}

std::string drift_ends(const std::string& unit) {
  return failure(unit,
                 "at about [0-9.]+ s its drift goes from [-+0-9.]+ to [-+0-9.]+ ppm: from there on it ran "
                 "free on its own clock\\. Check the cable and record again\\.");
}

std::string look_at_exposure(const std::string& unit) {
  return "KEEP, but look at " + unit + ": exposure changed from pulse \\d+ on(; \\w+: exposure differs)+";
}

std::string exposure_changed(const std::string& unit) {
  return unit + ": warning: " + unit +
         " color: its exposure changed at [0-9.]+ s from 8330 to 16670 µs: each change may "
         "move the unit's frames\\. Set exposures by hand before recording, and leave them\\. \\(pulse "
         "\\d+\\)";
}

const std::string kCrashed =
    ": failure: the process of \\w+ was ended by signal 9 \\(Killed\\), probably in its libk4a; "
    "what had reached .*\\.mkv is readable, genlock repair completes it \\(pulse \\d+\\)";

/// A clock that drifts against the master's, so that a lost pulse shows in the stamps.
void drifting(Stage& stage) {
  stage.bench_units = {"", "clock_ppm = 40\n", "clock_ppm = -40\n"};
}

void generator(Stage& stage) {
  stage.wired = Wired::trigger;
  drifting(stage);
}

void isolated(Stage& stage) {
  stage.speed = 1;
  stage.patient = false;
  stage.rig_lines = "[take]\nisolation = \"process\"\n";
}

/// A unit of which some stream still comes is soon not waited for when its recording has ended.
void not_waited_for(Stage& stage) {
  stage.patience_s = 3;
}

void stops(Stage& stage) {
  stage.rig_lines = "[take]\nisolation = \"none\"\non_fault = \"stop\"\n";
}

void rearms(Stage& stage) {
  stage.rig_lines = "[take]\nisolation = \"none\"\non_fault = \"rearm\"\n";
}

void rearms_on_a_generator(Stage& stage) {
  rearms(stage);
  stage.wired = Wired::trigger;
}

/// Plugged in again when the recorder waits for it.
Strike unplug_until_waited_for(TakeRun& run) {
  const Strike struck = run.strike({"sub2", "usb", "unplug"});
  EXPECT_TRUE(run.begins_again({"sub2", "usb", "replug"})) << run.output();
  return struck;
}

std::function<Strike(TakeRun&)> kill_unit(std::size_t unit) {
  return [unit](TakeRun& run) {
    const Strike struck = run.now();
    run.signal_unit(unit, SIGKILL);
    return struck;
  };
}

/// Lasts a second.
std::function<Strike(TakeRun&)> for_a_while(const std::vector<std::string>& words) {
  return [words](TakeRun& run) {
    std::vector<std::string> begin = words, end = words;
    begin.emplace_back("on");
    end.emplace_back("off");
    const Strike struck = run.strike(begin);
    run.pass(seconds(1));
    run.strike(end);
    return struck;
  };
}

/// Longer than it takes to be lost.
Strike unplug_for_a_while(TakeRun& run) {
  const Strike struck = run.strike({"sub2", "usb", "unplug"});
  run.pass(seconds(3));
  run.strike({"sub2", "usb", "replug"});
  return struck;
}

std::vector<Fault> losses() {
  const std::string n = "\\d+";
  return {
      {"frames lost", "sub2 drop color,depth 5", missing("sub2", "color", "5"), kSoon,
       "RETAKE: " + lacks("sub2", "color", "5") + "; " + lacks("sub2", "depth", "5"), "sub2 lacks 5 of 180",
       true, true},
      {"frames lost", "master drop depth 5", missing("master", "depth", "5"), kSoon,
       "RETAKE: " + lacks("master", "depth", "5"), "master depth lacks 5 of 180"},
      {"depth frame of wrong size", "sub2 fault wrong_size count=3 on", missing("sub2", "depth", "3"), kSoon,
       "RETAKE: " + lacks("sub2", "depth", "3"), "sub2 depth lacks 3 of 180"},
      {"depth engine fails on a frame", "sub2 fault engine_error code=208 count=3 on",
       warning("sub2", "unit \\d+: the depth engine gave up on a frame .*"), kSoon,
       "RETAKE: " + lacks("sub2", "depth", "3") + kGpuLags, "sub2 depth lacks 3 of 180", true, true},
      {.name = "GPU too slow",
       .words = "sub2 fault slow_gpu ms=100 on, after 1 s off",
       .told = warning("sub2", "unit \\d+: the depth engine is too slow for the frames that come.*"),
       .within = kSoon,
       .advice = "RETAKE: " + lacks("sub2", "depth", n) + kGpuLags,
       .held = "sub2 depth lacks \\d+ of 180",
       .act = for_a_while({"sub2", "fault", "slow_gpu", "ms=100"})},
      {.name = "no bus time while running",
       .words = "sub2 fault bus_load mb_per_s=385 on, after 1 s off",
       .told = missing("sub2", "color", n),
       .within = kSoon,
       .advice = "RETAKE: " + lacks("sub2", "color", n) + "; " + lacks("sub2", "depth", n),
       .held = "sub2 colour lacks \\d+ of 180, depth lacks \\d+ of 180",
       .act = for_a_while({"sub2", "fault", "bus_load", "mb_per_s=385"})},
      {.name = "one stream is missing",
       .words = "sub2 stall color,depth on, after 1 s off",
       .told = missing("sub2", "color", "(29|30|31)"),
       .within = 30 + kSoon,
       .advice = "RETAKE: " + lacks("sub2", "color", n) + "; " + lacks("sub2", "depth", n),
       .held = "sub2 lacks (29|30|31) of 180",
       .act = for_a_while({"sub2", "stall", "color,depth"})},
      {"damaged JPEG", "sub2 fault corrupt_jpeg count=3 on", "", 0, "KEEP", "all"},
      {"command refused", "sub2 fault refuse_command on", "", 0, "KEEP", "all"},
      {.name = "exposure changed",
       .words = "another program sets that of sub2 to 16670 us",
       .told = exposure_changed("sub2"),
       .within = kSoon,
       .advice = look_at_exposure("sub2"),
       .held = "all",
       .in_ci = true,
       .act = [](TakeRun& run) { return run.set_exposure(2, 16'670); }},
      {.name = "exposure changed",
       .words = "another program sets that of master to 16670 us",
       .told = exposure_changed("master"),
       .within = kSoon,
       .advice = look_at_exposure("master"),
       .held = "all",
       .act = [](TakeRun& run) { return run.set_exposure(0, 16'670); }},
  };
}

std::vector<Fault> ends_of_units() {
  return {
      {"unplugged, power cut", "sub2 usb unplug", silent("sub2", "color, depth, imu"), kSilence, lost("sub2"),
       until_fault("sub2"), true, true},
      {"unplugged, power cut", "master usb unplug", silent("master", "color, depth, imu"), kSilence,
       lost("master"), until_fault("master"), true, true},
      {.name = "unplugged, power cut",
       .words = "sub2 usb unplug, after 3 s replug",
       .told = silent("sub2", "color, depth, imu"),
       .within = kSilence,
       .advice = lost("sub2"),
       .held = until_fault("sub2", "360"),
       .in_ci = true,
       .back = 2,
       .act = unplug_for_a_while,
       .seconds = 12},
      {.name = "unplugged, power cut",
       .words = "sub2 usb unplug, `on_fault = \"stop\"`",
       .told = silent("sub2", "color, depth, imu"),
       .within = kSilence,
       .advice = lost("sub2"),
       .held = until_fault("sub2", "\\d+"),
       .act =
           [](TakeRun& run) {
             return run.strike({"sub2", "usb", "unplug"});
           },
       .set = stops},
      {.name = "unplugged, power cut",
       .words = "sub2 usb unplug, then replug, `on_fault = \"rearm\"`",
       .told = silent("sub2", "color, depth, imu"),
       .within = kSilence,
       .advice = lost("sub2"),
       .held = until_fault("sub2", "\\d+"),
       .in_ci = true,
       .again = true,
       .act = unplug_until_waited_for,
       .set = rearms},
      {.name = "unplugged, power cut",
       .words =
           "sub2 usb unplug, then replug, `on_fault = \"rearm\"`, on a generator that is stopped meanwhile",
       .told = silent("sub2", "color, depth, imu"),
       .within = kSilence,
       .advice = lost("sub2"),
       .held = until_fault("sub2", "\\d+"),
       .in_ci = true,
       .again = true,
       .act = unplug_until_waited_for,
       .set = rearms_on_a_generator},
      {"host slept", "sub2 fault suspend on", silent("sub2", "color, depth, imu"), kSilence, lost("sub2"),
       until_fault("sub2")},
      {"USB 2", "sub2 fault usb2 on", silent("sub2", "color, depth, imu"), kSilence, lost("sub2"),
       until_fault("sub2")},
      {"depth engine fails on a frame", "sub2 fault engine_error code=3 on",
       failure("sub2",
               "unit \\d+: the depth engine failed with code 3; close the unit and open it again, in a new "
               "process"),
       kSoon, lost("sub2"), until_fault("sub2")},
      {"no memory", "sub2 fault no_memory on",
       failure("sub2",
               "unit \\d+: no memory for a frame: its streams have ended; free memory and start it again"),
       kSoon, lost("sub2"), until_fault("sub2")},
      {"counter jumps", "sub2 fault stamp_jump us=5000000 on",
       failure(
           "sub2",
           "unit \\d+: stamps jumped ahead by 5\\.0 s: the unit's clock is wrong from \\d+ us on; start all "
           "units again and record anew"),
       kSoon, lost("sub2"), until_fault("sub2")},
      {"counter jumps", "sub2 fault stamp_jump us=-500000 on",
       failure("sub2",
               "unit \\d+: \\w+ stamps went back from \\d+ to \\d+ us: the unit's clock was reset \\(unit or "
               "master restarted\\?\\); start all units again and record anew"),
       kSoon, lost("sub2"), until_fault("sub2"), true},
      {.name = "a unit's process crashes",
       .words = "kill -9 of that of sub2",
       .told = "sub2" + kCrashed,
       .within = kSoon,
       .advice = lost("sub2"),
       .held = cut_short("sub2"),
       .in_ci = true,
       .cut = 2,
       .act = kill_unit(2),
       .set = isolated,
       .seconds = 4},
      {.name = "a unit's process crashes",
       .words = "kill -9 of that of master",
       .told = "master" + kCrashed,
       .within = kSoon,
       .advice = lost("master"),
       .held = cut_short("master"),
       .cut = 0,
       .act = kill_unit(0),
       .set = isolated,
       .seconds = 4},
  };
}

/// The IMU ends, and the images go on.
std::vector<Fault> ends_of_imus() {
  const std::string on = "; the images are recorded on";
  const std::string missing = "RETAKE: sub2: [0-9]{4} samples of imu missing";
  std::vector<Fault> rows{
      {"one stream is missing", "sub2 stall imu on",
       warning(
           "sub2",
           "unit \\d+: imu silent for more than 1\\.5 s; check its cable and power, then reconnect it" + on),
       kSilence, missing, "all"},
      {"IMU transfer error", "sub2 fault transfer_error streams=imu on",
       warning(
           "sub2",
           "unit \\d+: reading the IMU failed: a USB transfer failed; stop the IMU and start it again" + on),
       kSilence, missing, "all", true},
  };
  for (Fault& row : rows) row.set = not_waited_for;
  return rows;
}

/// One stream of a unit ends, and its recording with it.
std::vector<Fault> ends_of_streams() {
  const std::string depth_ends = "sub2 colour \\d+ of 180 until the error, depth \\d+ of 180 until the fault";
  const std::string color_ends = "sub2 colour \\d+ of 180 until the fault, depth \\d+ of 180 until the error";
  std::vector<Fault> rows{
      {"one stream is missing", "sub2 stall depth on", silent("sub2", "depth"), kSilence, lost("sub2"),
       depth_ends},
      {"one stream is missing", "sub2 stall color on", silent("sub2", "color"), kSilence, lost("sub2"),
       color_ends},
      {"brown-out", "sub2 fault brown_out on", silent("sub2", "depth, imu"), kSilence, lost("sub2"),
       depth_ends},
      {"depth transfer error", "sub2 fault transfer_error status=1 on", silent("sub2", "depth"), kSilence,
       lost("sub2"), depth_ends},
      {"colour lost", "sub2 fault color_lost on", silent("sub2", "color"), kSilence, lost("sub2"),
       color_ends},
      {"colour lost", "master fault color_lost on", silent("master", "color"), kSilence, lost("master"),
       "master colour \\d+ of 180 until the fault, depth \\d+ of 180 until the error"},
  };
  for (Fault& row : rows) row.set = not_waited_for;
  return rows;
}

std::vector<Fault> ends_of_sync() {
  const std::string pulled =
      "nothing is plugged into its SYNC IN from [0-9.]+ s on: it ran free from there\\. Fix the "
      "cable and record again\\.";
  return {
      {"sync cable out", "sub2 cable-in pull", failure("sub2", pulled), kSoon, "RETAKE: " + lost_lock("sub2"),
       "all", false, true},
      {.name = "sync cable out",
       .words = "sub1 cable-in pull; sub2 hangs behind it",
       .told = failure("sub1", pulled),
       .within = kSoon,
       .advice = "RETAKE: " + lost_lock("sub1") + "; " + lost_lock("sub2"),
       .held = "all",
       .in_sync = false,
       .act =
           [](TakeRun& run) {
             return run.strike({"sub1", "cable-in", "pull"});
           },
       .set = drifting,
       .seconds = 20,
       .after = seconds(8)},
      {.name = "no pulses though the plug is in",
       .words = "sub1 usb unplug; sub2 hangs behind it",
       .told = drift_ends("sub2"),
       .within = kDrift,
       .advice = lost("sub1") + "; " + lost_lock("sub2"),
       .held = "sub1 \\d+ of 600 until the fault",
       .in_sync = false,
       .act =
           [](TakeRun& run) {
             return run.strike({"sub1", "usb", "unplug"});
           },
       .set = drifting,
       .seconds = 20,
       .after = seconds(8)},
      {.name = "no pulses though the plug is in",
       .words = "trigger off",
       .told = drift_ends("sub1"),
       .within = kDrift,
       .advice = "RETAKE: " + lost_lock("sub1") + "; " + lost_lock("sub2"),
       .held = "all",
       .in_sync = false,
       .set = generator,
       .seconds = 20,
       .after = seconds(8)},
  };
}

}  // namespace

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name << ": " << fault.words;
}

std::vector<Fault> fault_rows() {
  std::vector<Fault> rows = losses();
  for (const auto& more : {ends_of_units(), ends_of_imus(), ends_of_streams(), ends_of_sync()})
    rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace genlock::test
