// What a reader finds must not depend on the pieces in which it gets a file's bytes.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <string_view>

#include "damage.h"
#include "made_file.h"
#include "recording/reader.h"

namespace genlock::recording {
namespace {

using test::Bytes;
using Lines = std::vector<std::string>;

/// Gives fewer bytes than asked for: those of a piece, whose sizes come in turn.
class PieceSource final : public ByteSource {
 public:
  PieceSource(Bytes bytes, std::vector<std::size_t> pieces, std::size_t& calls)
      : bytes_(std::move(bytes)), pieces_(std::move(pieces)), calls_(calls) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    const std::size_t piece = pieces_[calls_++ % pieces_.size()];
    return bytes_.read_at(offset, out.first(std::min(piece, out.size())));
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const MemorySource bytes_;
  const std::vector<std::size_t> pieces_;
  std::size_t& calls_;
};

std::string text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
std::string optional_text(const std::optional<T>& time) {
  return time ? fmt::format("{}", time->time_since_epoch().count()) : "-";
}

std::string text_of(const std::optional<Image>& image) {
  if (!image) return "none";
  return fmt::format("{} {}x{} at {} host {} exposure {} gain {} pixels {}", to_string(image->format),
                     image->size.width, image->size.height, count_us(image->device_time),
                     optional_text(image->host_time), count_us(image->exposure.value_or(DeviceDuration{})),
                     image->iso.value_or(0), std::hash<std::string>()(text_of(image->data.bytes())));
}

std::string text_of(const Capture& capture) {
  return fmt::format("capture {} | {} | {} | {}", text_of(capture.color), text_of(capture.depth),
                     text_of(capture.ir), capture.temperature_c);
}

std::string text_of(const ImuSample& sample) {
  return fmt::format("sample {} {} {} {}", count_us(sample.accel_time), count_us(sample.gyro_time),
                     sample.accel[0], sample.gyro[2]);
}

void add_items(Reader& reader, Lines& lines) {
  for (const Result<Capture>& capture : reader.captures())
    lines.push_back(capture ? text_of(*capture) : capture.error().message());
  for (const Result<ImuSample>& sample : reader.imu_samples())
    lines.push_back(sample ? text_of(*sample) : sample.error().message());
  for (const TrackInfo& track : reader.tracks()) {
    lines.push_back(fmt::format("track {} {} {}x{}", track.name, track.codec_id, track.width, track.height));
    if (track.built_in) continue;
    for (const Result<DataBlock>& data : reader.data(track.name))
      lines.push_back(data ? fmt::format("{}: {}", count_us(data->device_time), text_of(data->data.bytes()))
                           : data.error().message());
  }
}

void add_backwards(Reader& reader, Lines& lines) {
  reader.seek(reader.info().start_offset + reader.length() / 2);
  if (const auto capture = reader.previous_capture(); capture && *capture)
    lines.push_back(text_of(**capture));
  if (const auto sample = reader.previous_imu_sample(); sample && *sample) lines.push_back(text_of(**sample));
}

void add_survey(const Result<Survey>& survey, Lines& lines) {
  if (!survey) return lines.push_back(survey.error().message());
  for (const FrameEntry& frame : survey->frames)
    lines.push_back(fmt::format("frame {} {} {} {}", to_string(frame.track), count_us(frame.device_time),
                                frame.bytes, optional_text(frame.host_time)));
  lines.push_back(fmt::format("{} samples, {} pairs, {} jacks, {} gaps, finalised {}, {}",
                              survey->imu_samples, survey->host_pairs.size(), survey->jacks.size(),
                              survey->gaps.size(), survey->finalised,
                              count_us(survey->duration.value_or(DeviceDuration{}))));
  lines.insert(lines.end(), survey->problems.begin(), survey->problems.end());
}

/// All that a reader tells of a file.
Lines read_all(std::unique_ptr<ByteSource> source) {
  const auto reader = Reader::open(std::move(source));
  if (!reader) return {reader.error().message()};
  Lines lines;
  for (const auto& [name, value] : (*reader)->info().tags) lines.push_back(name + " = " + value);
  for (const std::string& name : (*reader)->attachment_names()) {
    const auto attachment = (*reader)->attachment(name);
    lines.push_back(name + ": " +
                    (attachment && *attachment ? text_of((*attachment)->bytes()) : "unreadable"));
  }
  add_items(**reader, lines);
  add_backwards(**reader, lines);
  for (const SurveyFrom from : {SurveyFrom::index, SurveyFrom::clusters})
    add_survey((*reader)->survey(from), lines);
  const Lines problems = (*reader)->problems();
  lines.insert(lines.end(), problems.begin(), problems.end());
  return lines;
}

/// Lines that begin with `word`.
std::size_t count(const Lines& lines, std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&](const std::string& line) { return line.starts_with(word); }));
}

