#include "session/output_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace genlock::session {
namespace {

Error exists_error(const std::filesystem::path& path) {
  return Error(Errc::exists,
               fmt::format("{} exists already; give another name, or --force to replace it", path.string()));
}

bool present(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path path, std::filesystem::path temporary, bool overwrite,
                       std::unique_ptr<ByteSink> sink)
    : path_(std::move(path)),
      temporary_(std::move(temporary)),
      overwrite_(overwrite),
      sink_(std::move(sink)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      overwrite_(other.overwrite_),
      sink_(std::move(other.sink_)) {}

OutputFile::~OutputFile() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
}

std::filesystem::path OutputFile::temporary_path(const std::filesystem::path& path, int pid) {
  return path.parent_path() / fmt::format(".{}.{}.part", path.filename().string(), pid);
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& path, bool overwrite) {
  if (std::filesystem::is_directory(path))
    return Error(Errc::exists, path.string() + " is a folder; name a file in it");
  if (!overwrite && present(path)) return exists_error(path);
  const auto temporary = temporary_path(path, ::getpid());
  auto sink = create_file(temporary, IfExists::replace);
  if (!sink)
    return Error(sink.error().code(),
                 fmt::format("cannot create {}: {}", path.string(), sink.error().message()));
  return OutputFile(path, temporary, overwrite, *std::move(sink));
}

Status OutputFile::keep() {
  if (kept()) return {};
  const unsigned flags = overwrite_ ? 0 : RENAME_NOREPLACE;
  int outcome = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags);
  if (outcome != 0 && errno == EINVAL && !present(path_))  // a file system without RENAME_NOREPLACE
    outcome = ::rename(temporary_.c_str(), path_.c_str());
  if (outcome != 0 && errno == EEXIST) return exists_error(path_);
  if (outcome != 0) return error_from_errno(errno, "naming " + path_.string());
  temporary_.clear();
  return {};
}

}  // namespace genlock::session
