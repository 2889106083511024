#include "cli/check_files.h"

#include <fmt/core.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;
using recording::CheckReport;
using recording::Finding;
using recording::FindingCode;
using recording::Findings;
using recording::FindingSeverity;

Result<CheckReport> check(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const auto source, open_file(file));
  ProgressLine line("checking " + file.filename().string());
  recording::CheckOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    line.show(done, total);
    return true;
  };
  Result<CheckReport> report = recording::check_recording(*source, options);
  if (!report) return report.error().context(file.string());
  return report;
}

/// Calls `visit` with each code of which there are more findings than are listed.
template <class Visit>
void for_each_unlisted(const Findings& findings, Visit visit) {
  for (std::size_t i = 0; i < recording::kFindingCodes; ++i) {
    const auto code = static_cast<FindingCode>(i);
    if (findings.count(code) > Findings::kMostOfACode)
      visit(code, findings.count(code) - Findings::kMostOfACode);
  }
}

}  // namespace

std::string findings_text(const Findings& findings, std::string_view left_out) {
  std::string text;
  const std::vector<Finding>& listed = findings.listed();
  for (auto finding = listed.begin(); finding != listed.end(); ++finding) {
    text += fmt::format("  {}: {}\n", to_string(finding->severity), finding->text);
    const bool comes_again =
        std::any_of(finding + 1, listed.end(), [&](const Finding& f) { return f.advice == finding->advice; });
    if (!finding->advice.empty() && finding->advice != left_out && !comes_again)
      text += fmt::format("         {}\n", finding->advice);
  }
  for_each_unlisted(findings, [&](FindingCode code, std::uint64_t more) {
    text += fmt::format("  and {} more of the kind {}\n", more, to_string(code));
  });
  return text;
}

std::string track_text(std::uint64_t number, const std::string& name, bool video, std::uint64_t frames) {
  return fmt::format("  {:>8} {}{} of track {} {}", frames, video ? "image" : "sample",
                     frames == 1 ? "" : "s", number, name);
}

Json findings_json(const Findings& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings.listed())
    list.push_back({{"code", to_string(finding.code)},
                    {"severity", to_string(finding.severity)},
                    {"offset", finding.offset},
                    {"text", finding.text},
                    {"advice", finding.advice}});
  return list;
}

std::string check_text(const std::filesystem::path& file, const CheckReport& report) {
  std::string text = fmt::format("{}: {}, {}: {}\n", file.string(), readable_bytes(report.file_bytes),
                                 counted(report.clusters, "cluster"), report.sound() ? "sound" : "NOT sound");
  for (const auto& [number, track] : report.tracks)
    text += track_text(number, track.name, track.video, track.frames) + "\n";
  text += findings_text(report.findings);
  text += report.stock_refuses ? fmt::format("  the stock reader refuses it: {}\n", *report.stock_refuses)
                               : "  the stock reader opens it\n";
  return text;
}

Json check_json(const std::filesystem::path& file, const CheckReport& report) {
  Json json{{"file", file.string()},
            {"sound", report.sound()},
            {"bytes", report.file_bytes},
            {"clusters", report.clusters},
            {"tracks", Json::array()}};
  for (const auto& [number, track] : report.tracks)
    json["tracks"].push_back(
        {{"number", number}, {"name", track.name}, {"blocks", track.blocks}, {"frames", track.frames}});
  json["findings"] = findings_json(report.findings);
  json["unlisted"] = Json::object();
  for_each_unlisted(report.findings, [&](FindingCode code, std::uint64_t more) {
    json["unlisted"][std::string(to_string(code))] = more;
  });
  json["stock_reader"] = {{"opens", !report.stock_refuses},
                          {"refuses", report.stock_refuses ? Json(*report.stock_refuses) : Json(nullptr)}};
  return json;
}

int check_files(const std::vector<std::filesystem::path>& files, bool json) {
  int exit_code = 0;
  for (const std::filesystem::path& file : files) {
    const Result<CheckReport> report = check(file);
    if (!report) {
      exit_code = fail("genlock check", report.error().message(), 2);
      continue;
    }
    if (!report->sound()) exit_code = std::max(exit_code, 1);
    fmt::print("{}", json ? check_json(file, *report).dump(2) + "\n" : check_text(file, *report));
  }
  return exit_code;
}

}  // namespace genlock::cli
