#include "recording/players.h"

#include <fmt/core.h>

#include "oracle/stock_library.h"
#include "recording/pixel_order.h"

namespace genlock::bench {

Result<OurPlayer> OurPlayer::open(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(auto reader, recording::Reader::open_recording(file));
  return OurPlayer(std::move(reader));
}

Result<std::size_t> OurPlayer::next_capture() {
  GENLOCK_ASSIGN(const auto capture, reader_->next_capture());
  return static_cast<std::size_t>(capture ? bytes_of(*capture) : 0);
}

Status OurPlayer::seek(DeviceTime time) {
  reader_->seek(time);
  return {};
}

BarePlayer::BarePlayer(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
  constexpr Load::Options kUsual;
  const Size depth = image_size(Load::config().depth_mode);
  plain_.resize((kUsual.smallest_jpeg + kUsual.largest_jpeg) / 2);
  swapped_.resize(2 * image_bytes(PixelFormat::depth16, depth));
}

Result<BarePlayer> BarePlayer::open(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(auto source, open_file(file));
  return BarePlayer(std::move(source));
}

Result<std::size_t> BarePlayer::next_capture() {
  constexpr std::size_t kPiece = std::size_t{128} << 10;
  if (source_->size() - at_ < plain_.size() + swapped_.size()) return std::size_t{0};
  GENLOCK_TRY(source_->read_at(at_, plain_));
  at_ += plain_.size();
  for (MutableByteSpan rest(swapped_); !rest.empty();) {
    const MutableByteSpan piece = rest.first(std::min(rest.size(), kPiece));
    GENLOCK_TRY(source_->read_at(at_, piece));
    recording::copy_swapping_pairs(piece, piece);
    at_ += piece.size();
    rest = rest.subspan(piece.size());
  }
  return plain_.size() + swapped_.size();
}

Status BarePlayer::seek(DeviceTime time) {
  const std::uint64_t captures = source_->size() / (plain_.size() + swapped_.size());
  const auto number = static_cast<std::uint64_t>((count_us(time) - 1'000'000) * 30 / 1'000'000);
  at_ = std::min(number, captures - 1) * (plain_.size() + swapped_.size());
  return {};
}

Status warm(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const auto source, open_file(file));
  std::vector<std::byte> piece(std::size_t{1} << 20);
  std::uint64_t at = 0;
  while (true) {
    GENLOCK_ASSIGN(const std::size_t got, source->read_at(at, piece));
    if (got == 0) return {};
    at += got;
  }
}

Result<Rivals> take_turns(int rounds, const std::vector<Way>& ways) {
  Rivals all(ways.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (!ways[i]) continue;
      GENLOCK_ASSIGN(const ChildResult child, in_child([&] { return ways[i](round); }));
      all[i].insert(all[i].end(), child.values.begin(), child.values.end());
    }
  }
  return all;
}

Way if_there(Way stock) {
  return test::stock_library_missing() ? Way() : std::move(stock);
}

std::string milliseconds(const std::vector<double>& seconds) {
  if (seconds.empty()) return "not to be had";
  return fmt::format("{:.3f} / {:.3f} ms", 1e3 * median(seconds), 1e3 * percentile(seconds, 0.95));
}

}  // namespace genlock::bench
