#include "take/new_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace genlock::take {
namespace {

Error exists_error(const std::filesystem::path& folder) {
  return Error(Errc::exists, folder.string() + " exists already; give another name");
}

bool present(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

/// Without a slash at the end.
std::filesystem::path plain(const std::filesystem::path& folder) {
  const std::filesystem::path normal = folder.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

NewFolder::NewFolder(NewFolder&& other) noexcept
    : folder_(std::move(other.folder_)), temporary_(std::exchange(other.temporary_, {})) {}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
}

Result<NewFolder> NewFolder::create(const std::filesystem::path& folder) {
  const std::filesystem::path name = plain(folder);
  if (name.empty()) return Error(Errc::invalid, "the folder to make has no name");
  if (present(name)) return exists_error(name);
  const std::filesystem::path temporary =
      name.parent_path() / fmt::format(".{}.{}.part", name.filename().string(), ::getpid());
  if (::mkdir(temporary.c_str(), 0777) != 0) return error_from_errno(errno, "making " + name.string());
  return NewFolder(name, temporary);
}

Status NewFolder::keep() {
  int outcome = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, folder_.c_str(), RENAME_NOREPLACE);
  if (outcome != 0 && errno == EINVAL && !present(folder_))  // a file system without RENAME_NOREPLACE
    outcome = ::rename(temporary_.c_str(), folder_.c_str());
  if (outcome != 0 && errno == EEXIST) return exists_error(folder_);
  if (outcome != 0) return error_from_errno(errno, "naming " + folder_.string());
  temporary_.clear();
  return {};
}

}  // namespace genlock::take
