#include "take/trim.h"

#include <fmt/core.h>

#include <algorithm>

#include "take/new_folder.h"
#include "take/unit_trimmer.h"

namespace genlock::take {
namespace {

/// Which pulses are kept, and what that makes of each unit.
struct Cut {
  std::int64_t first_pulse = 0;
  std::vector<bool> kept;  ///< from first_pulse on
  std::uint64_t sets = 0;
  std::uint64_t bytes = 0;  ///< of images
  std::vector<UnitCut> units;

  std::int64_t last_pulse() const { return first_pulse + static_cast<std::int64_t>(kept.size()) - 1; }
  bool keeps(std::int64_t pulse) const {
    return pulse >= first_pulse && pulse <= last_pulse() &&
           kept[static_cast<std::size_t>(pulse - first_pulse)];
  }
};

void add(const FrameSet& set, DeviceDuration period, Cut& cut) {
  for (std::size_t u = 0; u < set.units.size(); ++u)
    for (std::size_t t = 0; t < kImageTracks; ++t) {
      const std::optional<SetFrame>& frame = set.units[u].tracks[t];
      if (!frame) continue;
      UnitCut& unit = cut.units[u];
      const bool first = unit.until == DeviceTime{};
      unit.from = first ? frame->stamp : std::min(unit.from, frame->stamp);
      unit.until = std::max(unit.until, frame->stamp + period);
      ++unit.frames[t];
      cut.bytes += frame->bytes;
    }
}

/// From the first to the last set that is kept.
Cut choose(const FrameSets& sets, std::uint64_t first, std::uint64_t last, bool complete_only) {
  Cut cut;
  cut.units.resize(sets.units().size());
  for (std::uint64_t n = first; n <= last; ++n) {
    const FrameSet set = sets[n];
    const bool keep = !complete_only || set.complete();
    if (cut.kept.empty() && !keep) continue;
    if (cut.kept.empty()) cut.first_pulse = set.pulse;
    cut.kept.push_back(keep);
    cut.sets += keep;
    if (keep) add(set, period_us(sets.rate()), cut);
  }
  while (!cut.kept.empty() && !cut.kept.back()) cut.kept.pop_back();
  return cut;
}

Result<Cut> make_cut(const FrameSets& sets, const TrimOptions& options) {
  const std::uint64_t last = options.last_set.value_or(sets.size() - 1);
  if (options.first_set > last || last >= sets.size())
    return Error(Errc::invalid, fmt::format("sets {} to {} are not among the {} of this take, 0 to {}",
                                            options.first_set, last, sets.size(), sets.size() - 1));
  Cut cut = choose(sets, options.first_set, last, options.complete_only);
  if (cut.kept.empty()) return Error(Errc::not_found, "none of these sets is complete");
  for (std::size_t u = 0; u < cut.units.size(); ++u)
    if (std::ranges::count(cut.units[u].frames, 0U) == kImageTracks)
      return Error(Errc::not_found, fmt::format("{} has no frame in these sets", sets.units()[u].name));
  return cut;
}

/// File names as they were; with a number where two are alike.
std::vector<std::string> file_names(const FrameSets& sets) {
  std::vector<std::string> names, numbered;
  for (const SetUnit& unit : sets.units()) names.push_back(unit.file.filename().string());
  for (std::size_t i = 0; i < names.size(); ++i)
    numbered.push_back(std::ranges::count(names, names[i]) > 1 ? fmt::format("{}-{}", i + 1, names[i])
                                                               : names[i]);
  return numbered;
}

Status check_space(const std::filesystem::path& folder, std::uint64_t bytes) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error || space.available >= bytes) return {};
  return Error(Errc::no_space,
               fmt::format("{} bytes are needed and {} free: free some, or name a folder on another disk",
                           bytes, space.available));
}

// -- take.json

bool within(std::optional<std::int64_t> pulse, const Cut& cut) {
  return !pulse || (*pulse >= cut.first_pulse && *pulse <= cut.last_pulse());
}

