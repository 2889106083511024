#include "base/file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/staged_file.h"

namespace genlock {
namespace {

/// Whether writes of whole blocks may go around the page cache, as far as can be known before the first one.
bool set_direct(int fd) {
  struct statx info {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &info) == 0 && (info.stx_mask & STATX_DIOALIGN) != 0 &&
      (info.stx_dio_offset_align == 0 || info.stx_dio_offset_align > StagedFile::kBlock))
    return false;
  return ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_DIRECT) == 0;
}

/// The queue of the best method up to the one asked for; nothing where that cannot be had.
struct Choice {
  WriteMethod method = WriteMethod::buffered;
  std::unique_ptr<DiskQueue> queue;
};

Choice choose(int fd, std::optional<WriteMethod> wanted) {
  if (wanted == WriteMethod::buffered || !set_direct(fd))
    return {WriteMethod::buffered, make_buffered_queue(fd)};
  if (wanted != WriteMethod::direct)
    if (auto queue = make_uring_queue(fd)) return {WriteMethod::uring, std::move(queue)};
  return {WriteMethod::direct, make_blocking_queue(fd)};
}

}  // namespace

std::string_view to_string(WriteMethod method) {
  switch (method) {
    case WriteMethod::uring:
      return "direct, io_uring";
    case WriteMethod::direct:
      return "direct";
    case WriteMethod::buffered:
      break;
  }
  return "buffered";
}

Result<std::unique_ptr<FileSink>> create_file(const std::filesystem::path& path, IfExists if_exists,
                                              const FileOptions& options) {
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | (if_exists == IfExists::refuse ? O_EXCL : O_TRUNC);
  UniqueFd fd(::open(path.c_str(), flags, 0666));
  if (!fd) return error_from_errno(errno, "creating " + path.string());
  Choice choice = choose(fd.get(), options.method);
  if (options.method && choice.method != *options.method) {
    ::unlink(path.c_str());
    return Error(Errc::unsupported, fmt::format("creating {}: writing it {} is not possible here",
                                                path.string(), to_string(*options.method)));
  }
  return std::unique_ptr<FileSink>(
      std::make_unique<StagedFile>(path, std::move(fd), choice.method, std::move(choice.queue)));
}

Result<std::unique_ptr<ByteSink>> create_file(const std::filesystem::path& path, IfExists if_exists) {
  GENLOCK_ASSIGN(std::unique_ptr<FileSink> sink, create_file(path, if_exists, FileOptions{}));
  return std::unique_ptr<ByteSink>(std::move(sink));
}

}  // namespace genlock
