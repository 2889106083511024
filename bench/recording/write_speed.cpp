// One recording fed as fast as it is accepted, beside the official library and the limit of the disk.

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

struct Rounds {
  std::vector<double> mb_per_s, share_of_raw, ns_per_byte;

  void add(const ChildResult& result, std::uint64_t bytes, double raw_mb_per_s) {
    const auto count = static_cast<double>(bytes);
    mb_per_s.push_back(count / 1e6 / result.seconds);
    share_of_raw.push_back(mb_per_s.back() / raw_mb_per_s);
    ns_per_byte.push_back(1e9 * result.cpu_seconds / count);
  }
};

/// Runs `write` in a child on a file that is removed afterwards.
Result<ChildResult> run(const Settings& settings,
                        const std::function<Result<Work>(const std::filesystem::path&)>& write) {
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  Result<ChildResult> result = in_child([&] { return write(file); });
  std::filesystem::remove(file);
  return result;
}

std::string speed_text(const Rounds& rounds) {
  return fmt::format("{:.2f} ({:.0f} MB/s)", median(rounds.share_of_raw), median(rounds.mb_per_s));
}

void add_rows(const Rounds& ours, const Rounds& stock, Table& table) {
  const bool have_stock = !stock.mb_per_s.empty();
  const auto stock_text = [&](std::string text) { return have_stock ? text : std::string("not to be had"); };
  table.add({.figure = "sustained, against the raw limit of the same run",
             .rival = stock_text(speed_text(stock)),
             .ours = speed_text(ours),
             .target = ">= 0.90",
             .met = median(ours.share_of_raw) >= 0.90});
  table.add({.figure = "CPU per payload byte (user and system), CRC-32 included",
             .rival = stock_text(fmt::format("{:.2f} ns", median(stock.ns_per_byte))),
             .ours = fmt::format("{:.3f} ns", median(ours.ns_per_byte)),
             .target = "<= 0.25 ns",
             .met = median(ours.ns_per_byte) <= 0.25});
}

}  // namespace

Status write_speed(const Settings& settings, Table& table) {
  const Load load({});
  const std::size_t captures = load.captures_of(settings.gigabytes);
  const std::uint64_t bytes = load.bytes(captures);
  const bool have_stock = !test::stock_library_missing();
  Rounds ours, stock;
  std::vector<double> raw_speeds;
  for (int round = 0; round < settings.rounds; ++round) {
    GENLOCK_ASSIGN(const ChildResult raw,
                   run(settings, [&](const auto& file) { return write_raw(file, bytes); }));
    raw_speeds.push_back(static_cast<double>(bytes) / 1e6 / raw.seconds);
    GENLOCK_ASSIGN(const ChildResult own,
                   run(settings, [&](const auto& file) { return write_ours(file, load, captures, {}); }));
    ours.add(own, bytes, raw_speeds.back());
    fmt::print(stderr, "round {}: raw {:.0f}, ours {:.0f} MB/s, {:.3f} ns/B", round + 1, raw_speeds.back(),
               ours.mb_per_s.back(), ours.ns_per_byte.back());
    if (have_stock) {
      GENLOCK_ASSIGN(const ChildResult theirs,
                     run(settings, [&](const auto& file) { return write_stock(file, load, captures); }));
      stock.add(theirs, bytes, raw_speeds.back());
      fmt::print(stderr, "; official {:.0f} MB/s, {:.2f} ns/B", stock.mb_per_s.back(),
                 stock.ns_per_byte.back());
    }
    fmt::print(stderr, "\n");
  }
  add_rows(ours, stock, table);
  table.note(
      fmt::format("Writing: {:.1f} GB a round, median of {} rounds that took turns; raw limit {:.0f} MB/s.",
                  static_cast<double>(bytes) / 1e9, settings.rounds, median(raw_speeds)));
  return {};
}

}  // namespace genlock::bench
