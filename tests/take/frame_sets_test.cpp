// Frame sets against the pulses that frames were made for.

#include "take/frame_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/planned_recording.h"
#include "support/split_recording.h"
#include "support/temporary_folder.h"

namespace genlock {
namespace {

using recording::TrackKind;
using take::FrameSet;
using take::FrameSets;
using take::SetRange;
using test::PlannedFile;
using testing::ElementsAre;
using testing::HasSubstr;

/// A take on disk.
class FrameSetsOf : public testing::Test {
 protected:
  FrameSets open(SetRange range = SetRange::common) {
    Result<FrameSets> sets = FrameSets::open(test::write_planned(folder_.path(), take_), range);
    if (!sets) throw std::runtime_error(sets.error().message());
    return *std::move(sets);
  }

  std::string error(SetRange range = SetRange::common) {
    const Result<FrameSets> sets = FrameSets::open(test::write_planned(folder_.path(), take_), range);
    return sets ? "" : sets.error().message();
  }

  bool made_for(const PlannedFile& file, TrackKind track, std::int64_t pulse) const {
    const test::StampPlan& plan = file.plan;
    if (pulse < plan.first_pulse || pulse >= plan.first_pulse + plan.frames) return false;
    if (track == TrackKind::color) return plan.description.color && !plan.color_drops.contains(pulse);
    if (track == TrackKind::ir && file.ir_drops.contains(pulse)) return false;
    return plan.description.depth && !plan.depth_drops.contains(pulse);
  }

  /// A set has the frames of its pulse, and no others.
  void expect_truth(const FrameSet& set) const {
    for (std::size_t u = 0; u < take_.size(); ++u)
      for (const TrackKind track : {TrackKind::color, TrackKind::depth, TrackKind::ir})
        EXPECT_EQ(set.units[u].tracks[static_cast<std::size_t>(track)].has_value(),
                  made_for(take_[u], track, set.pulse))
            << "unit " << u << " " << to_string(track) << " pulse " << set.pulse;
  }

  static void expect_pixels(const std::optional<Image>& image, const PlannedFile& file, TrackKind track,
                            std::int64_t pulse) {
    ASSERT_TRUE(image);
    const Image expected = test::planned_image(file, track, pulse);
    EXPECT_TRUE(std::ranges::equal(image->data.bytes(), expected.data.bytes()))
        << to_string(track) << " pulse " << pulse;
  }

  /// The images of a set are those that were made for its pulse.
  void expect_images(FrameSets& sets, std::uint64_t number) const {
    const FrameSet set = sets[number];
    const auto captures = sets.load(set);
    ASSERT_TRUE(captures) << captures.error().message();
    for (std::size_t u = 0; u < take_.size(); ++u) {
      const auto& tracks = set.units[u].tracks;
      const Capture& capture = (*captures)[u];
      EXPECT_EQ(capture.color.has_value(), tracks[0].has_value());
      EXPECT_EQ(capture.depth.has_value(), tracks[1].has_value());
      EXPECT_EQ(capture.ir.has_value(), tracks[2].has_value());
      if (tracks[0]) expect_pixels(capture.color, take_[u], TrackKind::color, set.pulse);
      if (tracks[1]) expect_pixels(capture.depth, take_[u], TrackKind::depth, set.pulse);
      if (tracks[2]) expect_pixels(capture.ir, take_[u], TrackKind::ir, set.pulse);
    }
  }

