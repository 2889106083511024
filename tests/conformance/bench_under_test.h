#pragma once

#include <gtest/gtest.h>

#include "backend_under_test.h"
#include "device/sim/bench.h"

namespace genlock::conformance {

/// What backends share whose units are of a bench: its time, its power, its faults.
class BenchUnderTest : public BackendUnderTest {
 public:
  CameraConfig config() const override {
    return {.color_resolution = ColorResolution::r720p,
            .depth_mode = DepthMode::nfov_2x2binned,
            .rate = FrameRate::fps30};
  }
  void advance(HostDuration by) override { EXPECT_TRUE(bench().step(by)); }
  void lose(unsigned index) override { apply({.kind = Kind::power, .unit = name_of(index), .on = false}); }
  std::vector<std::string> faults() const override {
    std::vector<std::string> names;
    for (const auto& kind : device::sim::fault_table()) names.emplace_back(kind.name);
    return names;
  }
  void begin_fault(const std::string& fault, unsigned index) override { set_fault(fault, index, true); }
  void end_fault(const std::string& fault, unsigned index) override {
    if (traits(*device::sim::fault_kind_from(fault)).lasts) set_fault(fault, index, false);
  }

 private:
  using Kind = device::sim::BenchCommand::Kind;

  virtual device::sim::Bench& bench() const = 0;

  void apply(const device::sim::BenchCommand& command) { EXPECT_TRUE(bench().apply(command)); }
  const std::string& name_of(unsigned index) const {
    return bench().config().units[bench().visible_units()[index]].name;
  }
  void set_fault(const std::string& fault, unsigned index, bool on) {
    apply({.kind = Kind::fault,
           .unit = name_of(index),
           .on = on,
           .failure = *device::sim::fault_kind_from(fault)});
  }
};

}  // namespace genlock::conformance
