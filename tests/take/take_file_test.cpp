// take.json: what is saved is read back, and what is not right is told.

#include "take/take_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.h"

namespace genlock::take {
namespace {

using nlohmann::json;
using testing::HasSubstr;

WallTime utc(std::int64_t ns) {
  return WallTime(std::chrono::nanoseconds(ns));
}

Take full_take() {
  Take take{.name = "0007",
            .rig = "studio",
            .ended = true,
            .forced = true,
            .started = utc(1'770'000'000'000'000'001),
            .stopped = utc(1'770'000'010'000'000'002),
            .rate = FrameRate::fps15,
            .first_pulse = -3,
            .last_pulse = 153,
            .advice = "RETAKE: right lost 3 frames"};
  take.units = {{.name = "front",
                 .serial = "000111000112",
                 .role = WiredSyncMode::master,
                 .files = {{.name = "front.mkv", .bytes = 1ULL << 40, .sha256 = std::string(64, 'a')}},
                 .streams = {{.stream = "color", .recorded = 157, .missing = 2, .refused = 1}},
                 .end = "stopped"},
                {.name = "right \"2\"",
                 .serial = "000222000212",
                 .host = "pc2",
                 .role = WiredSyncMode::subordinate,
                 .unaligned = {{.name = "right-2.mkv", .bytes = 5}},
                 .end = "failed",
                 .error = "unplugged"}};
  take.markers = {{.pulse = 12, .utc = utc(5), .text = "clap\nzwei \xC3\xA4"}};
  take.incidents = {{.unit = 1, .pulse = 40, .utc = utc(6), .severity = "failure", .text = "unplugged"},
                    {.utc = utc(7), .severity = "note", .text = "whole take"}};
  return take;
}

/// What take.json says with one of its members changed.
std::string changed(const std::string& pointer, const json& value) {
  json file = json::parse(take_json(full_take()));
  file[json::json_pointer(pointer)] = value;
  return file.dump();
}

std::string error_of(const std::string& text) {
  const Result<Take> take = parse_take(text, "take.json");
  return take ? "" : take.error().message();
}

TEST(TakeFile, EverythingSavedIsReadBack) {
  const Take take = full_take();
  const Result<Take> read = parse_take(take_json(take), "take.json");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->name, take.name);
  EXPECT_EQ(read->started, take.started);
  EXPECT_EQ(read->stopped, take.stopped);
  EXPECT_EQ(read->rate, take.rate);
  EXPECT_EQ(read->first_pulse, -3);
  EXPECT_EQ(read->units.at(0).files.at(0).bytes, 1ULL << 40);
  EXPECT_EQ(read->units.at(1).role, WiredSyncMode::subordinate);
  EXPECT_EQ(read->units.at(1).unaligned.at(0).name, "right-2.mkv");
  EXPECT_EQ(read->markers.at(0).text, take.markers[0].text);
  EXPECT_EQ(read->incidents.at(0).unit, 1U);
  EXPECT_EQ(read->incidents.at(1).pulse, std::nullopt);
  EXPECT_EQ(take_json(*read), take_json(take));
}

TEST(TakeFile, ATakeThatHasOnlyBegunIsReadBack) {
  const Take take{.name = "0001", .units = {{.name = "front"}}};
  const Result<Take> read = parse_take(take_json(take), "take.json");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_FALSE(read->ended);
  EXPECT_EQ(read->first_pulse, std::nullopt);
  EXPECT_EQ(take_json(*read), take_json(take));
}

TEST(TakeFile, NamesThatAreNotUtf8DoNotKeepItFromBeingSaved) {
  const Take take{.name = "caf\xE9"};
  EXPECT_TRUE(parse_take(take_json(take), "take.json"));
}

TEST(TakeFile, WhatIsWrongIsNamed) {
  EXPECT_THAT(error_of("{"), HasSubstr("take.json: "));
  EXPECT_THAT(error_of("[]"), HasSubstr("\"genlock_take\" is missing"));
  EXPECT_THAT(error_of(changed("/genlock_take", 2)), HasSubstr("version 2"));
  EXPECT_THAT(error_of(changed("/fps", 29)), HasSubstr("\"fps\""));
  EXPECT_THAT(error_of(changed("/name", 7)), HasSubstr("\"name\" is not a text"));
  EXPECT_THAT(error_of(changed("/ended", "yes")), HasSubstr("\"ended\" is neither true nor false"));
  EXPECT_THAT(error_of(changed("/units", json::object())), HasSubstr("\"units\" is not a list"));
  EXPECT_THAT(error_of(changed("/units/0/role", "boss")), HasSubstr("role \"boss\" is not known"));
  EXPECT_THAT(error_of(changed("/units/0/files/0/bytes", -1)), HasSubstr("\"bytes\" is -1"));
  EXPECT_THAT(error_of(changed("/first_pulse", 1.5)), HasSubstr("\"first_pulse\" is 1.5"));
  EXPECT_THAT(error_of(changed("/incidents/0/unit", 2)), HasSubstr("a unit that is not there"));
}

TEST(TakeFile, NoNameLeadsOutOfTheFolder) {
  for (const char* name : {"", ".", "..", "../front.mkv", "/etc/passwd", "a/b.mkv"}) {
    EXPECT_THAT(error_of(changed("/units/0/files/0/name", name)), HasSubstr("not the name of a file"))
        << name;
    EXPECT_NE(error_of(changed("/units/1/unaligned/0/name", name)), "") << name;
  }
}

TEST(TakeFile, IsSavedIntoAFolderAndFoundThere) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(is_take(folder.path()));
  EXPECT_EQ(load_take(folder.path()).error().code(), Errc::not_found);
  ASSERT_TRUE(save_take(folder.path(), full_take()));
  EXPECT_TRUE(is_take(folder.path()));
  ASSERT_TRUE(save_take(folder.path(), Take{.name = "later"}));
  EXPECT_EQ(load_take(folder.path())->name, "later");
  std::ofstream(folder / "take.json") << "nothing";
  EXPECT_EQ(load_take(folder.path()).error().code(), Errc::corrupt);
  EXPECT_THAT(load_take(folder.path()).error().message(), HasSubstr((folder / "take.json").string()));
}

TEST(TakeFile, AFolderThatCannotBeWrittenIsTold) {
  EXPECT_THAT(save_take("/nowhere/at/all", Take{}).error().message(), HasSubstr("/nowhere/at/all"));
}

}  // namespace
}  // namespace genlock::take
