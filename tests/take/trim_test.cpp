// What genlock trim keeps: exactly the frames of the chosen pulses, as they were.

#include "take/trim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/planned_recording.h"
#include "support/process.h"
#include "support/split_recording.h"
#include "support/temporary_folder.h"
#include "take/judge_files.h"

namespace genlock {
namespace {

using recording::TrackKind;
using take::FrameSet;
using take::FrameSets;
using take::TrimOptions;
using take::TrimReport;
using test::PlannedFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Trim : public testing::Test {
 protected:
  Trim() {
    take_[0].plan.color_drops = {12, 13};
    take_[1].plan.first_pulse = 9;
    take_[1].plan.color_drops = take_[1].plan.depth_drops = {18};
    take_[2].plan.frames = 22;
    for (PlannedFile& file : take_) file.imu = true;
  }

  std::vector<std::filesystem::path> write() { return test::write_planned(folder_.path(), take_); }

  Result<TrimReport> try_trim(const std::vector<std::filesystem::path>& files,
                              const TrimOptions& options = {}) {
    Result<FrameSets> sets = FrameSets::open(files);
    if (!sets) return sets.error();
    return take::trim(*sets, out_, options);
  }

  TrimReport trim(const TrimOptions& options = {}) {
    const Result<TrimReport> report = try_trim(write(), options);
    if (!report) throw std::runtime_error(report.error().message());
    return *report;
  }

  std::vector<std::filesystem::path> trimmed() const {
    return {out_ / "master.mkv", out_ / "sub1.mkv", out_ / "sub2.mkv"};
  }

  static bool same_pixels(const Image& image, const PlannedFile& file, TrackKind track, std::int64_t pulse) {
    return std::ranges::equal(image.data.bytes(), test::planned_image(file, track, pulse).data.bytes());
  }

  /// Pulses of the images of a track, each with the pixels that were made for it.
  static std::vector<std::int64_t> pulses(const std::filesystem::path& file, const PlannedFile& plan,
                                          TrackKind track) {
    std::vector<std::int64_t> pulses;
    const test::Playback playback = *test::play(file);
    for (const Capture& capture : playback.captures) {
      const std::optional<Image>& image = track == TrackKind::color   ? capture.color
                                          : track == TrackKind::depth ? capture.depth
                                                                      : capture.ir;
      if (!image) continue;
      pulses.push_back(image->pulse.value_or(-1));
      EXPECT_TRUE(same_pixels(*image, plan, track, pulses.back())) << file << " pulse " << pulses.back();
    }
    return pulses;
  }

  static std::vector<std::int64_t> range(std::int64_t first, std::int64_t last,
                                         const std::set<std::int64_t>& without) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t n = first; n <= last; ++n)
      if (!without.contains(n)) numbers.push_back(n);
    return numbers;
  }

  std::vector<std::string> names_beside_the_take() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out_.parent_path()))
      names.push_back(entry.path().filename());
    return names;
  }

  test::TemporaryFolder folder_;
  test::TemporaryFolder target_;
  const std::filesystem::path out_ = target_ / "cut";
  std::vector<PlannedFile> take_ = test::planned_take(26);
};

TEST_F(Trim, KeepsTheFramesOfCommonPulsesAndTheirGaps) {
  const TrimReport report = trim();
  EXPECT_EQ(report.first_pulse, 9);
  EXPECT_EQ(report.last_pulse, 27);
  EXPECT_EQ(report.sets, 19U);
  const auto files = trimmed();
  EXPECT_EQ(pulses(files[0], take_[0], TrackKind::color), range(9, 27, {12, 13}));
  EXPECT_EQ(pulses(files[0], take_[0], TrackKind::depth), range(9, 27, {}));
  EXPECT_EQ(pulses(files[1], take_[1], TrackKind::color), range(9, 27, {18}));
  EXPECT_EQ(pulses(files[1], take_[1], TrackKind::ir), range(9, 27, {18}));
  EXPECT_EQ(pulses(files[2], take_[2], TrackKind::color), range(9, 27, {}));
}

TEST_F(Trim, OfCompleteSetsGivesFilesOfEqualFrames) {
  const TrimReport report = trim({.complete_only = true});
  EXPECT_EQ(report.sets, 16U);
  const auto files = trimmed();
  for (std::size_t u = 0; u < files.size(); ++u)
    for (const TrackKind track : {TrackKind::color, TrackKind::depth, TrackKind::ir})
      EXPECT_EQ(pulses(files[u], take_[u], track), range(9, 27, {12, 13, 18}));
}