std::vector<StreamTally> tallies(const FrameSets& sets, std::size_t unit, const TrimmedUnit& trimmed,
                                 const Cut& cut) {
  std::vector<StreamTally> streams;
  for (std::size_t t = 0; t < kImageTracks; ++t)
    if (sets.units()[unit].tracks[t].present)
      streams.push_back({.stream = std::string(track_name(t)),
                         .recorded = trimmed.frames[t],
                         .missing = cut.kept.size() - trimmed.frames[t],
                         .refused = 0});
  // IR comes and goes with depth, and is counted where it is alone.
  const bool depth = sets.units()[unit].tracks[1].present;
  std::erase_if(streams, [&](const StreamTally& s) { return depth && s.stream == track_name(2); });
  for (StreamTally& stream : streams)
    if (stream.stream == track_name(2)) stream.stream = track_name(1);
  if (trimmed.imu_samples > 0)
    streams.push_back({.stream = "imu", .recorded = trimmed.imu_samples, .missing = 0, .refused = 0});
  return streams;
}

Status put_take_file(const FrameSets& sets, const Cut& cut, const std::vector<TrimmedUnit>& trimmed,
                     const std::filesystem::path& folder) {
  if (!sets.source().take) return {};
  Take take = *sets.source().take;
  take.first_pulse = cut.first_pulse;
  take.last_pulse = cut.last_pulse();
  std::size_t next = 0;
  for (TakenUnit& unit : take.units) {
    unit.unaligned.clear();
    if (unit.files.empty()) continue;
    const TrimmedUnit& file = trimmed[next];
    std::error_code error;
    unit.files = {{.name = file.file.filename().string(),
                   .bytes = std::filesystem::file_size(file.file, error),
                   .sha256 = ""}};
    if (error) return error_from_errno(error.value(), "measuring " + file.file.string());
    unit.streams = tallies(sets, next++, file, cut);
  }
  std::erase_if(take.markers, [&](const Marker& marker) { return !within(marker.pulse, cut); });
  std::erase_if(take.incidents, [&](const Incident& incident) { return !within(incident.pulse, cut); });
  const std::filesystem::path rig = sets.source().folder / kRigFile;
  std::error_code none, error;
  if (std::filesystem::is_regular_file(rig, none)) std::filesystem::copy_file(rig, folder / kRigFile, error);
  if (error) return error_from_errno(error.value(), "copying " + rig.string());
  return save_take(folder, take);
}

}  // namespace

Result<TrimReport> trim(FrameSets& sets, const std::filesystem::path& out, const TrimOptions& options) {
  GENLOCK_ASSIGN(Cut cut, make_cut(sets, options));
  GENLOCK_ASSIGN(NewFolder folder, NewFolder::create(out));
  GENLOCK_TRY(check_space(folder.path(), cut.bytes));
  std::uint64_t done = 0;
  const auto progress = [&](std::uint64_t bytes) {
    done += bytes;
    return !options.progress || options.progress(done, cut.bytes);
  };
  const std::vector<std::string> names = file_names(sets);
  TrimReport report{
      .first_pulse = cut.first_pulse, .last_pulse = cut.last_pulse(), .sets = cut.sets, .units = {}};
  for (std::size_t u = 0; u < cut.units.size(); ++u) {
    cut.units[u].pulse = [&, u](std::size_t track, DeviceTime stamp) {
      const auto pulse = sets.pulse_of(u, static_cast<recording::TrackKind>(track), stamp);
      return pulse && cut.keeps(*pulse) ? pulse : std::nullopt;
    };
    auto unit = UnitTrimmer(sets.reader(u), cut.units[u], progress).write(folder.path() / names[u]);
    if (!unit) return unit.error().context(sets.units()[u].file.string() + ": no file was made");
    report.units.push_back(*std::move(unit));
  }
  GENLOCK_TRY(put_take_file(sets, cut, report.units, folder.path()));
  GENLOCK_TRY(folder.keep());
  for (std::size_t u = 0; u < names.size(); ++u) report.units[u].file = out / names[u];
  return report;
}

}  // namespace genlock::take
