// Tracks, attachments and custom data.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_file.h"
#include "recording/reader.h"

namespace genlock::recording {
namespace {

using test::MadeFile;
using testing::ElementsAre;

std::unique_ptr<Reader> reader_of(const MadeFile& file) {
  auto reader = Reader::open(std::make_unique<MemorySource>(file.bytes()));
  EXPECT_TRUE(reader) << reader.error().message();
  return *std::move(reader);
}

std::string text_of(const Buffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
}

MadeFile custom_file() {
  MadeFile file;
  file.tracks = {test::imu_track(1),
                 {.number = 2, .name = "NOTES", .codec = "S_TEXT", .codec_private = "how", .size = {}},
                 {.number = 3, .name = "FAST", .codec_private = {}, .size = {}},
                 {.number = 4,
                  .name = "EXTRA",
                  .type = kTrackTypeVideo,
                  .codec = "V_EXTRA",
                  .codec_private = {},
                  .size = {640, 480},
                  .period_ns = 100'000'000}};
  file.tags = {{"K4A_START_OFFSET_NS", "1000000000"}};
  file.attachments = {{"calibration.json", "{}"}, {"notes", std::string("a\0b", 3)}};
  file.clusters = {{{1, 0, {test::imu_bytes(1'000'000), test::imu_bytes(1'000'500)}, 501},
                    {2, 1000, {"first"}},
                    {3, 2000, {"a", "b", "c", "d"}, 1001},
                    {4, 3000, {"picture"}}},
                   {{2, 40'000, {"second"}}, {3, 40'001, {"e"}}}};
  return file;
}

TEST(Tracks, AreListedByNameWithWhatTheFileSays) {
  const auto reader = reader_of(custom_file());
  const std::vector<TrackInfo>& tracks = reader->tracks();
  ASSERT_EQ(tracks.size(), 4U);
  EXPECT_EQ(tracks[0].name, "EXTRA");
  EXPECT_EQ(tracks[0].kind, TrackInfo::Kind::video);
  EXPECT_EQ(tracks[0].codec_id, "V_EXTRA");
  EXPECT_EQ(tracks[0].width, 640U);
  EXPECT_EQ(tracks[0].height, 480U);
  EXPECT_EQ(tracks[0].frame_period_ns, 100'000'000U);
  EXPECT_EQ(tracks[1].name, "FAST");
  EXPECT_EQ(tracks[2].name, "IMU");
  EXPECT_EQ(tracks[3].name, "NOTES");
  EXPECT_EQ(tracks[3].kind, TrackInfo::Kind::subtitle);
  EXPECT_EQ(text_of(tracks[3].codec_private), "how");
  for (const TrackInfo& track : tracks) EXPECT_EQ(track.built_in, track.name == "IMU");
  ASSERT_EQ(reader->info().custom_tracks.size(), 3U);
  EXPECT_EQ(reader->info().custom_tracks[2].frames_per_second, 10U);
}

TEST(Tracks, DoNotShowGenlocksOwn) {
  MadeFile file = custom_file();
  file.tracks.push_back({.number = 5,
                         .name = "GENLOCK",
                         .codec = std::string(kMetadataCodec),
                         .codec_private = {},
                         .size = {}});
  const auto reader = reader_of(file);
  EXPECT_EQ(reader->tracks().size(), 4U);
  EXPECT_EQ(reader->next_data("GENLOCK").error().code(), Errc::not_found);
}

TEST(Attachments, ComeBackByteForByte) {
  const auto reader = reader_of(custom_file());
  EXPECT_THAT(reader->attachment_names(), ElementsAre("calibration.json", "notes"));
  EXPECT_EQ(text_of(reader->attachment("notes").value().value()), std::string("a\0b", 3));
  EXPECT_EQ(text_of(reader->attachment("calibration.json").value().value()), "{}");
  EXPECT_FALSE(reader->attachment("missing").value());
}

std::vector<std::pair<std::int64_t, std::string>> all_data(Reader& reader, std::string_view track) {
  std::vector<std::pair<std::int64_t, std::string>> all;
  while (const auto block = reader.next_data(track).value())
    all.emplace_back(count_us(block->device_time), text_of(block->data));
  return all;
}

TEST(CustomData, ComesWithDeviceTimes) {
  const auto reader = reader_of(custom_file());
  EXPECT_THAT(all_data(*reader, "NOTES"),
              ElementsAre(std::pair(1'001'000, "first"), std::pair(1'040'000, "second")));
  EXPECT_THAT(all_data(*reader, "EXTRA"), ElementsAre(std::pair(1'003'000, "picture")));
}

// The file keeps the first and the last time of a batch; those between are spread evenly.
TEST(CustomData, OfABatchIsSpreadEvenly) {
  const auto reader = reader_of(custom_file());
  EXPECT_THAT(all_data(*reader, "FAST"),
              ElementsAre(std::pair(1'002'000, "a"), std::pair(1'002'333, "b"), std::pair(1'002'667, "c"),
                          std::pair(1'003'000, "d"), std::pair(1'040'001, "e")));
}

TEST(CustomData, GoesBothWaysAndIsSought) {
  const auto reader = reader_of(custom_file());
  const auto text = [](const Result<std::optional<DataBlock>>& block) {
    return block.value() ? text_of(block.value()->data) : "none";
  };
  reader->seek(device_time_us(1'002'334));
  EXPECT_EQ(text(reader->next_data("FAST")), "c");
  EXPECT_EQ(text(reader->previous_data("FAST")), "b");
  EXPECT_EQ(text(reader->previous_data("FAST")), "a");
  EXPECT_EQ(text(reader->previous_data("FAST")), "none");
  EXPECT_EQ(text(reader->next_data("FAST")), "a");
  EXPECT_EQ(text(reader->next_data("NOTES")), "second");
  EXPECT_EQ(text(reader->next_data("NOTES")), "none");
  EXPECT_EQ(text(reader->previous_data("NOTES")), "second");
  EXPECT_EQ(text(reader->previous_data("NOTES")), "first");
}

TEST(CustomData, OfTracksThatAreNoneIsAnError) {
  const auto reader = reader_of(custom_file());
  EXPECT_EQ(reader->next_data("IMU").error().code(), Errc::not_found);
  EXPECT_EQ(reader->previous_data("NOTHING").error().code(), Errc::not_found);
}

TEST(Length, IsThatOfTheLastItemOfAnyTrack) {
  MadeFile file = custom_file();
  EXPECT_EQ(reader_of(file)->length(), device_us(40'001));
  file.clusters.pop_back();
  EXPECT_EQ(reader_of(file)->length(), device_us(3000));
  file.clusters.front().resize(3);
  EXPECT_EQ(reader_of(file)->length(), device_us(3000));  // the batch's last item
}

}  // namespace
}  // namespace genlock::recording
