#include "cli/trim.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/stop_signals.h"
#include "cli/take_checksums.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;
using take::FrameSets;
using take::kImageTracks;
using take::track_name;
using take::TrimmedUnit;
using take::TrimReport;

Error wrong_sets(const std::string& text) {
  return Error(
      Errc::invalid,
      fmt::format("--sets {}: give the numbers of the first and last set, as 100..199, 100.. or ..199",
                  text));
}

/// Nothing for an empty text.
Result<std::optional<std::uint64_t>> set_number(std::string_view digits, const std::string& sets) {
  if (digits.empty()) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return wrong_sets(sets);
  return std::optional(number);
}

Result<ChosenSets> parse_sets(const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos || text.size() == 2) return wrong_sets(text);
  const std::string_view all = text;
  GENLOCK_ASSIGN(const auto first, set_number(all.substr(0, dots), text));
  GENLOCK_ASSIGN(const auto last, set_number(all.substr(dots + 2), text));
  return ChosenSets{first.value_or(0), last};
}

/// The set at the first marker of this text.
Result<std::uint64_t> marked_set(const std::string& text, const FrameSets& sets) {
  const auto& take = sets.source().take;
  if (!take) return Error(Errc::invalid, "recordings alone have no markers: name the folder of a take");
  const auto marker = std::ranges::find(take->markers, text, &take::Marker::text);
  if (marker == take->markers.end()) {
    std::string known;
    for (const take::Marker& m : take->markers)
      known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", m.text);
    return Error(Errc::not_found, fmt::format("the take has no marker \"{}\"; it has {}", text,
                                              known.empty() ? "none" : known));
  }
  if (const auto number = sets.number_of(marker->pulse)) return *number;
  return Error(Errc::not_found,
               fmt::format("marker \"{}\" is at pulse {}, which not all units have", text, marker->pulse));
}

Result<TrimReport> cut(const TrimRequest& request, const ChosenSets& chosen, FrameSets& sets,
                       const std::atomic<bool>& stop) {
  ProgressLine line("trimming");
  return take::trim(sets, request.out,
                    {.first_set = chosen.first,
                     .last_set = chosen.last,
                     .complete_only = request.complete_only,
                     .progress = [&](std::uint64_t done, std::uint64_t total) {
                       line.show(done, total);
                       return !stop;
                     }});
}

Status add_sums(const std::filesystem::path& folder, const std::atomic<bool>& stop) {
  GENLOCK_ASSIGN(take::Take take, take::load_take(folder));
  return add_checksums(folder, std::move(take), [&](std::uint64_t) { return !stop; });
}

Result<TrimReport> trim(const TrimRequest& request) {
  GENLOCK_ASSIGN(FrameSets sets, FrameSets::open(request.given));
  GENLOCK_ASSIGN(const ChosenSets chosen, chosen_sets(request, sets));
  std::atomic<bool> stop{false};
  const StopSignals signals([&](int) { stop = true; });
  GENLOCK_ASSIGN(TrimReport report, cut(request, chosen, sets, stop));
  if (request.checksums && sets.source().take)
    GENLOCK_TRY(add_sums(request.out, stop).context("all is trimmed, but checksums are missing"));
  return report;
}

std::string unit_text(const TrimmedUnit& unit) {
  std::string text = fmt::format("  {}:", unit.file.string());
  for (std::size_t t = 0; t < kImageTracks; ++t)
    if (unit.frames[t] > 0)
      text += fmt::format(" {} of {},", counted(unit.frames[t], "frame"), track_name(t));
  text += fmt::format(" {}\n", counted(unit.imu_samples, "IMU sample"));
  for (const std::string& note : unit.notes) text += fmt::format("    {}\n", note);
  return text;
}

}  // namespace

Result<ChosenSets> chosen_sets(const TrimRequest& request, const FrameSets& sets) {
  if (!request.sets.empty()) return parse_sets(request.sets);
  ChosenSets chosen;
  if (!request.from_marker.empty()) {
    GENLOCK_ASSIGN(chosen.first, marked_set(request.from_marker, sets));
  }
  if (!request.to_marker.empty()) {
    GENLOCK_ASSIGN(chosen.last, marked_set(request.to_marker, sets));
  }
  return chosen;
}

std::string trim_text(const TrimReport& report) {
  std::string text = fmt::format("{}, pulses {} to {}\n", counted(report.sets, "set"), report.first_pulse,
                                 report.last_pulse);
  for (const TrimmedUnit& unit : report.units) text += unit_text(unit);
  return text;
}

std::string trim_json(const TrimReport& report) {
  Json json{{"first_pulse", report.first_pulse}, {"last_pulse", report.last_pulse}, {"sets", report.sets}};
  json["units"] = Json::array();
  for (const TrimmedUnit& unit : report.units) {
    Json frames = Json::object();
    for (std::size_t t = 0; t < kImageTracks; ++t)
      if (unit.frames[t] > 0) frames[std::string(track_name(t))] = unit.frames[t];
    json["units"].push_back({{"file", unit.file.string()},
                             {"frames", std::move(frames)},
                             {"imu_samples", unit.imu_samples},
                             {"notes", unit.notes}});
  }
  // File names need not be UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int trim_take(const TrimRequest& request) {
  if (!request.sets.empty())
    if (const auto sets = parse_sets(request.sets); !sets)
      return fail("genlock trim", sets.error().message(), kUsage);
  const Result<TrimReport> report = trim(request);
  if (!report) return fail("genlock trim", report.error().message());
  fmt::print("{}", request.json ? trim_json(*report) : trim_text(*report));
  return kDone;
}

}  // namespace genlock::cli
