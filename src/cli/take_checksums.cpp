#include "cli/take_checksums.h"

#include "cli/progress_line.h"

namespace genlock::cli {
namespace {

/// Whether to go on with the next file.
Result<bool> add_checksum(const std::filesystem::path& folder, take::RecordedFile& file,
                          const take::GoOn& go_on) {
  ProgressLine line("checksum of " + file.name);
  auto sum = take::sha256_of(folder / file.name, [&](std::uint64_t done) {
    line.show(done, file.bytes);
    return go_on(done);
  });
  if (!sum && sum.error().code() == Errc::state) return false;
  if (!sum) return sum.error();
  file.sha256 = *std::move(sum);
  return true;
}

}  // namespace

Status add_checksums(const std::filesystem::path& folder, take::Take take, const take::GoOn& go_on) {
  for (take::TakenUnit& unit : take.units)
    for (std::vector<take::RecordedFile>* files : {&unit.files, &unit.unaligned})
      for (take::RecordedFile& file : *files) {
        GENLOCK_ASSIGN(const bool more, add_checksum(folder, file, go_on));
        if (!more) return take::save_take(folder, take);
      }
  return take::save_take(folder, take);
}

}  // namespace genlock::cli
