#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "backend_under_test.h"
#include "device/k4a/provider.h"
#include "device/sim/bench.h"
#include "support/temporary_folder.h"

namespace genlock::conformance {
namespace {

using device::sim::Bench;
using device::sim::BenchCommand;

// Three units in a daisy chain; their time stands until the test moves it, and nothing is drawn.
constexpr const char* kBench = R"(name = "conformance"
clock = "stepped"
loop_frames = 1
[[unit]]
name = "master"
serial = "900001400101"
images = "flat"
[[unit]]
name = "sub1"
serial = "900002300102"
images = "flat"
[[unit]]
name = "sub2"
serial = "900003200103"
images = "flat"
[[cable]]
from = "master"
to = "sub1"
[[cable]]
from = "sub1"
to = "sub2"
)";

/// Genlock's own libk4a.so.1.4, loaded as any other would be, on a bench that this side opens too. The
/// library looks at the environment whenever units are counted or opened.
class LibraryUnderTest final : public BackendUnderTest {
 public:
  LibraryUnderTest() {
    const std::string file = folder_ / "bench.toml";
    std::ofstream(file) << kBench;
    setenv("GENLOCK_BENCH", file.c_str(), 1);
    setenv("GENLOCK_STATE_DIR", folder_.path().c_str(), 1);
    bench_ = Bench::open({.bench = file, .state_directory = folder_.path()}).value();
    provider_ = device::k4a::open_library({.path = GENLOCK_LIBRARY_FILE, .limits = {}}).value();
  }
  ~LibraryUnderTest() override {
    unsetenv("GENLOCK_BENCH");
    unsetenv("GENLOCK_STATE_DIR");
  }

  device::Provider& provider() override { return *provider_; }
  CameraConfig config() const override {
    return {.color_resolution = ColorResolution::r720p,
            .depth_mode = DepthMode::nfov_2x2binned,
            .rate = FrameRate::fps30};
  }
  void advance(HostDuration by) override { EXPECT_TRUE(bench_->step(by)); }
  void lose(unsigned index) override {
    EXPECT_TRUE(bench_->apply({.kind = BenchCommand::Kind::power, .unit = name_of(index), .on = false}));
  }
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
  const std::string& name_of(unsigned index) const { return bench_->config().units[index].name; }
  void set_fault(const std::string& fault, unsigned index, bool on) {
    EXPECT_TRUE(bench_->apply({.kind = BenchCommand::Kind::fault,
                               .unit = name_of(index),
                               .on = on,
                               .failure = *device::sim::fault_kind_from(fault)}));
  }

  const test::TemporaryFolder folder_;
  std::shared_ptr<Bench> bench_;
  std::unique_ptr<device::Provider> provider_;
};

}  // namespace

BackendCase k4a_backend() {
  return {"k4a", [] { return std::make_unique<LibraryUnderTest>(); }};
}

}  // namespace genlock::conformance
