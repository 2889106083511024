#pragma once

#include <functional>

#include "oracle/stock_player.h"
#include "recording/reader.h"
#include "recording/rivals.h"

// The ways of reading that are set beside each other. A player is opened on a file and gives the bytes of the
// next capture's images, 0 at the end.

namespace genlock::bench {

class OurPlayer {
 public:
  static Result<OurPlayer> open(const std::filesystem::path& file);

  Result<std::size_t> next_capture();
  Status seek(DeviceTime time);

 private:
  explicit OurPlayer(std::unique_ptr<recording::Reader> reader) : reader_(std::move(reader)) {}

  std::unique_ptr<recording::Reader> reader_;
};

/// What any reader must do at least, at a place that a seek chooses: fill memory that it uses again with the
/// bytes of one capture, and swap those of depth and IR. It knows nothing of the format.
class BarePlayer {
 public:
  static Result<BarePlayer> open(const std::filesystem::path& file);

  Result<std::size_t> next_capture();
  Status seek(DeviceTime time);

 private:
  explicit BarePlayer(std::unique_ptr<ByteSource> source);

  std::unique_ptr<ByteSource> source_;
  std::vector<std::byte> plain_, swapped_;
  std::uint64_t at_ = 0;
};

/// Brings all of a file into memory, in the process that measures right before it does: some hosts take the
/// page cache away again within seconds.
Status warm(const std::filesystem::path& file);

/// Seconds from opening the warm file to its end, and the speed in bytes a second as the only value.
template <class Player>
Result<Work> read_all(const std::filesystem::path& file) {
  GENLOCK_TRY(warm(file));
  const HostTime before = system_clock().now();
  GENLOCK_ASSIGN(Player player, Player::open(file));
  double total = 0;
  while (true) {
    GENLOCK_ASSIGN(const std::size_t bytes, player.next_capture());
    if (bytes == 0) break;
    total += static_cast<double>(bytes);
  }
  const double seconds = std::chrono::duration<double>(system_clock().now() - before).count();
  return Work{seconds, {total / seconds}};
}

/// Seeks, and reads the capture there.
template <class Player>
Status capture_at(Player& player, DeviceTime time) {
  GENLOCK_TRY(player.seek(time));
  GENLOCK_ASSIGN(const std::size_t bytes, player.next_capture());
  return bytes > 0 ? Status() : Error(Errc::corrupt, "no capture after a seek");
}

/// The values of ways to do one thing, collected over some rounds.
using Rivals = std::vector<std::vector<double>>;
using Way = std::function<Result<Work>(int round)>;

/// Each way in a process of its own, by turns. Ways that are null stay without values.
Result<Rivals> take_turns(int rounds, const std::vector<Way>& ways);

/// The way of the official library; null where it is missing.
Way if_there(Way stock);

/// Median and 95th percentile, or that there are none.
std::string milliseconds(const std::vector<double>& seconds);

}  // namespace genlock::bench
