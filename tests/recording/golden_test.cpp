// A small file of the format as it is, beside a twin that people can read: whatever changes the bytes on disk
// shows here and in the diff of the twin. GENLOCK_UPDATE_GOLDEN=1 writes both anew.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "mkv/block.h"
#include "mkv/element_reader.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

using Json = nlohmann::ordered_json;
using mkv::ElementType;
using mkv::FoundElement;

const char* const kGoldenFile = "golden/small.mkv";
const char* const kGoldenTwin = "golden/small.json";

std::string hex(ByteSpan bytes) {
  std::string text;
  for (std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

Json describe_block(mkv::Input& input, const FoundElement& element) {
  const std::vector<std::byte> content =
      mkv::binary_value(input, element, 1 << 20).value_or(std::vector<std::byte>());
  const Result<mkv::BlockLayout> block = mkv::parse_block(content, content.size());
  if (!block) return block.error().message();
  Json frames = Json::array();
  for (const mkv::Extent& frame : block->frames) {
    const ByteSpan bytes = ByteSpan(content).subspan(frame.offset, frame.size);
    frames.push_back(bytes.size() > 200 ? fmt::format("{} bytes: {}...", bytes.size(), hex(bytes.first(16)))
                                        : hex(bytes));
  }
  return {{"track", block->track}, {"time", block->time}, {"flags", block->flags}, {"frames", frames}};
}

Json describe(mkv::Input& input, const FoundElement& element);

Json describe_children(mkv::Input& input, const FoundElement& master) {
  Json all = Json::array();
  mkv::Children children(input, master);
  while (const auto child = children.next()) all.push_back(describe(input, *child));
  return all;
}

Json describe_value(mkv::Input& input, const FoundElement& element) {
  if (element.id == mkv::ElementId::simple_block || element.id == mkv::ElementId::block)
    return describe_block(input, element);
  if (element.id == mkv::ElementId::void_) return element.size();
  switch (mkv::find_element(element.id)->type) {
    case ElementType::master:
      return describe_children(input, element);
    case ElementType::uint:
    case ElementType::sint:
      return mkv::uint_value(input, element).value_or(0);
    case ElementType::real:
      return mkv::real_value(input, element).value_or(0);
    case ElementType::date:
      return count_ns(mkv::date_value(input, element).value_or(WallTime{}));
    case ElementType::string:
    case ElementType::utf8:
      return mkv::string_value(input, element).value_or("");
    case ElementType::binary:
      return hex(mkv::binary_value(input, element, 1 << 20).value_or(std::vector<std::byte>()));
  }
  return nullptr;
}

Json describe(mkv::Input& input, const FoundElement& element) {
  Json json;
  json["at"] = element.offset;
  json[std::string(mkv::name_of(element.id))] = describe_value(input, element);
  return json;
}

std::string describe_file(const std::vector<std::byte>& file) {
  const MemorySource source(file);
  mkv::Input input(source);
  Json all = Json::array();
  for (std::uint64_t at = 0; at < input.size();) {
    const auto element = mkv::read_element(input, at, input.size());
    if (!element) break;
    all.push_back(describe(input, *element));
    at = element->end;
  }
  EXPECT_TRUE(input.problems().empty());
  return all.dump(1) + "\n";
}

/// Tracks of everything, but images of colour only: depth images would make the file too large to be read.
std::vector<std::byte> make_file() {
  CameraConfig config;
  config.color_resolution = ColorResolution::r720p;
  config.depth_mode = DepthMode::nfov_2x2binned;
  config.rate = FrameRate::fps5;
  config.sync_mode = WiredSyncMode::subordinate;
  config.delay_off_master = device_us(160);
  config.depth_delay_off_color = device_us(-40);
  test::TakeContent content = test::synthetic_take(config, false, 8);
  content.imu = test::synthetic_imu(device_time_us(990'000), 30);
  for (Capture& capture : content.captures) capture.depth = capture.ir = std::nullopt;
  const Result<std::vector<std::byte>> file = test::record(test::synthetic_info(config, true), content);
  EXPECT_TRUE(file) << file.error().message();
  return *file;
}

void save(const std::filesystem::path& path, ByteSpan bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

TEST(Golden, FileAndTwinAreWhatTheWriterMakes) {
  const std::vector<std::byte> file = make_file();
  const std::string twin = describe_file(file);
  if (std::getenv("GENLOCK_UPDATE_GOLDEN") != nullptr) {
    save(test::data_file(kGoldenFile), file);
    save(test::data_file(kGoldenTwin), std::as_bytes(std::span(twin)));
  }
  const Result<std::vector<std::byte>> golden_file = test::load_file(test::data_file(kGoldenFile));
  const Result<std::vector<std::byte>> golden_twin = test::load_file(test::data_file(kGoldenTwin));
  ASSERT_TRUE(golden_file && golden_twin);
  const std::string expected(reinterpret_cast<const char*>(golden_twin->data()), golden_twin->size());
  EXPECT_EQ(twin, expected);
  EXPECT_TRUE(file == *golden_file);
}

TEST(Golden, IsReadAsItWasWritten) {
  const Result<test::Playback> file = test::play(test::data_file(kGoldenFile));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_TRUE(file->survey.finalised);
  EXPECT_EQ(file->captures.size(), 8U);
  EXPECT_EQ(file->imu.size(), 30U);
  EXPECT_EQ(file->info.config.delay_off_master, device_us(160));
  EXPECT_EQ(file->info.config.depth_delay_off_color, device_us(-40));
}

}  // namespace
}  // namespace genlock::recording
