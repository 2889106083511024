#include "mkv/input.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

namespace genlock::mkv {
namespace {

/// Read at a place far from the last one: enough for the heads there, as cold bytes cost as much as a call.
/// While reading goes on nearby, each window is twice as long as the one before.
constexpr std::size_t kLeastWindow = 256;
constexpr std::size_t kMostWindow = 4096;
constexpr std::size_t kMostProblems = 1000;
constexpr std::size_t kMostCounted = 65536;

}  // namespace

ByteSpan Input::peek(std::uint64_t offset, std::size_t count) {
  if (offset >= size_) return {};
  count = static_cast<std::size_t>(std::min<std::uint64_t>({count, kMaxPeek, size_ - offset}));
  if (offset < window_at_ || offset + count > window_at_ + window_.size()) {
    const bool nearby = offset >= window_at_ && offset - window_at_ < 2 * kMostWindow;
    const std::size_t window =
        nearby ? std::clamp(2 * window_.size(), kLeastWindow, kMostWindow) : kLeastWindow;
    window_.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(std::max(count, window), size_ - offset)));
    window_at_ = offset;
    if (!read(offset, window_)) window_.clear();
  }
  if (window_.empty()) return {};
  return ByteSpan(window_).subspan(static_cast<std::size_t>(offset - window_at_), count);
}

bool Input::read(std::uint64_t offset, MutableByteSpan out) {
  if (!status_) return false;
  if (offset > size_ || out.size() > size_ - offset) return false;
  const Result<bool> whole = read_whole(source_, offset, out);
  if (!whole) status_ = whole.error();
  return whole && *whole;
}

void Input::problem(std::string what) {
  if (noted_.size() >= kMostCounted || !noted_.insert(std::hash<std::string>()(what)).second) return;
  if (problems_.size() < kMostProblems) problems_.push_back(std::move(what));
}

std::vector<std::string> Input::problems() const {
  std::vector<std::string> all = problems_;
  const std::size_t unlisted = noted_.size() - problems_.size();
  if (unlisted > 0)
    all.push_back(fmt::format("and {} more{}", unlisted, noted_.size() < kMostCounted ? "" : " at least"));
  return all;
}

}  // namespace genlock::mkv
