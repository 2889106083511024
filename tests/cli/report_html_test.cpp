// report.html: what a browser makes of it, and that it is all there.

#include "cli/report_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/svg_chart.h"
#include "support/process.h"
#include "support/stamp_generator.h"
#include "support/temporary_folder.h"

namespace genlock {
namespace {

using cli::ChartPoint;
using cli::Range;
using cli::ReportFacts;
using sync::Report;
using test::StampPlan;
using ::testing::HasSubstr;
using ::testing::Not;

/// A master and `subordinates`, in order but for lost frames, an outlier and a unit that loses its pulse.
std::vector<StampPlan> eventful_take(int subordinates, std::int64_t frames) {
  std::vector<StampPlan> take{test::master_plan()};
  for (int i = 0; i < subordinates; ++i) {
    take.push_back(test::subordinate_plan(("sub" + std::to_string(i + 1)).c_str()));
    take.back().ppm = (i % 2 == 0 ? 18 : -25) + 3 * i;
  }
  for (std::size_t i = 0; i < take.size(); ++i) {
    take[i].description.depth_delay_off_color = device_us(160 * static_cast<std::int64_t>(i));
    take[i].frames = frames;
  }
  for (std::int64_t pulse = frames / 3; pulse < frames / 3 + frames / 60; ++pulse)
    take[1].color_drops.insert(pulse);
  take.back().unlocked_from = frames * 3 / 4;
  return take;
}

ReportFacts facts() {
  return {.title = "studio-0007 <&>",
          .rig = "studio",
          .started = WallTime(std::chrono::seconds(1'790'000'000)),
          .advice = "KEEP",
          .files = {{"master", "master.mkv", 1'234'567'890}},
          .markers = {{100, "the clap"}},
          .imu = {{.unit = 1, .offset_ms = 0.12, .correlation = 0.98, .seconds = 12}}};
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(ReportPage, HasAllSectionsOfTheJudgement) {
  const std::string page = cli::report_html(test::report_of(eventful_take(2, 900)), facts());
  for (const char* section : {"findings", "units", "timeline", "offsets", "histograms", "drift", "pairs",
                              "imu", "markers", "files"})
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + section + "\">"));
  EXPECT_THAT(page, HasSubstr("studio-0007 &lt;&amp;&gt;"));
  EXPECT_THAT(page, HasSubstr("NOT IN SYNC: sub2 lost lock"));
  EXPECT_THAT(page, HasSubstr("Recorded 2026-09-21"));
  EXPECT_THAT(page, HasSubstr("the clap"));
  EXPECT_EQ(count(page, "<figure class=\"offsets\">"), 3U)
      << "one of each unit; the master's depth has one too";
  EXPECT_EQ(count(page, "<figure class=\"histogram\">"), 5U);
  EXPECT_THAT(page, HasSubstr("15 missing from pulse 300 on"));
}

TEST(ReportPage, AsksNothingOfAnyOtherPlace) {
  const std::string page = cli::report_html(test::report_of(eventful_take(2, 300)), facts());
  for (const char* word : {"http:", "https:", "<script", "src=", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(word)));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReportPage, OfOneUnitSaysThatThereIsNothingToCompare) {
  const std::string page =
      cli::report_html(test::report_of({test::master_plan()}), {.title = "one", .files = {}});
  EXPECT_THAT(page, HasSubstr("NOTHING TO COMPARE"));
  EXPECT_THAT(page, HasSubstr("<section id=\"timeline\">"));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"imu\">")));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"pairs\">")));
}

TEST(ReportPage, IsBelowThreeMegabytesHoweverLongTheTake) {
  const std::size_t minutes = cli::report_html(test::report_of(eventful_take(2, 3 * 1800)), facts()).size();
  const std::size_t longer = cli::report_html(test::report_of(eventful_take(2, 20 * 1800)), facts()).size();
  EXPECT_LT(longer, 3'000'000U / 3) << "three units of nine";
  EXPECT_LT(longer, minutes * 4) << "lines have no more points than can be seen";
}

