// The same call through the C ABI, which copies: both libraries take the same captures, in the same run.

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

std::string call_text(const std::vector<double>& calls) {
  return fmt::format("{:.3f} / {:.3f} ms", 1e3 * percentile(calls, 0.99), 1e3 * percentile(calls, 1));
}

/// Adds the calls of one turn, in a process of its own.
Status add_turn(const std::function<Result<Work>()>& work, const std::filesystem::path& file,
                std::vector<double>& calls) {
  GENLOCK_ASSIGN(const ChildResult done, in_child(work));
  calls.insert(calls.end(), done.values.begin(), done.values.end());
  std::filesystem::remove(file);
  return {};
}

}  // namespace

Status write_calls_c(const Settings& settings, Table& table) {
  constexpr std::size_t kTurns = 4;
  const Load load({});
  const std::size_t captures = static_cast<std::size_t>(30 * settings.seconds) / kTurns;
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  const bool have_stock = !test::stock_library_missing();
  std::vector<double> ours, stock;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    GENLOCK_TRY(add_turn([&] { return pace_c_abi(file, load, captures); }, file, ours));
    if (have_stock) GENLOCK_TRY(add_turn([&] { return pace_stock(file, load, captures); }, file, stock));
  }
  const double p99 = have_stock ? percentile(stock, 0.99) / percentile(ours, 0.99) : 0;
  const double worst = have_stock ? percentile(stock, 1) / percentile(ours, 1) : 0;
  table.add({.figure = "the same through the C ABI, which copies",
             .rival = have_stock ? call_text(stock) : "not to be had",
             .ours = fmt::format("{} (1/{:.1f} / 1/{:.1f})", call_text(ours), p99, worst),
             .target = "<= 1/5 / <= 1/20 of it",
             .met = p99 >= 5 && worst >= 20});
  table.note(fmt::format("C ABI calls: {} of each; medians {:.3f} ms official, {:.3f} ms ours.", ours.size(),
                         have_stock ? 1e3 * median(stock) : 0, 1e3 * median(ours)));
  return {};
}

}  // namespace genlock::bench
