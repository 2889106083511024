#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <functional>

#include "cli/recorder_process.h"
#include "recording/reader.h"

// Genlock's own libk4a.so.1.4 beside the bench that it shows.

namespace genlock {
namespace {

namespace fs = std::filesystem;
using recording::Reader;
using test::Process;
using testing::AllOf;
using testing::HasSubstr;

/// All that a recording holds, in lines of text that name what they are about. Left out is what any two takes
/// of one unit differ in: the identity of the run and of the file, and which frames were read when a second
/// of the recorder had passed (the instants of host pairs and jacks).
class Content {
 public:
  explicit Content(const fs::path& file) {
    auto opened = Reader::open_recording(file);
    if (!opened) throw std::runtime_error(opened.error().message());
    reader_ = *std::move(opened);
    add_tags();
    add_tracks();
    add_attachments();
    add_captures();
    add_imu();
    add_survey();
  }

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    lines_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }

  static std::size_t digest(const Buffer& bytes) {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  /// In ns since the first that was asked for: the bench's clock begins with the host's.
  std::string text(const std::optional<HostTime>& time) {
    if (!time) return "none";
    if (!first_) first_ = time;
    return std::to_string(count_ns(*time - *first_));
  }

  void add_tags() {
    for (const auto& [name, value] : reader_->info().tags)
      if (name != "GENLOCK_BOOT_ID" && name != "GENLOCK_CLOCK_ID") add("tag {} = {}", name, value);
  }

  void add_tracks() {
    for (const recording::TrackInfo& track : reader_->tracks())
      add("track {} {} {} kind {} {}x{} {} ns, private {} bytes {:x}", track.number, track.name,
          track.codec_id, static_cast<int>(track.kind), track.width, track.height, track.frame_period_ns,
          track.codec_private.size(), digest(track.codec_private));
  }

  void add_attachments() {
    for (const std::string& name : reader_->attachment_names()) {
      const auto data = reader_->attachment(name);
      ASSERT_TRUE(data && *data) << name;
      add("attachment {}: {} bytes {:x}", name, (*data)->size(), digest(**data));
    }
  }

  void add_image(const char* name, const std::optional<Image>& image) {
    if (!image) return add("{}: none", name);
    add("{} at {} us: format {} {}x{} stride {}, {} bytes {:x}, host {}, exposure {} us, {} K, ISO {}", name,
        count_us(image->device_time), static_cast<int>(image->format), image->size.width, image->size.height,
        image->stride, image->data.size(), digest(image->data), text(image->host_time),
        image->exposure ? count_us(*image->exposure) : -1, image->white_balance.value_or(0),
        image->iso.value_or(0));
  }

  void add_captures() {
    for (const Result<Capture>& capture : reader_->captures()) {
      ASSERT_TRUE(capture) << capture.error().message();
      add("capture of {} degrees", capture->temperature_c);
      add_image("colour", capture->color);
      add_image("depth", capture->depth);
      add_image("IR", capture->ir);
    }
  }

  void add_imu() {
    for (const Result<ImuSample>& sample : reader_->imu_samples()) {
      ASSERT_TRUE(sample) << sample.error().message();
      add("sample at {} us {}, {} us {}", count_us(sample->accel_time), fmt::join(sample->accel, " "),
          count_us(sample->gyro_time), fmt::join(sample->gyro, " "));
    }
  }

  void add_survey() {
    const auto survey = reader_->survey(recording::SurveyFrom::clusters);
    ASSERT_TRUE(survey) << survey.error().message();
    for (const recording::FrameEntry& frame : survey->frames)
      add("frame of {} at {} us, host {}, {} bytes, {} degrees", to_string(frame.track),
          count_us(frame.device_time), text(frame.host_time), frame.bytes, frame.temperature_c.value_or(-1));
    for (const HostPair& pair : survey->host_pairs)
      EXPECT_TRUE(std::ranges::any_of(survey->frames,
                                      [&](const recording::FrameEntry& frame) {
                                        return frame.device_time == pair.device &&
                                               frame.host_time == pair.monotonic;
                                      }))
          << "a host pair that is of no frame, at " << count_us(pair.device);
    ASSERT_FALSE(survey->jacks.empty());
    for (const JackObservation& seen : survey->jacks)
      add("jacks {} {}", seen.jacks.in.value_or(false), seen.jacks.out.value_or(false));
    add("gaps {}, problems {}, closed {}, lasts {} us", survey->gaps.size(), survey->problems.size(),
        survey->finalised, count_us(survey->duration.value_or(device_us(-1))));
  }

  std::unique_ptr<Reader> reader_;
  std::vector<std::string> lines_;
  std::optional<HostTime> first_;
};

class OwnLibraryProcess : public test::RecorderProcess {
 protected:
  /// A take of one second on a bench that has just come up, all of what its file holds.
  std::vector<std::string> record_one(const std::string& name, std::vector<std::string> modes,
                                      std::vector<std::string> more = {}) {
    fs::remove_all(state_directory());
    std::vector<std::string> words = std::move(modes);
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--force", "-l", "1", name});
    const auto recorder = record("master", words);
    EXPECT_EQ(recorder->wait(), 0) << recorder->output();
    EXPECT_THAT(recorder->output(), HasSubstr("Device serial number: 900001400101"));
    return Content(folder_ / name).lines();
  }

