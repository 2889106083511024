#include <gmock/gmock.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock {
namespace {

using nlohmann::json;
using test::Process;

constexpr int kAsked = 60;       // frames of each camera: 4 s at 15 fps
constexpr int kAskedImu = 6664;  // 4 s at 1666 Hz

enum class Since { start, boot };

/// One take. The faults are what the bench's file says, as words: a kind and its numbers.
struct Take {
  std::string row;    ///< what both tables call the fault
  std::string words;  ///< "host KEY=VALUE" and "unit KEY=VALUE" change the bench instead
  Since since = Since::start;
  std::string options = "";
};

void PrintTo(const Take& take, std::ostream* out) {
  *out << take.row << ": " << take.words;
}

const std::vector<Take> kTakes = {
    {"frames lost", "drop count=5"},
    {"frames lost", "drop streams=depth count=5"},
    {"one stream is missing", "stall streams=depth"},
    {"one stream is missing", "stall streams=color"},
    {"one stream is missing", "stall streams=imu"},
    {"depth frame of wrong size", "wrong_size count=3"},
    {"stall of depth or IMU for 2 s, or a subordinate that waits", "stall streams=depth,imu duration_s=2"},
    {"stall of depth or IMU for 2 s, or a subordinate that waits",
     "stall streams=color,depth,imu duration_s=1"},
    {"depth transfer error", "transfer_error status=1"},
    {"IMU transfer error", "transfer_error streams=imu"},
    {"unplugged, power cut", "unplug"},
    {"unplugged, power cut", "unplug duration_s=0.5"},
    {"unplugged, power cut", "unplug", Since::boot},
    {"host slept", "suspend"},
    {"colour lost", "color_lost"},
    {"no bus time at start", "bus_load mb_per_s=395", Since::boot},
    {"no bus time at start", "host usb_mb_per_s=5", Since::boot},
    {"no bus time while running", "bus_load mb_per_s=385"},
    {"no bus time while running", "bus_load mb_per_s=399"},
    {"usbfs memory too small", "host usbfs_mb=1", Since::boot},
    {"usbfs memory too small", "host usbfs_mb=8", Since::boot},
    {"no permission", "permission", Since::boot},
    {"busy, opened twice", "busy", Since::boot},
    {"firmware below the minimum, below the suggested", "unit firmware={color=\"1.5.50\"}", Since::boot},
    {"firmware below the minimum, below the suggested", "unit firmware={color=\"1.6.102\"}", Since::boot},
    {"still booting", "slow_boot ms=3000", Since::boot},
    {"still booting", "slow_boot ms=12000", Since::boot},
    {"no depth engine, no display, no OpenGL", "engine_missing", Since::boot},
    {"no depth engine, no display, no OpenGL", "no_display", Since::boot},
    {"no depth engine, no display, no OpenGL", "no_opengl", Since::boot},
    {"no depth engine, no display, no OpenGL", "engine_missing", Since::boot, "-d OFF"},
    {"depth engine fails on a frame", "engine_error code=208 count=3"},
    {"depth engine fails on a frame", "engine_error code=3"},
    {"GPU too slow", "slow_gpu ms=100"},
    {"damaged JPEG", "corrupt_jpeg count=3"},
    {"no memory", "no_memory"},
    {"command refused", "refuse_command"},
    {"command refused", "refuse_command", Since::boot},
    {"brown-out", "brown_out"},
    {"brown-out", "brown_out", Since::boot},
    {"USB 2", "usb2"},
    {"USB 2", "usb2", Since::boot},
    {"counter jumps", "stamp_jump us=5000000"},
    {"counter jumps", "stamp_jump us=-500000"},
    {"sync cable out", "cable jack=in"},
    {"open refused", "refuse_open", Since::boot},
    {"wrong state, mode or plug", "", Since::boot, "--external-sync subordinate"},
};

std::string toml_value(const std::string& key, const std::string& value) {
  if (key == "jack") return "\"" + value + "\"";
  if (key != "streams") return value;
  return "[\"" + std::regex_replace(value, std::regex(","), "\", \"") + "\"]";
}

/// The bench's file: one unit without pixels, on a clock that waits for its readers, with the fault of the
/// take.
std::string bench_text(const Take& take) {
  std::istringstream words(take.words);
  std::string kind, lines, word;
  words >> kind;
  while (words >> word) {
    const std::string key = word.substr(0, word.find('='));
    lines += key + " = " + toml_value(key, word.substr(key.size() + 1)) + "\n";
  }
  const bool fault = !kind.empty() && kind != "host" && kind != "unit";
  return "name = \"takes\"\nspeed = 8.0\nclock = \"patient\"\npatience_s = 20\n[[unit]]\nname = \"front\"\n"
         "serial = \"900001400101\"\nimages = \"flat\"\n" +
         (kind == "unit" ? lines : "") + "[[host]]\nname = \"pc\"\nunits = [\"front\"]\n" +
         (kind == "host" ? lines : "") +
         (fault ? "[[fault]]\nunit = \"front\"\nkind = \"" + kind + "\"\n" + lines +
                      (take.since == Since::start ? "after_start_s = 2\n" : "at_s = 0\n")
                : "");
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

/// What the recorder gave as the reason of its failure, or else the last warning or error on the way, but for
/// commands that fail: the jacks are asked all the time. Stamps, which depend on when a unit's counter began,
/// are N.
std::string complaint(const std::string& output, int code) {
  static const std::regex kSaid("(?:k4arecorder|error|warning): (?:unit 900001400101: )?([^\n]*)");
  const std::string text = output.substr(0, code == 0 ? output.npos : output.find("Saving recording..."));
  std::string said;
  for (std::sregex_iterator at(text.begin(), text.end(), kSaid), end; at != end; ++at)
    if (!(*at)[1].str().starts_with("a command failed")) said = (*at)[1];
  return std::regex_replace(said, std::regex("[0-9]{6,}"), "N");
}

/// What the recorder counts as missing; it ends with the fault where a take fails.
std::string missing(const std::string& output) {
  static const std::regex kCount("([1-9][0-9]*) missing");
  std::string text;
  for (std::sregex_iterator at(output.begin(), output.end(), kCount), end; at != end; ++at) {
    const std::size_t line = output.rfind('\n', static_cast<std::size_t>(at->position()));
    const bool color = output.find("colour", line) < static_cast<std::size_t>(at->position());
    text += (text.empty() ? "missing: " : ", ") + (*at)[1].str() + (color ? " colour" : " depth");
  }
  return text;
}

std::string recorder_says(const std::string& output, int code) {
  const std::string said = complaint(output, code);
  const std::string counted = code == 0 ? missing(output) : "";
  if (said.empty() || counted.empty()) return said + counted + (said + counted == "" ? "nothing" : "");
  return said + "; " + counted;
}

/// How much of what was asked there is. After a failure the moment of the error is not sharp: classes, not
/// counts.
std::string how_many(int there, int asked, bool gaps, bool failed) {
  if (there == asked) return "all";
  if (there == 0) return "none";
  if (!failed) return std::to_string(there) + " of " + std::to_string(asked);
  if (gaps) return "with gaps";
  return there < asked * 7 / 20 ? "until the fault" : "until the error";
}

std::string streams_of(const json& info, bool failed) {
  std::vector<std::string> parts;
  bool whole = true;
  const auto add = [&](const std::string& name, const std::string& text) {
    whole = whole && text == "all";
    parts.push_back(name + " " + text);
  };
  for (const json& track : info["tracks"])
    if (track["track"] != "ir")
      add(track["track"] == "color" ? "colour" : "depth",
          how_many(track["frames"], kAsked, track["missing"] > 0, failed));
  add("IMU", how_many(info["imu"]["samples"], kAskedImu, false, failed));
  if (whole) return "all";
  std::string text = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) text += ", " + parts[i];
  return text;
}

class FaultTakes : public testing::TestWithParam<Take> {
 protected:
  std::unique_ptr<Process> start(std::vector<std::string> command) {
    command[0] = std::string(GENLOCK_PROGRAMS) + "/" + command[0];
    const std::map<std::string, std::string> environment{{"GENLOCK_BENCH", folder_ / "bench.toml"},
                                                         {"GENLOCK_STATE_DIR", folder_ / "state"}};
    return std::make_unique<Process>(command, Process::Options{environment, folder_.path()});
  }

