// A recording in several files, played as one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "made_file.h"
#include "recording/part_set.h"
#include "recording/reader.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using test::MadeBlock;
using test::MadeFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kPartUs = 300'000;
constexpr std::int64_t kPeriod = 33'333;

/// Nine captures of colour and IR and a datum each, from device time (part - 1) * 300 ms + 1 s on. Two images of the
/// capture at a border are in different parts.
MadeFile part_file(int part, const std::string& clock, const std::string& uid, const std::string& previous,
                   const std::string& next) {
  MadeFile file;
  const Size ir = image_size(DepthMode::passive_ir);
  file.tracks = {test::video_track(1, kColorTrack, PixelFormat::mjpg, {1280, 720}, 30),
                 test::video_track(2, kIrTrack, PixelFormat::ir16, ir, 30),
                 {.number = 3, .name = "NOTES", .codec_private = {}, .size = {}}};
  const std::int64_t start = 1'000'000 + (part - 1) * kPartUs;
  file.tags = {{"K4A_DEPTH_MODE", "PASSIVE_IR"},
               {"K4A_START_OFFSET_NS", std::to_string(start * 1000)},
               {"GENLOCK_CLOCK_ID", clock},
               {"GENLOCK_PART", std::to_string(part)}};
  file.uid = uid;
  file.previous_uid = previous;
  file.next_uid = next;
  std::vector<MadeBlock> blocks;
  for (std::int64_t i = 0; i < 9; ++i) {
    // The first IR image belongs to the last colour image of the part before.
    blocks.push_back({2, i * kPeriod, {"ir"}});
    blocks.push_back({1, (i + 1) * kPeriod - 100, {"color"}});
    blocks.push_back({3, i * kPeriod + 10, {"note " + std::to_string(part)}});
  }
  std::ranges::stable_sort(blocks, {}, &MadeBlock::time_us);
  for (const MadeBlock& block : blocks) {
    if (file.clusters.empty() || block.time_us - file.clusters.back().front().time_us > 30'000)
      file.clusters.emplace_back();
    file.clusters.back().push_back(block);
  }
  return file;
}

class Parts : public testing::Test {
 protected:
  Parts() {
    save("take.mkv", part_file(1, "c10c", "a", "", "b"));
    save("take-part2.mkv", part_file(2, "c10c", "b", "a", "c"));
    save("take-part3.mkv", part_file(3, "c10c", "c", "b", ""));
  }

  void save(const std::string& name, const MadeFile& file) const {
    const std::vector<std::byte> bytes = file.bytes();
    std::ofstream out(folder_ / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

  std::unique_ptr<Reader> open(const std::string& name) const {
    auto reader = Reader::open_recording(folder_ / name, {.any_image_size = true});
    EXPECT_TRUE(reader) << reader.error().message();
    return *std::move(reader);
  }

  std::vector<std::string> names(const Reader& reader) const {
    std::vector<std::string> names;
    for (const auto& file : reader.files()) names.push_back(file.filename().string());
    return names;
  }

  const test::TemporaryFolder folder_;
};

TEST_F(Parts, AreFoundFromAnyOfThem) {
  for (const char* name : {"take.mkv", "take-part2.mkv", "take-part3.mkv"}) {
    const auto reader = open(name);
    EXPECT_THAT(names(*reader), ElementsAre("take.mkv", "take-part2.mkv", "take-part3.mkv"));
    EXPECT_THAT(reader->problems(), IsEmpty());
    EXPECT_EQ(reader->info().identity.part, 1U);
    EXPECT_EQ(reader->info().start_offset, device_time_us(1'000'000));
  }
}

TEST_F(Parts, PlayAsOneInBothDirections) {
  const auto reader = open("take-part2.mkv");
  std::vector<std::pair<std::int64_t, std::int64_t>> forwards, backwards;
  const auto times = [](const Capture& c) {
    return std::pair(c.color ? count_us(c.color->device_time) : 0, c.ir ? count_us(c.ir->device_time) : 0);
  };
  for (const Result<Capture>& capture : reader->captures()) forwards.push_back(times(capture.value()));
  while (const auto capture = reader->previous_capture().value()) backwards.push_back(times(*capture));
  std::ranges::reverse(backwards);
  EXPECT_EQ(forwards, backwards);
  ASSERT_EQ(forwards.size(), 28U);
  for (std::size_t i = 1; i + 1 < forwards.size(); ++i)
    EXPECT_TRUE(forwards[i].first != 0 && forwards[i].second != 0) << "capture " << i << " is split";
}

TEST_F(Parts, AreSoughtAsOne) {
  const auto reader = open("take.mkv");
  for (int part = 1; part <= 3; ++part) {
    const std::int64_t start = 1'000'000 + (part - 1) * kPartUs;
    reader->seek(device_time_us(start + 3 * kPeriod));
    const auto note = reader->next_data("NOTES").value();
    ASSERT_TRUE(note);
    EXPECT_EQ(count_us(note->device_time), start + 3 * kPeriod + 10);
    reader->seek(device_time_us(start));
    const auto before = reader->previous_data("NOTES").value();
    ASSERT_EQ(before.has_value(), part > 1);
    if (before) {
      EXPECT_LT(count_us(before->device_time), start);
    }
  }
  EXPECT_EQ(reader->length(), device_us(2 * kPartUs + 9 * kPeriod - 100));
}

TEST_F(Parts, AreSurveyedAsOne) {
  const Survey survey = open("take-part3.mkv")->survey().value();
  EXPECT_EQ(survey.frames.size(), 54U);
  EXPECT_TRUE(std::ranges::is_sorted(survey.frames, {}, &FrameEntry::device_time));
}

TEST_F(Parts, ThatAreMissingAreSaid) {
  std::filesystem::remove(folder_ / "take-part2.mkv");
  auto reader = open("take.mkv");
  EXPECT_THAT(names(*reader), ElementsAre("take.mkv", "take-part3.mkv"));
  EXPECT_THAT(reader->problems(), ElementsAre(HasSubstr("part 2 of this recording")));
  EXPECT_THAT(reader->survey().value().problems, testing::Contains(HasSubstr("part 2 of this recording")));
  std::filesystem::remove(folder_ / "take-part3.mkv");
  reader = open("take.mkv");
  EXPECT_THAT(names(*reader), ElementsAre("take.mkv"));
  EXPECT_THAT(reader->problems(), ElementsAre(HasSubstr("part 2 of this recording")));
}

TEST_F(Parts, AreFoundUnderOtherNames) {
  std::filesystem::rename(folder_ / "take-part2.mkv", folder_ / "middle.mkv");
  EXPECT_THAT(names(*open("take.mkv")), ElementsAre("take.mkv", "middle.mkv", "take-part3.mkv"));
  EXPECT_THAT(names(*open("middle.mkv")), ElementsAre("take.mkv", "middle.mkv", "take-part3.mkv"));
}

// A recorder that is killed right after it began a part has not told the one before.
TEST_F(Parts, AreFoundByNameWhereTheLinkIsNotWrittenYet) {
  save("take-part2.mkv", part_file(2, "c10c", "b", "a", ""));
  EXPECT_THAT(names(*open("take.mkv")), ElementsAre("take.mkv", "take-part2.mkv", "take-part3.mkv"));
}

TEST_F(Parts, OfAnotherRunOfTheClockAreAnotherRecording) {
  save("take-part2.mkv", part_file(2, "other", "b", "a", ""));
  const auto reader = open("take.mkv");
  EXPECT_THAT(names(*reader), ElementsAre("take.mkv", "take-part3.mkv"));
  EXPECT_THAT(names(*open("take-part2.mkv")), ElementsAre("take-part2.mkv"));
}

TEST_F(Parts, WithTheSameNumberAreNotMixed) {
  save("copy.mkv", part_file(2, "c10c", "b", "a", "c"));
  std::filesystem::rename(folder_ / "take-part3.mkv", folder_ / "end.mkv");
  const auto reader = open("take.mkv");
  EXPECT_THAT(names(*reader), ElementsAre("take.mkv", "take-part2.mkv", "end.mkv"));
  EXPECT_THAT(reader->problems(), ElementsAre(HasSubstr("copy.mkv is left out")));
}

TEST_F(Parts, AreNotLookedForBesideAFileThatIsNone) {
  save("single.mkv", part_file(1, "", "", "", ""));
  save("single-part2.mkv", part_file(2, "", "", "", ""));
  EXPECT_THAT(names(*open("single.mkv")), ElementsAre("single.mkv"));
}

TEST(PartNames, CountFromTwo) {
  EXPECT_EQ(part_name("/a/b.mkv", 1), "/a/b.mkv");
  EXPECT_EQ(part_name("/a/b.mkv", 12), "/a/b-part12.mkv");
}

TEST(OpenRecording, NamesTheFileThatItCannotOpen) {
  EXPECT_THAT(Reader::open_recording("/nowhere/x.mkv").error().message(), HasSubstr("/nowhere/x.mkv"));
}

}  // namespace
}  // namespace genlock::recording
