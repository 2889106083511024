#pragma once

#include <cstdint>
#include <filesystem>
#include <map>

namespace genlock::test {

/// Gives back the disk space of zeros in the recordings of a folder while they grow, so that a long take of
/// dark images fits on a small disk. What is in the files stays the same. What was written last is left
/// alone, as is the head, which a recorder writes once more at the end. One thread.
class HoleDigger {
 public:
  explicit HoleDigger(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Goes over what was written since the last time.
  void dig();

 private:
  void dig(const std::filesystem::path& file, std::uint64_t& done);

  const std::filesystem::path folder_;
  std::map<std::filesystem::path, std::uint64_t> done_;  ///< bytes of each file that were gone over
};

}  // namespace genlock::test
