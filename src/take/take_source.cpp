#include "take/take_source.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::take {
namespace {

bool is_folder(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}

/// A recorder that was killed has told take.json of no files; they are named as the units.
void find_files(const std::filesystem::path& folder, Take& take) {
  for (TakenUnit& unit : take.units) {
    const std::string name = unit.name + ".mkv";
    std::error_code none;
    if (unit.files.empty() && std::filesystem::exists(folder / name, none))
      unit.files.push_back({.name = name});
  }
}

Result<TakeSource> take_in(const std::filesystem::path& folder) {
  GENLOCK_ASSIGN(Take take, load_take(folder));
  if (!take.ended) find_files(folder, take);
  TakeSource source{.folder = folder};
  for (const TakenUnit& unit : take.units) {
    if (unit.files.empty()) {
      source.notes.push_back(fmt::format("{}: the take has no recording of it", unit.name));
      continue;
    }
    source.files.push_back(folder / unit.files.front().name);
    source.names.push_back(unit.name);
    for (const RecordedFile& file : unit.unaligned)
      source.notes.push_back(
          fmt::format("{}: {} is left out, it is not aligned with the others", unit.name, file.name));
  }
  if (source.files.empty())
    return Error(Errc::not_found, fmt::format("{}: no unit of this take has a recording", folder.string()));
  source.take = std::move(take);
  return source;
}

}  // namespace

Result<TakeSource> find_take(const std::vector<std::filesystem::path>& given) {
  if (given.empty())
    return Error(Errc::invalid,
                 "nothing was given: name the folder of a take, or one recording of each unit");
  const auto folder = std::ranges::find_if(given, is_folder);
  if (folder == given.end()) return TakeSource{.files = given};
  if (given.size() > 1)
    return Error(Errc::invalid, fmt::format("{} is a folder: give one take, or one recording of each unit",
                                            folder->string()));
  return take_in(*folder);
}

}  // namespace genlock::take