/// The same from every way of serving the file; returns it.
Lines expect_same_in_pieces(const Bytes& file) {
  const Lines whole = read_all(std::make_unique<MemorySource>(file));
  for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{1}, {7, 1, 4096, 3, 65536, 2}}) {
    std::size_t calls = 0;
    EXPECT_EQ(read_all(std::make_unique<PieceSource>(file, pieces, calls)), whole)
        << "pieces of " << pieces.front();
    if (pieces.size() == 1) {
      EXPECT_GT(calls, file.size() / 2) << "bytes came one at a time";
    }
  }
  return whole;
}

/// Notes on a track of their own, laced and not, beside colour; with an index and an attachment.
Bytes file_with_notes() {
  test::MadeFile file;
  file.tracks = {test::video_track(1, kColorTrack, PixelFormat::mjpg, {1280, 720}, 30),
                 {.number = 3, .name = "NOTES", .codec_private = {}, .size = {}}};
  file.tags = {{"K4A_COLOR_MODE", "MJPG_720P"}, {"SITE", "left tripod"}};
  file.attachments = {{"notes.txt", std::string(5000, 'n')}};
  file.cue_every = 3;
  for (std::int64_t i = 0; i < 20; ++i)
    file.clusters.push_back({{1, i * 33'333, {"color " + std::to_string(i)}},
                             {3, i * 33'333 + 10, {"alone " + std::to_string(i)}},
                             {3, i * 33'333 + 20, {"first", "second", "the third"}, 300}});
  return file.bytes();
}

TEST(ShortReads, ChangeNothingInASoundRecording) {
  const test::TakeContent content = test::synthetic_take(test::small_config(), true, 2);
  const Lines lines =
      expect_same_in_pieces(test::record(test::synthetic_info(test::small_config(), true), content).value());
  EXPECT_EQ(count(lines, "frame"), 12U);
  EXPECT_GE(count(lines, "capture"), 2U);
  EXPECT_GE(count(lines, "sample"), content.imu.size());
}

TEST(ShortReads, ChangeNothingInDataOfOtherTracks) {
  const Lines lines = expect_same_in_pieces(file_with_notes());
  EXPECT_GE(count(lines, "capture"), 20U);
  EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.ends_with("the third"); }),
            20);
}

TEST(ShortReads, ChangeNothingInACutFile) {
  const Bytes file = test::record(test::light_info(), test::light_take(20)).value();
  const std::size_t first = test::cluster_offsets(file).front();
  for (const std::size_t size : {std::size_t{100}, first - 5, first + 3, (first + file.size()) / 2,
                                 (first + file.size()) / 2 + 501, file.size() - 200, file.size() - 1})
    (void)expect_same_in_pieces(test::first_bytes(file, size));
}

TEST(ShortReads, ChangeNothingInADamagedFile) {
  for (const Bytes& whole :
       {test::record(test::light_info(), test::light_take(20)).value(), file_with_notes()}) {
    for (std::size_t part = 1; part < 12; ++part) {
      Bytes damaged = whole;
      const std::size_t at = damaged.size() * part / 12;
      test::spoil(damaged, at, std::min(at + 40, damaged.size()));
      (void)expect_same_in_pieces(damaged);
    }
  }
}

}  // namespace
}  // namespace genlock::recording
