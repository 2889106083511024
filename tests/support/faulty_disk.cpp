#include "support/faulty_disk.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::test {
namespace {

constexpr std::size_t kSector = 512;

}  // namespace

std::string DiskFault::describe() const {
  static constexpr const char* kLasts[] = {"once", "for good", "while growing"};
  static constexpr const char* kShares[] = {"nothing", "half", "all"};
  return fmt::format("call {} fails {} with {}, {} of it written", call, kLasts[static_cast<int>(lasts)],
                     to_string(code), kShares[static_cast<int>(share)]);
}

bool FaultyDisk::fails(const char* name, bool grows) {
  const std::uint64_t call = calls_++;
  const bool now = call == fault_.call ||
                   (call > fault_.call && (fault_.lasts == DiskFault::Lasts::for_good ||
                                           (fault_.lasts == DiskFault::Lasts::while_growing && grows)));
  if (now && failed_call_.empty()) failed_call_ = name;
  return now;
}

std::size_t FaultyDisk::share_of(std::size_t bytes) const {
  return fault_.share == DiskFault::Share::nothing ? 0
         : fault_.share == DiskFault::Share::half  ? bytes / 2
                                                   : bytes;
}

Status FaultyDisk::append(ByteSpan bytes) {
  if (!fails("append", true)) return memory_.append(bytes);
  GENLOCK_TRY(memory_.append(bytes.first(share_of(bytes.size()))));
  return error();
}

/// A disk writes its sectors whole or not at all.
Status FaultyDisk::write_at(std::uint64_t offset, ByteSpan bytes) {
  if (!fails("write_at", false)) return memory_.write_at(offset, bytes);
  std::size_t share = share_of(bytes.size());
  if (share < bytes.size()) share -= std::min<std::size_t>(share, (offset + share) % kSector);
  GENLOCK_TRY(memory_.write_at(offset, bytes.first(share)));
  return error();
}

Status FaultyDisk::sync() {
  return fails("sync", false) ? Status(error()) : memory_.sync();
}

Status FaultyDisk::truncate(std::uint64_t size) {
  return fails("truncate", false) ? Status(error()) : memory_.truncate(size);
}

Status FaultyDisk::reserve(std::uint64_t bytes) {
  return fails("reserve", true) ? Status(error()) : memory_.reserve(bytes);
}

Status CrowdedDisk::append(ByteSpan bytes) {
  GENLOCK_TRY(reserve(bytes.size()));
  return memory_.append(bytes);
}

Status CrowdedDisk::truncate(std::uint64_t size) {
  GENLOCK_TRY(memory_.truncate(size));
  free_to_ = reserved_ = size;
  return {};
}

/// The first refusal is the last: neighbours take what is left.
Status CrowdedDisk::reserve(std::uint64_t bytes) {
  const std::uint64_t end = memory_.size() + bytes;
  if (end > free_to_) {
    free_to_ = reserved_;
    return Error(Errc::no_space, "no space left");
  }
  reserved_ = std::max(reserved_, end);
  return {};
}

Status LoggedDisk::append(ByteSpan bytes) {
  log_.push_back({Operation::Kind::write, memory_.size(), {bytes.begin(), bytes.end()}});
  return memory_.append(bytes);
}

Status LoggedDisk::write_at(std::uint64_t offset, ByteSpan bytes) {
  log_.push_back({Operation::Kind::write, offset, {bytes.begin(), bytes.end()}});
  return memory_.write_at(offset, bytes);
}

Status LoggedDisk::sync() {
  log_.push_back({Operation::Kind::sync, 0, {}});
  return {};
}

Status LoggedDisk::truncate(std::uint64_t size) {
  log_.push_back({Operation::Kind::truncate, size, {}});
  return memory_.truncate(size);
}

namespace {

using Operation = LoggedDisk::Operation;

void apply(const Operation& operation, std::vector<std::byte>& file) {
  if (operation.kind == Operation::Kind::truncate) file.resize(operation.offset);
  if (operation.kind != Operation::Kind::write) return;
  file.resize(std::max<std::size_t>(file.size(), operation.offset + operation.bytes.size()));
  std::ranges::copy(operation.bytes, file.begin() + static_cast<std::ptrdiff_t>(operation.offset));
}

/// Those sectors of a write that `random` chooses, or all before `cut`.
void apply_torn(const Operation& write, std::vector<std::byte>& file, std::size_t cut, std::mt19937* random) {
  for (std::size_t at = 0; at < write.bytes.size();) {
    const std::size_t size = std::min(kSector - (write.offset + at) % kSector, write.bytes.size() - at);
    if (random != nullptr ? (*random)() % 2 == 0 : at < cut) {
      file.resize(std::max<std::size_t>(file.size(), write.offset + at + size));
      std::copy_n(write.bytes.begin() + static_cast<std::ptrdiff_t>(at), size,
                  file.begin() + static_cast<std::ptrdiff_t>(write.offset + at));
    }
    at += size;
  }
}

/// The operations between two syncs, and what they may leave.
class Window {
 public:
  Window(const std::vector<std::byte>& durable, std::size_t syncs, const std::vector<Operation>& operations,
         std::mt19937& random, const std::function<void(const PowerCut&)>& use)
      : durable_(durable), syncs_(syncs), operations_(operations), random_(random), use_(use) {}

