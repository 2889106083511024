// An hour: opening it, coming to a capture of it, and listing all of its stamps.

#include <fmt/core.h>

#include "recording/players.h"

namespace genlock::bench {
namespace {

using recording::SurveyFrom;
using test::StockPlayer;

constexpr std::size_t kCaptures = std::size_t{30} * 3600;

/// An hour with as many clusters and blocks as one of a unit with everything on, but images of a few bytes:
/// custom tracks stand for depth and IR.
Result<Work> write_hour(const std::filesystem::path& file) {
  recording::RecordingInfo info = Load::info();
  info.config.depth_mode = DepthMode::off;
  info.depth_track = info.ir_track = false;
  for (const char* name : {"DEPTH_STAND_IN", "IR_STAND_IN"})
    info.custom_tracks.push_back({.name = name, .codec_id = "S_TEST", .codec_private = {}});
  GENLOCK_ASSIGN(auto sink, create_file(file, IfExists::replace));
  GENLOCK_ASSIGN(const auto writer, recording::Writer::create(std::move(sink), info, {}));
  const Load load({.smallest_jpeg = 64, .largest_jpeg = 128});
  constexpr std::size_t kMostBytes = 4096;  // of a capture and its samples
  for (std::size_t i = 0; i < kCaptures; ++i) {
    Capture capture = load.capture(i);
    capture.depth.reset();
    capture.ir.reset();
    (void)writer->wait_for_room(kMostBytes, kNoDeadline);
    GENLOCK_TRY(writer->write(load.imu(i)));
    GENLOCK_TRY(writer->write(capture));
    for (const recording::CustomTrack& track : info.custom_tracks)
      GENLOCK_TRY(writer->write(track.name, capture.color->device_time, capture.color->data));
  }
  GENLOCK_TRY(writer->close());
  return Work{};
}

/// Opens the file and does nothing more.
template <class Player>
Status open_only(const std::filesystem::path& file, int) {
  GENLOCK_TRY(Player::open(file));
  return {};
}

/// Opens it and reads a capture somewhere in the middle.
template <class Player>
Status open_in_the_middle(const std::filesystem::path& file, int number) {
  GENLOCK_ASSIGN(Player player, Player::open(file));
  return capture_at(player, device_time_us((1000 + 97 * number) * std::int64_t{1'000'000}));
}

/// Values: seconds of doing that a number of times.
Result<Work> often(Status (*open)(const std::filesystem::path&, int), const std::filesystem::path& file) {
  constexpr int kTimes = 20;
  GENLOCK_TRY(warm(file));
  CallTimer timer;
  for (int i = 0; i < kTimes; ++i) GENLOCK_TRY(timer.time([&] { return open(file, i); }));
  return Work{0, timer.take()};
}

Status count_stamps(recording::Reader& reader, SurveyFrom from) {
  GENLOCK_ASSIGN(const recording::Survey survey, reader.survey(from));
  return survey.frames.size() == kCaptures ? Status() : Error(Errc::corrupt, "not all stamps were listed");
}

Result<Work> list(const std::filesystem::path& file, SurveyFrom from) {
  GENLOCK_TRY(warm(file));
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open_recording(file));
  CallTimer timer;
  GENLOCK_TRY(timer.time([&] { return count_stamps(*reader, from); }));
  return Work{0, timer.take()};
}

Status measure(const Settings& settings, const std::filesystem::path& file, Table& table) {
  GENLOCK_TRY(in_child([&] { return write_hour(file); }));
  GENLOCK_ASSIGN(
      const Rivals opened,
      take_turns(settings.rounds, {[&](int) { return often(open_only<OurPlayer>, file); },
                                   if_there([&](int) { return often(open_only<StockPlayer>, file); })}));
  table.add({.figure = "open, one hour, median / 95th percentile, warm",
             .rival = milliseconds(opened[1]),
             .ours = milliseconds(opened[0]),
             .target = "<= 2 ms",
             .met = median(opened[0]) <= 2e-3});
  GENLOCK_ASSIGN(const Rivals middle,
                 take_turns(settings.rounds,
                            {[&](int) { return often(open_in_the_middle<OurPlayer>, file); },
                             if_there([&](int) { return often(open_in_the_middle<StockPlayer>, file); })}));
  table.note("Opening that hour and coming to a capture in its middle: " + milliseconds(middle[0]) +
             ", official " + milliseconds(middle[1]) + ".");
  GENLOCK_ASSIGN(const Rivals listed,
                 take_turns(settings.rounds, {[&](int) { return list(file, SurveyFrom::index); },
                                              [&](int) { return list(file, SurveyFrom::clusters); }}));
  table.note(fmt::format(
      "Listing the stamps of that hour's {} images: {:.1f} ms from the index, {:.0f} ms from the clusters.",
      kCaptures, 1e3 * median(listed[0]), 1e3 * median(listed[1])));
  return {};
}

}  // namespace

Status read_hour(const Settings& settings, Table& table) {
  const std::filesystem::path file = settings.folder / "genlock-bench-hour.mkv";
  Status measured = measure(settings, file, table);
  std::filesystem::remove(file);
  return measured;
}

}  // namespace genlock::bench
