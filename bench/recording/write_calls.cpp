// One call with a capture, at 30 fps in real time: what a thread that reads a camera waits. Each has one long
// turn: in one of two turns of more than 90 s a call of the official library gave up the processor for 53 ms,
// in turns of 30 s none did.

#include <fmt/core.h>

#include <algorithm>

#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

constexpr double kTurn = 2;  // of Settings::seconds

/// Of all turns.
struct Calls {
  std::vector<PacedCall> by_reference, c_abi, stock, memcpy;
};

std::vector<double> seconds(const std::vector<PacedCall>& calls) {
  std::vector<double> all;
  for (const PacedCall& call : calls) all.push_back(call.seconds);
  return all;
}

/// Adds the calls of a turn, in a process of its own.
Status add_turn(const std::function<Result<Work>()>& work, const std::filesystem::path& file,
                std::vector<PacedCall>& calls) {
  Result<ChildResult> done = in_child(work);
  std::filesystem::remove(file);
  GENLOCK_TRY(done);
  const std::vector<PacedCall> turn = PacedCalls::from(done->values);
  calls.insert(calls.end(), turn.begin(), turn.end());
  return {};
}

Result<Calls> turns(const Settings& settings) {
  const Load load({});
  const std::size_t captures = static_cast<std::size_t>(30 * settings.seconds * kTurn);
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  Calls calls;
  GENLOCK_TRY(add_turn([&] { return pace_ours(file, load, captures); }, file, calls.by_reference));
  if (!test::stock_library_missing())
    GENLOCK_TRY(add_turn([&] { return pace_stock(file, load, captures); }, file, calls.stock));
  GENLOCK_TRY(add_turn([&] { return pace_c_abi(file, load, captures); }, file, calls.c_abi));
  GENLOCK_TRY(add_turn([&] { return pace_memcpy(load, captures / 4); }, file, calls.memcpy));
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

/// What the slowest hundredth of calls is made of, and how long those took in which the thread kept its
/// processor: the others say when the scheduler let it go on.
std::string causes(const char* who, std::vector<PacedCall> calls) {
  const double slow = percentile(seconds(calls), 0.99);
  const double p999 = percentile(seconds(calls), 0.999);
  std::vector<double> undisturbed;
  for (const PacedCall& call : calls)
    if (call.preempted == 0) undisturbed.push_back(call.seconds);
  std::erase_if(calls, [slow](const PacedCall& call) { return call.seconds < slow; });
  const auto with = [&](double PacedCall::*cause) {
    return std::ranges::count_if(calls, [&](const PacedCall& call) { return call.*cause > 0; });
  };
  return fmt::format(
      "{}: 99.9th percentile {:.3f} ms; of the slowest {}, {} were preempted, {} waited, {} made pages; "
      "calls that were "
      "not preempted, 99th percentile / worst: {:.3f} / {:.3f} ms.",
      who, 1e3 * p999, calls.size(), with(&PacedCall::preempted), with(&PacedCall::waited),
      with(&PacedCall::page_faults), 1e3 * percentile(undisturbed, 0.99), 1e3 * percentile(undisturbed, 1));
}

}  // namespace

Status write_calls(const Settings& settings, Table& table) {
  GENLOCK_ASSIGN(const Calls calls, turns(settings));
  const std::vector<double> stock = seconds(calls.stock);
  const std::vector<double> c_abi = seconds(calls.c_abi);
  const std::vector<double> by_reference = seconds(calls.by_reference);
  const std::vector<double> memcpy = seconds(calls.memcpy);
  add_row("one write call at 30 fps, by reference, 99th percentile / worst", by_reference, stock, {50, 20},
          table);
  add_row("the same through the C ABI, which copies", c_abi, stock, {5, 20}, table);
  table.note(
      fmt::format("Calls: {} of each; medians {:.3f} ms official, {:.4f} ms by reference, {:.3f} ms through "
                  "the C ABI. No more than "
                  "memcpy of the same pixels, in the same run: median {:.3f}, 99th percentile / worst {}.",
                  c_abi.size(), 1e3 * median(stock), 1e3 * median(by_reference), 1e3 * median(c_abi),
                  1e3 * median(memcpy), call_text(memcpy)));
  if (!stock.empty()) table.note(causes("Official library", calls.stock));
  table.note(causes("By reference", calls.by_reference));
  table.note(causes("C ABI", calls.c_abi));
  table.note(causes("memcpy", calls.memcpy));
  return {};
}

}  // namespace genlock::bench