TEST_F(Trim, KeepsOnlyTheSetsThatAreAskedFor) {
  const TrimReport report = trim({.first_set = 2, .last_set = 8});
  EXPECT_EQ(report.first_pulse, 11);
  EXPECT_EQ(report.last_pulse, 17);
  EXPECT_EQ(pulses(trimmed()[0], take_[0], TrackKind::color), range(11, 17, {12, 13}));
  EXPECT_EQ(pulses(trimmed()[2], take_[2], TrackKind::depth), range(11, 17, {}));
}

TEST_F(Trim, KeepsStampsAndWhatIsKnownOfFrames) {
  take_[0].plan.exposure = device_us(8330);
  trim();
  const std::vector<Capture> before = (*test::play(folder_ / "master.mkv")).captures;
  const std::vector<Capture> after = (*test::play(trimmed()[0])).captures;
  ASSERT_EQ(after.size(), 19U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Capture& source = before[i + 3];
    EXPECT_EQ(after[i].depth->device_time, source.depth->device_time);
    EXPECT_EQ(after[i].depth->host_time, source.depth->host_time);
    if (after[i].color) {
      EXPECT_EQ(after[i].color->exposure, device_us(8330));
    }
  }
}

TEST_F(Trim, TheImuSpansTheSameTime) {
  trim();
  const std::vector<ImuSample> source = (*test::play(folder_ / "sub1.mkv")).imu;
  const auto playback = *test::play(trimmed()[1]);
  const DeviceTime from = playback.captures.front().color->device_time;
  const DeviceTime until = playback.captures.back().depth->device_time + device_us(33'333);
  std::vector<ImuSample> expected;
  for (const ImuSample& sample : source)
    if (sample.accel_time >= from && sample.accel_time < until) expected.push_back(sample);
  ASSERT_EQ(playback.imu.size(), expected.size());
  ASSERT_GT(expected.size(), 900U);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_TRUE(test::same_sample(playback.imu[i], expected[i]));
}

TEST_F(Trim, VerifyPassesOnWhatIsLeft) {
  for (PlannedFile& file : take_) file.plan.frames = 60;
  trim({.first_set = 5});
  const auto report = take::judge_files(trimmed());
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->verdict, sync::Verdict::in_sync);
  EXPECT_EQ(report->same_take, sync::SameTake::yes);
  EXPECT_EQ(report->common->first_pulse, 14);
}

TEST_F(Trim, TheSetsOfWhatIsLeftAreThoseOfTheSource) {
  trim();
  const FrameSets source =
      *FrameSets::open({folder_ / "master.mkv", folder_ / "sub1.mkv", folder_ / "sub2.mkv"});
  const FrameSets sets = *FrameSets::open(trimmed());
  ASSERT_EQ(sets.size(), source.size());
  for (std::uint64_t n = 0; n < sets.size(); ++n) {
    const FrameSet a = source[n], b = sets[n];
    EXPECT_EQ(a.pulse, b.pulse);
    for (std::size_t u = 0; u < a.units.size(); ++u)
      for (std::size_t t = 0; t < take::kImageTracks; ++t) {
        ASSERT_EQ(a.units[u].tracks[t].has_value(), b.units[u].tracks[t].has_value());
        if (!a.units[u].tracks[t]) continue;
        EXPECT_EQ(a.units[u].tracks[t]->stamp, b.units[u].tracks[t]->stamp);
      }
  }
  for (const take::SetUnit& unit : sets.units()) EXPECT_EQ(unit.renumbered, 0U);
}

