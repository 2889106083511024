#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "bench_under_test.h"
#include "device/k4a/provider.h"
#include "device/sim/bench.h"
#include "support/temporary_folder.h"

namespace genlock::conformance {
namespace {

using device::sim::Bench;

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
class LibraryUnderTest final : public BenchUnderTest {
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

 private:
  Bench& bench() const override { return *bench_; }

  const test::TemporaryFolder folder_;
  std::shared_ptr<Bench> bench_;
  std::unique_ptr<device::Provider> provider_;
};

}  // namespace

BackendCase k4a_backend() {
  return {"k4a", [] { return std::make_unique<LibraryUnderTest>(); }};
}

}  // namespace genlock::conformance