  void expect_same(const std::vector<std::string>& modes, std::size_t images) {
    const auto bench = record_one("bench.mkv", modes);
    const auto library = record_one("library.mkv", modes, {"--libk4a", GENLOCK_LIBRARY_FILE});
    EXPECT_EQ(std::ranges::count_if(bench, [](const auto& line) { return line.starts_with("frame of"); }),
              static_cast<std::ptrdiff_t>(images));
    EXPECT_EQ(library.size(), bench.size());
    for (std::size_t i = 0; i < std::min(library.size(), bench.size()); ++i)
      ASSERT_EQ(library[i], bench[i]) << "line " << i;
  }
};

TEST_F(OwnLibraryProcess, WritesTheSameFilesAsTheBenchItself) {
  expect_same({"-r", "30"}, 90);
}

TEST_F(OwnLibraryProcess, WritesTheSameFilesWhateverTheModes) {
  expect_same({"-c", "720p_NV12", "-d", "WFOV_2X2BINNED", "-r", "15", "--depth-delay", "320", "--imu", "OFF"},
              45);
  expect_same({"-c", "720p_YUY2", "-d", "OFF", "-r", "5", "--external-sync", "master"}, 5);
  expect_same({"-c", "OFF", "-d", "PASSIVE_IR", "-r", "15"}, 15);
}

// Host times are of the bench's clock and host, so files of both ways prove each other. Without the IMU,
// whose samples a library hands on through a queue that no bench waits for.
TEST_F(OwnLibraryProcess, ItsRecordingsAreInSyncWithThoseOfTheBench) {
  const auto sub = record("sub1", {"--libk4a", GENLOCK_LIBRARY_FILE, "--imu", "OFF", "--external-sync", "sub",
                                   "-r", "5", "-l", "5", "sub1.mkv"});
  ASSERT_TRUE(sub->wait_for(test::kWaiting)) << sub->output();
  const auto master = record("master", {"--external-sync", "master", "-r", "5", "-l", "5", "master.mkv"});
  EXPECT_EQ(master->wait(), 0) << master->output();
  EXPECT_EQ(sub->wait(), 0) << sub->output();
  std::string said;
  EXPECT_EQ(verify({"master.mkv", "sub1.mkv"}, said), 0) << said;
}

// Nobody shall record simulated units without having asked for them.
TEST_F(OwnLibraryProcess, IsNoLibraryOfRealUnitsWhenTheSystemFindsIt) {
  const fs::path folder = fs::path(GENLOCK_LIBRARY_FILE).parent_path();
  Process list(
      {program("genlock"), "list"},
      {{{"GENLOCK_BENCH", ""}, {"GENLOCK_LIBK4A", ""}, {"LD_LIBRARY_PATH", folder}}, folder_.path()});
  EXPECT_EQ(list.wait(), 1);
  EXPECT_THAT(list.output(), AllOf(HasSubstr("no units: "), HasSubstr("is Genlock's own")));
}

}  // namespace
}  // namespace genlock
