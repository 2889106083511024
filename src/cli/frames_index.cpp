#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/frames.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;
using take::FrameSet;
using take::FrameSets;
using take::kImageTracks;
using take::SetFrame;
using take::SetUnit;
using take::track_name;
using take::UnitFrames;

constexpr std::size_t kPiece = 65536;

/// Text on its way to a sink, in large pieces.
class Pieces {
 public:
  explicit Pieces(const TextSink& sink) : sink_(sink) {}

  fmt::appender to() { return fmt::appender(text_); }
  Status pass_on_if_large() { return text_.size() < kPiece ? Status() : pass_on(); }
  Status pass_on() {
    GENLOCK_TRY(sink_({text_.data(), text_.size()}));
    text_.clear();
    return {};
  }

 private:
  const TextSink& sink_;
  fmt::memory_buffer text_;
};

/// A field of RFC 4180.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void put_csv_header(Pieces& out, const FrameSets& sets) {
  fmt::format_to(out.to(), "set,pulse,missing,outliers");
  for (const SetUnit& unit : sets.units())
    for (std::size_t t = 0; t < kImageTracks; ++t) {
      if (!unit.tracks[t].present) continue;
      for (const char* what : {"frame", "stamp_us", "host_ns"})
        fmt::format_to(out.to(), ",{}", csv_field(fmt::format("{}.{}.{}", unit.name, track_name(t), what)));
    }
  fmt::format_to(out.to(), "\n");
}

void put_csv_frame(Pieces& out, const std::optional<SetFrame>& frame) {
  if (!frame) {
    fmt::format_to(out.to(), ",,,");
    return;
  }
  fmt::format_to(out.to(), ",{},{},", frame->frame, count_us(frame->stamp));
  if (frame->host) fmt::format_to(out.to(), "{}", count_ns(*frame->host));
}

void put_csv_set(Pieces& out, const FrameSets& sets, const FrameSet& set) {
  fmt::format_to(out.to(), "{},{},{},{}", set.number, set.pulse, set.missing, set.outliers);
  for (std::size_t u = 0; u < set.units.size(); ++u)
    for (std::size_t t = 0; t < kImageTracks; ++t)
      if (sets.units()[u].tracks[t].present) put_csv_frame(out, set.units[u].tracks[t]);
  fmt::format_to(out.to(), "\n");
}

Json unit_json(const SetUnit& unit) {
  Json tracks = Json::array();
  for (std::size_t t = 0; t < kImageTracks; ++t)
    if (unit.tracks[t].present)
      tracks.push_back(
          {{"track", track_name(t)}, {"frames", unit.tracks[t].frames}, {"apart", unit.tracks[t].apart}});
  return {{"name", unit.name},
          {"serial", unit.serial},
          {"file", unit.file.string()},
          {"tracks", std::move(tracks)},
          {"renumbered", unit.renumbered}};
}

std::string dump(const Json& json) {
  // File names need not be UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void put_json_head(Pieces& out, const FrameSets& sets) {
  Json units = Json::array();
  for (const SetUnit& unit : sets.units()) units.push_back(unit_json(unit));
  fmt::format_to(out.to(),
                 "{{\"verdict\": {}, \"fps\": {}, \"first_pulse\": {}, \"last_pulse\": {},\n\"units\": "
                 "{},\n\"notes\": {},\n\"sets\": [",
                 dump(to_string(sets.report().verdict)), fps(sets.rate()), sets.pulse_of(std::uint64_t{0}),
                 sets.pulse_of(sets.size() - 1), dump(units), dump(sets.notes()));
}

void put_json_unit(Pieces& out, const SetUnit& unit, const UnitFrames& frames) {
  const char* separator = "{";
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    if (!unit.tracks[t].present) continue;
    fmt::format_to(out.to(), "{}\"{}\": ", separator, track_name(t));
    separator = ", ";
    const std::optional<SetFrame>& frame = frames.tracks[t];
    if (!frame) {
      fmt::format_to(out.to(), "null");
      continue;
    }
    fmt::format_to(out.to(), "{{\"frame\": {}, \"stamp_us\": {}", frame->frame, count_us(frame->stamp));
    if (frame->host) fmt::format_to(out.to(), ", \"host_ns\": {}", count_ns(*frame->host));
    fmt::format_to(out.to(), "{}}}", frame->outlier ? ", \"outlier\": true" : "");
  }
  fmt::format_to(out.to(), "{}}}", *separator == '{' ? "{" : "");
}

void put_json_set(Pieces& out, const FrameSets& sets, const FrameSet& set) {
  fmt::format_to(out.to(), "{}\n{{\"set\": {}, \"pulse\": {}, \"missing\": {}, \"units\": [",
                 set.number == 0 ? "" : ",", set.number, set.pulse, set.missing);
  for (std::size_t u = 0; u < set.units.size(); ++u) {
    if (u > 0) fmt::format_to(out.to(), ", ");
    put_json_unit(out, sets.units()[u], set.units[u]);
  }
  fmt::format_to(out.to(), "]}}");
}

using PutSet = void (*)(Pieces& out, const FrameSets& sets, const FrameSet& set);

Result<SetTally> put_sets(Pieces& out, const FrameSets& sets, PutSet put) {
  SetTally tally;
  for (const FrameSet& set : sets) {
    tally.add(sets, set);
    put(out, sets, set);
    GENLOCK_TRY(out.pass_on_if_large());
  }
  return tally;
}

}  // namespace

void SetTally::add(const FrameSets& all, const FrameSet& set) {
  missing.resize(set.units.size());
  ++sets;
  complete += set.complete();
  for (std::size_t u = 0; u < set.units.size(); ++u)
    for (std::size_t t = 0; t < kImageTracks; ++t)
      missing[u][t] += all.units()[u].tracks[t].present && !set.units[u].tracks[t];
}

Result<SetTally> write_frames_csv(const FrameSets& sets, const TextSink& sink) {
  Pieces out(sink);
  put_csv_header(out, sets);
  GENLOCK_ASSIGN(SetTally tally, put_sets(out, sets, put_csv_set));
  GENLOCK_TRY(out.pass_on());
  return tally;
}

Result<SetTally> write_frames_json(const FrameSets& sets, const TextSink& sink) {
  Pieces out(sink);
  put_json_head(out, sets);
  GENLOCK_ASSIGN(SetTally tally, put_sets(out, sets, put_json_set));
  fmt::format_to(out.to(), "\n],\n\"complete_sets\": {}}}\n", tally.complete);
  GENLOCK_TRY(out.pass_on());
  return tally;
}

}  // namespace genlock::cli
