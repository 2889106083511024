#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace genlock {
namespace {

class FileSink final : public ByteSink {
 public:
  FileSink(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  Status append(ByteSpan bytes) override {
    GENLOCK_TRY(write_all(size_, bytes));
    size_ += bytes.size();
    return {};
  }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return write_all(offset, bytes); }
  Status sync() override {
    if (::fdatasync(fd_.get()) != 0) return error_from_errno(errno, "syncing " + path_.string());
    return {};
  }
  Status truncate(std::uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
      return error_from_errno(errno, "shortening " + path_.string());
    size_ = size;
    return {};
  }
  Status reserve(std::uint64_t bytes) override {
    if (::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_), static_cast<off_t>(bytes)) == 0 ||
        errno == EOPNOTSUPP)
      return {};
    return error_from_errno(errno, "reserving space for " + path_.string());
  }
  std::uint64_t size() const override { return size_; }

 private:
  Status write_all(std::uint64_t offset, ByteSpan bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return error_from_errno(errno, "writing " + path_.string());
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  const std::filesystem::path path_;
  const UniqueFd fd_;
  std::uint64_t size_ = 0;
};

class FileSource final : public ByteSource {
 public:
  FileSource(std::filesystem::path path, UniqueFd fd, std::uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
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

Result<std::unique_ptr<ByteSink>> create_file(const std::filesystem::path& path, IfExists if_exists) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (if_exists == IfExists::refuse ? O_EXCL : O_TRUNC);
  UniqueFd fd(::open(path.c_str(), flags, 0666));
  if (!fd) return error_from_errno(errno, "creating " + path.string());
  return std::unique_ptr<ByteSink>(std::make_unique<FileSink>(path, std::move(fd)));
}

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
