#include "session/wire.h"

#include <gmock/gmock.h>

namespace genlock::session {
namespace {

using testing::HasSubstr;

std::vector<Command> every_command() {
  return {
      OpenUnit{.index = 3, .serial = "900000172912"},
      SetControls{{{device::ColorControl::exposure_us, {device::ControlMode::manual, 8330}},
                   {device::ColorControl::white_balance_k, {device::ControlMode::automatic, 0}}}},
      Configure{.camera = {.color_format = PixelFormat::nv12,
                           .color_resolution = ColorResolution::r720p,
                           .depth_mode = DepthMode::wfov_unbinned,
                           .rate = FrameRate::fps15,
                           .synchronized_images_only = true,
                           .depth_delay_off_color = device_us(-160),
                           .sync_mode = WiredSyncMode::subordinate,
                           .delay_off_master = device_us(320),
                           .disable_streaming_indicator = true},
                .imu = false},
      Record{.file = "takes/sub 1.mkv",
             .overwrite = true,
             .from = device_time_us(7),
             .length = {},
             .until = device_time_us(99)},
      Record{.file = "a.mkv",
             .from = {},
             .length = device_us(10'000'000),
             .until = {},
             .split_bytes = 4'000'000'000,
             .split_length = device_us(600'000'000),
             .cluster_crc = false},
      Start{},
      StopRecording{},
      Close{},
  };
}

std::vector<Event> every_event() {
  return {
      Opened{"900000172912",
             {.color = {1, 6, 110}, .depth = {1, 6, 79}, .build = FirmwareBuild::debug},
             "sim",
             true,
             {"pc1", "a-boot"}},
      Started{WiredSyncMode::master},
      Waiting{std::chrono::seconds(3), std::chrono::seconds(357)},
      Rearmed{std::chrono::seconds(60)},
      RecordingStarted{"a.mkv", device_time_us(5'000'000'000), "buffered"},
      Progress{device_us(1), {{StreamKind::color, 1, 2, 3}, {StreamKind::imu, 4, 0, 0}}, 5, 6},
      Warning{"a \"quoted\" text\nwith a line"},
      RecordingEnded{EndReason::failed,
                     "why",
                     true,
                     "a.mkv",
                     {"a-part2.mkv", "a-part3.mkv"},
                     device_us(9),
                     {{StreamKind::depth, 1, 2, 3}},
                     {{StreamKind::depth, device_time_us(8), 2}},
                     3,
                     77},
  };
}

TEST(Wire, CarriesEveryCommandUnchanged) {
  for (const Command& command : every_command()) {
    const std::string line = to_json(command);
    const auto back = command_from_json(line);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(back->index(), command.index());
    EXPECT_EQ(to_json(*back), line);
  }
}

TEST(Wire, CarriesEveryEventUnchanged) {
  for (const Event& event : every_event()) {
    const std::string line = to_json(event);
    EXPECT_EQ(line.find('\n'), std::string::npos) << "one message is one line";
    const auto back = event_from_json(line);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(to_json(*back), line);
  }
}

TEST(Wire, CarriesEveryReplyUnchanged) {
  for (const Message& message :
       {Message(Reply(Done{})), Message(Reply(Alive{})),
        Message(Reply(Failed{Errc::no_space, "disk \"full\"\n"})), Message(Event(Warning{"w"}))}) {
    const std::string line = to_json(message);
    const auto back = message_from_json(line);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(to_json(*back), line);
  }
  EXPECT_FALSE(message_from_json(R"({"reply":"failed","code":"bored","error":""})"));
  EXPECT_FALSE(message_from_json(R"({"command":"start"})"));
}

TEST(Wire, CarriesNamesInOtherEncodingsAsWellAsJsonCan) {
  const auto back = event_from_json(to_json(Event(RecordingStarted{"caf\xe9.mkv", DeviceTime{}, ""})));
  ASSERT_TRUE(back) << "a name that is no UTF-8 must not end the program";
}

TEST(Wire, KeepsTheValuesThatMatter) {
  const auto command = command_from_json(to_json(every_command()[2]));
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<Configure>(*command).camera, std::get<Configure>(every_command()[2]).camera);
  const auto event = event_from_json(to_json(every_event()[4]));
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<RecordingStarted>(*event).first, device_time_us(5'000'000'000)) << "beyond 32 bits";
}

TEST(Wire, RefusesWhatItDoesNotKnowWithAReason) {
  struct Row {
    const char* text;
    const char* reason;
  };
  for (const Row& row :
       {Row{"", "parse"}, Row{"[]", "command"}, Row{R"({"command":"dance"})", "dance"},
        Row{R"({"command":"open","index":1})", "serial"},
        Row{R"({"command":"open","index":"x","serial":""})", "\"x\" is not an integer from 0 to"},
        Row{R"({"command":"open","index":1.5,"serial":""})", "1.5 is not an integer"},
        Row{R"({"command":"open","index":1e30,"serial":""})", "is not an integer from 0 to"},
        Row{R"({"command":"open","index":-1,"serial":""})", "-1 is not an integer from 0 to"},
        Row{R"({"command":"open","index":99999999999,"serial":""})", "99999999999 is not an integer"},
        Row{R"({"command":"configure","imu":true,"camera":{"color_format":"MJPGG"}})", "MJPGG"}}) {
    const auto command = command_from_json(row.text);
    ASSERT_FALSE(command) << row.text;
    EXPECT_EQ(command.error().code(), Errc::corrupt);
    EXPECT_THAT(command.error().message(), HasSubstr(row.reason)) << row.text;
  }
}

}  // namespace
}  // namespace genlock::session
