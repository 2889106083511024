#include "cli/repair_file.h"

#include <fmt/core.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "cli/check_files.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/stop_signals.h"
#include "cli/text.h"
#include "session/output_file.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;
using recording::RepairReport;

Status check_request(const RepairRequest& request) {
  if (request.in_place == request.out.empty()) return {};
  return Error(Errc::invalid, request.in_place ? "--in-place takes one file: the one to change"
                                               : "name the file to write, or give --in-place");
}

Result<RepairReport> repair_to_file(const RepairRequest& request, const recording::RepairOptions& options) {
  GENLOCK_ASSIGN(const auto source, open_file(request.in));
  std::error_code ignored;
  if (std::filesystem::equivalent(request.in, request.out, ignored))
    return Error(Errc::exists,
                 request.out.string() + " is the damaged file itself; give another name, or --in-place");
  GENLOCK_ASSIGN(session::OutputFile file, session::OutputFile::create(request.out, request.force));
  const auto sink = file.take_sink();
  Result<RepairReport> report = recording::repair_into(*source, *sink, options).context(request.in.string());
  if (report) GENLOCK_TRY(file.keep());
  return report;
}

Result<RepairReport> repair_the_file(const RepairRequest& request, const recording::RepairOptions& options) {
  GENLOCK_ASSIGN(const auto source, open_file(request.in));
  GENLOCK_ASSIGN(const auto sink, update_file(request.in));
  return recording::repair_in_place(*source, *sink, options).context(request.in.string());
}

Result<RepairReport> repair(const RepairRequest& request) {
  GENLOCK_TRY(check_request(request));
  std::atomic<bool> stop{false};
  const StopSignals signals([&](int) { stop = true; });
  ProgressLine line("repairing " + request.in.filename().string());
  recording::RepairOptions options;
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    line.show(done, total);
    return !stop;
  };
  return request.in_place ? repair_the_file(request, options) : repair_to_file(request, options);
}

std::string loss_text(const RepairReport& report) {
  std::string text = fmt::format("  {} kept", counted(report.clusters_kept, "cluster"));
  if (report.clusters_salvaged > 0)
    text += fmt::format(", {} salvaged block by block", report.clusters_salvaged);
  if (report.clusters_lost > 0) text += fmt::format(", {} LOST", report.clusters_lost);
  text += "\n";
  if (report.before.clusters_changed > 0)
    text += fmt::format("  DAMAGED: in {} bytes have changed; nothing tells which data they belong to\n",
                        counted(report.before.clusters_changed, "cluster"));
  if (report.bytes_lost > 0) text += fmt::format("  LOST: {}\n", readable_bytes(report.bytes_lost));
  if (report.time_lost > DeviceDuration{})
    text += fmt::format("  LOST: {:.3f} s without any data\n", in_seconds(report.time_lost));
  if (report.time_cut > DeviceDuration{})
    text += fmt::format("  LOST: the last {:.3f} s: the file was cut\n", in_seconds(report.time_cut));
  return text;
}

}  // namespace

std::string repair_text(const RepairRequest& request, const RepairReport& report) {
  const std::string target = (request.in_place ? request.in : request.out).string();
  std::string text =
      fmt::format("{}\n{}", request.in.string(), findings_text(report.before.findings, recording::kRepairIt));
  if (!report.changed)
    return text + fmt::format("  it is sound: {}\n",
                              request.in_place ? "nothing was changed" : target + " is a copy of it");
  text += fmt::format("{}: {}, {}\n", target, readable_bytes(report.file_bytes),
                      report.lost_anything() ? "complete but for what is LOST or DAMAGED" : "complete");
  for (const std::string& what : report.rebuilt) text += fmt::format("  made anew: {}\n", what);
  for (const auto& [number, track] : report.tracks)
    text += track_text(number, track.name, track.video, track.kept) +
            (track.lost > 0 ? fmt::format(", {} LOST\n", track.lost) : "\n");
  text += loss_text(report);
  for (const std::string& note : report.notes) text += fmt::format("  {}\n", note);
  return text;
}

std::string repair_json(const RepairRequest& request, const RepairReport& report) {
  Json json{{"file", request.in.string()},
            {"repaired", (request.in_place ? request.in : request.out).string()},
            {"changed", report.changed},
            {"bytes", report.file_bytes},
            {"rebuilt", report.rebuilt},
            {"clusters",
             {{"kept", report.clusters_kept},
              {"salvaged", report.clusters_salvaged},
              {"changed", report.before.clusters_changed},
              {"lost", report.clusters_lost}}},
            {"bytes_lost", report.bytes_lost},
            {"time_lost_us", count_us(report.time_lost)},
            {"time_cut_us", count_us(report.time_cut)},
            {"tracks", Json::array()},
            {"notes", report.notes},
            {"findings", findings_json(report.before.findings)}};
  for (const auto& [number, track] : report.tracks)
    json["tracks"].push_back(
        {{"number", number}, {"name", track.name}, {"frames", track.kept}, {"lost", track.lost}});
  return json.dump(2) + "\n";
}

int repair_file(const RepairRequest& request) {
  const Result<RepairReport> report = repair(request);
  if (!report) return fail("genlock repair", report.error().message(), 2);
  fmt::print("{}", request.json ? repair_json(request, *report) : repair_text(request, *report));
  return report->lost_anything() ? 1 : 0;
}

}  // namespace genlock::cli
