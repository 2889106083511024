#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/recording_support.h"

namespace genlock::test {

/// Programs that read a recording.
enum class Opener { genlock, official, ffprobe, mkvinfo, mkvmerge };
inline constexpr std::array kOpeners{Opener::genlock, Opener::official, Opener::ffprobe, Opener::mkvinfo,
                                     Opener::mkvmerge};

/// What it has against the file: empty if it reads it without a complaint. Nothing if the program is not
/// there.
std::optional<std::string> complaint_of(Opener opener, const std::filesystem::path& file);

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
