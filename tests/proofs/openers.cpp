#include "proofs/openers.h"

#include <fmt/core.h>

#include <sstream>

#include "proofs/proof_table.h"
#include "support/process.h"

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

std::string ffprobe_complaint(const std::filesystem::path& file) {
  const Said said = run({"ffprobe", "-v", "warning", "-show_streams", "-of", "csv", "-o", "/dev/null", file});
  std::istringstream lines(said.text);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && !is_about_unknown_codecs(line)) return line;
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

std::optional<std::string> official_complaint(const std::filesystem::path& file) {
#ifdef GENLOCK_OFFICIAL_READER
  const Said said = run({GENLOCK_OFFICIAL_READER, file});
  if (said.code == 3) return std::nullopt;
  if (said.code != 0) return said.text;
  const Result<Playback> played = play(file);
  const std::string ours = played ? counts_of(*played) : "nothing";
  const std::string theirs = first_line_with(said.text, {"read "});
  return ours == theirs ? "" : "it has " + theirs + " and Genlock " + ours;
#else
  (void)file;
  (void)counts_of;
  return std::nullopt;
#endif
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

void OpenedBy::ask_all(const std::filesystem::path& file) {
  for (const Opener opener : kOpeners) {
    const std::optional<std::string> complaint = complaint_of(opener, file);
    if (!complaint) continue;
    Count& count = counts_[opener];
    ++count.asked;
    count.opened += complaint->empty();
    if (!complaint->empty())
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
