#include "session/part_list.h"

#include <fmt/core.h>

#include <algorithm>

#include "recording/part_set.h"
#include "session/output_file.h"

namespace genlock::session {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the file is called as a later part of the recording would be.
bool is_later_part(const std::filesystem::path& file, const std::filesystem::path& first) {
  const std::string start = first.stem().string() + "-part";
  const std::string stem = file.stem().string();
  return file.extension() == first.extension() && stem.starts_with(start) &&
         is_number(std::string_view(stem).substr(start.size()));
}

}  // namespace

Status PartList::check(const Record& request) {
  if (request.overwrite || (!request.split_bytes && !request.split_length)) return {};
  const std::filesystem::path folder = request.file.parent_path();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, ignored)) {
    if (!is_later_part(entry.path(), request.file)) continue;
    return Error(Errc::exists, fmt::format("{} exists already and is called like a part of this recording; "
                                           "give another name, or --force to replace it",
                                           (folder / entry.path().filename()).string()));
  }
  return {};
}

Result<std::unique_ptr<ByteSink>> PartList::begin(std::uint32_t part) {
  GENLOCK_ASSIGN(OutputFile file, OutputFile::create(recording::part_name(first_, part), overwrite_));
  GENLOCK_TRY(file.keep());
  MutexLock lock(mutex_);
  files_.push_back(file.path());
  return file.take_sink();
}

void PartList::drop(std::uint32_t part) {
  const std::filesystem::path file = recording::part_name(first_, part);
  MutexLock lock(mutex_);
  std::error_code ignored;
  if (std::erase(files_, file) > 0) std::filesystem::remove(file, ignored);
}

std::vector<std::filesystem::path> PartList::files() const {
  MutexLock lock(mutex_);
  return files_;
}

recording::SplitRule split_rule(const Record& request, std::shared_ptr<PartList> parts) {
  return {.bytes = request.split_bytes.value_or(0),
          .duration = request.split_length.value_or(DeviceDuration{}),
          .next_part = [parts](std::uint32_t part) { return parts->begin(part); },
          .drop_part = [parts](std::uint32_t part) { parts->drop(part); }};
}

}  // namespace genlock::session
