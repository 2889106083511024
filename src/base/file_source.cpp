#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace genlock {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(std::filesystem::path path, UniqueFd fd, std::uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n =
          ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return error_from_errno(errno, "reading " + path_.string());
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }
  std::uint64_t size() const override { return size_; }

 private:
  const std::filesystem::path path_;
  const UniqueFd fd_;
  const std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return error_from_errno(errno, "opening " + path.string());
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return error_from_errno(errno, "opening " + path.string());
  if (S_ISDIR(info.st_mode)) return error_from_errno(EISDIR, "opening " + path.string());
  const auto size = static_cast<std::uint64_t>(info.st_size);
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(path, std::move(fd), size));
}

}  // namespace genlock
