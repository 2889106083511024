#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "device/sim/bench.h"

namespace genlock::cli {

struct PictureSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// A bench as lines of text that fit: its time, its units as a table (the first ones, if there are more than
/// rows), and its cables as lines from where pulses are made to where they end. `==>` with a moving head
/// carries pulses, `-->` none, `-x-` has a plug pulled.
std::vector<std::string> bench_picture(const device::sim::BenchConfig& config,
                                       const device::sim::BenchStatus& status, PictureSize size);

/// The cables alone, broken into lines of at most `columns`.
std::vector<std::string> cable_lines(const device::sim::BenchConfig& config,
                                     const device::sim::BenchStatus& status, std::size_t columns);

/// What a unit is and suffers, without its counters: "sub1: sub 30 fps, process 12, locked, faults
/// none".
std::string unit_line(const device::sim::UnitStatus& unit);

}  // namespace genlock::cli