  std::size_t try_all() {
    const std::size_t count = operations_.size();
    std::vector<bool> chosen(count, true);
    if (count <= kFew) {
      for (unsigned long subset = 0; subset < 1UL << count; ++subset) {
        for (std::size_t i = 0; i < count; ++i) chosen[i] = (subset >> i & 1) != 0;
        try_subset(chosen);
      }
    } else {
      try_some(chosen);
    }
    for (std::size_t i = 0; i < count; ++i) try_torn(i);
    return tried_;
  }

 private:
  static constexpr std::size_t kFew = 6;
  static constexpr std::size_t kRandomSubsets = 32;

  void try_some(std::vector<bool> chosen) {
    const std::size_t count = operations_.size();
    try_subset(chosen);
    for (std::size_t i = 0; i < count; ++i) {
      chosen.assign(count, true);
      chosen[i] = false;
      try_subset(chosen);
      std::fill_n(chosen.begin(), i, true);
      std::fill(chosen.begin() + static_cast<std::ptrdiff_t>(i), chosen.end(), false);
      try_subset(chosen);
    }
    for (std::size_t i = 0; i < kRandomSubsets; ++i) {
      for (std::size_t j = 0; j < count; ++j) chosen[j] = random_() % 2 == 0;
      try_subset(chosen);
    }
  }

  void try_subset(const std::vector<bool>& chosen) {
    std::vector<std::byte> file = durable_;
    std::vector<std::byte> sized = durable_;
    std::string story =
        fmt::format("after {} durable bytes, of {} writes:", durable_.size(), operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (chosen[i]) apply(operations_[i], file);
      if (chosen[i]) story += fmt::format(" {}", i);
      sized.resize(std::max<std::size_t>(sized.size(), operations_[i].offset + operations_[i].bytes.size()));
    }
    if (sized.size() > file.size()) {
      std::vector<std::byte> with_zeros = file;
      with_zeros.resize(sized.size());
      give(std::move(with_zeros), story + ", zeros up to the full size");
    }
    give(std::move(file), story);
  }

  /// All operations before `torn`, and a part of it.
  void try_torn(std::size_t torn) {
    const Operation& write = operations_[torn];
    if (write.kind != Operation::Kind::write || write.bytes.size() <= kSector) return;
    std::vector<std::byte> before = durable_;
    for (std::size_t i = 0; i < torn; ++i) apply(operations_[i], before);
    for (unsigned quarter = 0; quarter <= 4; ++quarter) {
      std::vector<std::byte> file = before;
      const bool scattered = quarter == 4;
      apply_torn(write, file, write.bytes.size() * quarter / 4 + 1, scattered ? &random_ : nullptr);
      give(std::move(file), fmt::format("after {} durable bytes, write {} of {} torn ({})", durable_.size(),
                                        torn, operations_.size(), scattered ? "scattered" : "cut"));
    }
  }

  void give(std::vector<std::byte> file, std::string story) {
    ++tried_;
    use_({std::move(file), &durable_, syncs_, std::move(story)});
  }

  const std::vector<std::byte>& durable_;
  const std::size_t syncs_;
  const std::vector<Operation>& operations_;
  std::mt19937& random_;
  const std::function<void(const PowerCut&)>& use_;
  std::size_t tried_ = 0;
};

}  // namespace

std::size_t for_each_power_cut(const std::vector<Operation>& log, std::mt19937& random,
                               const std::function<void(const PowerCut&)>& use) {
  std::size_t tried = 0, syncs = 0;
  std::vector<std::byte> durable;
  std::vector<Operation> since;
  const auto close_window = [&] {
    if (!since.empty()) tried += Window(durable, syncs, since, random, use).try_all();
    for (const Operation& operation : since) apply(operation, durable);
    since.clear();
    ++syncs;
  };
  for (const Operation& operation : log) {
    if (operation.kind == Operation::Kind::sync)
      close_window();
    else
      since.push_back(operation);
  }
  close_window();
  use({durable, &durable, syncs, "the whole"});
  return tried + 1;
}

}  // namespace genlock::test
