#include "../replay/made_recording.h"
#include "backend_under_test.h"

namespace genlock::conformance {
namespace {

using replay::MadeRecording;

/// Two recordings of three seconds, made once.
const std::vector<replay::Recording>& recordings() {
  static const std::vector<replay::Recording> made = [] {
    std::vector<replay::Recording> both;
    for (const char* serial : {"000011590212", "001514394512"}) {
      const MadeRecording recording{.serial = serial, .frames = 90};
      both.push_back(replay::recording_in_memory(serial, replay::write_recording(recording)));
    }
    return both;
  }();
  return made;
}

class ReplayUnderTest final : public BackendUnderTest {
 public:
  Abilities abilities() const override {
    return {.any_mode = false,
            .wired_sync = false,
            .can_be_lost = false,
            .lasting_controls = false,
            .real_exposure = false,
            .all_versions = false,

            .imu_temperature = false};
  }
  device::Provider& provider() override { return *provider_; }
  CameraConfig config() const override { return MadeRecording{}.config; }
  void advance(HostDuration by) override { clock_.step(by); }

 private:
  ManualClock clock_;
  std::unique_ptr<replay::Provider> provider_ =
      replay::Provider::create(recordings(), {.clock = &clock_}).value();
};

}  // namespace

BackendCase replay_backend() {
  return {"replay", [] { return std::make_unique<ReplayUnderTest>(); }};
}

}  // namespace genlock::conformance