  test::TemporaryFolder folder_;
  std::vector<PlannedFile> take_ = test::planned_take(26);
};

/// Gaps in every stream, and units that begin and end at other pulses.
class FrameSetsWithGaps : public FrameSetsOf {
 protected:
  FrameSetsWithGaps() {
    take_[0].plan.color_drops = {12, 13};
    take_[1].plan.first_pulse = 9;
    take_[1].plan.depth_drops = {18};
    take_[1].plan.color_drops = {18};
    take_[2].plan.frames = 22;
    take_[2].ir_drops = {10, 11};
  }
};

TEST_F(FrameSetsWithGaps, HoldTheFramesOfEveryCommonPulse) {
  const FrameSets sets = open();
  EXPECT_EQ(sets.pulse_of(std::uint64_t{0}), 9);
  ASSERT_EQ(sets.size(), 19U);  // 9 to 27
  std::uint64_t number = 0;
  for (const FrameSet& set : sets) {
    EXPECT_EQ(set.number, number);
    EXPECT_EQ(set.pulse, 9 + static_cast<std::int64_t>(number++));
    expect_truth(set);
  }
  EXPECT_EQ(number, 19U);
}

TEST_F(FrameSetsWithGaps, HoldThoseOfAllPulsesIfAsked) {
  const FrameSets sets = open(SetRange::all);
  EXPECT_EQ(sets.pulse_of(std::uint64_t{0}), 6);
  ASSERT_EQ(sets.size(), 29U);  // 6 to 34
  for (const FrameSet& set : sets) expect_truth(set);
}

TEST_F(FrameSetsWithGaps, CountWhatVerifyCounts) {
  const FrameSets sets = open();
  const sync::CommonSpan& common = sets.report().common.value();
  EXPECT_EQ(common.first_pulse, sets.pulse_of(std::uint64_t{0}));
  EXPECT_EQ(common.last_pulse, sets.pulse_of(sets.size() - 1));
  std::uint64_t complete = 0, ir_only = 0;
  for (const FrameSet& set : sets) {
    complete += set.complete();
    ir_only += set.missing == 1 && !set.units[2].tracks[2];
  }
  EXPECT_EQ(ir_only, 2U);
  EXPECT_EQ(complete + ir_only, common.complete_sets);
}

TEST_F(FrameSetsWithGaps, NumberFramesAsTheyComeInTheirTracks) {
  const FrameSets sets = open();
  const FrameSet set = sets[*sets.number_of(22)];
  EXPECT_EQ(set.units[0].tracks[0]->frame, 14U);  // 6 to 21, less 12 and 13
  EXPECT_EQ(set.units[0].tracks[1]->frame, 16U);
  EXPECT_EQ(set.units[1].tracks[1]->frame, 12U);  // 9 to 21, less 18
  EXPECT_EQ(set.units[2].tracks[2]->frame, 14U);  // 6 to 21, less 10 and 11
  const DeviceTime stamp = set.units[0].tracks[0]->stamp;
  EXPECT_EQ(sets.pulse_of(0, TrackKind::color, stamp), 22);
  EXPECT_EQ(sets.pulse_of(0, TrackKind::color, stamp + device_us(1)), std::nullopt);
  EXPECT_EQ(sets.number_of(8), std::nullopt);
  EXPECT_EQ(sets.number_of(28), std::nullopt);
}

TEST_F(FrameSetsWithGaps, TellStampsAndHostTimesOfTheirFrames) {
  take_[1].plan.host_times = false;
  const FrameSets sets = open();
  std::size_t at = 0;
  for (const sync::Observation& frame : generate(take_[0].plan, 0, 1).frames) {
    if (frame.stream != sync::Stream::depth) continue;
    const auto number = sets.number_of(take_[0].plan.first_pulse + static_cast<std::int64_t>(at++));
    if (!number) continue;
    EXPECT_EQ(sets[*number].units[0].tracks[1]->stamp, frame.device);
    EXPECT_EQ(sets[*number].units[0].tracks[1]->host, frame.host);
    EXPECT_EQ(sets[*number].units[0].tracks[2]->stamp, frame.device);
  }
  EXPECT_EQ(sets[0].units[1].tracks[0]->host, std::nullopt);
}

TEST_F(FrameSetsWithGaps, LoadTheImagesOfTheirPulse) {
  FrameSets sets = open();
  for (std::uint64_t n = 0; n < sets.size(); ++n) expect_images(sets, n);
}

TEST_F(FrameSetsWithGaps, AreReadOnWithoutSeeking) {
  FrameSets sets = open();
  for (const FrameSet& set : sets) ASSERT_TRUE(sets.load(set));
  EXPECT_EQ(sets.seeks(), 3U);  // one in each file, to the first common pulse
}

TEST_F(FrameSetsWithGaps, LoadInAnyOrder) {
  FrameSets sets = open();
  for (const std::uint64_t n : {18, 0, 11, 10, 10, 12, 3, 2, 17, 1}) expect_images(sets, n);
}

TEST_F(FrameSetsOf, ADelayOfAWholePeriodOfDepthNeedsNoSeeks) {
  for (PlannedFile& file : take_) file.plan.description.depth_delay_off_color = device_us(33'000);
  FrameSets sets = open();
  for (std::uint64_t n = 0; n < sets.size(); ++n) expect_images(sets, n);
  EXPECT_EQ(sets.seeks(), 3U);
}

TEST_F(FrameSetsOf, PassiveIrIsPlacedByItself) {
  take_[1].plan.description.depth_mode = DepthMode::passive_ir;
  take_[1].plan.depth_drops = {12};
  const FrameSets sets = open();
  for (const FrameSet& set : sets) {
    EXPECT_FALSE(set.units[1].tracks[1]);
    EXPECT_EQ(set.units[1].tracks[2].has_value(), set.pulse != 12) << set.pulse;
    EXPECT_EQ(set.missing, set.pulse == 12 ? 1U : 0U);
  }
}

TEST_F(FrameSetsOf, IrWithoutItsDepthKeepsItsPulse) {
  PlannedFile& file = take_[2];
  file.plan.depth_drops = {};
  test::TakeContent content = test::planned_content(file, 2);
  for (Capture& capture : content.captures)
    if (capture.depth && capture.ir && capture.depth->device_time > device_time_us(700'000) &&
        capture.depth->device_time < device_time_us(730'000))
      capture.depth.reset();
  const auto files = test::write_planned(folder_.path(), take_);
  const auto bytes = *test::record(test::planned_info(file), content);
  std::ofstream(files[2], std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const FrameSets sets = *FrameSets::open(files);
  std::size_t alone = 0;
  for (const FrameSet& set : sets) {
    EXPECT_TRUE(set.units[2].tracks[2]) << set.pulse;
    alone += !set.units[2].tracks[1];
  }
  EXPECT_EQ(alone, 1U);
  EXPECT_EQ(sets.units()[2].tracks[2].apart, 0U);
}

TEST_F(FrameSetsOf, OutliersStayInTheirSetsMarked) {
  take_[1].plan.outliers[20] = device_us(5000);
  const FrameSets sets = open();
  for (const FrameSet& set : sets) {
    EXPECT_EQ(set.missing, 0U);
    EXPECT_EQ(set.complete(), set.pulse != 20);
  }
  const FrameSet marked = sets[*sets.number_of(20)];
  const auto& odd = marked.units[1].tracks;
  EXPECT_TRUE(odd[0]->outlier && odd[1]->outlier && odd[2]->outlier);
}

TEST_F(FrameSetsOf, FramesBesideAnyPulseAreInNoSet) {
  take_[1].plan.outliers[20] = device_us(15'000);
  const FrameSets sets = open();
  const FrameSet set = sets[*sets.number_of(20)];
  EXPECT_TRUE(set.units[1].empty());
  for (const auto& track : sets.units()[1].tracks) EXPECT_EQ(track.apart, 1U);
}

TEST_F(FrameSetsOf, PulsesInTheFilesThatDisagreeAreToldAndNotGoneBy) {
  take_[0].numbered = 0;
  take_[1].numbered = 3;
  const FrameSets sets = open();
  EXPECT_EQ(sets.units()[0].renumbered, 0U);
  EXPECT_EQ(sets.units()[1].renumbered, 78U);
  EXPECT_EQ(sets.units()[2].renumbered, 0U);
  for (const FrameSet& set : sets) expect_truth(set);
}

TEST_F(FrameSetsOf, ASingleRecordingHasSetsToo) {
  take_.resize(1);
  take_[0].plan.color_drops = {10};
  const FrameSets sets = open();
  EXPECT_EQ(sets.size(), 26U);
  for (const FrameSet& set : sets) expect_truth(set);
}

TEST_F(FrameSetsOf, PartsOfASplitRecordingAreOneUnit) {
  auto files = test::write_planned(folder_.path(), take_);
  std::filesystem::remove(files[1]);
  const auto parts = test::split_recording(files[1], test::planned_info(take_[1]),
                                           test::planned_content(take_[1], 1), device_us(400'000));
  ASSERT_GT(parts.size(), 2U);
  FrameSets sets = *FrameSets::open({files[0], parts[1], files[2]});
  EXPECT_EQ(sets.units().size(), 3U);
  EXPECT_EQ(sets.size(), 26U);
  EXPECT_EQ(sets[25].units[1].tracks[0]->frame, 25U);
  for (std::uint64_t n = 0; n < sets.size(); ++n) expect_images(sets, n);
}

TEST_F(FrameSetsOf, UnitsThatCannotBeNumberedTogetherAreRefused) {
  take_[2].plan.description.rate = FrameRate::fps15;
  EXPECT_THAT(error(), AllOf(HasSubstr("sub2: its frames cannot be numbered with the others'"),
                             HasSubstr("Give all units one frame rate")));
}

TEST_F(FrameSetsOf, RecordingsOfOtherTimesHaveNoCommonPulse) {
  for (PlannedFile& file : take_) file.plan.host_times = false;
  take_[2].plan.first_pulse = 900;
  EXPECT_THAT(error(), HasSubstr("no pulse that all units cover"));
  EXPECT_EQ(error(SetRange::all), "");
}

TEST_F(FrameSetsOf, RecordingsOfAnotherTakeAreRefused) {
  take_[2].plan.host_began_s = 600;
  EXPECT_THAT(error(SetRange::all), HasSubstr("sub2: not the same take as the reference"));
}

TEST_F(FrameSetsOf, WhatIsNoRecordingIsNamed) {
  EXPECT_THAT(FrameSets::open({folder_ / "none.mkv"}).error().message(), HasSubstr("none.mkv"));
  EXPECT_THAT(FrameSets::open({folder_.path()}).error().message(), HasSubstr("name the folder of a take"));
  EXPECT_THAT(FrameSets::open({}).error().message(), HasSubstr("nothing was given"));
}

TEST(FrameSetsOfStockFiles, AreThoseOfTheirStamps) {
  FrameSets sets = *FrameSets::open({test::data_file("mkv/pyk4a_recording.mkv")});
  ASSERT_EQ(sets.size(), 1U);
  const FrameSet set = sets[0];
  EXPECT_TRUE(set.complete());
  EXPECT_EQ(set.pulse, 4);  // 800 ms of 5 frames a second
  for (const auto& frame : set.units[0].tracks) {
    EXPECT_EQ(frame->stamp, device_time_us(800'222));
    EXPECT_EQ(frame->host, std::nullopt);
  }
  const auto captures = sets.load(set);
  ASSERT_TRUE(captures);
  EXPECT_EQ((*captures)[0].color->data.size(), 217'095U);
}

TEST(FrameSetsOfATake, HaveItsUnitsNames) {
  const test::TemporaryFolder folder;
  const auto files = test::planned_take(10);
  const auto paths = test::write_planned(folder.path(), files);
  take::Take take{.name = "0001"};
  for (const char* unit : {"front", "left", "right"}) take.units.push_back({.name = unit});
  take.units[0].files = {{.name = "master.mkv"}};
  take.units[2].files = {{.name = "sub2.mkv"}};
  take.units[2].unaligned = {{.name = "sub1.mkv"}};
  ASSERT_TRUE(take::save_take(folder.path(), take));
  const FrameSets sets = *FrameSets::open({folder.path()});
  ASSERT_EQ(sets.units().size(), 2U);
  EXPECT_EQ(sets.units()[0].name, "front");
  EXPECT_EQ(sets.units()[1].name, "right");
  EXPECT_THAT(sets.notes(), ElementsAre("left: the take has no recording of it",
                                        "right: sub1.mkv is left out, it is not aligned with the others"));
}

TEST(FrameSetsOfATake, SayThatMoreWasPlanned) {
  const test::TemporaryFolder folder;
  test::write_planned(folder.path(), test::planned_take(10));
  take::Take take{.name = "0001", .first_pulse = 6, .last_pulse = 15};
  for (const char* unit : {"master", "sub1", "sub2"})
    take.units.push_back({.name = unit, .files = {{.name = std::string(unit) + ".mkv"}}});
  ASSERT_TRUE(take::save_take(folder.path(), take));
  EXPECT_TRUE(FrameSets::open({folder.path()})->notes().empty());
  take.last_pulse = 105;
  ASSERT_TRUE(take::save_take(folder.path(), take));
  EXPECT_THAT(FrameSets::open({folder.path()})->notes(),
              ElementsAre(HasSubstr("to have pulses 6 to 105: 90 of these 100 have no set here")));
}

}  // namespace
}  // namespace genlock
