#include "cli/recorder_process.h"

#include <fstream>
#include <map>

namespace genlock::test {

namespace fs = std::filesystem;
using nlohmann::json;

void RecorderProcess::make_bench(int speed, const std::string& sub1_lines) {
  Process init({program("genlock"), "bench", "init"}, {});
  ASSERT_EQ(init.wait(), 0) << init.output();
  std::string text = init.output();
  const auto change = [&text](const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << "the bench's template has no line " << from;
    text.replace(at, from.size(), to);
  };
  change("# speed = 1.0", "speed = " + std::to_string(speed) + ".0");
  change("# clock = \"running\"", "clock = \"patient\"\npatience_s = 20  #");
  change("# loop_frames = 16", "loop_frames = 2");  // less to render at every start
  change("name = \"sub1\"\n", "name = \"sub1\"\n" + sub1_lines);
  std::ofstream(bench_file()) << text;
}

void RecorderProcess::make_running_bench() {
  make_bench(1);
  std::ifstream in(bench_file());
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string patient = "clock = \"patient\"";
  ASSERT_NE(text.find(patient), std::string::npos);
  std::ofstream(bench_file()) << text.replace(text.find(patient), patient.size(), "clock = \"running\"");
}

std::unique_ptr<Process> RecorderProcess::start(const std::string& host, std::vector<std::string> command,
                                                bool terminal) {
  if (command[0] == "genlock" || command[0] == "k4arecorder") command[0] = program(command[0]);
  std::map<std::string, std::string> environment{{"GENLOCK_BENCH", bench_file()},
                                                 {"GENLOCK_STATE_DIR", state_directory()}};
  if (!host.empty()) environment["GENLOCK_BENCH_HOST"] = host;
  return std::make_unique<Process>(command, Process::Options{environment, folder_.path(), terminal});
}

std::unique_ptr<Process> RecorderProcess::record(const std::string& host, std::vector<std::string> words) {
  words.insert(words.begin(), {"k4arecorder", "-c", "720p", "-d", "NFOV_2X2BINNED", "--buffer", "512"});
  return start(host, std::move(words));
}

json RecorderProcess::info(const std::string& file) {
  const auto process = start("", {"genlock", "info", "--json", file});
  EXPECT_EQ(process->wait(), 0) << process->output();
  return json::parse(process->output(), nullptr, false);
}

std::vector<std::uint64_t> RecorderProcess::frames(const std::string& file) {
  std::vector<std::uint64_t> counts;
  const json described = info(file);
  for (const json& track : described["tracks"]) counts.push_back(track["frames"]);
  return counts;
}

int RecorderProcess::verify(std::vector<std::string> files, std::string& said) {
  files.insert(files.begin(), {"genlock", "verify"});
  const auto process = start("", files);
  const int code = process->wait();
  said = process->output();
  return code;
}

void RecorderProcess::bench_set(std::vector<std::string> words) {
  words.insert(words.begin(), {"genlock", "bench", "set"});
  const auto process = start("", words);
  ASSERT_EQ(process->wait(), 0) << process->output();
}

std::vector<std::string> RecorderProcess::files_in_folder() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_.path()))
    if (entry.is_regular_file() && entry.path().filename() != "bench.toml")
      names.push_back(entry.path().filename());
  return names;
}

}  // namespace genlock::test
