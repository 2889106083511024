// The reader on arbitrary files: it must end, stay inside the file and its memory, and say corrupt rather
// than crash; and what it gives forwards it must give backwards, and survey() must list.

#include <algorithm>

#include "fuzz_support.h"
#include "recording/reader.h"

namespace {

using namespace genlock;
using fuzz::require;
using recording::Reader;

std::size_t images_in(const Capture& capture) {
  return capture.color.has_value() + capture.depth.has_value() + capture.ir.has_value();
}

/// Number of items that `next()` gives until it gives nothing.
template <class Next>
std::size_t count(Next next) {
  for (std::size_t items = 0;; ++items) {
    const auto item = next();
    require(item.has_value());
    if (!*item) return items;
  }
}

struct Played {
  std::size_t images = 0;
  std::vector<DeviceTime> captures;
};

template <class Next>
Played play(Next next) {
  Played played;
  count([&]() -> Result<std::optional<Capture>> {
    Result<std::optional<Capture>> capture = next();
    if (capture && *capture) {
      require(!(*capture)->empty());
      played.images += images_in(**capture);
      played.captures.push_back(earliest_time(**capture));
    }
    return capture;
  });
  return played;
}

Played play_both_ways(Reader& reader) {
  Played forwards = play([&] { return reader.next_capture(); });
  const Played backwards = play([&] { return reader.previous_capture(); });
  require(forwards.images == backwards.images);
  require(std::ranges::equal(forwards.captures.rbegin(), forwards.captures.rend(), backwards.captures.begin(),
                             backwards.captures.end()));
  return forwards;
}

/// The number of samples.
std::size_t read_samples(Reader& reader) {
  const std::size_t forwards = count([&] { return reader.next_imu_sample(); });
  require(count([&] { return reader.previous_imu_sample(); }) == forwards);
  return forwards;
}

void read_data_tracks(Reader& reader) {
  for (const recording::TrackInfo& track : reader.tracks()) {
    if (track.built_in) continue;
    const std::size_t forwards = count([&] { return reader.next_data(track.name); });
    require(count([&] { return reader.previous_data(track.name); }) == forwards);
  }
  for (const std::string& name : reader.attachment_names()) (void)reader.attachment(name);
}

void seek_about(Reader& reader, const Played& forwards) {
  for (std::size_t i = 0; i < forwards.captures.size(); i += 1 + forwards.captures.size() / 4) {
    reader.seek(forwards.captures[i]);
    require(reader.next_capture().has_value());
    require(reader.previous_imu_sample().has_value());
  }
  reader.seek_end(device_us(1000));
  require(reader.next_capture().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto opened = Reader::open(fuzz::source_of(fuzz::bytes_of(data, size)));
  if (!opened) {
    require(opened.error().code() == Errc::corrupt);
    return 0;
  }
  Reader& reader = **opened;
  const auto survey = [&](recording::SurveyFrom from) {
    Result<recording::Survey> all = reader.survey(from);
    require(all.has_value());
    return *std::move(all);
  };
  const recording::Survey before = survey(recording::SurveyFrom::index);
  const Played played = play_both_ways(reader);
  const std::size_t samples = read_samples(reader);
  read_data_tracks(reader);
  seek_about(reader, played);
  for (const auto from : {recording::SurveyFrom::index, recording::SurveyFrom::clusters}) {
    const recording::Survey after = survey(from);
    require(after.frames.size() == played.images);
    require(after.imu_samples == samples);
  }
  // An index that nothing has contradicted yet is believed; that it was wrong is told.
  const bool same = before.frames.size() == played.images && before.imu_samples == samples;
  require(same || !reader.problems().empty());
  return 0;
}
