#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/recording_support.h"
#include "support/temporary_folder.h"

namespace genlock::test {

/// Programs that read a recording.
enum class Opener { genlock, official, ffprobe, mkvinfo, mkvmerge };
inline constexpr std::array kOpeners{Opener::genlock, Opener::official, Opener::ffprobe, Opener::mkvinfo,
                                     Opener::mkvmerge};

/// What it has against the file: empty if it reads it without a complaint. Nothing if the program is not
/// there.
std::optional<std::string> complaint_of(Opener opener, const std::filesystem::path& file);

/// The official reader on some of very many files in memory.
class OfficialSample {
 public:
  /// Asks about every `every`th file that is given.
  explicit OfficialSample(std::size_t every) : every_(every) {}

  /// It must find so many captures and samples at least: behind a hole it may find fewer than Genlock.
  void offer(const std::vector<std::byte>& file, std::size_t least_captures, std::size_t least_samples);

  /// Two cells: how many it was asked about, and of how many of them it read all of that.
  std::vector<std::string> cells() const;
  /// Files that it failed on, where it does not have to (StockRules::crashes_official).
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  const std::size_t every_;
  std::size_t offered_ = 0, asked_ = 0, opened_ = 0;
  std::vector<std::string> complaints_;
  TemporaryFolder folder_;
};

/// The same of every program over many files.
class OpenedBy {
 public:
  void ask_all(const std::filesystem::path& file);

  /// A cell for each opener: how many of the files it read.
  std::vector<std::string> cells() const;

  /// "ffprobe: file: ...", the first for each opener.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct Count {
    std::size_t asked = 0, opened = 0;
  };
  std::map<Opener, Count> counts_;
  std::vector<std::string> complaints_;
};

}  // namespace genlock::test
