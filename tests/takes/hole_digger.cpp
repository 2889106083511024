#include "takes/hole_digger.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/unique_fd.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHead = std::uint64_t{1} << 20;   // what comes before the first cluster
constexpr std::uint64_t kTail = std::uint64_t{64} << 20;  // more than a writer has under way
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kBlock = std::size_t{16} << 10;  // a depth image of the smallest mode is eleven of them

}  // namespace

void HoleDigger::dig() {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder_, gone))
    if (entry.path().extension() == ".mkv")
      dig(entry.path(), done_.try_emplace(entry.path(), kHead).first->second);
}

void HoleDigger::dig(const fs::path& file, std::uint64_t& done) {
  const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return;
  std::error_code failed;
  const std::uint64_t size = fs::file_size(file, failed);
  static const std::vector<char> kZeros(kBlock);
  std::vector<char> piece(kPiece);
  for (; !failed && done + kPiece + kTail <= size; done += kPiece) {
    if (::pread(fd.get(), piece.data(), kPiece, static_cast<off_t>(done)) != static_cast<ssize_t>(kPiece))
      return;
    for (std::size_t at = 0; at < kPiece; at += kBlock)
      if (std::equal(kZeros.begin(), kZeros.end(), piece.begin() + static_cast<std::ptrdiff_t>(at)))
        ::fallocate(fd.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(done + at),
                    kBlock);
  }
}

}  // namespace genlock::test
