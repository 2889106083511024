#include "take/take_file.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace genlock::take {
namespace {

using Json = nlohmann::ordered_json;

// -- writing

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json file_json(const RecordedFile& file) {
  Json json{{"name", file.name}, {"bytes", file.bytes}};
  if (!file.sha256.empty()) json["sha256"] = file.sha256;
  return json;
}

template <class T>
Json list_json(const std::vector<T>& items, Json (*one)(const T&)) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(one(item));
  return list;
}

Json stream_json(const StreamTally& tally) {
  return {{"stream", tally.stream},
          {"recorded", tally.recorded},
          {"missing", tally.missing},
          {"refused", tally.refused}};
}

Json unit_json(const TakenUnit& unit) {
  return {{"name", unit.name},
          {"serial", unit.serial},
          {"host", unit.host},
          {"role", to_string(unit.role)},
          {"files", list_json(unit.files, file_json)},
          {"unaligned", list_json(unit.unaligned, file_json)},
          {"streams", list_json(unit.streams, stream_json)},
          {"end", unit.end},
          {"error", unit.error}};
}

Json marker_json(const Marker& marker) {
  return {{"pulse", marker.pulse}, {"utc_ns", count_ns(marker.utc)}, {"text", marker.text}};
}

Json incident_json(const Incident& incident) {
  return {{"unit", optional_json(incident.unit)},
          {"pulse", optional_json(incident.pulse)},
          {"utc_ns", count_ns(incident.utc)},
          {"severity", incident.severity},
          {"text", incident.text}};
}

// -- reading: what does not fit is thrown, and becomes an error in parse_take.

[[noreturn]] void reject(const std::string& what) {
  throw std::invalid_argument(what);
}

/// Member `key` of an object.
const Json& member(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key)) reject(fmt::format("\"{}\" is missing", key));
  return json[key];
}

template <class T>
T number(const Json& json, const char* key) {
  const Json& value = member(json, key);
  const auto* negative = value.get_ptr<const Json::number_integer_t*>();
  const auto* positive = value.get_ptr<const Json::number_unsigned_t*>();
  if (positive != nullptr && std::in_range<T>(*positive)) return static_cast<T>(*positive);
  if (positive == nullptr && negative != nullptr && std::in_range<T>(*negative))
    return static_cast<T>(*negative);
  reject(fmt::format("\"{}\" is {}, not a number that it can be", key, value.dump()));
}

template <class T>
std::optional<T> optional_number(const Json& json, const char* key) {
  if (member(json, key).is_null()) return std::nullopt;
  return number<T>(json, key);
}

std::string text(const Json& json, const char* key) {
  const Json& value = member(json, key);
  if (!value.is_string()) reject(fmt::format("\"{}\" is not a text", key));
  return value.get<std::string>();
}

bool flag(const Json& json, const char* key) {
  const Json& value = member(json, key);
  if (!value.is_boolean()) reject(fmt::format("\"{}\" is neither true nor false", key));
  return value.get<bool>();
}

WallTime utc(const Json& json, const char* key) {
  return WallTime(std::chrono::nanoseconds(number<std::int64_t>(json, key)));
}

template <class T>
std::vector<T> list(const Json& json, const char* key, T (*one)(const Json&)) {
  const Json& items = member(json, key);
  if (!items.is_array()) reject(fmt::format("\"{}\" is not a list", key));
  std::vector<T> read;
  for (const Json& item : items) read.push_back(one(item));
  return read;
}

/// A name in the take's folder: nothing that leads out of it.
RecordedFile read_file(const Json& json) {
  RecordedFile file{.name = text(json, "name"),
                    .bytes = number<std::uint64_t>(json, "bytes"),
                    .sha256 = json.contains("sha256") ? text(json, "sha256") : ""};
  const std::filesystem::path path = file.name;
  if (file.name.empty() || path != path.filename() || file.name == "." || file.name == "..")
    reject(fmt::format("\"{}\" is not the name of a file in the folder", file.name));
  return file;
}

