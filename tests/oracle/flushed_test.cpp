// The official reader on recordings that go on, and on custom tracks and attachments.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "stock_library.h"
#include "stock_reader.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using test::KeptSink;

Buffer numbered(unsigned number, std::size_t size) {
  std::vector<std::byte> bytes(size, static_cast<std::byte>(number));
  return Buffer::from_vector(std::move(bytes));
}

class OfficialReaderOfAWriter : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = test::stock_library_missing())
      GTEST_SKIP() << "the official reader is missing: " << *reason;
    info_.custom_tracks.push_back({.name = "NOTES", .codec_id = "S_TEXT/UTF8", .codec_private = {}});
    info_.custom_tracks.push_back(
        {.name = "FORCE", .codec_id = "S_MY/FORCE", .codec_private = {}, .high_frequency = true});
    info_.attachments.push_back({"notes.txt", numbered('x', 5)});
    auto writer = Writer::create(std::make_unique<KeptSink>(memory_), info_, test::fixed_options());
    ASSERT_TRUE(writer) << writer.error().message();
    writer_ = *std::move(writer);
  }

  /// What is on the disk now, in a file.
  std::filesystem::path snapshot() {
    const std::filesystem::path path = folder_ / "file.mkv";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(memory_->bytes().data()),
               static_cast<std::streamsize>(memory_->size()));
    return path;
  }

  RecordingInfo info_ = test::synthetic_info(test::small_config(), true);
  const std::shared_ptr<MemorySink> memory_ = std::make_shared<MemorySink>();
  std::unique_ptr<Writer> writer_;
  test::TemporaryFolder folder_;
};

TEST_F(OfficialReaderOfAWriter, OpensTheFileAfterEveryFlushAndAfterClosing) {
  const test::TakeContent content = test::synthetic_take(test::small_config(), false, 80);
  for (std::size_t i = 0; i < content.captures.size(); ++i) {
    ASSERT_TRUE(writer_->write(content.captures[i]));
    ASSERT_TRUE(writer_->write(test::synthetic_imu(earliest_time(content.captures[i]), 10)));
    const bool last = i + 1 == content.captures.size();
    if (i % 25 != 3 && !last) continue;
    ASSERT_TRUE(last ? writer_->close() : writer_->flush());
    const Result<test::StockPlayback> file = test::stock_play(snapshot());
    ASSERT_TRUE(file) << i << ": " << file.error().message();
    ASSERT_EQ(file->captures.size(), i + 1);
    EXPECT_EQ(file->imu.size(), 10 * (i + 1));
    EXPECT_TRUE(
        std::ranges::equal(file->captures[i].depth->data.bytes(), content.captures[i].depth->data.bytes()));
    EXPECT_EQ(file->captures[i].color->device_time, content.captures[i].color->device_time);
  }
}

TEST_F(OfficialReaderOfAWriter, FindsCustomDataAndAttachments) {
  const DeviceTime start = device_time_us(3'000'000);
  for (unsigned i = 0; i < 3; ++i)
    ASSERT_TRUE(
        writer_->write(test::synthetic_capture(test::small_config(), start + device_us(33'333 * i), i)));
  for (unsigned i = 0; i < 600; ++i)
    ASSERT_TRUE(writer_->write("FORCE", start + device_us(100 * i), numbered(i, 1 + i % 300)));
  for (unsigned i = 0; i < 9; ++i)
    ASSERT_TRUE(writer_->write("NOTES", start + device_us(7'001 * i), numbered(i, 10 * i + 1)));
  ASSERT_TRUE(writer_->close());
  const std::filesystem::path file = snapshot();
  EXPECT_EQ(test::stock_attachment(file, "notes.txt"), "xxxxx");
  const auto notes = test::stock_data(file, "NOTES");
  ASSERT_TRUE(notes) << notes.error().message();
  ASSERT_EQ(notes->size(), 9U);
  for (unsigned i = 0; i < 9; ++i) {
    EXPECT_EQ((*notes)[i].time, start + device_us(7'001 * i));
    EXPECT_TRUE(std::ranges::equal((*notes)[i].bytes, numbered(i, 10 * i + 1).bytes()));
  }
  const auto force = test::stock_data(file, "FORCE");
  ASSERT_TRUE(force) << force.error().message();
  ASSERT_EQ(force->size(), 600U);
  for (unsigned i = 0; i < 600; ++i) {
    // Between a lace's first and last, times are spread evenly: to a microsecond (facts k4a-abi.md B12).
    EXPECT_LE(std::abs(count_us((*force)[i].time - start) - 100 * i), 1);
    EXPECT_TRUE(std::ranges::equal((*force)[i].bytes, numbered(i, 1 + i % 300).bytes())) << i;
  }
}

}  // namespace
}  // namespace genlock::recording
