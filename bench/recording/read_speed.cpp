// Reading what is in memory already: all captures in order, and single captures after a seek.

#include <fmt/core.h>

#include <random>

#include "recording/players.h"

namespace genlock::bench {
namespace {

using test::StockPlayer;

constexpr std::size_t kSeeks = 200;

/// Values: seconds from the seek to the capture in hand.
template <class Player>
Result<Work> seek_about(const std::filesystem::path& file, std::size_t captures, int round) {
  GENLOCK_TRY(warm(file));
  GENLOCK_ASSIGN(Player player, Player::open(file));
  std::mt19937 random(static_cast<unsigned>(round));
  CallTimer timer;
  const std::int64_t span = static_cast<std::int64_t>(captures - 1) * 1'000'000 / 30;
  for (std::size_t i = 0; i < kSeeks; ++i) {
    const DeviceTime time = device_time_us(1'000'000 + static_cast<std::int64_t>(random()) % span);
    GENLOCK_TRY(timer.time([&] { return capture_at(player, time); }));
  }
  return Work{0, timer.take()};
}

Status measure_in_order(const Settings& settings, const std::filesystem::path& file, Table& table) {
  GENLOCK_ASSIGN(const Rivals rounds,
                 take_turns(settings.rounds, {[&](int) { return read_all<OurPlayer>(file); },
                                              [&](int) { return read_all<BarePlayer>(file); },
                                              if_there([&](int) { return read_all<StockPlayer>(file); })}));
  const double ours = median(rounds[0]);
  const bool have_stock = !rounds[2].empty();
  const double ratio = have_stock ? ours / median(rounds[2]) : 0;
  table.add({.figure = "sequential read of all captures, warm",
             .rival = have_stock ? fmt::format("{:.0f} MB/s", median(rounds[2]) / 1e6) : "not to be had",
             .ours = fmt::format("{:.0f} MB/s ({:.2f} x)", ours / 1e6, ratio),
             .target = ">= 3 times that",
             .met = ratio >= 3});
  table.note(
      fmt::format("Reading in order: median of {} rounds that took turns; no more than reading the bytes "
                  "and swapping pixels: {:.0f} MB/s.",
                  settings.rounds, median(rounds[1]) / 1e6));
  return {};
}

Status measure_seeks(const Settings& settings, const std::filesystem::path& file, std::size_t captures,
                     Table& table) {
  GENLOCK_ASSIGN(
      const Rivals seeks,
      take_turns(settings.rounds,
                 {[&](int round) { return seek_about<OurPlayer>(file, captures, round); },
                  [&](int round) { return seek_about<BarePlayer>(file, captures, round); },
                  if_there([&](int round) { return seek_about<StockPlayer>(file, captures, round); })}));
  table.add({.figure = "seek + first capture, median / 95th percentile, warm",
             .rival = milliseconds(seeks[2]),
             .ours = milliseconds(seeks[0]),
             .target = "<= 0.3 / 1 ms",
             .met = median(seeks[0]) <= 0.3e-3 && percentile(seeks[0], 0.95) <= 1e-3});
  table.note(
      fmt::format("Seeks: {} of each, in processes of {}; no more than reading a capture's bytes and "
                  "swapping pixels: {}.",
                  seeks[0].size(), kSeeks, milliseconds(seeks[1])));
  return {};
}

Status measure(const Settings& settings, const std::filesystem::path& file, Table& table) {
  const Load load({});
  const std::size_t captures = load.captures_of(settings.gigabytes);
  GENLOCK_TRY(in_child([&] { return write_ours(file, load, captures, {}); }));
  GENLOCK_TRY(measure_in_order(settings, file, table));
  return measure_seeks(settings, file, captures, table);
}

}  // namespace

Status read_speed(const Settings& settings, Table& table) {
  const std::filesystem::path file = settings.folder / "genlock-bench.mkv";
  Status measured = measure(settings, file, table);
  std::filesystem::remove(file);
  return measured;
}

}  // namespace genlock::bench