TEST(ReportPage, TextOfFilesCannotBreakIt) {
  EXPECT_EQ(cli::escaped_html("<a href=\"x\">&\x01\n"), "&lt;a href=&quot;x&quot;&gt;&amp;  ");
  EXPECT_EQ(cli::escaped_html("caf\xC3\xA9 \xE9\xFF"), "caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Charts, ThinnedLinesKeepTheirExtremes) {
  std::vector<ChartPoint> points;
  for (int i = 0; i < 1000; ++i) points.push_back({double(i), 0, -1, 1});
  points[637].high = 50;
  const std::vector<ChartPoint> few = cli::thinned(points, 100);
  ASSERT_EQ(few.size(), 100U);
  EXPECT_EQ(std::ranges::max(few, {}, &ChartPoint::high).high, 50);
  EXPECT_NEAR(few.front().x, 4.5, 1e-9);
  EXPECT_EQ(cli::thinned(points, 2000).size(), 1000U);
}

TEST(Charts, TicksAreRoundAndWithinTheRange) {
  EXPECT_EQ(cli::round_ticks({-110, 110}, 4), (std::vector<double>{-100, 0, 100}));
  EXPECT_EQ(cli::time_ticks({0.2, 3600}, 7), (std::vector<double>{600, 1200, 1800, 2400, 3000, 3600}));
  EXPECT_EQ(cli::time_label(600, {0.2, 3600}), "10:00");
  EXPECT_EQ(cli::time_label(7260, {0, 8000}), "2:01:00");
  EXPECT_EQ(cli::time_label(1.5, {0, 3}), "1.5 s");
}

/// Runs the browser, where there is one.
class InChromium : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/bin/chromium")) GTEST_SKIP() << "no chromium (packages.txt)";
    page_ = folder_ / "report.html";
    std::ofstream(page_) << cli::report_html(test::report_of(eventful_take(4, 1800)), facts());
  }

  std::string browse(std::vector<std::string> words) {
    std::vector<std::string> command{"/usr/bin/chromium",
                                     "--headless",
                                     "--no-sandbox",
                                     "--disable-gpu",
                                     "--hide-scrollbars",
                                     "--enable-logging=stderr",
                                     "--user-data-dir=" + (folder_ / "browser").string()};
    command.insert(command.end(), words.begin(), words.end());
    command.push_back("file://" + page_.string());
    test::Process browser(command, {.environment = {{"HOME", folder_.path().string()}}});
    EXPECT_EQ(browser.wait(), 0) << browser.output();
    EXPECT_THAT(browser.output(), Not(HasSubstr("CONSOLE")));
    return browser.output();
  }

  /// Pixels of the whole page, three bytes each, as a dark or a light page shows them.
  std::string pixels(const std::string& name, std::vector<std::string> words) {
    const std::filesystem::path picture = folder_ / name;
    words.insert(words.end(), {"--screenshot=" + picture.string(), "--window-size=1100,3000"});
    browse(words);
    const std::filesystem::path raw = folder_ / (name + ".rgb");
    test::Process converter({"ffmpeg", "-v", "error", "-y", "-i", picture.string(), "-f", "rawvideo",
                             "-pix_fmt", "rgb24", raw.string()},
                            {});
    EXPECT_EQ(converter.wait(), 0) << converter.output();
    std::ostringstream all;
    all << std::ifstream(raw, std::ios::binary).rdbuf();
    return all.str();
  }

  static std::size_t count_color(const std::string& pixels, unsigned rgb) {
    std::size_t found = 0;
    const auto byte = [&](std::size_t i) { return unsigned{static_cast<unsigned char>(pixels[i])}; };
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3)
      found += (byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2)) == rgb;
    return found;
  }

  test::TemporaryFolder folder_;
  std::filesystem::path page_;
};

TEST_F(InChromium, ThePageIsReadWithoutAComplaint) {
  const std::string dom = browse({"--dump-dom"});
  EXPECT_EQ(count(dom, "<svg"), 5U + 9U + 2U) << "errors, histograms, frames and drift";
  EXPECT_EQ(count(dom, "</svg>"), 16U);
  EXPECT_GE(count(dom, "class=\"line "), 13U);
  EXPECT_THAT(dom, HasSubstr("</footer>"));
}

TEST_F(InChromium, PlotsAreSeenInLightAndDark) {
  const std::string light = pixels("light.png", {});
  ASSERT_EQ(light.size(), std::size_t{1100} * 3000 * 3);
  EXPECT_GT(count_color(light, 0x2a78d6), 5000U) << "bars of colour";
  EXPECT_GT(count_color(light, 0xd4662a), 5000U) << "and of depth";
  EXPECT_GT(count_color(light, 0xe9f4ed), 20000U) << "the tolerance";
  EXPECT_GT(count_color(light, 0xb3261e), 50U) << "missing frames";
  const std::string dark = pixels("dark.png", {"--blink-settings=preferredColorScheme=0"});
  EXPECT_GT(count_color(dark, 0x5a9ff0), 5000U);
  EXPECT_GT(count_color(dark, 0x161615), 100000U) << "the page's ground";
}

}  // namespace
}  // namespace genlock
