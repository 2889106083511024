#include "device/sim/bench_config.h"

namespace genlock::device::sim {

std::string bench_template() {
  return R"toml(# A simulated bench for Genlock. Use it with `--bench FILE` or GENLOCK_BENCH=FILE.
# Every field is optional except names and serials; the values shown in comments are the defaults.
# docs/bench.md has the whole story.

name = "my bench"
# seed = 1                    # of all noise and chance
# speed = 1.0                 # bench seconds per real second, 0.001 to 10000
# clock = "running"           # or "stepped": time stands still until a test steps it; or "patient": it waits for readers
# patience_s = 2              # "patient": real seconds after which a reader that does not read is not waited for
# scene = "room"
# mains_hz = 60               # of the scene's lamps: 50, 60, or 0 for light that does not flicker
# loop_frames = 16            # pulses after which the scene is as it was, 1 to 256; rendered at start and kept
# hop_delay_ns = 500          # of a sync pulse through one unit
# pulses_after_stop_ms = 550  # a stopped master goes on giving pulses for that long
# depth_gives_up_s = 60       # a subordinate's depth camera that has had no pulse for so long stays off until restarted

[[unit]]
name = "master"
serial = "900001400101"         # 12 digits; the first is 9, the 7th is 7 - (sum of the first six) modulo 7
calibration = "builtin:1"       # or builtin:2, builtin:3, or the path of a raw calibration
# images = "scene"              # or "flat", "dark": one grey or black picture; or the path of a recording
# pose = { position_m = [0.0, 0.0, 0.0], yaw_deg = 0.0, pitch_deg = 0.0, roll_deg = 0.0 }
# image_noise = 1.0             # factor; 0 is none
# firmware = { color = "1.6.110", depth = "1.6.79", audio = "1.6.14", depth_sensor = "6109.7.0" }
# clock_ppm = 0.0               # error of its clock; positive is fast
# counter_offset_ticks = 1011   # what its 90 kHz counter is reset to, 0 to 30000; else by firmware and role
# subordinate_clock = "free"    # or "disciplined": the counter runs at the rate of the pulses
# jitter_ticks = 1              # of the placement of a frame, either way
# depth_jitter_ticks = 1        # of depth on top of that
# depth_bias_ticks = 3          # of a master's depth when its depth delay is negative
# trigger_grid_ticks = 0.0      # on an external trigger: exposures begin on lines so far apart; real units 9.5
# trigger_tolerance_ppm = 500.0 # pulses further off the unit's own rate spoil colour frames
# sensor_start_ms = 570         # from start to the first pulse
# first_pulse = 8               # number of the first pulse that gives a frame, 0 to 10; else by firmware and role
# latency_ms = [90.0, 90.0]     # from the end of an exposure to the host, evenly between the two; 30 or more
# latency_mean_ms = 90.0        # else spread evenly
# early_depth_frames = 0        # with the old count, before the reset at start; no caller sees them
# start_drops = [0, 0]          # fewest and most frames lost in the first second
# auto_exposure = "steady"      # or "drifts": wanders over the neighbouring steps
# exposure_write_shift_us = 0.0 # most by which writing the exposure moves the next frames, either way
# exposure_write_frames = 4     # how many it moves
# auto_exposure_us = 16670      # what automatic exposure chooses; else the default of the power line
# imu_rate_error = 0.0          # of 1666 Hz, -0.02 to 0.02
# imu_noise = 1.0               # factor; 0 is none
# temperature_c = 27.0          # once it is warm
# cold_temperature_c = 27.0     # when it is given power; else as warm
# warm_up_min = 45.0            # how long it takes to settle
# warm_up_mm = 0.0              # what a cold unit adds to every distance

[[unit]]
name = "sub1"
serial = "900002300102"
calibration = "builtin:2"
pose = { position_m = [-0.6, 0.0, 0.0], yaw_deg = 15.0 }

[[unit]]
name = "sub2"
serial = "900003200103"
calibration = "builtin:3"
pose = { position_m = [0.6, 0.0, 0.0], yaw_deg = -15.0 }

# Sync cables. from_jack = "out" and to_jack = "in" unless said otherwise; from = "trigger" is the external generator.
[[cable]]
from = "master"
to = "sub1"

[[cable]]
from = "sub1"
to = "sub2"

# [trigger]
# fps = 30
# ppm = 0.0
# on = true                     # from the bench's boot, else with `genlock bench set trigger on`

# What a process with GENLOCK_BENCH_HOST=NAME sees; without it, a process sees all units.
[[host]]
name = "master"
units = ["master"]
# usb_mb_per_s = 400.0
# usbfs_mb = 0                  # memory for USB transfers of all its units, MiB; 0 is unlimited, 16 what Linux has
# clock_offset_ms = 0.0          # of its clocks from bench time
# clock_ppm = 0.0                # their error

[[host]]
name = "sub1"
units = ["sub1"]

[[host]]
name = "sub2"
units = ["sub2"]

# Faults on a schedule, as many as are wanted; `genlock bench set --help` lists the kinds and their numbers,
# docs/bench-faults.md what each does.
# [[fault]]
# unit = "sub1"
# kind = "cable"
# jack = "in"                   # cable
# at_s = 10.0                   # after the bench's boot; or after_start_s: after every start of the unit
# duration_s = 2.0              # it ends by itself; without, it stays; not for kinds that are over at once

# [[fault]]
# unit = "sub1"
# kind = "drop"
# streams = ["color", "depth"]  # stall also knows "imu"
# after_start_s = 5.0
# count = 1                     # frames, or transfers

# [[fault]]
# unit = "sub1"
# kind = "engine_error"
# code = 208                    # the number of the kind: ms, us, mb_per_s, status or code
# at_s = 20.0

# Faults by chance; which and when follows from the seed.
# [[random_fault]]
# units = ["sub1"]              # all, if left out
# kinds = ["drop", "stall"]
# mean_interval_s = 30.0        # on one unit
# duration_s = [0.2, 1.0]       # of those that last, evenly between the two
# first_s = 5.0                 # none before, since the bench's boot
# until_s = 600.0               # none begins after
)toml";
}

}  // namespace genlock::device::sim
