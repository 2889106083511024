#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "cli/recorder_process.h"

namespace genlock {
namespace {

using nlohmann::json;
using test::RecorderProcess;

/// The words of `genlock bench set master fault`; the rows of the recorder's table in docs/bench-faults.md.
const std::vector<std::vector<std::string>> kFaults = {{"wrong_size", "count=3"},
                                                       {"engine_error", "code=208"},
                                                       {"refuse_command"},
                                                       {"transfer_error"},
                                                       {"suspend"},
                                                       {"color_lost"},
                                                       {"brown_out"},
                                                       {"usb2"},
                                                       {"engine_error", "code=3"},
                                                       {"no_memory"}};

/// What the recorder said last, without the unit's name; it must name the unit if it says anything.
std::string complaint(const std::string& output) {
  const std::string mark = "error: unit 900001400101: ";
  const std::size_t at = output.rfind(mark);
  if (at == output.npos) return "nothing";
  const std::size_t begin = at + mark.size();
  const std::string said = output.substr(begin, output.find('\n', begin) - begin);
  // Which of a lost unit's streams are already missed depends on the moment.
  const std::size_t silent = said.find(" silent for");
  return silent == said.npos ? said : "streams" + said.substr(silent);
}

std::string file_holds(const json& file) {
  if (!file["finalised"] || !file["problems"].empty()) return "damaged";
  const auto frames = [&](int track) { return file["tracks"][track]["frames"].get<int>(); };
  if (frames(0) == 60 && frames(1) == 60) return "all";
  return frames(0) == 60 ? "all colour, depth with gaps" : "what came before";
}

std::string docs() {
  std::ifstream file(GENLOCK_FAULT_DOCS);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_F(RecorderProcess, DoesUnderEveryFaultWhatTheTableOfTheDocsSays) {
  make_bench(4);
  const std::string table = docs();
  for (const std::vector<std::string>& fault : kFaults) {
    const auto recorder = record("master", {"-r", "5", "-l", "12", "--force", "take.mkv"});
    ASSERT_TRUE(recorder->wait_for("Started recording")) << recorder->output();
    std::vector<std::string> words{"master", "fault"};
    words.insert(words.end(), fault.begin(), fault.end());
    words.emplace_back("on");
    ASSERT_NO_FATAL_FAILURE(bench_set(words));
    const int code = recorder->wait();
    std::string name = fault[0];
    if (fault.size() > 1) name += " " + fault[1];
    const std::string row = "| `" + name + "` | " + std::to_string(code) + " | " +
                            (code == 0 ? "nothing" : complaint(recorder->output())) + " | " +
                            file_holds(info("take.mkv")) + " |\n";
    EXPECT_NE(table.find(row), table.npos) << row << recorder->output();
    if (std::getenv("GENLOCK_REGENERATE") != nullptr) std::printf("ROW %s", row.c_str());
    words.back() = "off";
    start("", {"genlock", "bench", "set", words[0], words[1], words[2], "off"})->wait();
  }
}

}  // namespace
}  // namespace genlock