TEST_F(Trim, FramesOfNoPulseAreLeftOut) {
  take_[2].plan.outliers[15] = device_us(15'000);
  trim();
  EXPECT_EQ(pulses(trimmed()[2], take_[2], TrackKind::color), range(9, 27, {15}));
}

TEST_F(Trim, PartsBecomeOneFile) {
  auto files = write();
  std::filesystem::remove(files[1]);
  const auto parts = test::split_recording(files[1], test::planned_info(take_[1]),
                                           test::planned_content(take_[1], 1), device_us(300'000));
  ASSERT_GT(parts.size(), 2U);
  ASSERT_TRUE(try_trim(files));
  EXPECT_EQ(pulses(trimmed()[1], take_[1], TrackKind::color), range(9, 27, {18}));
  EXPECT_FALSE(std::filesystem::exists(out_ / "sub1-part2.mkv"));
}

TEST_F(Trim, CarriesTracksAttachmentsAndTagsOfPeople) {
  write();
  recording::RecordingInfo info = test::planned_info(take_[0]);
  info.custom_tracks = {{.name = "ROBOT", .codec_id = "S_ROBOT"}};
  info.attachments = {{.name = "notes.txt", .data = Buffer::copy_of(std::as_bytes(std::span("hello", 5)))}};
  info.tags = {{"SCENE", "walk 3"}};
  auto writer = *recording::Writer::create(*create_file(folder_ / "master.mkv", IfExists::replace), info,
                                           test::fixed_options());
  std::vector<DeviceTime> robot;
  for (const Capture& capture : test::planned_content(take_[0], 0).captures) {
    ASSERT_TRUE(writer->write(capture));
    const DeviceTime time = earliest_time(capture) + device_us(1000);
    if (!capture.color) continue;
    ASSERT_TRUE(writer->write("ROBOT", time, Buffer::copy_of(std::as_bytes(std::span("xy", 2)))));
    robot.push_back(time);
  }
  ASSERT_TRUE(writer->close());
  ASSERT_TRUE(try_trim({folder_ / "master.mkv", folder_ / "sub1.mkv", folder_ / "sub2.mkv"}));
  const auto reader = *recording::Reader::open_recording(trimmed()[0]);
  EXPECT_EQ(reader->info().tags.at("SCENE"), "walk 3");
  EXPECT_EQ(reader->info().serial, info.serial);
  EXPECT_TRUE(std::ranges::equal(reader->info().raw_calibration.bytes(), info.raw_calibration.bytes()));
  EXPECT_EQ((*reader->attachment("notes.txt"))->size(), 5U);
  EXPECT_EQ(reader->tag("GENLOCK_FIRST_PULSE"), "9");
  std::vector<DeviceTime> kept;
  for (const Result<recording::DataBlock>& block : reader->data("ROBOT")) kept.push_back(block->device_time);
  const std::vector<DeviceTime> expected(robot.begin() + 3, robot.begin() + 3 + 17);
  EXPECT_EQ(kept, expected);
}

TEST_F(Trim, OutsideToolsOpenWhatIsLeft) {
  trim();
  for (const std::filesystem::path& file : trimmed()) {
    test::Process mkvinfo({"mkvinfo", "--all", file}, {});
    EXPECT_EQ(mkvinfo.wait(), 0);
    for (const char* word : {"nknown element", "invalid", "rror", "arning"})
      EXPECT_THAT(mkvinfo.output(), Not(HasSubstr(word)));
    test::Process ffprobe({"ffprobe", "-v", "quiet", "-count_packets", "-show_entries",
                           "stream=nb_read_packets", "-select_streams", "v", "-of", "csv=p=0", file},
                          {});
    EXPECT_EQ(ffprobe.wait(), 0);
    EXPECT_EQ(ffprobe.output(), file == trimmed()[0]   ? "17\n19\n19\n"
                                : file == trimmed()[1] ? "18\n18\n18\n"
                                                       : "19\n19\n19\n");
  }
}

TEST_F(Trim, StockRecordingsKeepTheirBytes) {
  const std::filesystem::path stock = test::data_file("mkv/pyk4a_recording.mkv");
  ASSERT_TRUE(try_trim({stock}));
  const auto before = *test::play(stock), after = *test::play(out_ / "pyk4a_recording.mkv");
  ASSERT_EQ(after.captures.size(), 1U);
  for (const auto image : {&Capture::color, &Capture::depth, &Capture::ir}) {
    EXPECT_TRUE(std::ranges::equal((after.captures[0].*image)->data.bytes(),
                                   (before.captures[0].*image)->data.bytes()));
    EXPECT_EQ((after.captures[0].*image)->device_time, device_time_us(800'222));
  }
  EXPECT_EQ(after.info.serial, "001514394512");
  EXPECT_EQ(after.info.raw_calibration.size(), before.info.raw_calibration.size());
}

// -- what is in the way

TEST_F(Trim, NeverWritesOverWhatIsThere) {
  std::filesystem::create_directory(out_);
  std::ofstream(out_ / "precious") << "x";
  const auto report = try_trim(write());
  EXPECT_THAT(report.error().message(), HasSubstr("cut exists already"));
  EXPECT_THAT(names_beside_the_take(), ElementsAre("cut"));
  EXPECT_TRUE(std::filesystem::exists(out_ / "precious"));
}

TEST_F(Trim, AStopLeavesNothing) {
  std::uint64_t calls = 0;
  const auto report = try_trim(write(), {.progress = [&](std::uint64_t done, std::uint64_t total) {
                                 EXPECT_LE(done, total);
                                 return ++calls < 30;
                               }});
  EXPECT_EQ(report.error().code(), Errc::state);
  EXPECT_THAT(names_beside_the_take(), IsEmpty());
}

TEST_F(Trim, ProgressGoesToTheEnd) {
  std::uint64_t last = 0, of = 1;
  trim({.progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, last);
    last = done;
    of = total;
    return true;
  }});
  EXPECT_EQ(last, of);
}

TEST_F(Trim, SetsThatAreNotThereAreRefused) {
  EXPECT_THAT(try_trim(write(), {.first_set = 3, .last_set = 19}).error().message(),
              HasSubstr("sets 3 to 19 are not among the 19 of this take, 0 to 18"));
  EXPECT_FALSE(try_trim(write(), {.first_set = 4, .last_set = 3}));
  EXPECT_THAT(names_beside_the_take(), IsEmpty());
}

TEST_F(Trim, AUnitWithoutAFrameInTheSetsIsNamed) {
  EXPECT_THAT(try_trim(write(), {.first_set = 9, .last_set = 9}).error().message(),
              HasSubstr("sub1 has no frame in these sets"));
}

TEST_F(Trim, FilesOfOneNameGetNumbers) {
  take_.resize(2);
  auto files = write();
  std::filesystem::create_directory(folder_ / "other");
  std::filesystem::rename(files[1], folder_ / "other" / "master.mkv");
  ASSERT_TRUE(try_trim({files[0], folder_ / "other" / "master.mkv"}));
  EXPECT_TRUE(std::filesystem::exists(out_ / "1-master.mkv"));
  EXPECT_TRUE(std::filesystem::exists(out_ / "2-master.mkv"));
}

// -- takes

TEST_F(Trim, ATakeGetsATakeFileForWhatIsLeft) {
  write();
  take::Take before{.name = "0007", .rig = "studio", .ended = true, .first_pulse = 6, .last_pulse = 34};
  for (const char* unit : {"master", "sub1", "sub2"})
    before.units.push_back({.name = unit, .files = {{.name = std::string(unit) + ".mkv", .sha256 = "old"}}});
  before.units.insert(before.units.begin(), {.name = "dead", .error = "unplugged"});
  before.units[1].unaligned = {{.name = "master-2.mkv"}};
  before.markers = {{.pulse = 7, .text = "too early"}, {.pulse = 14, .text = "clap"}};
  before.incidents = {{.unit = 1, .pulse = 12, .text = "lost"}, {.pulse = 33, .text = "later"}};
  ASSERT_TRUE(take::save_take(folder_.path(), before));
  std::ofstream(folder_ / "rig.toml") << "name = \"studio\"\n";
  ASSERT_TRUE(try_trim({folder_.path()}));

  const auto after = *take::load_take(out_);
  EXPECT_EQ(after.name, "0007");
  EXPECT_EQ(after.first_pulse, 9);
  EXPECT_EQ(after.last_pulse, 27);
  ASSERT_EQ(after.units.size(), 4U);
  EXPECT_THAT(after.units[0].files, IsEmpty());
  const take::TakenUnit& master = after.units[1];
  EXPECT_THAT(master.unaligned, IsEmpty());
  EXPECT_EQ(master.files.at(0).name, "master.mkv");
  EXPECT_EQ(master.files[0].sha256, "");
  EXPECT_EQ(master.files[0].bytes, std::filesystem::file_size(out_ / "master.mkv"));
  ASSERT_EQ(master.streams.size(), 3U);
  EXPECT_EQ(master.streams[0].stream, "color");
  EXPECT_EQ(master.streams[0].recorded, 17U);
  EXPECT_EQ(master.streams[0].missing, 2U);
  EXPECT_EQ(master.streams[1].recorded, 19U);
  EXPECT_EQ(master.streams[2].stream, "imu");
  ASSERT_EQ(after.markers.size(), 1U);
  EXPECT_EQ(after.markers[0].text, "clap");
  ASSERT_EQ(after.incidents.size(), 1U);
  EXPECT_EQ(after.incidents[0].text, "lost");
  EXPECT_TRUE(std::filesystem::exists(out_ / "rig.toml"));
  const FrameSets again = *FrameSets::open({out_});
  EXPECT_EQ(again.size(), 19U);
}

}  // namespace
}  // namespace genlock