  std::unique_ptr<Process> record(const std::string& options) {
    std::vector<std::string> command{"k4arecorder", "-c", "720p", "-d", "NFOV_2X2BINNED", "--buffer", "512"};
    for (const std::string& word : split(options)) command.push_back(word);
    command.emplace_back("take.mkv");
    return start(command);
  }

  std::string file_afterwards(bool failed) {
    if (!std::filesystem::exists(folder_ / "take.mkv")) return "no file";
    const auto info = start({"genlock", "info", "--json", "take.mkv"});
    EXPECT_EQ(info->wait(), 0) << info->output();
    const json file = json::parse(info->output(), nullptr, false);
    EXPECT_TRUE(file["finalised"]) << info->output();
    EXPECT_TRUE(file["problems"].empty()) << info->output();
    const auto verify = start({"genlock", "verify", "take.mkv"});
    return streams_of(file, failed) + (verify->wait() == 0 ? "" : "; `genlock verify` fails");
  }

  test::TemporaryFolder folder_;
};

std::string docs() {
  std::ifstream file(GENLOCK_FAULT_DOCS);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_P(FaultTakes, GoAsTheTableOfTheDocsSays) {
  const Take& take = GetParam();
  std::ofstream(folder_ / "bench.toml") << bench_text(take);
  const auto recorder = record("-r 15 -l 4 " + take.options);
  const int code = recorder->wait();
  std::string cause = take.words.empty() ? "" : "`" + take.words + "`";
  if (take.since == Since::boot && !take.words.empty()) cause += " before";
  if (!take.options.empty()) cause += (cause.empty() ? "`" : ", `") + take.options + "`";
  const std::string row = "| " + take.row + " | " + cause + " | " + std::to_string(code) + " | " +
                          recorder_says(recorder->output(), code) + " | " + file_afterwards(code != 0) +
                          " |\n";
  EXPECT_NE(docs().find(row), std::string::npos) << row << recorder->output();
  if (std::getenv("GENLOCK_REGENERATE") != nullptr) std::printf("ROW %s", row.c_str());
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTakes, testing::ValuesIn(kTakes));

/// The first cells of the table that begins with this line.
std::set<std::string> rows_of(const std::string& text, const std::string& head) {
  std::set<std::string> rows;
  std::istringstream lines(text.substr(text.find(head)));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  while (std::getline(lines, line) && line.starts_with("| ")) {
    EXPECT_EQ(line.find("|  |"), line.npos) << "an empty cell: " << line;
    rows.insert(line.substr(2, line.find(" |") - 2));
  }
  return rows;
}

TEST(FaultTables, NameTheSameFaultsAndEachTakeIsOfOneOfThem) {
  const auto caller = rows_of(docs(), "| fault | the caller sees |");
  EXPECT_GT(caller.size(), 25U);
  EXPECT_EQ(caller, rows_of(docs(), "| fault | on the bench |"));
  std::set<std::string> taken{"host reads too slowly"};
  for (const Take& take : kTakes) taken.insert(take.row);
  EXPECT_EQ(caller, taken);
}

TEST_F(FaultTakes, SayThatTheHostReadTooSlowly) {
  std::ofstream(folder_ / "bench.toml") << std::regex_replace(
      std::regex_replace(bench_text({"", "host"}), std::regex("speed = 8.0"), "speed = 20.0"),
      std::regex("clock = \"patient\""), "clock = \"running\"");
  const auto recorder = record("-r 5 -l 30");
  ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
  recorder->signal(SIGSTOP);
  // Bench time passes meanwhile, more than the half second that a unit's queue holds.
  for (int i = 0; i < 40; ++i) EXPECT_EQ(start({"genlock", "bench", "show"})->wait(), 0);
  recorder->signal(SIGCONT);
  EXPECT_EQ(recorder->wait(), 1) << recorder->output();
  EXPECT_THAT(recorder->output(), testing::HasSubstr("captures LOST: this host read the unit too late"));
}

}  // namespace
}  // namespace genlock
