#include "take/checksum.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/unique_fd.h"

namespace genlock::take {
namespace {

constexpr std::size_t kChunk = 1 << 20;

struct FreeDigest {
  void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

Error broken(const std::filesystem::path& file) {
  return Error(Errc::internal, fmt::format("{}: libcrypto makes no SHA-256", file.string()));
}

Status read_all(const std::filesystem::path& file, EVP_MD_CTX* digest, const GoOn& go_on) {
  const UniqueFd in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) return error_from_errno(errno, "opening " + file.string());
  std::vector<unsigned char> chunk(kChunk);
  for (std::uint64_t done = 0;;) {
    if (!go_on(done)) return Error(Errc::state, "stopped");
    const ssize_t n = read(in.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_from_errno(errno, "reading " + file.string());
    if (n == 0) return {};
    if (EVP_DigestUpdate(digest, chunk.data(), static_cast<std::size_t>(n)) != 1) return broken(file);
    done += static_cast<std::uint64_t>(n);
  }
}

}  // namespace

Result<std::string> sha256_of(const std::filesystem::path& file, const GoOn& go_on) {
  const Digest digest(EVP_MD_CTX_new());
  if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) return broken(file);
  GENLOCK_TRY(read_all(file, digest.get(), go_on));
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(digest.get(), sum.data(), &size) != 1) return broken(file);
  return fmt::format("{:02x}", fmt::join(sum.begin(), sum.begin() + size, ""));
}

}  // namespace genlock::take
