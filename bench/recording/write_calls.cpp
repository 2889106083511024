// One call with a capture, at 30 fps in real time: what a thread that reads a camera waits.

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

std::string call_text(const std::vector<double>& calls) {
  return fmt::format("{:.4f} / {:.3f} ms", 1e3 * percentile(calls, 0.99), 1e3 * percentile(calls, 1));
}

std::vector<double>& append(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

Status write_calls(const Settings& settings, Table& table) {
  const Load load({});
  const auto captures = static_cast<std::size_t>(30 * settings.seconds);
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  const bool have_stock = !test::stock_library_missing();
  std::vector<double> ours, stock;
  constexpr int kTurns = 2;
  for (int turn = 0; turn < kTurns; ++turn) {
    GENLOCK_ASSIGN(const ChildResult own, in_child([&] { return pace_ours(file, load, captures / kTurns); }));
    append(ours, own.values);
    std::filesystem::remove(file);
    if (!have_stock) continue;
    GENLOCK_ASSIGN(const ChildResult theirs,
                   in_child([&] { return pace_stock(file, load, captures / kTurns); }));
    append(stock, theirs.values);
    std::filesystem::remove(file);
  }
  const double p99 = percentile(stock, 0.99) / percentile(ours, 0.99);
  const double worst = percentile(stock, 1) / percentile(ours, 1);
  table.add({.figure = "one write call at 30 fps, by reference, 99th percentile / worst",
             .rival = have_stock ? call_text(stock) : "not to be had",
             .ours = fmt::format("{} (1/{:.0f} / 1/{:.0f})", call_text(ours), p99, worst),
             .target = "<= 1/50 / <= 1/20 of it",
             .met = have_stock && p99 >= 50 && worst >= 20});
  table.note(fmt::format("Calls: {} of each; medians {:.4f} ms official, {:.4f} ms ours.", ours.size(),
                         1e3 * median(stock), 1e3 * median(ours)));
  return {};
}

}  // namespace genlock::bench
