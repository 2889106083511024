// genlock plan as people and scripts run it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::json;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

const std::string kUnits = R"([[unit]]
name = "front"
serial = "000111"
[[unit]]
name = "left & <right>"
serial = "000222"
)";

class PlanProgram : public testing::Test {
 protected:
  struct Run {
    int exit_code = -1;
    std::string output;
  };

  static Run run(const std::vector<std::string>& command) {
    test::Process process(command, {});
    const int exit_code = process.wait();
    return {exit_code, process.output()};
  }

  Run plan(const std::string& rig, std::vector<std::string> options = {}) {
    std::ofstream(folder_ / "my.toml") << rig;
    options.insert(options.begin(),
                   {std::string(GENLOCK_PROGRAMS) + "/genlock", "plan", folder_ / "my.toml"});
    return run(options);
  }

  test::TemporaryFolder folder_;
};

TEST_F(PlanProgram, PrintsATableAndThatThePlanHolds) {
  const Run run = plan(kUnits);
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, AllOf(HasSubstr("my: 2 units, 30 fps, exposure 8330 us at 60 Hz, delays planned"),
                                HasSubstr("+789 us"), HasSubstr("the master last, within 60 s"),
                                EndsWith("the closest are 660.6 us apart\n")));
}

TEST_F(PlanProgram, FailsAndSaysWhyWhereAPlanDoesNotHold) {
  const Run run = plan("[lasers]\ndelays = \"fixed\"\n" + kUnits);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.output, AllOf(HasSubstr("error: the lasers of front and left & <right> shine together"),
                                EndsWith("PLAN DOES NOT HOLD\n")));
}

TEST_F(PlanProgram, SaysWhereARigFileIsWrong) {
  const Run run = plan("[camera]\nrate = 31\n" + kUnits);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("genlock plan: "), HasSubstr("my.toml:2: camera.rate must be 5 or 15 or 30")));
}

TEST_F(PlanProgram, GivesScriptsTheSameAsJson) {
  const Run run = plan(kUnits, {"--json"});
  EXPECT_EQ(run.exit_code, 0);
  const Json json = Json::parse(run.output);
  EXPECT_EQ(json["holds"], true);
  EXPECT_EQ(json["units"][1]["depth_delay_us"], 789);
  EXPECT_EQ(json["units"][1]["laser_pulses_us"].size(), 9U);
  EXPECT_EQ(json["lasers"][0]["gap_us"], 660.6);
  EXPECT_EQ(json["start_order"], (Json{"left & <right>", "front"}));
}

TEST_F(PlanProgram, DrawsAPictureThatOtherProgramsRead) {
  const std::string picture = folder_ / "plan.svg";
  ASSERT_EQ(plan(kUnits, {"--svg", picture}).exit_code, 0);
  const Run read =
      run({"python3", "-c",
           "import sys, xml.dom.minidom as x\n"
           "d = x.parse(sys.argv[1])\n"
           "print(sum(r.getAttribute('class') == 'laser' for r in d.getElementsByTagName('rect')))\n"
           "print([t.firstChild.data for t in d.getElementsByTagName('title')])\n",
           picture});
  EXPECT_EQ(read.exit_code, 0) << read.output;
  EXPECT_THAT(read.output, AllOf(HasSubstr("18\n"), HasSubstr("left & <right>: depth delay 789 us")));
}

TEST_F(PlanProgram, SaysSoIfThePictureCannotBeWritten) {
  const Run run = plan(kUnits, {"--svg", folder_ / "no such folder/plan.svg"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.output, HasSubstr("no such folder/plan.svg failed"));
}

}  // namespace
}  // namespace genlock::cli
