// One call with a capture, at 30 fps in real time: what a thread that reads a camera waits. All take turns of
// the same length, long enough for what the kernel writes back behind them to be felt.

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

constexpr int kTurns = 2;

/// Seconds of each call, of all turns.
struct Calls {
  std::vector<double> by_reference, c_abi, stock, memcpy;
};

/// Adds the calls of one turn, in a process of its own.
Status add_turn(const std::function<Result<Work>()>& work, const std::filesystem::path& file,
                std::vector<double>& calls) {
  Result<ChildResult> done = in_child(work);
  std::filesystem::remove(file);
  GENLOCK_TRY(done);
  calls.insert(calls.end(), done->values.begin(), done->values.end());
  return {};
}

Result<Calls> take_turns(const Settings& settings) {
  const Load load({});
  const std::size_t captures = static_cast<std::size_t>(30 * settings.seconds) / kTurns;
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  Calls calls;
  for (int turn = 0; turn < kTurns; ++turn) {
    GENLOCK_TRY(add_turn([&] { return pace_ours(file, load, captures); }, file, calls.by_reference));
    if (!test::stock_library_missing())
      GENLOCK_TRY(add_turn([&] { return pace_stock(file, load, captures); }, file, calls.stock));
    GENLOCK_TRY(add_turn([&] { return pace_c_abi(file, load, captures); }, file, calls.c_abi));
    GENLOCK_TRY(add_turn([&] { return pace_memcpy(load, captures / 4); }, file, calls.memcpy));
  }
  return calls;
}

std::string call_text(const std::vector<double>& calls) {
  return fmt::format("{:.3f} / {:.3f} ms", 1e3 * percentile(calls, 0.99), 1e3 * percentile(calls, 1));
}

/// How many times less is wanted of the 99th percentile and of the worst call.
struct Wanted {
  double p99 = 0, worst = 0;
};

void add_row(const char* figure, const std::vector<double>& ours, const std::vector<double>& stock,
             Wanted wanted, Table& table) {
  const bool have_stock = !stock.empty();
  const double p99 = percentile(stock, 0.99) / percentile(ours, 0.99);
  const double worst = percentile(stock, 1) / percentile(ours, 1);
  table.add({.figure = figure,
             .rival = have_stock ? call_text(stock) : "not to be had",
             .ours = have_stock ? fmt::format("{} (1/{:.1f} / 1/{:.1f})", call_text(ours), p99, worst)
                                : call_text(ours),
             .target = fmt::format("<= 1/{} / <= 1/{} of it", wanted.p99, wanted.worst),
             .met = have_stock && p99 >= wanted.p99 && worst >= wanted.worst});
}

}  // namespace

Status write_calls(const Settings& settings, Table& table) {
  GENLOCK_ASSIGN(const Calls calls, take_turns(settings));
  add_row("one write call at 30 fps, by reference, 99th percentile / worst", calls.by_reference, calls.stock,
          {50, 20}, table);
  add_row("the same through the C ABI, which copies", calls.c_abi, calls.stock, {5, 20}, table);
  table.note(fmt::format(
      "Calls: {} of each; medians {:.3f} ms official, {:.4f} ms by reference, {:.3f} ms through the C ABI. "
      "No "
      "more than memcpy of the same pixels, in the same run: median {:.3f}, 99th percentile / worst {}.",
      calls.c_abi.size(), 1e3 * median(calls.stock), 1e3 * median(calls.by_reference),
      1e3 * median(calls.c_abi), 1e3 * median(calls.memcpy), call_text(calls.memcpy)));
  return {};
}

}  // namespace genlock::bench
