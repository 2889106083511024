#include "cli/record_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <span>

#include "cli/exit_code.h"
#include "cli/output.h"

namespace genlock::cli {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kUsageText =
    "Usage: genlock record RIG.toml [OPTIONS]      a take of a rig: genlock record RIG.toml --help\n"
    "       genlock record [OPTIONS] FILE.mkv       one unit\n"
    "       genlock record [--isolation process|none] [OPTIONS] [-- OPTIONS FILE.mkv]...   several units\n"
    "\n"
    "A rig file's units are recorded as one take: -l S, --take NAME, --folder DIR, --rehearse, --force,\n"
    "--buffer MB, --no-checksums, --isolation process|none, --json (docs/take.md).\n"
    "\n"
    "Records several units, each into a file of its own. OPTIONS are those of k4arecorder: before the first "
    "--\n"
    "for all units, behind each -- for one. Units are started in the order given: subordinates first, the\n"
    "master last.\n"
    "\n"
    "  genlock record -l 10 -- --serial S1 --external-sync sub sub1.mkv -- --serial M --external-sync master "
    "master.mkv\n"
    "\n"
    "  --isolation process   each unit in a process of its own (default): a libk4a that crashes or hangs "
    "costs\n"
    "                        its own unit only\n"
    "  --isolation none      all units in one process\n"
    "\n"
    "Ctrl-C, SIGTERM and SIGHUP end all recordings and complete their files. With --json each event has the "
    "key\n"
    "\"unit\", the name of its file without the ending.\n"
    "Exit codes: 0 done, 1 failed or data lost of any unit (the message says what is on disk), 2 wrong "
    "usage.\n";

ParsedRecordRequest refuse(const std::string& why) {
  put_err(fmt::format("genlock record: {}\ngenlock record --help tells more\n", why));
  return {std::nullopt, kUsage};
}

/// The words before, between and behind the "--".
std::vector<Words> groups_of(const Words& words) {
  std::vector<Words> groups(1);
  for (const std::string& word : words)
    if (word == "--")
      groups.emplace_back();
    else
      groups.back().push_back(word);
  return groups;
}

/// Takes `--isolation X` or `--isolation=X` out of the words; the last one counts. Nothing: no such kind.
std::optional<Isolation> take_isolation(Words& words) {
  constexpr std::string_view kName = "--isolation";
  std::string kind = "process";
  Words others;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kName)
      kind = i + 1 < words.size() ? words[++i] : "";
    else if (words[i].starts_with(std::string(kName) + "="))
      kind = words[i].substr(kName.size() + 1);
    else
      others.push_back(words[i]);
  }
  words = std::move(others);
  if (kind == "process") return Isolation::process;
  if (kind == "none") return Isolation::none;
  return std::nullopt;
}

ParsedRecorderOptions parse_unit(const Words& for_all, const Words& own) {
  Words words{"genlock record"};
  words.insert(words.end(), for_all.begin(), for_all.end());
  words.insert(words.end(), own.begin(), own.end());
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse_recorder_options(static_cast<int>(argv.size()), argv.data(), words[0]);
}

constexpr const char* kRigOptions[] = {"--rehearse", "--take", "--folder", "--no-checksums"};

/// The first word that is an option of takes of a rig only.
std::optional<std::string> rig_option(const Words& words) {
  for (const std::string& word : words)
    for (const std::string option : kRigOptions)
      if (word == option || word.starts_with(option + "=")) return option;
  return std::nullopt;
}

/// Why the name is none for a recording.
std::optional<std::string> wrong_name(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".mkv") return std::nullopt;
  std::filesystem::path rig = file;
  rig += ".toml";
  std::error_code ignored;
  if (std::filesystem::exists(rig, ignored))
    return fmt::format("\"{}\" is no recording's name; did you mean {}, the rig file?", file.string(),
                       rig.string());
  return fmt::format("\"{}\" does not end with .mkv: a recording is called NAME.mkv, a rig file NAME.toml",
                     file.string());
}

/// Two units into one file, or with one name, would be told apart by nobody.
std::optional<std::string> shared_name(const std::vector<RecorderOptions>& units) {
  std::set<std::string> names;
  for (const RecorderOptions& unit : units)
    if (!names.insert(unit.file.stem().string()).second) return unit.file.stem().string();
  return std::nullopt;
}

}  // namespace

ParsedRecordRequest parse_record_request(const Words& words) {
  std::vector<Words> groups = groups_of(words);
  if (words.empty() || std::ranges::count(groups[0], "--help") + std::ranges::count(groups[0], "-h") > 0) {
    put_out(kUsageText);
    return {std::nullopt, words.empty() ? kUsage : kDone};
  }
  RecordRequest request;
  const auto isolation = take_isolation(groups[0]);
  if (!isolation) return refuse("--isolation is process or none");
  request.isolation = *isolation;
  if (groups.size() == 1) groups.emplace_back();  // one unit, without any "--"
  for (const Words& own : groups)
    if (const auto option = rig_option(own))
      return refuse(fmt::format("{} is for takes of a rig and needs a rig file: genlock record RIG.toml {}",
                                *option, *option));
  for (const Words& own : std::span(groups).subspan(1)) {
    const auto unit = parse_unit(groups[0], own);
    if (!unit.options) return {std::nullopt, unit.exit_code};
    if (unit.options->list) return refuse("--list is a command of its own: genlock list");
    if (const auto why = wrong_name(unit.options->file)) return refuse(*why);
    request.units.push_back(*unit.options);
  }
  if (const auto name = shared_name(request.units))
    return refuse(fmt::format("two units have the name \"{}\": give each a file of another name", *name));
  return {std::move(request), kDone};
}

}  // namespace genlock::cli
