#include <algorithm>

#include "base/log.h"
#include "base/thread.h"
#include "suite.h"

// The shell's contract while something is wrong below it: facts device.md 3.

namespace genlock::conformance {
namespace {

/// What a fault may make of a call; anything else is the shell's own mistake.
bool is_of_a_fault(Errc code) {
  return code == Errc::io || code == Errc::disconnected || code == Errc::unsupported;
}

class Faults : public Conformance {
 protected:
  Faults() { set_log_level(LogLevel::off); }
  ~Faults() override { set_log_level(LogLevel::warning); }

  /// Reads everything for so long; whether each call gave data, nothing, or an error of a fault.
  void read_on(device::Device& device, HostDuration time) {
    std::vector<ImuSample> samples(100);
    for (HostDuration passed{}; passed <= time; passed += milliseconds(10)) {
      backend().advance(milliseconds(10));
      const auto capture = device.next_capture(kNow);
      if (capture && *capture) {
        EXPECT_FALSE((*capture)->empty());
      }
      if (!capture) {
        EXPECT_TRUE(is_of_a_fault(capture.error().code())) << capture.error().message();
      }
      const auto read = device.read_imu(samples, kNow);
      if (!read) {
        EXPECT_TRUE(is_of_a_fault(read.error().code())) << read.error().message();
      }
    }
  }

  /// Readers that wait for ever are woken by the stop, whatever is wrong.
  void expect_stop_wakes(device::Device& device) {
    std::optional<Errc> end;
    Thread reader("reader", [&] {
      auto capture = device.next_capture(kForever);
      while (capture) capture = device.next_capture(kForever);
      end = capture.error().code();
    });
    device.stop_imu();
    device.stop_cameras();
    reader.join();
    EXPECT_TRUE(end == Errc::state || is_of_a_fault(end.value()));
  }
};

// Catches a fault that leaves a thread waiting, a state wrong, or a unit that does not come back.
TEST_P(Faults, ContractHoldsThroughAnyFaultAndTheUnitComesBackWhenReopened) {
  if (backend().faults().empty()) GTEST_SKIP() << "this kind of unit has no faults to give";
  for (const std::string& fault : backend().faults()) {
    SCOPED_TRACE(fault);
    auto device = open_started(config());
    ASSERT_TRUE(device->start_imu());
    take(*device, 5);
    backend().begin_fault(fault, 0);
    read_on(*device, seconds(3));
    EXPECT_EQ(device->start_cameras(config()).error().code(), Errc::state) << "it still counts as started";
    EXPECT_EQ(device->start_imu().error().code(), Errc::state);
    if (const auto jacks = device->sync_jacks(); !jacks) {
      EXPECT_TRUE(is_of_a_fault(jacks.error().code())) << jacks.error().message();
    }
    expect_stop_wakes(*device);
    EXPECT_EQ(device->next_capture(kNow).error().code(), Errc::state);
    EXPECT_EQ(device->next_imu_sample(kNow).error().code(), Errc::state);
    device.reset();
    backend().end_fault(fault, 0);
    device = open_started(config());
    take(*device, 5);
    EXPECT_TRUE(is_pair(*next(*device)));
  }
}

// Catches a fault of one unit that disturbs another.
TEST_P(Faults, OfOneUnitLeaveItsNeighbourAlone) {
  if (backend().faults().empty()) GTEST_SKIP() << "this kind of unit has no faults to give";
  const auto neighbour = open_started(config(), 1);
  take(*neighbour, 5);
  for (const std::string& fault : backend().faults()) {
    SCOPED_TRACE(fault);
    backend().begin_fault(fault, 0);
    for (const Capture& capture : take(*neighbour, 30)) EXPECT_TRUE(is_pair(capture));
    backend().end_fault(fault, 0);
  }
  EXPECT_EQ(neighbour->counters().color.missing, 0u);
}

INSTANTIATE_TEST_SUITE_P(Backends, Faults, testing::ValuesIn(all_backends()), name_of_backend);

}  // namespace
}  // namespace genlock::conformance
