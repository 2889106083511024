#include "rig/disk_probe.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{4} << 20;

/// Bytes that no file system can pack.
void fill(MutableByteSpan out, std::uint64_t& state) {
  for (std::size_t i = 0; i + sizeof state <= out.size(); i += sizeof state) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    std::memcpy(out.data() + i, &state, sizeof state);
  }
}

/// Removes the file at the end, whatever happens.
class Removed {
 public:
  explicit Removed(fs::path path) : path_(std::move(path)) {}
  ~Removed() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;

 private:
  const fs::path path_;
};

}  // namespace

Result<DiskSpeed> measure(ByteSink& sink, Clock& clock, const DiskProbe& probe) {
  const HostTime start = clock.now();
  std::uint64_t state = 0x9E37'79B9'7F4A'7C15;
  while (sink.size() < probe.bytes && clock.now() - start < probe.longest) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, probe.bytes - sink.size()));
    GENLOCK_ASSIGN(const MutableByteSpan room, sink.room(piece));
    fill(room.first(piece), state);
    GENLOCK_TRY(sink.commit(piece));
    GENLOCK_TRY(sink.push());
  }
  GENLOCK_TRY(sink.sync());
  const double seconds = std::chrono::duration<double>(clock.now() - start).count();
  return DiskSpeed{.mb_per_s = static_cast<double>(sink.size()) / 1e6 / std::max(seconds, 1e-6),
                   .method = std::string(sink.method_name())};
}

Result<DiskSpeed> measure_disk(const fs::path& folder, const DiskProbe& probe) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error) return error_from_errno(error.value(), "asking for the free space of " + folder.string());
  DiskProbe within = probe;
  within.bytes = std::min<std::uint64_t>(probe.bytes, space.available / 4);
  if (within.bytes < kPiece)
    return Error(Errc::no_space,
                 fmt::format("{} has no room to try how fast it is; make some", folder.string()));
  const fs::path file = folder / fmt::format(".genlock-disk-probe-{}", ::getpid());
  GENLOCK_ASSIGN(const auto sink, create_file(file, IfExists::replace));
  const Removed removed(file);
  return measure(*sink, system_clock(), within);
}

}  // namespace genlock::rig
