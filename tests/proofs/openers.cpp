#include "proofs/openers.h"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

#include "proofs/proof_table.h"
#include "support/process.h"
#include "support/stock_rules.h"

namespace genlock::test {
namespace {

constexpr std::array kNames{"genlock", "official", "ffprobe", "mkvinfo", "mkvmerge"};

struct Said {
  int code = 0;
  std::string text;
};

Said run(const std::vector<std::string>& command) {
  Process process(command, {});
  const int code = process.wait();
  return {code, process.output()};
}

/// Captures and samples, as the official reader counts them.
std::string counts_of(const Playback& played) {
  int color = 0, depth = 0, ir = 0;
  for (const Capture& capture : played.captures) {
    color += capture.color.has_value();
    depth += capture.depth.has_value();
    ir += capture.ir.has_value();
  }
  return fmt::format("read {} {} {} {} {}", played.captures.size(), color, depth, ir, played.imu.size());
}

/// FFmpeg does not know the codecs of IMU and GENLOCK data, and says so of any K4A file.
bool is_about_unknown_codecs(const std::string& line) {
  return line.find("Could not find codec parameters for stream") != std::string::npos ||
         line.find("Consider increasing the value for the 'analyzeduration'") != std::string::npos ||
         line.find("Unsupported codec with id 0 for input stream") != std::string::npos;
}

bool is_unfinished(const std::filesystem::path& file) {
  const Result<std::vector<std::byte>> bytes = load_file(file);
  return bytes && !check_stock_rules(*bytes).complete;
}

/// That a file which nobody finished ends within a cluster may be said.
std::string ffprobe_complaint(const std::filesystem::path& file) {
  const Said said = run({"ffprobe", "-v", "warning", "-show_streams", "-of", "csv", "-o", "/dev/null", file});
  std::istringstream lines(said.text);
  for (std::string line; std::getline(lines, line);) {
    const bool cut = line.find("File ended prematurely") != std::string::npos && is_unfinished(file);
    if (!line.empty() && !cut && !is_about_unknown_codecs(line)) return line;
  }
  return said.code == 0 ? "" : "exit code " + std::to_string(said.code);
}

std::string first_line_with(const std::string& text, std::initializer_list<const char*> words) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    for (const char* word : words)
      if (line.find(word) != std::string::npos) return line;
  return "";
}

std::string mkvinfo_complaint(const std::filesystem::path& file) {
  const Said said = run({"mkvinfo", file});
  const std::string line = first_line_with(said.text, {"nknown element", "rror", "arning"});
  return said.code == 0 ? line : "exit code " + std::to_string(said.code) + " " + line;
}

std::string mkvmerge_complaint(const std::filesystem::path& file) {
  const Said said = run({"mkvmerge", "-J", file});
  const bool fine = said.text.find("\"errors\": []") != std::string::npos &&
                    said.text.find("\"warnings\": []") != std::string::npos;
  return said.code == 0 && fine
             ? ""
             : first_line_with(said.text, {"\"errors\"", "\"warnings\""}) + said.text.substr(0, 200);
}

std::string genlock_complaint(const std::filesystem::path& file) {
  const Result<Playback> played = play(file);
  if (!played) return played.error().message();
  return played->captures.empty() && played->imu.empty() ? "no frames" : "";
}

/// Whether the official reader cannot but crash on it.
bool crashes_official(const std::filesystem::path& file) {
  const Result<std::vector<std::byte>> bytes = load_file(file);
  return bytes && check_stock_rules(*bytes).crashes_official;
}

/// What the official reader says: "read ..." if it read all of the file. Nothing if it is not there.
std::optional<std::string> official_says(const std::filesystem::path& file) {
#ifdef GENLOCK_OFFICIAL_READER
  const Said said = run({GENLOCK_OFFICIAL_READER, file});
  if (said.code == 3) return std::nullopt;
  return said.code == 0 ? first_line_with(said.text, {"read "})
                        : fmt::format("exit code {}: {}", said.code, said.text);
#else
  (void)file;
  return std::nullopt;
#endif
}

std::optional<std::string> official_complaint(const std::filesystem::path& file) {
  const std::optional<std::string> theirs = official_says(file);
  if (!theirs) return std::nullopt;
  const Result<Playback> played = play(file);
  const std::string ours = played ? counts_of(*played) : "nothing";
  return ours == *theirs ? "" : "it has " + *theirs + " and Genlock " + ours;
}

}  // namespace

std::optional<std::string> complaint_of(Opener opener, const std::filesystem::path& file) {
  switch (opener) {
    case Opener::genlock:
      return genlock_complaint(file);
    case Opener::official:
      return official_complaint(file);
    case Opener::ffprobe:
      return ffprobe_complaint(file);
    case Opener::mkvinfo:
      return mkvinfo_complaint(file);
    case Opener::mkvmerge:
      break;
  }
  return mkvmerge_complaint(file);
}

void OfficialSample::offer(const std::vector<std::byte>& file, std::size_t least_captures,
                           std::size_t least_samples) {
  if (offered_++ % every_ != 0) return;
  const std::filesystem::path path = folder_ / "sample.mkv";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  const std::optional<std::string> said = official_says(path);
  if (!said) return;
  ++asked_;
  std::istringstream words(*said);
  std::string read;
  std::size_t captures = 0, color = 0, depth = 0, ir = 0, samples = 0;
  words >> read >> captures >> color >> depth >> ir >> samples;
  const bool opened = words && read == "read" && captures >= least_captures && samples >= least_samples;
  opened_ += opened;
  if (!opened && !crashes_official(path))
    complaints_.push_back(fmt::format("file {}: {}, not {} captures and {} samples", offered_ - 1, *said,
                                      least_captures, least_samples));
}

std::vector<std::string> OfficialSample::cells() const {
  return {std::to_string(asked_), std::to_string(opened_)};
}

void OpenedBy::ask_all(const std::filesystem::path& file) {
  for (const Opener opener : kOpeners) {
    const std::optional<std::string> complaint = complaint_of(opener, file);
    if (!complaint) continue;
    Count& count = counts_[opener];
    ++count.asked;
    count.opened += complaint->empty();
    const bool known = opener == Opener::official && crashes_official(file);
    if (!complaint->empty() && !known)
      complaints_.push_back(fmt::format("{}: {}: {}", kNames[static_cast<std::size_t>(opener)],
                                        file.filename().string(), *complaint));
  }
}

std::vector<std::string> OpenedBy::cells() const {
  std::vector<std::string> cells;
  for (const Opener opener : kOpeners) {
    const auto count = counts_.find(opener);
    cells.push_back(count == counts_.end() ? "not asked" : of(count->second.opened, count->second.asked));
  }
  return cells;
}

}  // namespace genlock::test