StreamTally read_stream(const Json& json) {
  return {.stream = text(json, "stream"),
          .recorded = number<std::uint64_t>(json, "recorded"),
          .missing = number<std::uint64_t>(json, "missing"),
          .refused = number<std::uint64_t>(json, "refused")};
}

TakenUnit read_unit(const Json& json) {
  const std::string role = text(json, "role");
  const std::optional<WiredSyncMode> known = wired_sync_mode_from(role);
  if (!known) reject(fmt::format("role \"{}\" is not known", role));
  return {.name = text(json, "name"),
          .serial = text(json, "serial"),
          .host = text(json, "host"),
          .role = *known,
          .files = list(json, "files", read_file),
          .unaligned = list(json, "unaligned", read_file),
          .streams = list(json, "streams", read_stream),
          .end = text(json, "end"),
          .error = text(json, "error")};
}

Marker read_marker(const Json& json) {
  return {
      .pulse = number<std::int64_t>(json, "pulse"), .utc = utc(json, "utc_ns"), .text = text(json, "text")};
}

Incident read_incident(const Json& json) {
  return {.unit = optional_number<std::size_t>(json, "unit"),
          .pulse = optional_number<std::int64_t>(json, "pulse"),
          .utc = utc(json, "utc_ns"),
          .severity = text(json, "severity"),
          .text = text(json, "text")};
}

Take read_take(const Json& json) {
  const auto version = number<int>(json, "genlock_take");
  if (version != Take::kVersion)
    reject(fmt::format("it is of version {}, this program knows {}: a newer genlock reads it", version,
                       Take::kVersion));
  const std::optional<FrameRate> rate = frame_rate_from_fps(number<int>(json, "fps"));
  if (!rate) reject("\"fps\" is not 5, 15 or 30");
  Take take{.name = text(json, "name"),
            .rig = text(json, "rig"),
            .ended = flag(json, "ended"),
            .forced = flag(json, "forced"),
            .started = utc(json, "started_ns"),
            .stopped = utc(json, "stopped_ns"),
            .rate = *rate,
            .first_pulse = optional_number<std::int64_t>(json, "first_pulse"),
            .last_pulse = optional_number<std::int64_t>(json, "last_pulse"),
            .units = list(json, "units", read_unit),
            .markers = list(json, "markers", read_marker),
            .incidents = list(json, "incidents", read_incident),
            .advice = text(json, "advice")};
  for (const Incident& incident : take.incidents)
    if (incident.unit && *incident.unit >= take.units.size())
      reject("an incident is of a unit that is not there");
  return take;
}

}  // namespace

std::string take_json(const Take& take) {
  const Json json{{"genlock_take", Take::kVersion},
                  {"name", take.name},
                  {"rig", take.rig},
                  {"ended", take.ended},
                  {"forced", take.forced},
                  {"advice", take.advice},
                  {"started_ns", count_ns(take.started)},
                  {"stopped_ns", count_ns(take.stopped)},
                  {"fps", fps(take.rate)},
                  {"first_pulse", optional_json(take.first_pulse)},
                  {"last_pulse", optional_json(take.last_pulse)},
                  {"units", list_json(take.units, unit_json)},
                  {"markers", list_json(take.markers, marker_json)},
                  {"incidents", list_json(take.incidents, incident_json)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Take> parse_take(std::string_view json, const std::string& name) {
  try {
    return read_take(Json::parse(json));
  } catch (const std::exception& e) {
    return Error(Errc::corrupt, fmt::format("{}: {}; judge the recordings themselves", name, e.what()));
  }
}

bool is_take(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / kTakeFile, none);
}

Result<Take> load_take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kTakeFile;
  std::ifstream in(file, std::ios::binary);
  const std::string json(std::istreambuf_iterator<char>(in), {});
  if (!in.is_open() || in.bad())
    return Error(Errc::not_found, fmt::format("cannot read {}: name the folder of a take", file.string()));
  return parse_take(json, file.string());
}

Status save_take(const std::filesystem::path& folder, const Take& take) {
  return replace_file(folder / kTakeFile, take_json(take))
      .context(fmt::format("{}: what is known of the take could not be saved", folder.string()));
}

}  // namespace genlock::take
