// Every kind of damage has its finding, and sound files have none.

#include "recording/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "damage.h"
#include "mkv/element_writer.h"
#include "repair_cases.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using Code = FindingCode;

CheckReport check(Bytes file) {
  Result<CheckReport> report = check_recording(MemorySource(std::move(file)));
  EXPECT_TRUE(report) << report.error().message();
  return report ? *std::move(report) : CheckReport();
}

TEST(Check, FindsNothingWrongWithSoundFiles) {
  EXPECT_TRUE(check(whole()).sound());
  for (const char* name : {"mkv/pyk4a_recording.mkv", "mkv/ms_sdk_2018_playback_test_input.mkv"}) {
    const CheckReport report = check(*test::load_file(test::data_file(name)));
    EXPECT_TRUE(report.sound()) << name << ": " << report.findings.listed().front().text;
    EXPECT_FALSE(report.stock_refuses) << name;
  }
}

TEST(Check, CountsFramesByTrack) {
  const CheckReport report = check(whole());
  EXPECT_EQ(report.tracks.at(1).name, "COLOR");
  EXPECT_EQ(report.tracks.at(1).frames, 60U);
  EXPECT_EQ(report.tracks.at(2).frames, test::light_take(60).imu.size());
  EXPECT_TRUE(report.tracks.at(1).video);
  EXPECT_FALSE(report.tracks.at(2).video);
  EXPECT_EQ(report.tracks.size(), 2U) << "the GENLOCK track is not the user's";
}

struct Damage {
  const char* name;
  std::function<Bytes()> make;
  Code code;
  bool stock_reads;  ///< by the rules of the stock reader
};

class CheckDamage : public testing::TestWithParam<Damage> {};

TEST_P(CheckDamage, IsFound) {
  const CheckReport report = check(GetParam().make());
  EXPECT_GE(report.findings.count(GetParam().code), 1U);
  EXPECT_FALSE(report.sound());
  EXPECT_EQ(!report.stock_refuses, GetParam().stock_reads);
  for (const Finding& finding : report.findings.listed())
    EXPECT_EQ(finding.severity == FindingSeverity::fault, !finding.advice.empty()) << finding.text;
}

Bytes changed(Bytes file, std::size_t at, std::byte value) {
  file.at(at) = value;
  return file;
}

Bytes stock_unfinished() {
  Bytes file = *test::load_file(test::data_file("mkv/pyk4a_recording.mkv"));
  test::unfinish_stock_file(file);
  return file;
}

Bytes with_hole() {
  Bytes file = whole();
  const auto clusters = test::cluster_offsets(file);
  test::spoil(file, clusters[5], clusters[6]);
  return file;
}

Bytes with_zeros_behind() {
  Bytes file = unfinished();
  file.resize(file.size() + 5000);
  return file;
}

Bytes with_claiming_cluster() {
  Bytes file = whole();
  file[test::cluster_offsets(file)[5] + 9] = std::byte{1};  // 65536 bytes more
  return file;
}

Bytes with_wrong_tag_text() {
  Bytes file = whole();
  file[test::offset_of(file, "bench-host")] = std::byte{'B'};
  return file;
}

Bytes with_another_index() {
  Bytes file = whole();
  // Position of the first cluster, as the first record tells it.
  const auto at = test::offsets_of(file, Bytes{std::byte{4}, std::byte{0}}).back();
  file[at + 4] ^= std::byte{1};
  return file;
}

Bytes with_clusters_swapped() {
  Bytes file = unfinished();
  const auto clusters = test::cluster_offsets(file);
  const auto at = [&](std::size_t i) { return file.begin() + static_cast<std::ptrdiff_t>(clusters[i]); };
  std::rotate(at(5), at(8), at(11));
  return file;
}

Bytes with_a_short_image() {
  Bytes file = *test::load_file(test::data_file("mkv/pyk4a_recording.mkv"));
  // Of the depth track's 640x576 pixels.
  const Bytes height{std::byte{0xBA}, std::byte{0x82}, std::byte{0x02}, std::byte{0x40}};
  for (const std::size_t at : test::offsets_of(file, height)) file[at + 3] = std::byte{0x41};
  return file;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, CheckDamage,
    testing::Values(
        Damage{"unclosed", unfinished, Code::segment_size, true},
        Damage{"unclosed_without_cues", unfinished, Code::cues, true},
        Damage{"unclosed_without_duration", unfinished, Code::duration, true},
        Damage{"killed_stock_size", stock_unfinished, Code::segment_size, false},
        Damage{"killed_stock_info", stock_unfinished, Code::info, false},
        Damage{"killed_stock_offset", stock_unfinished, Code::start_offset, false},
        Damage{"cut", [] { return test::first_bytes(whole(), whole().size() * 2 / 3); }, Code::cut, false},
        Damage{"header_only",
               [] { return test::first_bytes(unfinished(), test::cluster_offsets(unfinished())[0]); },
               Code::no_clusters, false},
        Damage{"hole", with_hole, Code::hole, true}, Damage{"zeros", with_zeros_behind, Code::zeros, true},
        Damage{"flipped_bit",
               [] { return changed(whole(), test::cluster_offsets(whole())[3] + 200, std::byte{0x55}); },
               Code::checksum, true},
        Damage{"flipped_tag", with_wrong_tag_text, Code::checksum, true},
        Damage{"claiming_cluster", with_claiming_cluster, Code::cluster_size, true},
        Damage{"overwritten_cues",
               [] {
                 return test::continued_over_its_cues(*test::record(test::light_info(), test::light_take(35)),
                                                      unfinished());
               },
               Code::cues_overwritten, false},
        Damage{"index", with_another_index, Code::index, true},
        Damage{"order", with_clusters_swapped, Code::block_order, true},
        Damage{"configuration", with_a_short_image, Code::configuration, false}),
    [](const auto& damage) { return std::string(damage.param.name); });

TEST(Check, ListsOnlyTheFirstOfMany) {
  Bytes file = whole();
  for (const std::size_t at : test::cluster_offsets(file)) file[at + 60] ^= std::byte{1};
  const CheckReport report = check(file);
  EXPECT_EQ(report.findings.count(Code::checksum), report.clusters);
  EXPECT_EQ(std::ranges::count(report.findings.listed(), Code::checksum, &Finding::code),
            static_cast<std::ptrdiff_t>(Findings::kMostOfACode));
}

TEST(Check, RefusesWhatIsNoRecording) {
  const Result<CheckReport> report = check_recording(MemorySource(Bytes(5000, std::byte{7})));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::corrupt);
}

TEST(Check, CanBeStopped) {
  CheckOptions options;
  options.progress = [](std::uint64_t, std::uint64_t) { return false; };
  const Result<CheckReport> report = check_recording(MemorySource(whole()), options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), Errc::state);
}

}  // namespace
}  // namespace genlock::recording
