#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace genlock {
namespace {

/// Plain writes into a file that exists: few and small ones, so nothing is gathered or reordered.
class UpdatedFile final : public ByteSink {
 public:
  UpdatedFile(std::filesystem::path path, UniqueFd fd, std::uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

  Status append(ByteSpan bytes) override {
    GENLOCK_TRY(write(size_, bytes));
    size_ += bytes.size();
    return {};
  }

  Status write_at(std::uint64_t offset, ByteSpan bytes) override {
    if (offset > size_ || bytes.size() > size_ - offset)
      return Error(Errc::internal, fmt::format("overwriting {} bytes at {} of {} in {}", bytes.size(), offset,
                                               size_, path_.string()));
    return write(offset, bytes);
  }

  Status sync() override {
    return ::fsync(fd_.get()) == 0 ? Status() : error_from_errno(errno, "syncing " + path_.string());
  }

  Status truncate(std::uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
      return error_from_errno(errno, "shortening " + path_.string());
    size_ = size;
    return {};
  }

  Status reserve(std::uint64_t bytes) override {
    const auto from = static_cast<off_t>(size_);
    if (::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, from, static_cast<off_t>(bytes)) == 0 ||
        errno == EOPNOTSUPP)
      return {};
    return error_from_errno(errno, "reserving space for " + path_.string());
  }

  std::uint64_t size() const override { return size_; }

 private:
  Status write(std::uint64_t offset, ByteSpan bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return error_from_errno(errno, "writing " + path_.string());
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
    return {};
  }

  const std::filesystem::path path_;
  const UniqueFd fd_;
  std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<ByteSink>> update_file(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return error_from_errno(errno, "opening " + path.string());
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return error_from_errno(errno, "opening " + path.string());
  const auto size = static_cast<std::uint64_t>(info.st_size);
  return std::unique_ptr<ByteSink>(std::make_unique<UpdatedFile>(path, std::move(fd), size));
}

}  // namespace genlock
