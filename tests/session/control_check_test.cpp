#include "session/control_check.h"

#include <gmock/gmock.h>

#include <map>

#include "session/unit_session.h"

namespace genlock::session {
namespace {

using device::ColorControl;
using device::ControlMode;
using device::ControlValue;
using testing::ElementsAre;
using testing::IsEmpty;

/// Takes every setting and makes of some what it likes.
class Wilful final : public device::Backend {
 public:
  explicit Wilful(std::map<ColorControl, ControlValue> made) : made_(std::move(made)) {
    identity_.serial = "000123";
  }

  const device::DeviceIdentity& identity() const override { return identity_; }
  Result<SyncJacks> sync_jacks() override { return SyncJacks{}; }
  Result<ControlValue> color_control(ColorControl control) override {
    if (made_.contains(control)) return made_[control];
    if (control == ColorControl::backlight_compensation) return Error(Errc::unsupported, "is not told");
    return set_[control];
  }
  Status set_color_control(ColorControl control, ControlValue value) override {
    set_[control] = value;
    return {};
  }
  Status start(const CameraConfig&) override { return gone(); }
  void stop() override {}
  Result<std::optional<Capture>> next_capture(HostTime) override { return gone().error(); }
  Status start_imu() override { return gone(); }
  void stop_imu() override {}
  Result<std::size_t> read_imu(std::span<ImuSample>, HostTime) override { return gone().error(); }
  device::BackendCounters counters() const override { return {}; }

 private:
  static Status gone() { return Error(Errc::state, "has no cameras"); }

  std::map<ColorControl, ControlValue> made_, set_{{ColorControl::powerline_frequency, {.value = 2}}};
  device::DeviceIdentity identity_;
};

class WilfulUnits final : public device::Provider {
 public:
  explicit WilfulUnits(std::map<ColorControl, ControlValue> made) : made_(std::move(made)) {}
  std::string backend() const override { return "k4a"; }
  std::string description() const override { return "a wilful unit"; }
  Result<std::vector<device::UnitListing>> list() override { return std::vector<device::UnitListing>(1); }
  Result<std::unique_ptr<device::Device>> open(unsigned) override {
    return std::make_unique<device::Device>(std::make_unique<Wilful>(made_), system_clock());
  }
  Clock& clock() override { return system_clock(); }

 private:
  const std::map<ColorControl, ControlValue> made_;
};

ControlValue manual(std::int32_t value) {
  return {ControlMode::manual, value};
}

ControlCheck check(const std::vector<SetControls::Setting>& settings,
                   std::map<ColorControl, ControlValue> made) {
  device::Device unit(std::make_unique<Wilful>(std::move(made)), system_clock());
  for (const SetControls::Setting& setting : settings)
    EXPECT_TRUE(unit.set_color_control(setting.control, setting.value));
  const auto checked = check_controls(unit, settings);
  EXPECT_TRUE(checked);
  return checked ? *checked : ControlCheck{};
}

TEST(ControlCheck, NamesWhatTheUnitDidNotTake) {
  const ControlCheck checked = check({{ColorControl::powerline_frequency, manual(2)},
                                      {ColorControl::exposure_us, manual(10'000)},
                                      {ColorControl::white_balance_k, manual(4500)},
                                      {ColorControl::gain, manual(100)},
                                      {ColorControl::contrast, manual(5)}},
                                     {{ColorControl::powerline_frequency, manual(1)},
                                      {ColorControl::exposure_us, manual(8330)},
                                      {ColorControl::white_balance_k, {ControlMode::automatic, 4500}},
                                      {ColorControl::gain, manual(128)}});
  EXPECT_THAT(checked.wrong,
              ElementsAre("power line is 50 Hz, asked for 60", "exposure is 8330 µs, asked for 10000",
                          "white balance is automatic, asked for 4500", "gain is 128, asked for 100"));
  EXPECT_THAT(checked.rounded, IsEmpty());
}

TEST(ControlCheck, KnowsWhatUnitsRound) {
  const ControlCheck checked =
      check({{ColorControl::exposure_us, manual(10'000)},
             {ColorControl::white_balance_k, manual(4500)},
             {ColorControl::brightness, {ControlMode::manual, 128}}},
            {{ColorControl::exposure_us, manual(16'670)}, {ColorControl::white_balance_k, manual(4495)}});
  EXPECT_THAT(checked.rounded, ElementsAre("exposure is 16670 µs, asked for 10000",
                                           "white balance is 4495 K, asked for 4500"));
  EXPECT_THAT(checked.wrong, IsEmpty());
}

TEST(ControlCheck, LeavesOutWhatHasNoEffectOrIsNotTold) {
  const ControlCheck checked = check({{ColorControl::auto_exposure_priority, manual(0)},
                                      {ColorControl::backlight_compensation, manual(1)},
                                      {ColorControl::exposure_us, {ControlMode::automatic, 0}}},
                                     {{ColorControl::auto_exposure_priority, manual(7)},
                                      {ColorControl::exposure_us, {ControlMode::automatic, 2500}}});
  EXPECT_THAT(checked.wrong, IsEmpty());
  EXPECT_THAT(checked.rounded, IsEmpty());
}

TEST(ControlCheck, IsMadeByASessionThatSetsControls) {
  WilfulUnits units({{ColorControl::exposure_us, manual(16'670)}, {ColorControl::gain, manual(128)}});
  std::vector<std::string> warnings;
  UnitSession session(units,
                      [&](const Event& event) {
                        if (const auto* warning = std::get_if<Warning>(&event))
                          warnings.push_back(warning->text);
                      },
                      {.name = "sub1"});
  ASSERT_TRUE(session.execute(OpenUnit{}));
  EXPECT_TRUE(session.execute(SetControls{{{ColorControl::exposure_us, manual(10'000)}}}));
  EXPECT_THAT(warnings, ElementsAre("unit 000123 (sub1): exposure is 16670 µs, asked for 10000"));
  const Status wrong = session.execute(
      SetControls{{{ColorControl::exposure_us, manual(500)}, {ColorControl::gain, manual(3)}}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(),
            "unit 000123 (sub1): exposure is 16670 µs, asked for 500; gain is 128, asked for 3");
}

}  // namespace
}  // namespace genlock::session
