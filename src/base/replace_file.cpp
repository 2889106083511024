#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/file.h"
#include "base/unique_fd.h"

namespace genlock {
namespace {

Status write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return error_from_errno(errno, "writing");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0 ? Status() : error_from_errno(errno, "syncing");
}

Status write_new(const std::filesystem::path& path, std::string_view text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return error_from_errno(errno, "creating " + path.string());
  return write_all(file.get(), text).context(path.string());
}

/// So that the new name lasts. Folders that cannot be synced (some network ones) are as safe as they can be.
void sync_folder(const std::filesystem::path& folder) {
  const UniqueFd open(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open) (void)::fsync(open.get());
}

}  // namespace

Status replace_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary =
      path.parent_path() / fmt::format(".{}.{}.part", path.filename().string(), ::getpid());
  Status written = write_new(temporary, text);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
    written = error_from_errno(errno, "naming " + path.string());
  if (!written) {
    (void)::unlink(temporary.c_str());
    return written;
  }
  sync_folder(path.parent_path());
  return {};
}

}  // namespace genlock
