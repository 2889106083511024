// What a recorder's process has in memory at most, with what waits for the disk in it: on a disk that is
// slower than the camera, and fed as fast as it accepts.

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

/// Beside the buffer.
constexpr double kMostBeside = 32;

/// A third of what the camera sends.
constexpr double kSlowDisk = 20e6;
/// Until its buffer has long been full.
constexpr std::size_t kSlowCaptures = 240;

/// One capture, of the usual size, so that the source of the pixels takes little memory itself.
constexpr Load::Options kOneCapture{.smallest_jpeg = 475'000, .largest_jpeg = 475'000, .different = 1};

using Write = std::function<Result<Work>(const std::filesystem::path&)>;

Result<ChildResult> run(const Settings& settings, const Write& write) {
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  Result<ChildResult> result = in_child([&] { return write(file); });
  std::filesystem::remove(file);
  return result;
}

void add_row(std::string figure, std::string rival, double peak_mb, std::size_t buffer, Table& table) {
  const double buffer_mb = static_cast<double>(buffer) / 1e6;
  table.add({.figure = std::move(figure),
             .rival = std::move(rival),
             .ours = fmt::format("{:.0f} MB", peak_mb),
             .target = fmt::format("<= buffer of {:.0f} MB + {:.0f} MB", buffer_mb, kMostBeside),
             .met = peak_mb <= buffer_mb + kMostBeside});
}

}  // namespace

Status write_memory(const Settings& settings, Table& table) {
  const Load load(kOneCapture);
  const std::size_t captures = load.captures_of(settings.gigabytes);
  const std::size_t buffer = recording::default_queue_bytes(Load::info());
  const std::size_t c_abi_buffer = buffer / 2 * 3;  // It holds data back for two seconds.
  GENLOCK_ASSIGN(const ChildResult slow, run(settings, [&](const auto& file) {
                   return pace_ours_slowly(file, load, kSlowCaptures, kSlowDisk);
                 }));
  GENLOCK_ASSIGN(const ChildResult fast,
                 run(settings, [&](const auto& file) { return write_ours_fresh(file, load, captures); }));
  GENLOCK_ASSIGN(const ChildResult c_abi,
                 run(settings, [&](const auto& file) { return write_c_abi(file, load, captures); }));
  std::string stock = "not to be had";
  if (!test::stock_library_missing()) {
    GENLOCK_ASSIGN(const ChildResult theirs,
                   run(settings, [&](const auto& file) { return write_stock(file, load, captures); }));
    stock = fmt::format("{:.0f} MB", theirs.peak_mb);
  }
  add_row("peak resident memory, frames that wait included, fed as fast as accepted", stock, fast.peak_mb,
          buffer, table);
  add_row(fmt::format("the same at 30 fps on a disk of {:.0f} MB/s", kSlowDisk / 1e6), "-", slow.peak_mb,
          buffer, table);
  add_row("the same through the C ABI, as fast as accepted", stock, c_abi.peak_mb, c_abi_buffer, table);
  table.note(fmt::format("Slow disk: {:.0f} of {} depth images refused, since the buffer was full.",
                         slow.values.front(), kSlowCaptures));
  return {};
}

}  // namespace genlock::bench
