#include "support/sparse_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace genlock::test {
namespace {

constexpr std::uint64_t kPage = 4096;

bool is_zero(ByteSpan bytes) {
  return bytes.empty() ||
         (bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

Result<std::unique_ptr<SparseFile>> SparseFile::create(const std::filesystem::path& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (fd.get() < 0) return error_from_errno(errno, "creating " + path.string());
  return std::unique_ptr<SparseFile>(new SparseFile(std::move(fd)));
}

Status SparseFile::append(ByteSpan bytes) {
  while (!bytes.empty()) {
    const std::uint64_t piece = std::min<std::uint64_t>(bytes.size(), kPage - size_ % kPage);
    if (!is_zero(bytes.first(piece))) GENLOCK_TRY(write_at(size_, bytes.first(piece)));
    size_ += piece;
    bytes = bytes.subspan(piece);
  }
  return {};
}

Status SparseFile::write_at(std::uint64_t offset, ByteSpan bytes) {
  const ssize_t written = pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (written < 0) return error_from_errno(errno, "writing a sparse file");
  if (static_cast<std::size_t>(written) != bytes.size())
    return Error(Errc::no_space, "writing a sparse file: the disk is full");
  return {};
}

Status SparseFile::truncate(std::uint64_t size) {
  size_ = size;
  return ftruncate(fd_.get(), static_cast<off_t>(size)) == 0
             ? Status()
             : error_from_errno(errno, "ending a sparse file");
}

}  // namespace genlock::test
