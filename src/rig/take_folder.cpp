#include "rig/take_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

#include "rig/rig.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

Status make_parents(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) return {};
  return error_from_errno(failed.value(), fmt::format("making the folder {}", folder.string()));
}

/// Makes one folder, in one step: of two recorders one gets it.
Status make_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0777) == 0) return {};
  if (errno == EEXIST)
    return Error(Errc::exists, fmt::format("{} exists; name another take", folder.string()));
  return error_from_errno(errno, fmt::format("making the folder {}", folder.string()));
}

/// 12 of "studio-0012", where `name` is "studio".
std::optional<unsigned> number_of(const std::string& folder, const std::string& name) {
  if (!folder.starts_with(name + "-")) return std::nullopt;
  const std::string digits = folder.substr(name.size() + 1);
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = failed == std::errc{} && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

unsigned highest_number(const fs::path& folder, const std::string& name) {
  unsigned highest = 0;
  std::error_code ended;
  for (fs::directory_iterator entry(folder, ended), end; !ended && entry != end; entry.increment(ended))
    highest = std::max(highest, number_of(entry->path().filename().string(), name).value_or(0));
  return highest;
}

}  // namespace

Result<fs::path> make_numbered_take(const fs::path& folder, const std::string& name) {
  GENLOCK_TRY(make_parents(folder));
  for (unsigned number = highest_number(folder, name) + 1;; ++number) {
    const fs::path take = folder / fmt::format("{}-{:04}", name, number);
    const Status made = make_folder(take);
    if (made) return take;
    if (made.error().code() != Errc::exists) return made.error();
  }
}

Result<fs::path> make_named_take(const fs::path& folder, const std::string& name) {
  if (!is_file_name(name))
    return Error(Errc::invalid, fmt::format("\"{}\" cannot be the name of a take: it is that of its folder, "
                                            "without / and not beginning with a dot",
                                            name));
  GENLOCK_TRY(make_parents(folder));
  GENLOCK_TRY(make_folder(folder / name));
  return folder / name;
}

}  // namespace genlock::rig
