// Programs that know Matroska but nothing of Genlock accept what it writes, without a complaint.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/process.h"
#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::recording {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// FFmpeg has no name for the codecs of IMU and GENLOCK data and for attached files that are no fonts, and
/// says so of the stock recorder's files as well.
bool is_about_unknown_codecs(const std::string& line) {
  return line.find("Could not find codec parameters for stream") != std::string::npos ||
         line.find("Consider increasing the value for the 'analyzeduration'") != std::string::npos ||
         line.find("Unsupported codec with id 0 for input stream") != std::string::npos;
}

std::vector<std::string> complaints(const std::string& output) {
  std::vector<std::string> lines;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);)
    if (!line.empty() && !is_about_unknown_codecs(line)) lines.push_back(line);
  return lines;
}

class OutsideTools : public testing::Test {
 protected:
  void SetUp() override {
    config_.color_resolution = ColorResolution::r720p;
    config_.depth_mode = DepthMode::nfov_unbinned;
    content_ = test::synthetic_take(config_, true, 40);
    const Result<test::Playback> real = test::play(test::data_file("mkv/pyk4a_recording.mkv"));
    ASSERT_TRUE(real);
    // FFmpeg looks into the JPEGs, so they are real ones.
    for (Capture& capture : content_.captures) capture.color->data = real->captures.at(0).color->data;
    RecordingInfo info = test::synthetic_info(config_, true);
    info.raw_calibration = real->info.raw_calibration;
    auto sink = create_file(file_, IfExists::refuse);
    ASSERT_TRUE(sink);
    const Status status = test::record_into(*std::move(sink), info, content_);
    ASSERT_TRUE(status) << status.error().message();
  }

  /// The program's whole output. It must end well.
  std::string run(const std::vector<std::string>& command) {
    test::Process process(command, {});
    EXPECT_EQ(process.wait(), 0) << command[0] << ": " << process.output();
    return process.output();
  }

  CameraConfig config_;
  test::TakeContent content_;
  test::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "take.mkv";
};

TEST_F(OutsideTools, MkvinfoUnderstandsEveryElement) {
  const std::string output = run({"mkvinfo", "--all", file_});
  for (const char* word : {"nknown element", "invalid", "rror", "arning"})
    EXPECT_THAT(output, Not(HasSubstr(word)));
  for (const char* word :
       {"COLOR", "DEPTH", "GENLOCK", "calibration.json", "K4A_START_OFFSET_NS", "Cue point"})
    EXPECT_THAT(output, HasSubstr(word));
}

TEST_F(OutsideTools, AcceptClustersWithoutChecksums) {
  WriterOptions options = test::fixed_options();
  options.cluster_crc = false;
  const Status status = test::record_into(*create_file(file_, IfExists::replace),
                                          test::synthetic_info(config_, true), content_, options);
  ASSERT_TRUE(status) << status.error().message();
  const std::string output = run({"mkvinfo", "--all", file_});
  for (const char* word : {"nknown element", "invalid", "rror", "arning"})
    EXPECT_THAT(output, Not(HasSubstr(word)));
  EXPECT_THAT(output, HasSubstr("|+ Cluster"));
  EXPECT_THAT(run({"mkvmerge", "-J", file_}), HasSubstr("\"warnings\": []"));
}

TEST_F(OutsideTools, MkvmergeIdentifiesTheFile) {
  const std::string output = run({"mkvmerge", "-J", file_});
  EXPECT_THAT(output, HasSubstr("\"errors\": []"));
  EXPECT_THAT(output, HasSubstr("\"warnings\": []"));
  EXPECT_THAT(output, HasSubstr("\"supported\": true"));
}

TEST_F(OutsideTools, MkvmergeCopiesTheFile) {
  const std::string output = run({"mkvmerge", "-o", folder_ / "copy.mkv", "--no-subtitles", file_});
  EXPECT_THAT(output, Not(HasSubstr("Warning")));
  EXPECT_THAT(output, Not(HasSubstr("Error")));
}

TEST_F(OutsideTools, FfprobeSeesAllFrames) {
  const std::string errors =
      run({"ffprobe", "-v", "warning", "-show_packets", "-of", "csv", "-o", "/dev/null", file_});
  EXPECT_THAT(complaints(errors), IsEmpty());
  const std::string counts = run({"ffprobe", "-v", "quiet", "-count_packets", "-show_entries",
                                  "stream=nb_read_packets", "-select_streams", "v", "-of", "csv=p=0", file_});
  EXPECT_EQ(counts, "40\n40\n40\n");
}

TEST_F(OutsideTools, FfmpegExtractsDepthBitForBit) {
  const std::filesystem::path raw = folder_ / "depth.raw";
  const std::string errors = run({"ffmpeg", "-v", "warning", "-i", file_, "-map", "0:1", "-frames:v", "3",
                                  "-f", "rawvideo", "-pix_fmt", "gray16le", raw});
  EXPECT_THAT(complaints(errors), IsEmpty());
  const Result<std::vector<std::byte>> pixels = test::load_file(raw);
  ASSERT_TRUE(pixels);
  std::vector<std::byte> expected;
  for (std::size_t i = 0; i < 3; ++i) {
    const ByteSpan depth = content_.captures[i].depth->data.bytes();
    expected.insert(expected.end(), depth.begin(), depth.end());
  }
  EXPECT_TRUE(*pixels == expected);
}

TEST_F(OutsideTools, FfmpegExtractsTheCameraJpegs) {
  const std::filesystem::path jpeg = folder_ / "color.jpg";
  const std::string errors = run({"ffmpeg", "-v", "warning", "-i", file_, "-map", "0:0", "-frames:v", "1",
                                  "-c", "copy", "-f", "mjpeg", jpeg});
  EXPECT_THAT(complaints(errors), IsEmpty());
  const Result<std::vector<std::byte>> bytes = test::load_file(jpeg);
  ASSERT_TRUE(bytes);
  const ByteSpan expected = content_.captures[0].color->data.bytes();
  EXPECT_TRUE(std::ranges::equal(*bytes, expected));
}

}  // namespace
}  // namespace genlock::recording
