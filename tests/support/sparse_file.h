#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace genlock::test {

/// A file with holes where nothing but zeros was written, whole pages of them: recordings of black images
/// take hardly more of a disk than what surrounds their pixels. An existing file is replaced.
class SparseFile final : public ByteSink {
 public:
  static Result<std::unique_ptr<SparseFile>> create(const std::filesystem::path& path);

  Status append(ByteSpan bytes) override;
  Status write_at(std::uint64_t offset, ByteSpan bytes) override;
  Status sync() override { return {}; }
  Status truncate(std::uint64_t size) override;
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return size_; }

 private:
  explicit SparseFile(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::uint64_t size_ = 0;
};

}  // namespace genlock::test
